"""Third round, convolutional networks: ports with one mistake each, and their right ports."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers
from torch import nn
from torch.nn import functional as F

from tests.port.mistakes import Mistake, of_architecture

MISTAKES: list[Mistake] = []
RIGHT: list[Mistake] = []


def pictures(size: int = 8) -> Any:
    """A batch of four pictures with three channels, as Keras reads them."""
    return np.random.default_rng(3).normal(size=(4, size, size, 3)).astype("float32")


def classified(inputs: Any, x: Any) -> Any:
    """The end of most networks here: a mean over all pixels, and a linear layer."""
    return keras.Model(inputs, layers.Dense(5, name="head")(layers.GlobalAveragePooling2D()(x)))


def pooled() -> Any:
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(8, 3, padding="same", activation="relu", name="conv1")(inputs)
    x = layers.AveragePooling2D(3, strides=1, padding="same", name="pool")(x)
    x = layers.Conv2D(12, 1, activation="relu", name="conv2")(x)
    return classified(inputs, x)


class Pooled(nn.Module):
    def __init__(self, counted: bool = False) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, padding=1)
        self.pool = nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=counted)
        self.conv2 = nn.Conv2d(8, 12, 1)
        self.head = nn.Linear(12, 5)

    def forward(self, x: Any) -> Any:
        x = F.relu(self.conv2(self.pool(F.relu(self.conv1(x)))))
        return self.head(x.mean((2, 3)))


# 1: PyTorch's mean pool counts the zeros of the padding, Keras's does not.
case = of_architecture("third", pooled, Pooled, pictures)
MISTAKES.append(case(
    "mean pool counts the padding", r"(?i)pool|conv2",
    r"(?i)count_include_pad|(pad|zero|border|edge|rim).*(count|includ|exclud|divi)"
    r"|(count|includ|exclud|divi).*(pad|zero|border|edge|rim)",
    counted=True,
))  # fmt: skip
RIGHT.append(case("right: mean pool without the padding"))


def leaky() -> Any:
    inputs = keras.Input((8, 8, 3))
    x = layers.LeakyReLU(name="act1")(layers.Conv2D(8, 3, name="conv1")(inputs))
    x = layers.Conv2D(8, 3, name="conv2")(x)
    return classified(inputs, x)


class Leaky(nn.Module):
    def __init__(self, slope: float = 0.3) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3)
        self.act1 = nn.LeakyReLU(slope)
        self.conv2 = nn.Conv2d(8, 8, 3)
        self.head = nn.Linear(8, 5)

    def forward(self, x: Any) -> Any:
        return self.head(self.conv2(self.act1(self.conv1(x))).mean((2, 3)))


# 2: both LeakyReLU with their defaults: slope 0.3 in Keras, 0.01 in PyTorch.
case = of_architecture("third", leaky, Leaky, pictures)
MISTAKES.append(case(
    "default slope of leaky relu", r"(?i)act1|leaky|relu|conv[12]",
    r"(?i)slope|(leaky|alpha).*0?\.3.*0?\.01|0?\.3\d* .*in A.*0?\.01\d* .*in B",
    slope=0.01,
))  # fmt: skip
RIGHT.append(case("right: leaky relu"))


def enlarged() -> Any:
    inputs = keras.Input((6, 6, 3))
    x = layers.Conv2D(8, 3, padding="same", activation="relu", name="conv1")(inputs)
    x = layers.UpSampling2D(2, interpolation="bilinear", name="up")(x)
    x = layers.Conv2D(8, 3, activation="relu", name="conv2")(x)
    return classified(inputs, x)


class Enlarged(nn.Module):
    def __init__(self, aligned: bool = False) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, padding=1)
        self.up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=aligned)
        self.conv2 = nn.Conv2d(8, 8, 3)
        self.head = nn.Linear(8, 5)

    def forward(self, x: Any) -> Any:
        x = F.relu(self.conv2(self.up(F.relu(self.conv1(x)))))
        return self.head(x.mean((2, 3)))


# 3: bilinear enlarging with aligned corners.
case = of_architecture("third", enlarged, Enlarged, lambda: pictures(6))
MISTAKES.append(case(
    "aligned corners", r"(?i)up|interpolate|resize|conv2",
    r"(?i)align\w*.*corner|corner\w*.*align|half[- ]pixel",
    aligned=True,
))  # fmt: skip
RIGHT.append(case("right: corners not aligned"))


def decoder() -> Any:
    inputs = keras.Input((5, 5, 3))
    x = layers.Conv2D(8, 3, padding="same", activation="relu", name="encode")(inputs)
    x = layers.Conv2DTranspose(6, 3, strides=2, padding="same", name="decode")(x)
    return keras.Model(inputs, layers.Conv2D(3, 1, name="picture")(layers.ReLU(name="act")(x)))


class Decoder(nn.Module):
    def __init__(self, symmetric: bool = False) -> None:
        super().__init__()
        self.symmetric = symmetric
        self.encode = nn.Conv2d(3, 8, 3, padding=1)
        pads = {"padding": 1, "output_padding": 1} if symmetric else {}
        self.decode = nn.ConvTranspose2d(8, 6, 3, stride=2, **pads)
        self.picture = nn.Conv2d(6, 3, 1)

    def forward(self, x: Any) -> Any:
        x = self.decode(F.relu(self.encode(x)))
        if not self.symmetric:
            x = x[:, :, :-1, :-1]  # 'same' cuts the last row and column
        return self.picture(F.relu(x))


# 4: the transposed convolution loses its first row and column, Keras's its last (unusual).
case = of_architecture("third", decoder, Decoder, lambda: pictures(5))
MISTAKES.append(case(
    "transposed convolution cut at the start", r"(?i)decode|conv_?transpose|picture|relu",
    r"(?i)output_padding|(pad|crop|cut|trim|slic)\w*.*(\bend|after|before|begin|start|last|first"
    r"|asymm|:-1|\b1:)|(shift|offset|moved).*(one|1\b|pixel|row|step)",
    symmetric=True,
))  # fmt: skip
RIGHT.append(case("right: transposed convolution cut at the end"))


def bordered() -> Any:
    inputs = keras.Input((8, 8, 3))
    x = layers.ZeroPadding2D((2, 1), name="pad")(inputs)
    x = layers.Conv2D(8, 3, activation="relu", name="conv1")(x)
    x = layers.Conv2D(8, 3, strides=2, activation="relu", name="conv2")(x)
    return classified(inputs, x)


class Bordered(nn.Module):
    def __init__(self, height_first: bool = False) -> None:
        super().__init__()
        self.pad = nn.ZeroPad2d((2, 2, 1, 1) if height_first else (1, 1, 2, 2))
        self.conv1 = nn.Conv2d(3, 8, 3)
        self.conv2 = nn.Conv2d(8, 8, 3, stride=2)
        self.head = nn.Linear(8, 5)

    def forward(self, x: Any) -> Any:
        x = F.relu(self.conv2(F.relu(self.conv1(self.pad(x)))))
        return self.head(x.mean((2, 3)))


# 5: Keras's padding is for (height, width), PyTorch's begins with the width.
case = of_architecture("third", bordered, Bordered, pictures)
MISTAKES.append(case(
    "padding of height and width exchanged", r"(?i)pad|conv1",
    r"(?i)(pad|zeros?|border).*(height|width|rows|columns|ax[ei]s|order|swap|exchang|transpos"
    r"|[12].*in A.*[12].*in B|A .*[12].*B .*[12])",
    height_first=True,
))  # fmt: skip
RIGHT.append(case("right: padding of height and width"))

MEAN, VARIANCE = [0.5, 0.25, 0.375], [0.0625, 0.25, 0.140625]


def standard() -> Any:
    inputs = keras.Input((8, 8, 3))
    x = layers.Normalization(mean=MEAN, variance=VARIANCE, name="norm")(inputs)
    x = layers.Conv2D(8, 3, activation="relu", name="conv1")(x)
    x = layers.Conv2D(8, 3, activation="relu", name="conv2")(x)
    return classified(inputs, x)


class Standard(nn.Module):
    def __init__(self, by_variance: bool = False) -> None:
        super().__init__()
        self.by_variance = by_variance
        self.conv1 = nn.Conv2d(3, 8, 3)
        self.conv2 = nn.Conv2d(8, 8, 3)
        self.head = nn.Linear(8, 5)

    def forward(self, x: Any) -> Any:
        mean = x.new_tensor(MEAN).reshape(1, 3, 1, 1)
        variance = x.new_tensor(VARIANCE).reshape(1, 3, 1, 1)
        x = (x - mean) / (variance if self.by_variance else variance.sqrt())
        return self.head(F.relu(self.conv2(F.relu(self.conv1(x)))).mean((2, 3)))


# 6: the input is divided by the variance of each channel, not by its root (unusual).
case = of_architecture("third", standard, Standard, pictures)
MISTAKES.append(case(
    "input divided by the variance", r"(?i)conv1|div|input|norm|sub",
    r"(?i)varianc|standard deviation|sqrt|square[- ]root|√"
    r"|(divi|scal|×|factor|ratio|multipl).*(channel|0?\.375|0?\.0625|0?\.14|\b2\.6)",
    by_variance=True,
))  # fmt: skip
RIGHT.append(case("right: input divided by the deviation"))


def residual() -> Any:
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(8, 3, padding="same", activation="relu", name="stem")(inputs)
    y = layers.Conv2D(8, 3, padding="same", activation="relu", name="conv1")(x)
    y = layers.Conv2D(8, 3, padding="same", name="conv2")(y)
    y = layers.BatchNormalization(epsilon=1e-5, name="bn")(y)
    x = layers.ReLU(name="act")(layers.Add(name="add")([x, y]))
    return classified(inputs, x)


class Residual(nn.Module):
    def __init__(self, early: bool = False) -> None:
        super().__init__()
        self.early = early
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.conv1 = nn.Conv2d(8, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1)
        self.bn = nn.BatchNorm2d(8)
        self.head = nn.Linear(8, 5)

    def forward(self, x: Any) -> Any:
        x = F.relu(self.stem(x))
        y = self.bn(self.conv2(F.relu(self.conv1(x))))
        x = x + F.relu(y) if self.early else F.relu(x + y)
        return self.head(x.mean((2, 3)))


# 7: the last relu of a residual block comes before the sum.
case = of_architecture("third", residual, Residual, pictures)
MISTAKES.append(case(
    "relu before the residual sum", r"(?i)bn|add|relu|head|mean",
    r"(?i)relu.*(\badd|sum\b|residual|shortcut|\+|before|after|order|moved|place|earlier|later)"
    r"|activation.*(\badd|sum\b|residual|before|after)|(\badd|sum\b|residual|shortcut|\+).*relu",
    early=True,
))  # fmt: skip
RIGHT.append(case("right: relu after the residual sum"))


def reader() -> Any:
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, padding="same", activation="relu", name="conv")(inputs)
    x = layers.Reshape((8, 32), name="steps")(layers.Permute((2, 1, 3), name="columns")(x))
    x = layers.GRU(8, return_sequences=True, name="gru")(x)
    return keras.Model(inputs, layers.Dense(5, name="head")(x))


class Reader(nn.Module):
    def __init__(self, by_rows: bool = False) -> None:
        super().__init__()
        self.axes = (0, 2, 3, 1) if by_rows else (0, 3, 2, 1)
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
        self.gru = nn.GRU(32, 8, batch_first=True)
        self.head = nn.Linear(8, 5)

    def forward(self, x: Any) -> Any:
        x = F.relu(self.conv(x)).permute(*self.axes).flatten(2)
        return self.head(self.gru(x)[0])


# 8: a text reader goes through the rows of the picture, not through its columns (unusual).
case = of_architecture("third", reader, Reader, pictures)
MISTAKES.append(case(
    "steps are rows, not columns", r"(?i)gru|permute|flatten|reshape|conv",
    r"(?i)permut|transpos|(order|swap|exchang|other)\w* .*(ax[ei]s|dim)|height.*width|width.*height"
    r"|(ax[ei]s|dim).*(order|swap|exchang)|rows.*columns|columns.*rows",
    by_rows=True,
))  # fmt: skip
RIGHT.append(case("right: steps are columns"))
