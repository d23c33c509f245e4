"""A stranger's mistakes in the training step, and the list of those of sequences."""

from __future__ import annotations

import keras
import numpy as np
import torch
from keras import Input, Model, layers
from torch import nn
from torch.nn import functional as F

from tests.port.mistakes import of_architecture
from tests.port.strangers import first_sequences as two

Net = two.Net
LOGITS = (keras.losses.SparseCategoricalCrossentropy(from_logits=True), nn.CrossEntropyLoss())
SGD = (lambda: keras.optimizers.SGD(0.1), lambda p: torch.optim.SGD(p, 0.1))
CLASSES = {"y": two.CLASSES, "loss": LOGITS, "optimizers": SGD}
VALUES = {"y": two.VALUES, "loss": "mse", "optimizers": SGD}


# 25. Keras's momentum given to PyTorch as it is. 26. A batch norm frozen only in its weights.
def normed(frozen=False):
    x = Input((5,))
    norm = layers.BatchNormalization(epsilon=1e-5, momentum=0.9)
    norm.trainable = not frozen
    return Model(x, layers.Dense(3)(layers.ReLU()(norm(layers.Dense(6)(x)))))


class NormedPort(nn.Module):
    def __init__(self, frozen=False, momentum=0.1, still=True):
        super().__init__()
        self.fc1, self.norm, self.fc2 = (
            nn.Linear(5, 6),
            nn.BatchNorm1d(6, momentum=momentum),
            nn.Linear(6, 3),
        )
        self.still = frozen and still
        if frozen:
            self.norm.requires_grad_(False)

    def train(self, mode=True):
        super().train(mode)
        if self.still:
            self.norm.eval()
        return self

    def forward(self, x):
        return self.fc2(F.relu(self.norm(self.fc1(x))))


# 27. CrossEntropyLoss of probabilities.
def classifier():
    x = Input((5,))
    h = layers.Dense(6, activation="tanh")(x)
    return Model(x, layers.Dense(3, activation="softmax")(h))


def classifier_port():
    return Net(lambda m, x: torch.softmax(m.fc2(torch.tanh(m.fc1(x))), -1),
               fc1=nn.Linear(5, 6), fc2=nn.Linear(6, 3))  # fmt: skip


PROBABLE = (keras.losses.SparseCategoricalCrossentropy(), lambda p, y: F.nll_loss(p.log(), y))
DOUBLE = (keras.losses.SparseCategoricalCrossentropy(), nn.CrossEntropyLoss())


# 28. Adam's weight decay for AdamW's. 29. clip_grad_norm_, over all, for clipnorm, of each variable.
# 30. MSELoss of (6, 1) and (6,), which PyTorch broadcasts to (6, 6).
def dense(units=3):
    x = Input((5,))
    return Model(x, layers.Dense(units)(layers.Dense(6, activation="tanh")(x)))


def dense_port(units=3):
    return Net(
        lambda m, x: m.fc2(torch.tanh(m.fc1(x))), fc1=nn.Linear(5, 6), fc2=nn.Linear(6, units)
    )


def adam(kind):
    return (lambda: keras.optimizers.AdamW(0.01, weight_decay=0.05),
            lambda p: kind(p, 0.01, eps=1e-7, weight_decay=0.05))  # fmt: skip


def clipped(kind):
    return (lambda: keras.optimizers.SGD(0.1, **{kind: 0.2}), lambda p: torch.optim.SGD(p, 0.1))


def ready(x):
    return lambda: x


SEQ, PLACES, PAD = {"x_b": two.SEQUENCE}, {"x_b": two.PLACES}, {"x_b": two.PADDED}
BOTH = [two.SEQUENCE, two.TARGET]
CHANNELS_FIRST = {"x_b": np.swapaxes(two.SEQUENCE, 1, 2)}
PORTS = [
    ("backward state at the last step", two.bidirectional, two.bidirectional_port, two.SEQUENCE, SEQ,
     r"lstm|fc|cat|getitem|\[", r"(?i)backward|last step|first step|reverse|direction|final state"),
    ("batch_first forgotten", two.tagger, two.tagger_port, two.SEQUENCE, SEQ, r"lstm",
     r"(?i)batch_?.?first|batch.*(time|step)|(time|step).*batch|axes|axis|transpos"),
    ("mask_zero ignored", two.masked, two.masked_port, two.PADDED, PAD, r"embed|gru|fc",
     r"(?i)mask|padd|length"),
    ("causal padding at the end", two.causal, two.causal_port, two.SEQUENCE, CHANNELS_FIRST,
     r"conv2|getitem|\[", r"(?i)causal|chomp|crop|pad|shift|look|future|front|(first|last) (step|2|two)"),
    ("softmax over an axis of one", two.pooled, two.pooled_port, two.SEQUENCE, SEQ, r"softmax|score",
     r"(?i)softmax.*(axis|dim)|(axis|dim).*softmax|\b(axis|dim)\b"),
    ("decoder begins with zeros", two.translator, two.translator_port, BOTH, {"x_b": BOTH}, r"decoder",
     r"(?i)initial|state|starts? |begins? "),
    ("scores scaled by the model's width", two.attention, two.attention_port, two.SEQUENCE, SEQ,
     r"softmax|matmul|truediv|div|\bq\b|scal|\bo\b", r"(?i)scal|divid|sqrt|factor|root|\*|temperature"),
    ("norm_first forgotten", two.encoder, two.encoder_port, two.SEQUENCE, SEQ, r"block",
     r"(?i)norm_first|pre-?norm|post-?norm|norm.*(before|after|first|order)|(before|after|order).*norm"),
    ("causal mask a step late", two.gpt, two.gpt_port, two.SEQUENCE, SEQ, r"attn",
     r"(?i)mask|causal|diagonal|future"),
    ("rotary of neighbours, not of halves", two.rotary, two.rotary_port, two.SEQUENCE, SEQ,
     r"\bq\b|\bk\b|matmul|cat|stack|mul|softmax|flatten", r"(?i)rotary|rope|interleav|halves|order|neighbou?r"),
    ("tokens by a reshape that mixes", two.patches, two.patches_port, two.IMAGE, {},
     r"reshape|patch|norm", r"(?i)reshape|transpos|permut|order|flatten|axes|view"),
    ("positions after the norm", two.embeddings, two.embeddings_port, two.PLACES, PLACES,
     r"norm|position|add|word", r"(?i)order|before|after|sum|add"),
]  # fmt: skip

MISTAKES, RIGHT = [], []
for _name, _model, _port, _x, _given, _place, _cause in PORTS:
    _made = of_architecture("first", _model, _port, ready(_x))
    MISTAKES.append(_made(_name, _place, _cause, given=_given, wrong=True))
    RIGHT.append(_made(f"right: {_name}", given=_given))

_norm = of_architecture("first", normed, NormedPort, ready(two.ROWS))
_soft = of_architecture("first", classifier, classifier_port, ready(two.ROWS))
_dense = of_architecture("first", dense, dense_port, ready(two.ROWS))
_ADAMW, _ADAM = ({**CLASSES, "optimizers": adam(k)} for k in (torch.optim.AdamW, torch.optim.Adam))
_ALL, _EACH = (
    {**CLASSES, "optimizers": clipped(k), "clip": {"clip_norm": 0.2}}
    for k in ("global_clipnorm", "clipnorm")
)
_mse = keras.losses.MeanSquaredError()
_SQUEEZED = {**VALUES, "loss": (_mse, lambda p, y: F.mse_loss(p[:, 0], y))}
_SPREAD = {**VALUES, "loss": (_mse, lambda p, y: F.mse_loss(p, y))}
MISTAKES += [
    _norm("Keras's momentum", r"norm", r"(?i)momentum", given=CLASSES, momentum=0.9),
    _norm("frozen norm still counts", r"norm", r"(?i)train|frozen|freez|eval|statistic|inference",
          both={"frozen": True}, given=CLASSES, still=False),
    _soft("cross-entropy of probabilities", r"(?i)loss",
          r"(?i)softmax|logit|probabilit", given={**CLASSES, "loss": DOUBLE}),
    _dense("Adam's decay for AdamW's", r"(?i)optim|update|step|adam|fc",
           r"(?i)decoupl|adamw|L2|weight_?.?decay", given=_ADAM),
    _dense("clip_grad_norm_ for clipnorm", r"(?i)optim|update|step|clip|fc|grad",
           r"(?i)clip|norm of (all|each)|global", given=_EACH),
    _dense("MSE broadcast", r"(?i)loss|result",
           r"(?i)broadcast|shape|squeez|axis|dimension", both={"units": 1}, given=_SPREAD),
]  # fmt: skip
RIGHT += [
    _norm("right: Keras's momentum", given=CLASSES),
    _norm("right: frozen norm", both={"frozen": True}, given=CLASSES),
    _soft("right: cross-entropy of probabilities", given={**CLASSES, "loss": PROBABLE}),
    _dense("right: AdamW", given=_ADAMW),
    _dense("right: global clipnorm", given=_ALL),
    _dense("right: MSE", both={"units": 1}, given=_SQUEEZED),
]  # fmt: skip
