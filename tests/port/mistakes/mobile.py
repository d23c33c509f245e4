"""Convolutional networks for small devices, and one that makes pictures."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - as PyTorch is written

from tests.port.mistakes import of_architecture
from tests.port.mistakes.convolutional import Function

L = keras.layers
MEAN, STD = (0.4, 0.5, 0.6, 0.5), (0.1, 0.2, 0.2, 0.3)


def pictures() -> np.ndarray:
    """Pictures with pixels from 0 to 1."""
    return np.random.default_rng(3).uniform(size=(4, 9, 9, 4)).astype("float32")


def mobile_in_keras(multiplier: int = 2) -> keras.Model:
    """Depthwise convolution, squeeze and excitation, groups whose channels are shuffled."""
    image = keras.Input((9, 9, 4))
    x = L.Normalization(mean=MEAN, variance=np.square(STD))(image)
    wide = keras.initializers.VarianceScaling(20.0, seed=0)
    x = L.DepthwiseConv2D(
        3, depth_multiplier=multiplier, padding="same", depthwise_initializer=wide, name="depthwise"
    )(x)
    x = L.ReLU(6.0)(x)
    gate = L.Dense(4, activation="silu", name="squeeze")(L.GlobalAveragePooling2D()(x))
    gate = L.Dense(8, activation="hard_sigmoid", kernel_initializer=wide, name="excite")(gate)
    x = L.Multiply()([x, L.Reshape((1, 1, 8))(gate)])
    x = L.Reshape((9, 9, 2, 4))(x)
    x = L.Reshape((9, 9, 8))(L.Permute((1, 2, 4, 3))(x))
    x = L.Conv2D(6, 1, groups=2, use_bias=False, name="pointwise")(x)
    x = L.GroupNormalization(groups=3, name="group_norm")(x)
    again = L.Conv2D(6, 3, padding="same", activation="relu", name="again")
    x = L.GlobalMaxPooling2D()(again(again(x)))
    return keras.Model(image, L.Dense(3, name="head")(x))


class Mobile(nn.Module):
    """Its port."""

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(
        self, *, std: tuple[float, ...] = STD, repeated: bool = False, ceiling: bool = True,
        squeeze: Function = F.silu, gate: Function = F.hardsigmoid,
        excite: Any = torch.mul, shuffled: bool = True, groups: int = 3, eps: float = 1e-3,
        times: int = 2, pool: Any = torch.amax, gap: Any = torch.mean,
    ) -> None:  # fmt: skip
        super().__init__()
        self.register_buffer("mean", torch.tensor(MEAN, dtype=torch.float64).view(1, 4, 1, 1))
        self.register_buffer("std", torch.tensor(std, dtype=torch.float64).view(1, 4, 1, 1))
        self.depthwise = nn.Conv2d(4, 8, 3, padding=1, groups=4)
        if repeated:
            self.depthwise = nn.Conv2d(8, 8, 3, padding=1, groups=8)
        self.squeeze, self.excite = nn.Linear(8, 4), nn.Linear(4, 8)
        self.pointwise = nn.Conv2d(8, 6, 1, groups=2, bias=False)
        self.group_norm = nn.GroupNorm(groups, 6, eps=eps)
        self.again = nn.Conv2d(6, 6, 3, padding=1)
        self.head = nn.Linear(6, 3)
        self.repeated, self.ceiling, self.act, self.gate = repeated, ceiling, squeeze, gate
        self.join, self.shuffled, self.times = excite, shuffled, times
        self.pool, self.gap = pool, gap

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        x = (image - self.mean) / self.std
        x = self.depthwise(x.repeat(1, 2, 1, 1) if self.repeated else x)
        x = F.relu6(x) if self.ceiling else F.relu(x)
        gate = self.gate(self.excite(self.act(self.squeeze(self.gap(x, dim=(2, 3))))))
        x = self.join(x, gate[:, :, None, None])
        if self.shuffled:
            x = x.view(-1, 2, 4, 9, 9).transpose(1, 2).flatten(1, 2)
        x = self.group_norm(self.pointwise(x))
        for _ in range(self.times):
            x = F.relu(self.again(x))
        return self.head(self.pool(x, dim=(2, 3)))


mobile = of_architecture("convolutional", mobile_in_keras, Mobile, pictures)
MISTAKES = [
    mobile("right, for small devices"),
    mobile("divided by the variance", r"input|div|depthwise|forward", r"scal|÷|×|factor|divi",
           std=tuple(np.square(STD))),
    mobile("relu for relu6", r"relu|squeeze|mul|pointwise", r"relu6|relu.*6", ceiling=False),
    mobile("multiplier as the outer channel", r"depthwise|repeat",
           r"order|repeat|group|multiplier|channel", repeated=True),
    mobile("squeezed by the maximum", r"amax|squeeze", r"mean.*amax", gap=torch.amax),
    mobile("relu for silu", r"relu|squeeze|excite", r"silu.*relu", squeeze=F.relu),
    mobile("sigmoid for hard sigmoid", r"sigmoid|mul", r"hard_?sigmoid.*sigmoid",
           gate=torch.sigmoid),
    mobile("gate with the hard sigmoid of Keras 2",
           r"clamp|excite|mul|pointwise", r"hard_?sigmoid|0\.1666.*0\.2",
           gate=lambda x: (0.2 * x + 0.5).clamp(0, 1)),
    mobile("gate added", r"add|mul|pointwise", r"mul|product|add|times", excite=torch.add),
    mobile("channels not shuffled", r"pointwise|shuffle|mul",
           r"order|shuffl|permut|transpos|channel", shuffled=False),
    mobile("group norm epsilon", r"group_norm", r"epsilon.*0\.001.*1e-05", eps=1e-5),
    mobile("two groups for three", r"group_norm", r"3 groups.*2", groups=2),
    mobile("shared layer called once", r"again|head|pool|amax", r"again|once|twice|shared|call",
           times=1),
    mobile("mean for maximum", r"mean|head", r"(amax|max).*(mean|average)", pool=torch.mean),
]  # fmt: skip


def codes() -> np.ndarray:
    """Small maps."""
    return np.random.default_rng(4).normal(size=(4, 5, 5, 4)).astype("float32")


def decoder_in_keras() -> keras.Model:
    """Twice as large twice: by a transposed convolution, and from channels to pixels."""
    code = keras.Input((5, 5, 4))
    x = L.Conv2DTranspose(6, 4, strides=2, padding="same", activation="elu", name="up")(code)
    x = L.Conv2D(8, 3, padding="same", name="conv")(x)
    x = L.Reshape((10, 10, 2, 2, 2))(x)
    x = L.Reshape((20, 20, 2))(L.Permute((1, 3, 2, 4, 5))(x))
    return keras.Model(code, L.Activation("sigmoid")(x))


class Decoder(nn.Module):
    """Its port."""

    def __init__(self, *, edge: Any = "zeros", channels_outside: bool = False, padding: int = 1,
                 result: Function = torch.sigmoid) -> None:  # fmt: skip
        super().__init__()
        self.up = nn.ConvTranspose2d(4, 6, 4, stride=2, padding=padding)
        self.conv = nn.Conv2d(6, 8, 3, padding=1, padding_mode=edge)
        self.channels_outside, self.padding, self.result = channels_outside, padding, result

    def forward(self, code: torch.Tensor) -> torch.Tensor:
        x = self.up(code)
        if not self.padding:
            x = x[:, :, :10, :10]
        x = self.conv(F.elu(x))
        if not self.channels_outside:
            x = x.view(-1, 4, 2, 10, 10).transpose(1, 2).flatten(1, 2)
        return self.result(F.pixel_shuffle(x, 2)).permute(0, 2, 3, 1)


decoder = of_architecture("convolutional", decoder_in_keras, Decoder, codes)
MISTAKES += [
    decoder("right, a decoder"),
    decoder("edges reflected", r"conv|pad", r"pad|zero|reflect", edge="reflect"),
    decoder("channels outside the blocks", r"pixel_shuffle|conv|sigmoid|result|forward",
            r"order|shuffl|permut|transpos|channel|ax[ie]s", channels_outside=True),
    decoder("transposed convolution cut at the end alone", r"up|getitem|slice|conv",
            r"pad|crop|cut|slice", padding=0),
    decoder("tanh for sigmoid", r"tanh|result", r"sigmoid.*tanh", result=torch.tanh),
]  # fmt: skip
