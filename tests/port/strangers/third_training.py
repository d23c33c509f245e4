"""Third round, training steps: ports with one mistake each, and their right ports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import torch
from keras import layers
from torch import nn
from torch.nn import functional as F

from tests.port.mistakes import Mistake, of_architecture

MISTAKES: list[Mistake] = []
RIGHT: list[Mistake] = []
CLASSES = 4


def rows() -> Any:
    """Six rows of ten features."""
    return np.random.default_rng(9).normal(size=(6, 10)).astype("float32")


def pictures() -> Any:
    """Six pictures with three channels, not centred, as Keras reads them."""
    values = np.random.default_rng(10).normal(size=(6, 6, 6, 3)) * 2 + 1
    return values.astype("float32")


LABELS = np.array([0, 3, 1, 2, 3, 0])
ONE_HOT = np.eye(CLASSES, dtype="float32")[LABELS]
SHARES = (ONE_HOT + np.random.default_rng(11).uniform(0.1, 0.5, (6, CLASSES))).astype("float32")
SHARES /= SHARES.sum(1, keepdims=True)
NUMBERS = np.random.default_rng(12).normal(size=(6, CLASSES)).astype("float32") * 3

KERAS_LABELS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def keras_sgd() -> Any:
    return keras.optimizers.SGD(0.1)


def torch_sgd(parameters: Any) -> Any:
    return torch.optim.SGD(parameters, lr=0.1)


SGD = (keras_sgd, torch_sgd)
OF_LABELS = {"y": LABELS, "loss": (KERAS_LABELS, nn.CrossEntropyLoss())}
OF_NUMBERS = {"y": NUMBERS, "loss": (keras.losses.MeanSquaredError(), nn.MSELoss())}


def perceptron(shares: bool = False, frozen: bool = False) -> Any:
    inputs = keras.Input((10,))
    x = layers.Dense(12, activation="tanh", trainable=not frozen, name="hidden")(inputs)
    x = layers.Dense(CLASSES, name="head")(x)
    return keras.Model(inputs, layers.Softmax(name="shares")(x) if shares else x)


class Perceptron(nn.Module):
    def __init__(self, shares: bool = False, frozen: bool = False, thaw: bool = False) -> None:
        super().__init__()
        self.shares = shares
        self.hidden = nn.Linear(10, 12)
        self.head = nn.Linear(12, CLASSES)
        if frozen and not thaw:
            self.hidden.requires_grad_(False)

    def forward(self, x: Any) -> Any:
        x = self.head(torch.tanh(self.hidden(x)))
        return x.softmax(-1) if self.shares else x


case = of_architecture("third", perceptron, Perceptron, rows)


# 23: the loss of the port has no label smoothing.
def smoothed(smoothing: float) -> dict[str, Any]:
    a = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
    b = nn.CrossEntropyLoss(label_smoothing=smoothing)
    return {"y": ONE_HOT, "loss": (a, b), "optimizers": SGD}


MISTAKES.append(case(
    "label smoothing forgotten", r"(?i)loss|entropy|criterion|result|head",
    r"(?i)smooth|0?\.925|0?\.025",
    given=smoothed(0.0),
))  # fmt: skip
RIGHT.append(case("right: label smoothing", given=smoothed(0.1)))


# 24: the divergence is averaged over classes too, not summed over them (unusual).
def divergence(summed: bool) -> dict[str, Any]:
    def loss(result: Any, y: Any) -> Any:
        terms = F.kl_div(result.log(), y, reduction="none")
        return terms.sum(-1).mean() if summed else terms.mean()

    return {"y": SHARES, "loss": (keras.losses.KLDivergence(), loss), "optimizers": SGD}


MISTAKES.append(case(
    "divergence averaged over classes", r"(?i)loss|kl_?div|criterion|result|shares|head",
    r"(?i)reduction|batchmean|\b(mean|averag)\w*.*(class|element|batch|sum)|sum\w*.*(class|mean)"
    r"|number of classes|\b4(\.0)?\b.*in A|\.25\b.*in B|(factor|ratio|times|divi).*(\b4|\.25)\b",
    both={"shares": True}, given=divergence(False),
))  # fmt: skip
RIGHT.append(case("right: divergence", both={"shares": True}, given=divergence(True)))


# 25: Adagrad's sums of squares begin at 0 in PyTorch, at 0.1 in Keras (unusual).
def adagrad(start: float) -> dict[str, Any]:
    def a() -> Any:
        return keras.optimizers.Adagrad(0.1, epsilon=0.0)

    def b(parameters: Any) -> Any:
        return torch.optim.Adagrad(parameters, lr=0.1, eps=0.0, initial_accumulator_value=start)

    return {**OF_NUMBERS, "optimizers": (a, b)}


MISTAKES.append(case(
    "start of Adagrad's sums", r"(?i)optim|update|step|adagrad|hidden|head",
    r"(?i)accumulat|(initial|start|begin).*0?\.1\b|0?\.1\b.*(initial|start|begin)",
    given=adagrad(0.0),
))  # fmt: skip
RIGHT.append(case("right: start of Adagrad's sums", given=adagrad(0.1)))


# 26: AdamW is ported as Adam with weight_decay, which adds the decay to the gradients.
def decayed(optimizer: Callable[..., Any]) -> dict[str, Any]:
    def a() -> Any:
        return keras.optimizers.AdamW(0.01, weight_decay=0.1)

    def b(parameters: Any) -> Any:
        return optimizer(parameters, lr=0.01, weight_decay=0.1, eps=1e-7)

    # far targets, for large gradients: the two epsilons do not mean quite the same
    return {**OF_NUMBERS, "y": NUMBERS * 10, "optimizers": (a, b)}


MISTAKES.append(case(
    "Adam with decay for AdamW", r"(?i)optim|update|step|adam|decay|hidden|head",
    r"(?i)adamw|coupled|(decay|\bl2\b).*(grad|moment|adapt|added|separate|apart|before|after)",
    given=decayed(torch.optim.Adam),
))  # fmt: skip
RIGHT.append(case("right: AdamW", given=decayed(torch.optim.AdamW)))


# 27: Keras clips each number of a gradient, the port the norm of all gradients.
def clipped(clip: str) -> dict[str, Any]:
    def a() -> Any:
        return keras.optimizers.SGD(0.1, clipvalue=0.05)

    return {**OF_LABELS, "optimizers": (a, torch_sgd), "clip": {clip: 0.05}}


MISTAKES.append(case(
    "norm clipped, not values", r"(?i)clip|optim|update|step|grad|hidden|head",
    r"(?i)clip.*(value|norm|element|each|global|number)|(value|norm|element)\w*.*clip",
    given=clipped("clip_norm"),
))  # fmt: skip
RIGHT.append(case("right: values clipped", given=clipped("clip_value")))

# 28: a layer frozen in Keras is trained in the port.
FROZEN = {"both": {"frozen": True}, "given": {**OF_LABELS, "optimizers": SGD}}
MISTAKES.append(case(
    "frozen layer trained", r"(?i)hidden|grad|update|optim",
    r"(?i)froz|freez|trainable|requires_grad|no gradient"
    r"|\b(trained|updated|moves?|moved|changes|changed|learns?)\b.*(in B|only|not)",
    thaw=True, **FROZEN,
))  # fmt: skip
RIGHT.append(case("right: frozen layer", **FROZEN))


# 29: the rate falls by decay_rate in every step, not in every two (decay_steps forgotten).
def falling(gamma: float) -> dict[str, Any]:
    def a() -> Any:
        rate = keras.optimizers.schedules.ExponentialDecay(0.2, decay_steps=2, decay_rate=0.25)
        return keras.optimizers.SGD(rate)

    def b(parameters: Any) -> Any:
        optimizer = torch.optim.SGD(parameters, lr=0.2)
        schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma)
        optimizer.register_step_post_hook(lambda *_: schedule.step())
        return optimizer

    return {**OF_LABELS, "optimizers": (a, b)}


MISTAKES.append(case(
    "decay_steps forgotten", r"(?i)optim|update|step|schedul|rate|\blr\b|hidden|head",
    r"(?i)learning[ _-]rate|\blr\b|schedul|gamma|decay_(steps|rate)",
    given=falling(0.25),
))  # fmt: skip
RIGHT.append(case("right: decay_steps", given=falling(0.5)))


def normed() -> Any:
    inputs = keras.Input((6, 6, 3))
    x = layers.Conv2D(8, 3, padding="same", name="conv")(inputs)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name="bn")(x)
    x = layers.GlobalMaxPooling2D(name="max")(layers.ReLU(name="act")(x))
    return keras.Model(inputs, layers.Dense(CLASSES, name="head")(x))


class Normed(nn.Module):
    def __init__(self, momentum: float = 0.1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.bn = nn.BatchNorm2d(8, momentum=momentum)
        self.head = nn.Linear(8, CLASSES)

    def forward(self, x: Any) -> Any:
        return self.head(F.relu(self.bn(self.conv(x))).amax((2, 3)))


# 30: Keras's momentum (what is kept) written as PyTorch's (what is new).
case = of_architecture("third", normed, Normed, pictures)
STEP = {**OF_LABELS, "optimizers": SGD}
MISTAKES.append(case(
    "momentum of the batch norm copied", r"(?i)bn|norm|running|statistic",
    r"(?i)momentum|(running|moving)\w*.*(0?\.9\b|0?\.1\b|faster|quick)",
    given=STEP, momentum=0.9,
))  # fmt: skip
RIGHT.append(case("right: momentum of the batch norm", given=STEP))
