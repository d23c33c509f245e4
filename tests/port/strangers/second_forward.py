"""Second collection, convolutional networks: eight mistakes of people who port from Keras."""

from __future__ import annotations

import keras
import numpy as np
import torch
import torch.nn.functional as F
from keras import layers as L
from torch import nn

from tests.port.mistakes import of_architecture


def _pictures(size=8, rows=4):
    return np.random.default_rng(1).normal(size=(rows, size, size, 3)).astype("float32")


def _pooled_head(y):
    return L.Dense(3, name="head")(L.GlobalAveragePooling2D(name="average")(y))


def _unet():
    x = keras.Input((8, 8, 3))
    skip = L.Conv2D(6, 3, padding="same", activation="relu", name="down")(x)
    y = L.MaxPooling2D(2, name="pool")(skip)
    y = L.Conv2D(6, 3, padding="same", activation="relu", name="bottom")(y)
    y = L.UpSampling2D(2, name="up")(y)
    y = L.Concatenate(name="join")([skip, y])
    y = L.Conv2D(6, 3, padding="same", activation="relu", name="fuse")(y)
    return keras.Model(x, L.Conv2D(2, 1, name="head")(y))


class _UNet(nn.Module):
    def __init__(self, up_first=False):
        super().__init__()
        self.up_first = up_first
        self.down = nn.Conv2d(3, 6, 3, padding=1)
        self.bottom = nn.Conv2d(6, 6, 3, padding=1)
        self.up = nn.Upsample(scale_factor=2)
        self.fuse = nn.Conv2d(12, 6, 3, padding=1)
        self.head = nn.Conv2d(6, 2, 1)

    def forward(self, x):
        skip = F.relu(self.down(x))
        y = self.up(F.relu(self.bottom(F.max_pool2d(skip, 2))))
        y = torch.cat((y, skip) if self.up_first else (skip, y), 1)
        return self.head(F.relu(self.fuse(y)))


def _residual():
    x = keras.Input((8, 8, 3))
    stem = L.Conv2D(8, 3, padding="same", name="stem")(x)
    y = L.ReLU(name="relu1")(stem)
    y = L.Conv2D(8, 3, padding="same", name="conv1")(y)
    y = L.ReLU(name="relu2")(y)
    y = L.Conv2D(8, 3, padding="same", name="conv2")(y)
    return keras.Model(x, _pooled_head(L.Add(name="add")([stem, y])))


class _Residual(nn.Module):
    def __init__(self, inplace=False):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.relu1 = nn.ReLU(inplace=inplace)
        self.conv1 = nn.Conv2d(8, 8, 3, padding=1)
        self.relu2 = nn.ReLU()
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        x = self.stem(x)
        y = self.conv2(self.relu2(self.conv1(self.relu1(x))))
        return self.head((x + y).mean((2, 3)))


def _padded_pool():
    x = keras.Input((8, 8, 3))
    low = keras.initializers.Constant(-0.5)
    y = L.Conv2D(8, 3, padding="same", bias_initializer=low, name="stem")(x)
    y = L.MaxPooling2D(3, 2, padding="same", name="pool")(y)
    y = L.Conv2D(8, 3, activation="relu", name="conv")(y)
    return keras.Model(x, _pooled_head(y))


class _PaddedPool(nn.Module):
    def __init__(self, value=float("-inf")):
        super().__init__()
        self.value = value
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.pool = nn.MaxPool2d(3, 2)
        self.conv = nn.Conv2d(8, 8, 3)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        y = self.pool(F.pad(self.stem(x), (0, 1, 0, 1), value=self.value))
        return self.head(F.relu(self.conv(y)).mean((2, 3)))


def _separable():
    x = keras.Input((8, 8, 3))
    y = L.Conv2D(8, 3, padding="same", activation="relu", name="stem")(x)
    y = L.SeparableConv2D(12, 3, padding="same", activation="relu", name="separable")(y)
    return keras.Model(x, _pooled_head(y))


class _Separable(nn.Module):
    def __init__(self, between=False):
        super().__init__()
        self.between = between
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.depthwise = nn.Conv2d(8, 8, 3, padding=1, groups=8, bias=False)
        self.pointwise = nn.Conv2d(8, 12, 1)
        self.head = nn.Linear(12, 3)

    def forward(self, x):
        y = self.depthwise(F.relu(self.stem(x)))
        if self.between:
            y = F.relu(y)
        return self.head(F.relu(self.pointwise(y)).mean((2, 3)))


def _causal():
    x = keras.Input((12, 3))
    y = L.Conv1D(8, 3, padding="causal", activation="relu", name="conv1")(x)
    y = L.Conv1D(8, 3, padding="causal", dilation_rate=2, activation="relu", name="conv2")(y)
    return keras.Model(x, L.Dense(2, name="head")(y))


class _Causal(nn.Module):
    def __init__(self, cut_front=False):
        super().__init__()
        self.cut_front = cut_front
        self.conv1 = nn.Conv1d(3, 8, 3, padding=2)
        self.conv2 = nn.Conv1d(8, 8, 3, padding=4, dilation=2)
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        y = x.transpose(1, 2)
        y = F.relu(self.conv1(y)[..., :-2])
        y = self.conv2(y)
        y = F.relu(y[..., 4:] if self.cut_front else y[..., :-4])
        return self.head(y.transpose(1, 2))


def _convnext():
    x = keras.Input((8, 8, 3))
    stem = L.Conv2D(8, 2, strides=2, name="stem")(x)
    y = L.DepthwiseConv2D(3, padding="same", name="mix")(stem)
    y = L.LayerNormalization(epsilon=1e-6, name="norm")(y)
    y = L.Dense(16, activation="gelu", name="expand")(y)
    y = L.Dense(8, name="shrink")(y)
    return keras.Model(x, _pooled_head(L.Add(name="add")([stem, y])))


class _ConvNeXt(nn.Module):
    def __init__(self, group_norm=False):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 2, stride=2)
        self.mix = nn.Conv2d(8, 8, 3, padding=1, groups=8)
        self.norm = nn.GroupNorm(1, 8, eps=1e-6) if group_norm else nn.LayerNorm(8, eps=1e-6)
        self.expand = nn.Linear(8, 16)
        self.shrink = nn.Linear(16, 8)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        x = self.stem(x)
        y = self.mix(x)
        if isinstance(self.norm, nn.GroupNorm):
            y = self.norm(y).permute(0, 2, 3, 1)
        else:
            y = self.norm(y.permute(0, 2, 3, 1))
        y = self.shrink(F.gelu(self.expand(y))).permute(0, 3, 1, 2)
        return self.head((x + y).mean((2, 3)))


def _squeeze():
    x = keras.Input((8, 8, 3))
    y = L.Conv2D(8, 3, padding="same", activation="relu", name="stem")(x)
    gate = L.GlobalAveragePooling2D(name="global")(y)
    gate = L.Dense(4, activation="relu", name="squeeze")(gate)
    gate = L.Dense(8, activation="hard_sigmoid", name="excite")(gate)
    y = L.Multiply(name="scale")([y, L.Reshape((1, 1, 8), name="gate")(gate)])
    y = L.Conv2D(8, 3, activation="relu", name="conv")(y)
    return keras.Model(x, _pooled_head(y))


class _Squeeze(nn.Module):
    def __init__(self, old_gate=False):
        super().__init__()
        self.old_gate = old_gate
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.squeeze = nn.Linear(8, 4)
        self.excite = nn.Linear(4, 8)
        self.conv = nn.Conv2d(8, 8, 3)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        y = F.relu(self.stem(x))
        gate = self.excite(F.relu(self.squeeze(y.mean((2, 3)))))
        gate = torch.clamp(0.2 * gate + 0.5, 0, 1) if self.old_gate else F.hardsigmoid(gate)
        return self.head(F.relu(self.conv(y * gate[:, :, None, None])).mean((2, 3)))


def _enlarge():
    x = keras.Input((6, 6, 3))
    y = L.Conv2D(8, 3, padding="same", activation="relu", name="conv")(x)
    y = L.Conv2D(12, 3, padding="same", name="expand")(y)
    y = L.Reshape((6, 6, 2, 2, 3), name="blocks")(y)
    y = L.Permute((1, 3, 2, 4, 5), name="weave")(y)
    y = L.Reshape((12, 12, 3), name="picture")(y)
    return keras.Model(x, L.Conv2D(3, 3, padding="same", name="refine")(y))


class _Enlarge(nn.Module):
    def __init__(self, pixel_shuffle=False):
        super().__init__()
        self.pixel_shuffle = pixel_shuffle
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.expand = nn.Conv2d(8, 12, 3, padding=1)
        self.refine = nn.Conv2d(3, 3, 3, padding=1)

    def forward(self, x):
        y = self.expand(F.relu(self.conv(x)))
        if self.pixel_shuffle:
            y = F.pixel_shuffle(y, 2)
        else:
            y = y.reshape(-1, 2, 2, 3, 6, 6).permute(0, 3, 4, 1, 5, 2).reshape(-1, 3, 12, 12)
        return self.refine(y)


def _series():
    return np.random.default_rng(2).normal(size=(4, 12, 3)).astype("float32")


unet = of_architecture("second", _unet, _UNet, _pictures)
residual = of_architecture("second", _residual, _Residual, _pictures)
padded_pool = of_architecture("second", _padded_pool, _PaddedPool, _pictures)
separable = of_architecture("second", _separable, _Separable, _pictures)
causal = of_architecture("second", _causal, _Causal, _series)
convnext = of_architecture("second", _convnext, _ConvNeXt, _pictures)
squeeze = of_architecture("second", _squeeze, _Squeeze, _pictures)
enlarge = of_architecture("second", _enlarge, _Enlarge, lambda: _pictures(6))

MISTAKES = [
    # 1: the U-Net joins (upsampled, skip) where Keras joins (skip, upsampled).
    unet("skip joined in the other order", r"(?i)cat|join|fuse|up\b",
         r"(?i)\border|swap|revers|permut|exchang|other way|\[1, 0\]|(skip|upsampl\w*|up) first",
         up_first=True),
    # 2: an in-place ReLU also changes the shortcut, which is added later.
    residual("in-place relu spoils the shortcut", r"(?i)relu|add|stem|conv1|\+",
             r"(?i)in.?place|overwrit|mutat|relu.*(shortcut|skip|residual|summand|operand|branch)"
             r"|(shortcut|skip|residual|summand|operand|branch).*relu"
             r"|nothing in A.*relu.* in B|relu.* in B.*nothing in A", inplace=True),
    # 3: zeros around the picture before max-pooling; Keras never lets the border win.
    padded_pool("zeros around the max-pool", r"(?i)pad|pool|stem",
                r"(?i)\bzeros?\b|-?\binf|(value|fill|with|by|constant)\W*(is )?\W*-?0", value=0.0),
    # 4: a ReLU between the depthwise and the pointwise half of a separable convolution.
    separable("relu inside the separable convolution", r"(?i)depthwise|pointwise|relu|separable",
              r"(?i)relu|activation (between|after|of)", between=True),
    # 5: a causal convolution loses its first steps, not its last: it looks ahead.
    causal("causal cut at the wrong end", r"(?i)conv2|slice|getitem|relu|pad",
           r"(?i)causal|ahead|future|shift|\b(left|front|first|begin|start|end)|slice|\bcut|crop"
           r"|\[.*:.*\]|\(4, ?0\)|4 (steps )?before|later|earlier|delay",
           cut_front=True),
    # 6: ConvNeXt's norm of each pixel's channels becomes GroupNorm(1) of the whole picture.
    convnext("group norm for the norm of channels", r"(?i)norm",
             r"(?i)group.?norm|num_groups|ax[ie]s|\bdims?\b|dimension|normalized_shape"
             r"|(over|across|along|of) (the |all |each )?(whole|picture|channel|spa[ct]|pixel)",
             group_norm=True),
    # 7: the hard sigmoid of Keras 2, clamp(0.2 x + 0.5), for that of Keras 3, relu6(x + 3) / 6.
    squeeze("hard sigmoid of keras 2", r"(?i)excite|clamp|sigmoid|mul|add",
            r"(?i)hard.?sigmoid|relu6|slope|0\.2\b|0\.16|1 ?/ ?6|/ ?6", old_gate=True),
    # 8: pixel_shuffle keeps the colour outermost, TensorFlow's depth_to_space innermost.
    enlarge("pixel shuffle for depth to space", r"(?i)shuffle|expand|refine|reshape|permute",
            r"(?i)pixel.?shuffle|depth.?to.?space|channel.*(order|outer|inner|permut)|order"
            r"|permut|reorder|rearrang", pixel_shuffle=True),
]  # fmt: skip

RIGHT = [
    unet("right: U-Net"),
    residual("right: residual block with relu first"),
    padded_pool("right: padded max-pool"),
    separable("right: separable convolution"),
    causal("right: causal convolutions"),
    convnext("right: ConvNeXt block"),
    squeeze("right: squeeze and excitation"),
    enlarge("right: depth to space"),
]
