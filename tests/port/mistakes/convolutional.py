"""Convolutional networks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - as PyTorch is written

from tests.port.mistakes import of_architecture

L = keras.layers
Function = Callable[[torch.Tensor], torch.Tensor]

# Keras's layer, and what is the same in PyTorch.
ACTIVATIONS: dict[str, tuple[Callable[[], Any], Function]] = {
    "relu": (L.ReLU, F.relu),
    "elu": (partial(L.ELU, 0.5), partial(F.elu, alpha=0.5)),
    "gelu": (partial(L.Activation, "gelu"), F.gelu),
    "hard_sigmoid": (partial(L.Activation, "hard_sigmoid"), F.hardsigmoid),
    "selu": (partial(L.Activation, "selu"), F.selu),
    "silu": (partial(L.Activation, "silu"), F.silu),
}
POOLINGS: dict[str, tuple[Callable[..., Any], Function]] = {
    "max": (
        partial(L.MaxPooling2D, 3, strides=2, padding="same"),
        partial(F.max_pool2d, kernel_size=3, stride=2, padding=1),
    ),
    "max of 2": (
        partial(L.MaxPooling2D, 2, padding="same"),
        partial(F.max_pool2d, kernel_size=2, ceil_mode=True),
    ),
    "average": (
        partial(L.AveragePooling2D, 3, strides=2, padding="same"),
        partial(F.avg_pool2d, kernel_size=3, stride=2, padding=1, count_include_pad=False),
    ),
}
WIDE = keras.initializers.VarianceScaling(20.0, seed=0)  # bounded activations reach their bounds
softmax = partial(F.softmax, dim=-1)
bilinear = partial(F.interpolate, scale_factor=2, mode="bilinear")
mean = partial(torch.mean, dim=(2, 3))


def pictures() -> np.ndarray:
    """Pictures with bytes for pixels."""
    return np.random.default_rng(1).integers(0, 256, (5, 10, 10, 3)).astype("float32")


def plain_in_keras(act: str = "relu", pool: str = "max") -> keras.Model:
    """One layer after another, as in the first tutorial."""
    return keras.Sequential([
        keras.Input((10, 10, 3)),
        L.Rescaling(1 / 127.5, offset=-1.0),
        L.Conv2D(8, 3, strides=2, padding="same"),
        L.BatchNormalization(),
        L.LeakyReLU(0.3),
        L.Conv2D(8, 3, padding="same", dilation_rate=2, groups=2, kernel_initializer=WIDE),
        ACTIVATIONS[act][0](),
        POOLINGS[pool][0](),
        L.Flatten(),
        L.Dense(6, activation="tanh"),
        L.Dense(5, activation="softmax"),
    ])  # fmt: skip


class Plain(nn.Module):
    """Its port."""

    def __init__(
        self, act: str = "relu", pool: str = "max", *, eps: float = 1e-3, slope: float = 0.3,
        dilation: int = 2, bias: bool = True, pads: tuple[int, ...] = (0, 1, 0, 1),
        scale: Function = lambda x: x / 127.5 - 1, norm_last: bool = False,
        wrong_act: Function | None = None, wrong_pool: Function | None = None,
        order: tuple[int, ...] = (0, 2, 3, 1), hidden: Function = torch.tanh,
        head: Function = softmax,
    ) -> None:  # fmt: skip
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2)
        self.norm = nn.BatchNorm2d(8, eps=eps)
        self.leaky = nn.LeakyReLU(slope)
        self.conv = nn.Conv2d(8, 8, 3, padding=dilation, dilation=dilation, groups=2, bias=bias)
        self.fc1, self.fc2 = nn.Linear(72, 6), nn.Linear(6, 5)
        self.scale, self.pads, self.norm_last, self.order = scale, pads, norm_last, order
        self.act = wrong_act or ACTIVATIONS[act][1]
        self.pool = wrong_pool or POOLINGS[pool][1]
        self.hidden, self.head = hidden, head

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.stem(F.pad(self.scale(x), self.pads))
        x = self.norm(self.leaky(x)) if self.norm_last else self.leaky(self.norm(x))
        x = self.pool(self.act(self.conv(x)))
        x = x.permute(self.order).flatten(1)
        return self.head(self.fc2(self.hidden(self.fc1(x))))


def zero_padded_max(x: torch.Tensor) -> torch.Tensor:
    """Zeros count among the pixels: wrong where all of these are negative."""
    return F.max_pool2d(F.pad(x, (1, 1, 1, 1)), 3, 2)


plain = of_architecture("convolutional", plain_in_keras, Plain, pictures)
SCALE = r"127\.5|0\.0078|255|scal|×|factor|times"
MISTAKES = [
    plain("right, one after another"),
    plain("right, gelu and average pooling", both={"act": "gelu", "pool": "average"}),
    # The rows of the dense layer's weights are put in order when they are carried over.
    plain("right, flattened with the channels first", order=(0, 1, 2, 3)),
    plain("input not scaled", r"input|stem|pad|forward", SCALE, scale=lambda x: x),
    plain("input scaled to 0..1", r"input|stem|pad|forward", SCALE, scale=lambda x: x / 255),
    plain("input scaled twice", r"input|stem|pad|forward", SCALE + r"|the model's input",
          scale=lambda x: (x / 127.5 - 1) / 127.5 - 1),
    plain("blue first", r"input|stem|pad|forward", r"BGR|(channel|flip|revers).*",
          scale=lambda x: x.flip(1) / 127.5 - 1),
    plain("symmetric padding", r"stem|pad", r"pad", pads=(1, 1, 1, 1)),
    plain("padding before in place of after", r"stem|pad", r"pad", pads=(1, 0, 1, 0)),
    plain("batch norm epsilon", r"norm", r"epsilon.*0\.001.*1e-05", eps=1e-5),
    plain("batch norm after the activation", r"norm|leaky",
          r"(?i)leaky_?relu", norm_last=True),
    plain("leaky slope", r"leaky", r"0\.3\b.*0\.01\b", slope=0.01),
    plain("dilation forgotten", r"conv", r"dilation", dilation=1),
    plain("bias forgotten", r"conv", r"bias", bias=False),
    plain("gelu by tanh", r"gelu", r"gelu.*tanh", both={"act": "gelu"},
          wrong_act=partial(F.gelu, approximate="tanh")),
    plain("elu alpha", r"elu|fc1", r"(?i)elu.*0\.5.*(1\b|elu)", both={"act": "elu"},
          wrong_act=F.elu),
    plain("elu for selu", r"elu|fc1", r"selu.*elu", both={"act": "selu"}, wrong_act=F.elu),
    plain("hardswish for silu", r"hardswish", r"(silu|swish).*hardswish", both={"act": "silu"},
          wrong_act=F.hardswish),
    plain("hard sigmoid of Keras 2", r"clamp|fc1|pool|hard|add|mul", r"hard_?sigmoid|0\.1666.*0\.2",
          both={"act": "hard_sigmoid"}, wrong_act=lambda x: (0.2 * x + 0.5).clamp(0, 1)),
    # Before a maximum, zeros in its padding would explain the same numbers.
    plain("activation forgotten", r"conv|pool|fc1", r"(?i)relu", both={"pool": "average"},
          wrong_act=lambda x: x),
    plain("tanh forgotten", r"fc1|fc2", r"tanh", hidden=lambda x: x),
    plain("padding counted in the average", r"avg_pool", r"count_include_pad|padding.*count|zeros",
          both={"pool": "average"},
          wrong_pool=partial(F.avg_pool2d, kernel_size=3, stride=2, padding=1)),
    plain("zeros around the maximum", r"pad|pool", r"pad|zero", both={"act": "elu"},
          wrong_pool=zero_padded_max),
    plain("maximum for average", r"pool", r"(average|avg|mean).*max", both={"pool": "average"},
          wrong_pool=POOLINGS["max"][1]),
    plain("pooling padded before in place of after", r"pool|fc1", r"pad", both={"pool": "max of 2"},
          wrong_pool=partial(F.max_pool2d, kernel_size=2, padding=1)),
    plain("flattened with rows and columns exchanged", r"fc1|flatten|permute|reshape",
          r"flatten|order|permut|transpos", order=(0, 3, 2, 1)),
    plain("softmax forgotten", r"fc2|result|output", r"softmax", head=lambda x: x),
    plain("softmax twice", r"softmax|fc2|result", r"softmax",
          head=lambda x: x.softmax(-1).softmax(-1)),
    plain("softmax over the batch", r"softmax", r"softmax.*dim=0|axis",
          head=partial(F.softmax, dim=0)),
    plain("logarithm of the softmax", r"softmax", r"softmax.*log_softmax",
          head=partial(F.log_softmax, dim=-1)),
    plain("sigmoid for softmax", r"sigmoid", r"softmax.*sigmoid", head=torch.sigmoid),
]  # fmt: skip


def features() -> np.ndarray:
    """Maps of features."""
    return np.random.default_rng(2).normal(size=(4, 10, 10, 4)).astype("float32")


def residual_in_keras() -> keras.Model:
    """A block that strides in its first convolution, a scaled one, and a way back up."""
    image = keras.Input((10, 10, 4))
    x = L.Conv2D(8, 1, strides=2, name="reduce")(image)
    x = L.ReLU()(L.BatchNormalization(epsilon=1.001e-5, name="reduce_norm")(x))
    x = L.Conv2D(8, 3, padding="same", name="conv")(x)
    x = L.BatchNormalization(epsilon=1.001e-5, name="conv_norm")(x)
    x = L.ReLU()(L.Add()([x, L.Conv2D(8, 1, strides=2, name="shortcut")(image)]))
    branch = L.Conv2D(8, 3, padding="same", activation="tanh", name="branch")(x)
    x = L.Add()([x, L.Rescaling(0.2)(branch)])
    x = L.UpSampling2D(2, interpolation="bilinear")(x)
    x = L.Concatenate()([x, image])
    x = L.Conv2D(6, 3, padding="same", activation="relu", name="merge")(x)
    x = L.Dropout(0.5)(L.GlobalAveragePooling2D()(x))
    return keras.Model(image, L.Dense(4, name="head")(x))


class Residual(nn.Module):
    """Its port."""

    def __init__(
        self, *, strides: tuple[int, int] = (2, 1), share: float | None = 0.2,
        join: Callable[..., torch.Tensor] = torch.add, last: Function = F.relu,
        up: Function = bilinear,
        image_first: bool = False, pool: Function = mean,
        dropping: bool = False, batch_statistics: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.reduce = nn.Conv2d(4, 8, 1, stride=strides[0])
        self.reduce_norm = nn.BatchNorm2d(8, eps=1.001e-5)
        self.conv = nn.Conv2d(8, 8, 3, stride=strides[1], padding=1)
        self.conv_norm = nn.BatchNorm2d(8, eps=1.001e-5)
        self.shortcut = nn.Conv2d(4, 8, 1, stride=2)
        self.branch = nn.Conv2d(8, 8, 3, padding=1)
        self.merge = nn.Conv2d(12, 6, 3, padding=1)
        self.head = nn.Linear(6, 4)
        self.join, self.last, self.share, self.up, self.pool = join, last, share, up, pool
        self.image_first, self.dropping = image_first, dropping
        self.batch_statistics = batch_statistics

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        norm, x = self.reduce_norm, self.reduce(image)
        x = F.relu(F.batch_norm(
            x, norm.running_mean, norm.running_var, norm.weight, norm.bias,
            self.batch_statistics or self.training, 0.01, norm.eps,
        ))  # fmt: skip
        x = self.conv_norm(self.conv(x))
        x = self.last(self.join(x, self.shortcut(image)))
        branch = torch.tanh(self.branch(x))
        x = self.up(x + (branch if self.share is None else self.share * branch))
        x = torch.cat((image, x) if self.image_first else (x, image), dim=1)
        x = self.pool(F.relu(self.merge(x)))
        return self.head(F.dropout(x, 0.5, self.dropping or self.training))


residual = of_architecture("convolutional", residual_in_keras, Residual, features)
MISTAKES += [
    residual("right, with a shortcut"),
    residual("shortcut forgotten", r"add|conv_norm|relu|shortcut|branch",
             r"(shortcut|residual|add|sum).*", join=lambda x, _: x),
    residual("shortcut added twice", r"add|relu|branch|forward", r"twice|2|add|shortcut",
             join=lambda x, y: x + y + y),
    residual("shortcut halved", r"add|mul|div|relu|branch|forward", r"0\.5|2|half|factor|scal",
             join=lambda x, y: (x + y) / 2),
    residual("activation before the sum", r"relu|add|branch|forward", r"relu|activation|before",
             join=lambda x, y: F.relu(x) + y, last=lambda x: x),
    residual("activation after the sum forgotten", r"relu|add|branch|forward", r"(?i)relu",
             last=lambda x: x),
    residual("branch not scaled", r"branch|add|interpolate|merge",
             r"0\.2|scal|factor", share=None),
    residual("branch scaled by another number", r"branch|mul|add|interpolate|merge",
             r"0\.2|scal|factor", share=0.1),
    residual("stride in the second convolution", r"reduce|conv", r"stride", strides=(1, 2)),
    residual("nearest for bilinear", r"interpolate|upsample|merge", r"bilinear",
             up=partial(F.interpolate, scale_factor=2)),
    residual("corners aligned", r"interpolate|upsample|merge", r"align_corners|corners",
             up=partial(F.interpolate, scale_factor=2, mode="bilinear", align_corners=True)),
    residual("joined in the other order", r"cat|merge", r"order|concat", image_first=True),
    residual("maximum over the picture", r"amax|max|head", r"(average|mean|avg).*max",
             pool=partial(torch.amax, dim=(2, 3))),
    residual("sum over the picture", r"sum|head", r"(average|mean|avg).*sum|sum",
             pool=partial(torch.sum, dim=(2, 3))),
    residual("dropout always on", r"dropout|head", r"[Dd]ropout|training", dropping=True),
    residual("batch norm always training", r"norm", r"training|batch.*statistic|statistic|running",
             batch_statistics=True),
]  # fmt: skip
