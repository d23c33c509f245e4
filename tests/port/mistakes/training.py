"""Training steps: the same function, which learns otherwise."""

from __future__ import annotations

from functools import partial
from typing import Any

import keras
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - as PyTorch is written

from tests.port.mistakes import of_architecture

L, K = keras.layers, keras.optimizers
T = torch.optim
SGD = (partial(K.SGD, 0.1), partial(T.SGD, lr=0.1))
ADAM = partial(K.Adam, 1e-3)


def pictures() -> np.ndarray:
    """A batch of pictures, their classes below."""
    return np.random.default_rng(10).normal(size=(6, 9, 9, 2)).astype("float32")


CLASSES = np.array([0, 2, 1, 2, 0, 1])
ONE_HOT = np.eye(3)[CLASSES]
NUMBERS = np.random.default_rng(11).normal(size=(6, 3))
CROSSENTROPY = {"y": CLASSES, "loss": "crossentropy", "optimizers": SGD}
SPARSE = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def net_in_keras(trainable: bool = True, decay: float | None = None) -> keras.Model:
    """Convolution, batch norm, dense; the result are logits."""
    image = keras.Input((9, 9, 2))
    decay_of_kernel = keras.regularizers.L2(decay) if decay else None
    x = L.Conv2D(4, 3, name="conv", kernel_regularizer=decay_of_kernel)(image)
    norm = L.BatchNormalization(name="norm")
    norm.trainable = trainable
    x = L.ReLU()(norm(x))
    x = L.Conv2D(4, 3, strides=2, name="conv2")(x) + L.Conv2D(4, 5, strides=2, name="side")(image)
    x = L.GlobalAveragePooling2D()(x)
    return keras.Model(image, L.Dense(3, name="head")(x))


class Net(nn.Module):
    """Its port."""

    def __init__(
        self, trainable: bool = True, decay: float | None = None, *, momentum: float | None = 0.01,
        frozen: tuple[str, ...] = (), detached: str = "", still: bool | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.conv, self.conv2 = nn.Conv2d(2, 4, 3), nn.Conv2d(4, 4, 3, stride=2)
        self.side = nn.Conv2d(2, 4, 5, stride=2)
        self.norm = nn.BatchNorm2d(4, eps=1e-3, momentum=momentum)
        self.head = nn.Linear(4, 3)
        for name in (*frozen, *(() if trainable else ("norm",))):
            self.get_submodule(name).requires_grad_(False)
        self.still = not trainable if still is None else still
        self.detached = detached

    def train(self, mode: bool = True) -> Net:
        super().train(mode)
        if self.still:
            self.norm.eval()
        return self

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        x = self.conv2(F.relu(self.norm(self.conv(image))))
        side = self.side(image)
        x = (x.detach() if self.detached == "main" else x) + (
            side.detach() if self.detached == "side" else side
        )
        return self.head(x.mean((2, 3)))


net = of_architecture("training", net_in_keras, Net, pictures)


def losses(a: Any, b: Any, y: Any = CLASSES) -> dict[str, Any]:
    """Options of check: a loss of each, and plain steps."""
    return {"y": y, "loss": (a, b), "optimizers": SGD}


def steps(a: Any, b: Any, **options: Any) -> dict[str, Any]:
    """Options of check: an optimizer of each."""
    return {**CROSSENTROPY, "optimizers": (a, b), **options}


def kernels_alone() -> Any:
    """Keras's AdamW that lets biases and norms be."""
    optimizer = K.AdamW(1e-3, weight_decay=0.1)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer


def in_groups(parameters: list[nn.Parameter]) -> torch.optim.Optimizer:
    """PyTorch's."""
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": 0.1},
        {"params": [p for p in parameters if p.ndim == 1], "weight_decay": 0.0},
    ]
    return T.AdamW(groups, lr=1e-3, eps=1e-7)


LOSS, UPDATE = r"loss|gradient|head|result|step", r"step|optimi[sz]er|update"
CATEGORICAL = partial(keras.losses.CategoricalCrossentropy, from_logits=True)
MISTAKES = [
    net("right, crossentropy and SGD", given=CROSSENTROPY),
    net("right, Adam", given=steps(ADAM, partial(T.Adam, eps=1e-7))),
    net("right, smoothing, and Nesterov's momentum", given={
        **losses(CATEGORICAL(label_smoothing=0.1), nn.CrossEntropyLoss(label_smoothing=0.1),
                 ONE_HOT),
        "optimizers": (partial(K.SGD, 0.1, momentum=0.9, nesterov=True),
                       partial(T.SGD, lr=0.1, momentum=0.9, nesterov=True))}),
    net("right, frozen batch norm", both={"trainable": False}, given=CROSSENTROPY),
    net("right, AdamW", given=steps(partial(K.AdamW, 1e-3, weight_decay=0.01),
                                    partial(T.AdamW, lr=1e-3, weight_decay=0.01, eps=1e-7))),
    net("right, AdamW of the kernels alone", given=steps(kernels_alone, in_groups)),
    net("right, Adagrad", given=steps(
        partial(K.Adagrad, 0.01),
        partial(T.Adagrad, lr=0.01, eps=1e-7, initial_accumulator_value=0.1),
    )),
    net("sum for the mean", LOSS, r"sum|reduction|mean",
        given=losses(SPARSE, nn.CrossEntropyLoss(reduction="sum"))),
    net("smoothing forgotten", LOSS, r"smooth",
        given=losses(CATEGORICAL(label_smoothing=0.1), nn.CrossEntropyLoss(), ONE_HOT)),
    net("softmax before the cross-entropy", LOSS, r"softmax|logits",
        given=losses(SPARSE, lambda p, y: F.cross_entropy(p.softmax(-1), y))),
    net("logits taken for probabilities", LOSS, r"logits|sigmoid",
        given=losses(keras.losses.BinaryCrossentropy(from_logits=True),
                     lambda p, y: F.binary_cross_entropy(p.clamp(1e-7, 1 - 1e-7), y), ONE_HOT)),
    net("classes weighted", LOSS, r"weight",
        given=losses(SPARSE, nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 3.0])))),
    net("positives weighted", LOSS, r"weight",
        given=losses(keras.losses.BinaryCrossentropy(from_logits=True),
                     nn.BCEWithLogitsLoss(pos_weight=torch.tensor([3.0])), ONE_HOT)),
    net("class left out", LOSS, r"ignore|left out|class",
        given=losses(SPARSE, nn.CrossEntropyLoss(ignore_index=0))),
    net("squares summed", LOSS, r"sum|reduction|mean",
        given=losses(keras.losses.MeanSquaredError(), nn.MSELoss(reduction="sum"), NUMBERS)),
    net("squares halved", LOSS, r"0\.5|2|half|scal|factor",
        given=losses(keras.losses.MeanSquaredError(), lambda p, y: ((p - y) ** 2).mean() / 2,
                     NUMBERS)),
    net("absolute for squared error", LOSS, r"absolute|l1|L1|mae",
        given=losses(keras.losses.MeanSquaredError(), nn.L1Loss(), NUMBERS)),
    net("Huber's delta", LOSS, r"delta|beta|[Hh]uber",
        given=losses(keras.losses.Huber(delta=0.5), nn.HuberLoss(), NUMBERS)),
    net("divergence averaged over classes, too", LOSS, r"batchmean|mean|3|reduction",
        given=losses(lambda y, p: keras.losses.KLDivergence()(y, keras.ops.softmax(p)),
                     lambda p, y: F.kl_div(p.log_softmax(-1), y, reduction="none").mean(),
                     np.abs(NUMBERS) / np.abs(NUMBERS).sum(1, keepdims=True))),
    net("loss divided by the steps of accumulation", LOSS, r"4|0\.25|scal|factor",
        given=losses(SPARSE, lambda p, y: F.cross_entropy(p, y) / 4)),
    net("Adam's epsilon", UPDATE, r"epsilon.*1e-07.*1e-08", given=steps(ADAM, T.Adam)),
    net("Adam's second beta", UPDATE, r"beta.*0\.999.*0\.99",
        given=steps(ADAM, partial(T.Adam, eps=1e-7, betas=(0.9, 0.99)))),
    net("AMSGrad", UPDATE, r"amsgrad",
        given=steps(partial(K.Adam, 0.1, beta_2=0.5),
                    partial(T.Adam, lr=0.1, betas=(0.9, 0.5), eps=1e-7, amsgrad=True))),
    net("learning rate", UPDATE, r"(learning.rate|lr).*0\.1.*0\.01",
        given=steps(SGD[0], partial(T.SGD, lr=0.01))),
    net("momentum forgotten", UPDATE, r"momentum.*0\.9",
        given=steps(partial(K.SGD, 0.1, momentum=0.9), SGD[1])),
    net("Nesterov forgotten", UPDATE, r"nesterov",
        given=steps(partial(K.SGD, 0.1, momentum=0.9, nesterov=True),
                    partial(T.SGD, lr=0.1, momentum=0.9))),
    net("momentum dampened", UPDATE, r"dampening",
        given=steps(partial(K.SGD, 0.1, momentum=0.9),
                    partial(T.SGD, lr=0.1, momentum=0.9, dampening=0.9))),
    net("RMSprop's memory", UPDATE, r"(rho|alpha).*0\.9.*0\.99",
        given=steps(partial(K.RMSprop, 1e-3), partial(T.RMSprop, lr=1e-3, eps=1e-7))),
    net("RMSprop's learning rate", UPDATE, r"(learning.rate|lr).*0\.001.*0\.01",
        given=steps(partial(K.RMSprop), partial(T.RMSprop, alpha=0.9, eps=1e-7))),
    net("RMSprop centred", UPDATE, r"cent(ered|red)",
        given=steps(partial(K.RMSprop, 1e-3),
                    partial(T.RMSprop, lr=1e-3, alpha=0.9, eps=1e-7, centered=True))),
    net("Adagrad's start", UPDATE, r"initial_accumulator|accumulator|start",
        given=steps(partial(K.Adagrad, 0.01), partial(T.Adagrad, lr=0.01, eps=1e-7))),
    net("AdamW's default decay", UPDATE, r"decay.*0\.004.*0\.01",
        given=steps(partial(K.AdamW, 1e-3), partial(T.AdamW, lr=1e-3, eps=1e-7))),
    net("decay coupled", UPDATE, r"coupled|decay",
        given=steps(partial(K.AdamW, 1e-3, weight_decay=0.1),
                    partial(T.Adam, lr=1e-3, eps=1e-7, weight_decay=0.1))),
    net("SGD's decay coupled", UPDATE, r"coupled|decay",
        given=steps(partial(K.SGD, 0.1, momentum=0.9, weight_decay=0.01),
                    partial(T.SGD, lr=0.1, momentum=0.9, weight_decay=0.01))),
    net("decay forgotten", UPDATE, r"decay",
        given=steps(partial(K.AdamW, 1e-3, weight_decay=0.1), partial(T.Adam, lr=1e-3, eps=1e-7))),
    net("decay of biases and norms, too", UPDATE, r"decay",
        given=steps(kernels_alone, partial(T.AdamW, lr=1e-3, weight_decay=0.1, eps=1e-7))),
    net("learning rate not lowered", UPDATE, r"learning.rate|lr|schedule",
        given=steps(partial(K.SGD, K.schedules.ExponentialDecay(0.1, 1, 0.5)), SGD[1])),
    net("clipped by the value for the norm", UPDATE, r"clip",
        given=steps(partial(K.SGD, 0.1, global_clipnorm=0.1), SGD[1], clip={"clip_value": 0.1})),
    net("clipped together, not one by one", UPDATE, r"clip|norm",
        given=steps(partial(K.SGD, 0.1, clipnorm=0.1), SGD[1], clip={"clip_norm": 0.1})),
    net("not clipped", UPDATE, r"clip",
        given=steps(partial(K.SGD, 0.1, global_clipnorm=0.1), SGD[1])),
    net("batch norm momentum", r"norm", r"momentum.*0\.1", momentum=0.1, given=CROSSENTROPY),
    net("batch norm momentum as Keras has it", r"norm", r"momentum.*0\.99", momentum=0.99,
        given=CROSSENTROPY),
    net("frozen batch norm still measures", r"norm", r"train|frozen|statistic|eval|batch",
        both={"trainable": False}, still=False, given=CROSSENTROPY),
    net("batch norm frozen", r"norm", r"train|frozen|statistic|eval|batch", still=True,
        given=CROSSENTROPY),
    net("layer frozen", r"conv2", r"frozen|requires_grad|gradient|train", frozen=("conv2",),
        given=CROSSENTROPY),
    net("branch detached", r"side", r"detach|gradient", detached="side", given=CROSSENTROPY),
    net("main path detached", r"conv|norm", r"detach|gradient", detached="main",
        given=CROSSENTROPY),
    net("penalty of the kernel forgotten", r"conv", r"L2|l2|regulari[sz]|penalty|decay",
        both={"decay": 0.1}, given=CROSSENTROPY),
]  # fmt: skip


def words_in_keras() -> keras.Model:
    """Each of four words has a row."""
    return keras.Sequential([
        keras.Input((4,), dtype="int32"), L.Embedding(7, 3, name="rows"), L.Flatten(),
        L.Dense(3, name="head"),
    ])  # fmt: skip


class Words(nn.Module):
    """Its port."""

    def __init__(self, *, padding: int | None = None) -> None:
        super().__init__()
        self.rows, self.head = nn.Embedding(7, 3, padding_idx=padding), nn.Linear(12, 3)

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        return self.head(self.rows(words).flatten(1))


words = of_architecture("training", words_in_keras, Words,
                        lambda: np.arange(24).reshape(6, 4) % 7)  # fmt: skip
MISTAKES += [
    words("right, words", given=CROSSENTROPY),
    words("padding's row does not learn", r"rows", r"padding_idx|padding|row", padding=0,
          given=CROSSENTROPY),
]  # fmt: skip
