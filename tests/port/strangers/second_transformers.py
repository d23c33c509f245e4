"""Second collection, transformers: four mistakes of people who port from Keras."""

from __future__ import annotations

import keras
import numpy as np
import torch
import torch.nn.functional as F
from keras import layers as L
from keras import ops
from torch import nn

from tests.port.mistakes import of_architecture


def _numbers(*shape, seed=5):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def _tokens():
    tokens = np.random.default_rng(6).integers(1, 20, size=(4, 7))
    for row, length in enumerate((3, 6, 4, 5)):
        tokens[row, length:] = 0
    return tokens


def _padded():
    x = keras.Input((7,), dtype="int64")
    y = L.Embedding(20, 8, name="embed")(x)
    real = ops.expand_dims(ops.not_equal(x, 0), 1)
    y = L.Add(name="add")([y, L.MultiHeadAttention(2, 4, name="attention")(
        y, y, attention_mask=real)])  # fmt: skip
    return keras.Model(x, L.Dense(3, name="head")(y))


class _Padded(nn.Module):
    def __init__(self, keep=False):
        super().__init__()
        self.keep = keep
        self.embed = nn.Embedding(20, 8)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.head = nn.Linear(8, 3)

    def forward(self, tokens):
        y = self.embed(tokens)
        mask = tokens != 0 if self.keep else tokens == 0
        return self.head(y + self.attention(y, y, y, key_padding_mask=mask)[0])


def _patches():
    x = keras.Input((8, 8, 3))
    y = L.Reshape((4, 2, 4, 2, 3), name="cut")(x)
    y = L.Reshape((16, 12), name="patches")(L.Permute((1, 3, 2, 4, 5), name="gather")(y))
    y = L.Dense(8, name="embed")(y)
    z = L.LayerNormalization(epsilon=1e-6, name="norm")(y)
    y = L.Add(name="add")([y, L.MultiHeadAttention(2, 4, name="attention")(z, z)])
    return keras.Model(x, L.Dense(3, name="head")(L.GlobalAveragePooling1D(name="mean")(y)))


class _Patches(nn.Module):
    def __init__(self, unfold=False):
        super().__init__()
        self.unfold = unfold
        self.embed = nn.Linear(12, 8)
        self.norm = nn.LayerNorm(8, eps=1e-6)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        if self.unfold:
            y = F.unfold(x, 2, stride=2).transpose(1, 2)
        else:
            y = x.reshape(-1, 3, 4, 2, 4, 2).permute(0, 2, 4, 3, 5, 1).reshape(-1, 16, 12)
        y = self.embed(y)
        z = self.norm(y)
        return self.head((y + self.attention(z, z, z)[0]).mean(1))


def _norm_first():
    x = keras.Input((6, 8))
    y = L.LayerNormalization(epsilon=1e-5, name="norm1")(x)
    x1 = L.Add(name="add1")([x, L.MultiHeadAttention(2, 4, name="attention")(y, y)])
    y = L.LayerNormalization(epsilon=1e-5, name="norm2")(x1)
    y = L.Dense(8, name="linear2")(L.Dense(16, activation="relu", name="linear1")(y))
    return keras.Model(x, L.Dense(3, name="head")(L.Add(name="add2")([x1, y])))


class _NormFirst(nn.Module):
    def __init__(self, norm_first=True):
        super().__init__()
        self.block = nn.TransformerEncoderLayer(
            8, 2, 16, dropout=0.0, batch_first=True, norm_first=norm_first
        )
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        return self.head(self.block(x))


def _shifted():
    x = keras.Input((12, 12, 3))
    stem = L.Conv2D(8, 2, strides=2, name="stem")(x)
    y = ops.roll(stem, (-1, -1), axis=(1, 2))
    y = ops.transpose(ops.reshape(y, (-1, 2, 3, 2, 3, 8)), (0, 1, 3, 2, 4, 5))
    y = ops.reshape(y, (-1, 9, 8))
    y = L.MultiHeadAttention(2, 4, name="attention")(y, y)
    y = ops.transpose(ops.reshape(y, (-1, 2, 2, 3, 3, 8)), (0, 1, 3, 2, 4, 5))
    y = ops.roll(ops.reshape(y, (-1, 6, 6, 8)), (1, 1), axis=(1, 2))
    y = L.GlobalAveragePooling2D(name="mean")(ops.tanh(L.Add(name="add")([stem, y])))
    return keras.Model(x, L.Dense(3, name="head")(y))


class _Shifted(nn.Module):
    def __init__(self, shift=-1):
        super().__init__()
        self.shift = shift
        self.stem = nn.Conv2d(3, 8, 2, stride=2)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        x = self.stem(x).permute(0, 2, 3, 1)
        y = torch.roll(x, (self.shift, self.shift), (1, 2))
        y = y.reshape(-1, 2, 3, 2, 3, 8).transpose(2, 3).reshape(-1, 9, 8)
        y = self.attention(y, y, y)[0]
        y = y.reshape(-1, 2, 2, 3, 3, 8).transpose(2, 3).reshape(-1, 6, 6, 8)
        y = torch.roll(y, (-self.shift, -self.shift), (1, 2))
        return self.head(torch.tanh(x + y).mean((1, 2)))


padded = of_architecture("second", _padded, _Padded, _tokens)
patches = of_architecture("second", _patches, _Patches, lambda: _numbers(4, 8, 8, 3))
norm_first = of_architecture("second", _norm_first, _NormFirst, lambda: _numbers(4, 6, 8))
shifted = of_architecture("second", _shifted, _Shifted, lambda: _numbers(4, 12, 12, 3))

MISTAKES = [
    # 19: key_padding_mask marks what to leave out, Keras's attention_mask what to keep.
    padded("padding mask the wrong way round", r"(?i)attention|mask|\bne\b|\beq\b",
           r"(?i)mask|padded|padding (step|token|key|posit)", keep=True),
    # 20: unfold puts the colour outermost in each patch, Keras's reshape innermost.
    patches("patches with the colour first", r"(?i)unfold|embed|transpose|reshape|permute",
            r"(?i)unfold|(channel|colou?r|feature|patch|input|element|column).*"
            r"(order|first|outer|inner|permut|arrang|major|last|layout)|permut|order|layout",
            unfold=True),
    # 21: PyTorch's block normalises after the sum, unless norm_first is set.
    norm_first("norm after the sum", r"(?i)block|norm|self_attn",
               r"(?i)norm_first|(pre|post).?(layer)?.?(ln|norm)"
               r"|(before|after|first|last|order|place|moved|position).*norm"
               r"|norm.*(before|after|first|last|order|place|moved|position)",
               norm_first=False),
    # 22: the shifted windows of Swin are shifted the other way (and back the other way).
    shifted("windows shifted the other way", r"(?i)roll|attention|stem|permute|reshape",
            r"(?i)roll|shift|direction|sign", shift=1),
]  # fmt: skip

RIGHT = [
    padded("right: padding mask"),
    patches("right: patches"),
    norm_first("right: norm first"),
    shifted("right: shifted windows"),
]
