"""Convolutional networks: a labeller of pictures and a small separable residual network."""

from __future__ import annotations

import keras
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from tests.port.mistakes import of_architecture


def labeller(width: int = 6, classes: int = 4) -> keras.Model:
    """A label for each pixel: a dilated context on half the size, and back."""
    picture = keras.Input((12, 16, 3))
    x = keras.layers.Rescaling(1 / 127.5, offset=-1.0, name="rescale")(picture)
    x = keras.layers.Conv2D(width, 3, padding="same", name="stem")(x)
    x = keras.layers.LeakyReLU(name="leaky")(x)
    x = keras.layers.MaxPooling2D(2, name="shrink")(x)
    x = keras.layers.Conv2D(
        width + 2, 3, padding="same", dilation_rate=2, activation="relu", name="context"
    )(x)
    x = keras.layers.AveragePooling2D(3, strides=1, padding="same", name="smooth")(x)
    x = keras.layers.UpSampling2D(2, interpolation="bilinear", name="grow")(x)
    x = keras.layers.Conv2D(classes, 1, name="classify")(x)
    return keras.Model(picture, keras.layers.Softmax(name="labels")(x))


class Labeller(nn.Module):
    """The port of the labeller."""

    def __init__(
        self,
        width: int = 6,
        classes: int = 4,
        slope: float = 0.3,
        dilated: bool = True,
        counts_padding: bool = False,
        corners: bool = False,
        axis: int = 1,
        unit_scale: bool = False,
    ) -> None:
        super().__init__()
        self.unit_scale = unit_scale
        self.stem = nn.Conv2d(3, width, 3, padding=1)
        self.leaky = nn.LeakyReLU(slope)
        self.shrink = nn.MaxPool2d(2)
        spread = 2 if dilated else 1
        self.context = nn.Conv2d(width, width + 2, 3, padding=spread, dilation=spread)
        self.smooth = nn.AvgPool2d(3, 1, padding=1, count_include_pad=counts_padding)
        self.grow = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=corners)
        self.classify = nn.Conv2d(width + 2, classes, 1)
        self.labels = nn.Softmax(dim=axis)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x / 255 if self.unit_scale else x / 127.5 - 1
        x = self.shrink(self.leaky(self.stem(x)))
        x = self.smooth(F.relu(self.context(x)))
        return self.labels(self.classify(self.grow(x)))


def picture_batch() -> np.ndarray:
    """Pictures of bytes."""
    values = np.random.default_rng(41).integers(0, 256, (4, 12, 16, 3))
    return values.astype("float32")


def separable(width: int = 8, classes: int = 5) -> keras.Model:
    """A depthwise and a pointwise convolution beside a shortcut."""
    picture = keras.Input((10, 10, 3))
    x = keras.layers.Conv2D(width, 3, activation="relu", name="stem")(picture)
    y = keras.layers.DepthwiseConv2D(3, padding="same", use_bias=False, name="depthwise")(x)
    y = keras.layers.Conv2D(width, 1, use_bias=False, name="pointwise")(y)
    y = keras.layers.BatchNormalization(name="norm")(y)
    x = keras.layers.Add(name="join")([x, y])
    x = keras.layers.ReLU(name="after")(x)
    x = keras.layers.GlobalAveragePooling2D(name="pool")(x)
    return keras.Model(picture, keras.layers.Dense(classes, name="head")(x))


class Separable(nn.Module):
    """The port of the separable network."""

    def __init__(
        self, width: int = 8, classes: int = 5, relu_between: bool = False, relu_first: bool = False
    ) -> None:
        super().__init__()
        self.relu_between, self.relu_first = relu_between, relu_first
        self.stem = nn.Conv2d(3, width, 3)
        self.depthwise = nn.Conv2d(width, width, 3, padding=1, groups=width, bias=False)
        self.pointwise = nn.Conv2d(width, width, 1, bias=False)
        self.norm = nn.BatchNorm2d(width, eps=1e-3, momentum=0.01)
        self.head = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.stem(x))
        y = self.depthwise(x)
        if self.relu_between:
            y = F.relu(y)
        y = self.norm(self.pointwise(y))
        x = x + F.relu(y) if self.relu_first else F.relu(x + y)
        return self.head(x.mean((2, 3)))


def small_pictures() -> np.ndarray:
    """Pictures around nought."""
    return np.random.default_rng(42).normal(size=(5, 10, 10, 3)).astype("float32")


label = of_architecture("fourth", labeller, Labeller, picture_batch)
separate = of_architecture("fourth", separable, Separable, small_pictures)

MISTAKES = [
    # 1. The dilation of the context convolution was left out, and its padding with it.
    label(
        "dilation forgotten",
        r"context",
        r"(?i)dilat",
        dilated=False,
    ),
    # 2. PyTorch's average pooling counts the padding by default, Keras's does not.
    label(
        "average over padding",
        r"(?i)smooth|avg_?pool|grow",
        r"(?i)count_include_pad|(count|includ|averag|divi|exclud|leav\w+ out)\w*.{0,60}"
        r"(pad|border|edge|zero)|(pad|border|edge|zero).{0,60}(count|includ|averag|divi|exclud)",
        both={"width": 5},
        counts_padding=True,
    ),
    # 3. Bilinear upsampling with aligned corners; Keras aligns the pixels' halves.
    label(
        "corners aligned",
        r"(?i)grow|upsample|interpolate|classify",
        r"(?i)align.?corners|corner|half.?pixel|pixel.{0,20}cent",
        both={"classes": 3},
        corners=True,
    ),
    # 4. Softmax over the last axis, which is the width in PyTorch and not the classes.
    label(
        "softmax over the width",
        r"(?i)labels|softmax|result|classify",
        r"(?i)softmax.{0,80}(ax[ie]s|dim|channel|width|class|\b-?1\b|\b3\b)"
        r"|(ax[ie]s|dim|channel|width|class).{0,60}softmax|(ax[ie]s|dim)\w* (is |= ?)?(1|-1|3)\b",
        both={"classes": 5},
        axis=-1,
    ),
    # 5. PyTorch's own slope of the leaky ReLU, 0.01, where Keras's is 0.3.
    label(
        "slope of PyTorch",
        r"(?i)leaky|shrink|stem|context",
        r"(?i)slope|alpha|0\.30*\d*\D.*0\.01|0\.01\D.*0\.3|leaky.?relu\(.{0,30}0\.3",
        both={"width": 7},
        slope=0.01,
    ),
    # 6. Pictures scaled to 0…1 where the Keras model scales them to −1…1.
    label(
        "pictures from nought to one",
        r"(?i)stem|div|input|^$|forward|sub|mul|leaky",
        r"(?i)127\.5|0?\.0078|0?\.0039|\b255|rescal|offset|(×|\*|times) ?2\b.{0,40}1\b"
        r"|(minus|subtract|sub\()\D{0,20}\b1(\.0)?\b|\w [-−] 1(\.0)?\b",
        both={"width": 4},
        unit_scale=True,
    ),
    # 7. An activation between the depthwise and the pointwise convolution, as in MobileNet.
    separate(
        "relu inside the separable convolution",
        r"(?i)relu|depthwise|pointwise",
        r"(?i)(\b(nothing|none|no|once|extra|additional|twice|between)\b.{0,60}"
        r"|(here|conv\w*|in A), B (adds |takes |has )?(an? )?)(relu|rectif|activation|clamp)"
        r"|(relu|rectif\w*|activation|clamp).{0,60}\b(nothing|none|extra|additional|more|adds)"
        r"|(?<!A, )\brelu\b.{0,30}in B\b",
        relu_between=True,
    ),
    # 8. The activation before the sum with the shortcut and not after it.
    separate(
        "relu before the sum",
        r"(?i)relu|add|norm|head|mean",
        r"(?i)(relu|activation|rectif).{0,120}(add|sum|join|shortcut|residual|before|after|order"
        r"|norm|\+)|(add|sum|join|shortcut|residual|before|after|order|norm|\+).{0,120}"
        r"(relu|activation|rectif)|(nothing|none|no activation).{0,40}relu"
        r"|relu.{0,40}(nothing|none)",
        both={"width": 6},
        relu_first=True,
    ),
]

RIGHT = [
    # 1–6, without their mistakes.
    label("right: dilated context"),
    label("right: average without padding", both={"width": 5}),
    label("right: corners not aligned", both={"classes": 3}),
    label("right: softmax over the classes", both={"classes": 5}),
    label("right: slope of Keras", both={"width": 7}),
    label("right: pictures from minus one to one", both={"width": 4}),
    # 7 and 8, without their mistakes.
    separate("right: nothing inside the separable convolution"),
    separate("right: relu after the sum", both={"width": 6}),
]
