"""Which port has which mistake, from which report, and what would be right to say of it.

The mistakes come from what the reports say, and were written down before the search had seen one.
`says` are words of which one must be in the name of a cause that is proved or called likely; they
were chosen with the port, and judge whether an accusation is false.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
GITHUB = "https://github.com/"


@dataclass(frozen=True)
class Case:
    """One port."""

    file: str
    name: str  # of its class
    setting: str  # "2" and so on for a lesson, or a run of `small_nets.py`
    report: str  # owner/repository and the path of the thread; empty for a right port, and for
    # a mistake that no report was found of
    mistake: str  # empty for a right port
    stages: tuple[str, ...] = ()  # where it first shows
    says: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether it has no mistake."""
        return not self.mistake

    @property
    def adapter(self) -> str:
        """FILE:CLASS."""
        return f"{HERE / f'{self.file}.py'}:{self.name}"


OUTPUT, LOSS, GRADIENT, SLOT = "layer output", "loss", "gradient", "optimizer slot"
WEIGHTS, UPDATE, EPOCH = "initial weights", "update", "epoch"
L, T, D, H, A = "torch_losses", "torch_training", "data_and_layout", "by_hand", "transformers"
R = "torch_random"

CASES = [
    Case(L, "SqueezedTarget", "2", "deepset-ai/FARM/issues/229",
         "targets (n,) against outputs (n, 1)", (LOSS,), ("broadcast",)),
    Case(L, "SumOfTheBatch", "4", "udlbook/udlbook/issues/152",
         "the sum over a batch for its mean", (LOSS,), ("sum_for_mean", "loss_times")),
    Case(L, "DividedTwice", "4", "bhanML/Co-teaching/issues/4",
         "a mean loss divided by the batch size again", (LOSS,), ("loss_times", "divided")),
    Case(L, "SoftmaxInForward", "4", "tflearn/tflearn/pull/562",
         "softmax in the model, and again in the loss", (OUTPUT,), ("softmax_in_the_model",)),
    Case(L, "LogSoftmaxInForward", "4", "AICPS/hw2vec/issues/23",
         "log_softmax before CrossEntropyLoss, which changes nothing", (OUTPUT,), ("harmless",)),
    Case(L, "LogSoftmaxOverTheBatch", "4", "perone/euclidesdb/issues/2",
         "softmax over dim 0", (LOSS,), ("softmax_over_the_rows",)),
    Case(L, "ReluOnTheOutput", "2", "ProteomicsML/ProteomicsML/pull/203",
         "relu after the last layer of a regression", (OUTPUT,), ("output_is_relu",)),
    Case(L, "SigmoidBeforeLogits", "4", "",
         "sigmoid in the model, and a loss of logits", (OUTPUT,), ("output_is_sigmoid",)),
    Case(L, "HalfTheSquare", "2", "",
         "½ of the square, as textbooks have it", (LOSS,), ("half_of_the_square", "loss_times")),
    Case(L, "PenaltyWithoutHalf", "4", "titu1994/DenseNet/issues/57",
         "L2 of Keras, without the ½", (LOSS,), ("l2_without_half", "penalty_is")),
    Case(L, "PenaltyOverSize", "4", "matterport/Mask_RCNN/issues/1727",
         "the penalty divided by the size of each kernel", (LOSS,), ("penalty",)),
    Case(L, "PenaltyOnBiases", "4", "thtrieu/qclass_dl/issues/3",
         "the penalty reaches the biases", (LOSS,), ("l2_on_biases",)),
    Case(L, "LeakySlope", "4", "",
         "leaky_relu with slope 0.2 for relu", (OUTPUT,), ("slope_is", "leaky_relu")),
    Case(L, "EpochLossOverDataset", "4", "pytorch/tutorials/issues/179",
         "batch means divided by the number of images", (EPOCH,), ("reported_loss_times", "loop")),
    Case(L, "LastLossOnly", "4", "nicknochnack/PyTorchin15/issues/4",
         "the last batch's loss reported for the epoch", (EPOCH,), ("last_loss",)),
    Case(T, "NoZeroGrad", "4", "udacity/deep-learning-v2-pytorch/pull/160",
         "zero_grad is missing", (SLOT, UPDATE), ("gradients_accumulate",)),
    Case(T, "FirstBackwardTwice", "4", "karpathy/llm.c/pull/548",
         "gradients of a pass before the loop stay for the first step", (SLOT, UPDATE),
         ("optimizer_gets_times", "first")),
    Case(T, "OptimizerInEpoch", "4", "alan-turing-institute/deepsensor/issues/47",
         "a new optimizer in each epoch", (EPOCH,), ("loop_forgets_memory",)),
    Case(T, "SchedulerPerBatch", "4", "ivadomed/ivadomed/pull/55",
         "scheduler.step() in the loop over batches", (UPDATE,), ("rate_decays_times",)),
    Case(T, "DecayByTime", "4", "keras-team/keras/issues/9938",
         "decay that counts batches", (UPDATE,), ("rate_decays_by_time",)),
    Case(T, "DecayOfAllParameters", "4", "vturrisi/solo-learn/pull/289",
         "weight_decay of all parameters for a penalty of the kernels", (LOSS,),
         ("weight_decay_of_everything",)),
    Case(T, "DecayWithoutRate", "4", "leondgarse/Keras_insightface/issues/5",
         "decoupled decay that is not multiplied by the rate", (LOSS,),
         ("without_rate",)),
    Case(T, "DecoupledDecay", "4", "mapbox/robosat/pull/166",
         "AdamW's decay for an L2 penalty", (LOSS,), ("weight_decay_decoupled", "decay_is")),
    Case(T, "AdamOfTensorFlow", "4", "HorizonRobotics/alf/pull/466",
         "TensorFlow's Adam", (UPDATE,), ("adam_epsilon",)),
    Case(T, "AdamWithKerasEpsilon", "4", "juntang-zhuang/Adabelief-Optimizer/pull/12",
         "ε = 1e-7", (UPDATE,), ("adam_epsilon_of_keras", "adam_epsilon_is")),
    Case(T, "AdamWithBetaHalf", "4", "xavysp/DexiNed/pull/77",
         "β₁ = 0.5", (SLOT,), ("beta_1_is",)),
    Case(T, "HiddenLayersInAList", "4", "pytorch/pytorch/issues/715",
         "hidden layers in a list, not registered", (SLOT, UPDATE),
         ("first_layer_not_trained", "only_last_layer")),
    Case(T, "HeadForgotten", "4", "lmnt-com/haste/issues/34",
         "the last layer is not in the optimizer", (SLOT, UPDATE), ("last_layer_not_trained",)),
    Case(T, "CheckpointWithoutMoments", "4", "TrenTorch/TrenTorch/pull/187",
         "Adam's moments and count are lost at a restart", (SLOT,),
         ("memory_not", "step_count")),
    Case(T, "LoaderShuffles", "4", "aidotse/LeakPro/issues/315",
         "a loader that shuffles", (EPOCH,), ("own_order", "shuffle")),
    Case(T, "InputsShuffledAlone", "4", "DrexelChatbotGroup/DrexelChatbot/issues/15",
         "x is shuffled and y is not", (EPOCH,), ("own_order_of_inputs",)),
    Case(R, "DropoutAlwaysOn", "4", "haofanwang/video-swin-transformer-pytorch/issues/9",
         "dropout without eval()", (OUTPUT,), ("own_dropout",)),
    Case(R, "DropoutInTraining", "4", "BNUCNL/dnnbrain/pull/72",
         "dropout on in training", (LOSS, GRADIENT), ("random_in_training", "own_dropout")),
    Case(R, "DrawsItsOwn", "4", "keras-team/keras/issues/3654",
         "PyTorch's own initial weights", (WEIGHTS,), ("own_initial_weights",)),
    Case(R, "DrawsGlorotUniform", "4", "keras-team/keras/issues/13995",
         "Glorot's uniform weights", (WEIGHTS,), ("own_initial_weights",)),
    Case(R, "DrawsGlorotNormal", "4", "akirasosa/pytorch-dimenet/issues/2",
         "Glorot's normal weights", (WEIGHTS,), ("own_initial_weights",)),
    Case(D, "DividedBy255Again", "4", "4uiiurz1/pytorch-nested-unet/issues/62",
         "divided by 255 twice", (OUTPUT, GRADIENT), ("model_reads_times",)),
    Case(D, "NotDividedBy255", "4", "gmalivenko/pytorch2keras/issues/111",
         "ToTensor scales, the other pipeline does not", (OUTPUT, GRADIENT),
         ("model_reads_times",)),
    Case(D, "DividedBy256", "4",
         "Daniil-Osokin/lightweight-human-pose-estimation.pytorch/issues/140",
         "256 for 255", (OUTPUT, GRADIENT), ("model_reads_times",)),
    Case(D, "MeanBeforeDivision", "4", "yu-changqian/TorchSeg/issues/8",
         "the mean is subtracted before the division by 255", (OUTPUT, GRADIENT),
         ("model_reads_times",)),
    Case(D, "NormalizedForTorchvision", "4", "neptune-ai/open-solution-mapping-challenge/issues/77",
         "Normalize in one of two pipelines", (OUTPUT, GRADIENT), ("model_reads_times",)),
    Case(D, "FortranOrder", "4", "keras-team/keras/issues/13830",
         "pictures flattened column by column", (OUTPUT, GRADIENT), ("by_columns",)),
    Case(D, "ReshapedKernels", "4", "huggingface/transformers/issues/4514",
         "kernels reshaped where a transpose belongs", (OUTPUT, GRADIENT), ("kernels_reshaped",)),
    Case(D, "SymmetricPadding", "windows", "keras-team/keras/pull/16363",
         "symmetric padding at stride 2", (OUTPUT,), ("pad",)),
    Case(D, "InFloat32", "4", "wesselb/neuralprocesses/issues/22",
         "a model in float32", (OUTPUT, LOSS, GRADIENT), ("float32", "narrow")),
    Case(D, "TensorFloat32", "4", "pytorch/pytorch/issues/84334",
         "products in TF32", (OUTPUT, GRADIENT), ("tf32", "narrow")),
    Case(H, "DerivativeForgotten", "4", "Bot-Academy/NeuralNetworkFromScratch/pull/3",
         "φ′ is missing in the backward pass", (GRADIENT,), ("derivative_left_out",)),
    Case(H, "DerivativeOfTheOutput", "4", "louisjc/mnist-neural-network/issues/1",
         "φ′ taken at the output", (GRADIENT,), ("derivative_at_the_output",)),
    Case(H, "SignOfTheError", "4", "iamtrask/Grokking-Deep-Learning/issues/37",
         "target − output, and minus the gradient", (SLOT, UPDATE), ("optimizer_gets_times",)),
    Case(H, "UpdatesOnTheWay", "4", "joelgrus/data-science-from-scratch/issues/31",
         "weights move before the deltas go through them", (SLOT, UPDATE),
         ("delta_through_new_weights",)),
    Case(H, "AverageForgotten", "4", "danijar/layered/issues/1",
         "gradients added up, the loss a mean", (GRADIENT,),
         ("gradients_of_the_sum", "gradients_times")),
    Case(H, "BiasOfOneRow", "4", "",
         "the bias of the output gets one row's delta", (GRADIENT,), ("bias",)),
    Case(H, "LabelsTakenBeforeTheShuffle", "4", "Borda/kaggle_image-classify/pull/12",
         "the labels were taken before the rows were shuffled", (EPOCH,),
         ("own_order_of_inputs",)),
    Case(T, "SchedulerInTwoPlaces", "4", "aimagelab/meshed-memory-transformer/issues/71",
         "the scheduler steps after each batch and after each epoch", (UPDATE,),
         ("rate_decays_times",)),
    Case(H, "RebuiltInEachCall", "4", "keras-team/keras/issues/13750",
         "each call of fit compiles and builds again", (EPOCH,), ("weights_return",)),
    Case(H, "GradientOfLastBatch", "4", "",
         "the step comes before backward", (SLOT, UPDATE), ("one_step_late",)),
    Case(A, "NotScaled", "transformer", "delzac/cntkx/issues/10",
         "attention without √d", (OUTPUT, GRADIENT), ("not_scaled",)),
    Case(A, "ScaledByTheModel", "transformer",
         "FareedKhan-dev/train-llm-from-scratch/pull/3",
         "divided by the root of the whole width", (OUTPUT, GRADIENT), ("scaled",)),
    Case(A, "MaskInverted", "transformer", "rasbt/LLMs-from-scratch/pull/1062",
         "an inverted mask", (OUTPUT, GRADIENT), ("mask",)),
    Case(A, "MaskDropped", "transformer", "keras-team/keras/issues/23038",
         "the causal mask is lost", (OUTPUT, GRADIENT), ("mask_forgotten",)),
    Case(A, "SoftmaxOverQueries", "transformer", "pytorch/pytorch/pull/37399",
         "softmax over the wrong axis", (OUTPUT, GRADIENT), ("over_queries",)),
    Case(A, "NormOfTheAnnotatedTransformer", "transformer",
         "codertimo/BERT-pytorch/issues/30",
         "n − 1, and ε outside the root", (OUTPUT, GRADIENT), ("norm",)),
    Case(A, "NormByStd", "transformer", "harvardnlp/annotated-transformer/pull/119",
         "the variance divided by n − 1", (OUTPUT, GRADIENT), ("n_minus_one",)),
    Case(A, "NormWithBertsEpsilon", "transformer", "apple/axlearn/pull/397",
         "another ε in the norm", (OUTPUT, GRADIENT), ("norm_epsilon", "epsilon")),
    Case(A, "MaskedByTenThousand", "transformer", "", ""),
    *(Case("right", name, setting, "", "") for name, setting in (
        ("NegativeLogLikelihood", "4"), ("SumsDividedInTheStep", "4"), ("OneHotLabels", "4"),
        ("PenaltyByWeightDecay", "4"), ("VelocityWithRate", "4"), ("RowsInTwoHalves", "4"),
        ("PixelsByLinearity", "4"), ("Published", "2"), ("Published", "windows"),
        ("Published", "transformer"),
    )),
]  # fmt: skip
