"""Second collection, attention: four mistakes of people who port from Keras."""

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


def _heads(x, heads, width):
    # (batch, time, heads · width) as (batch, heads, time, width), in PyTorch.
    return x.reshape(x.shape[0], x.shape[1], heads, width).transpose(1, 2)


def _detector():
    query, memory, places = keras.Input((5, 8)), keras.Input((7, 8)), keras.Input((7, 8))
    attention = L.MultiHeadAttention(2, 4, name="attention")
    y = attention(query, memory, key=L.Add(name="placed")([memory, places]))
    y = L.Add(name="add")([query, y])
    return keras.Model([query, memory, places], L.Dense(3, name="head")(y))


class _Detector(nn.Module):
    def __init__(self, keras_order=False):
        super().__init__()
        self.keras_order = keras_order
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.head = nn.Linear(8, 3)

    def forward(self, query, memory, places):
        key, value = memory + places, memory
        if self.keras_order:
            key, value = value, key
        return self.head(query + self.attention(query, key, value)[0])


def _angles():
    angles = np.outer(np.arange(6), 100.0 ** (-np.arange(4) / 4))
    return np.cos(angles).astype("float32"), np.sin(angles).astype("float32")


def _keras_heads(y, heads, width, name):
    return L.Permute((2, 1, 3), name=f"{name}_heads")(
        L.Reshape((-1, heads, width), name=f"{name}_split")(y)
    )


def _rotary():
    cos, sin = _angles()

    def rotated(y):
        a, b = ops.split(y, 2, axis=-1)
        return ops.concatenate([a * cos - b * sin, b * cos + a * sin], axis=-1)

    x = keras.Input((6, 16))
    q, k, v = (_keras_heads(L.Dense(16, name=n)(x), 2, 8, n) for n in ("query", "key", "value"))
    scores = ops.matmul(rotated(q), ops.transpose(rotated(k), (0, 1, 3, 2))) * 8**-0.5
    y = ops.matmul(ops.softmax(scores, axis=-1), v)
    y = L.Reshape((6, 16), name="merge")(L.Permute((2, 1, 3), name="back")(y))
    return keras.Model(x, L.Dense(16, name="out")(y))


class _Rotary(nn.Module):
    def __init__(self, interleaved=False):
        super().__init__()
        self.interleaved = interleaved
        self.query = nn.Linear(16, 16)
        self.key = nn.Linear(16, 16)
        self.value = nn.Linear(16, 16)
        self.out = nn.Linear(16, 16)
        for name, values in zip(("cos", "sin"), _angles(), strict=True):
            self.register_buffer(name, torch.from_numpy(values), persistent=False)

    def rotated(self, y):
        a, b = (y[..., 0::2], y[..., 1::2]) if self.interleaved else y.chunk(2, -1)
        a, b = a * self.cos - b * self.sin, b * self.cos + a * self.sin
        return torch.stack((a, b), -1).flatten(-2) if self.interleaved else torch.cat((a, b), -1)

    def forward(self, x):
        q, k, v = (_heads(layer(x), 2, 8) for layer in (self.query, self.key, self.value))
        scores = self.rotated(q) @ self.rotated(k).transpose(-1, -2) * 8**-0.5
        y = scores.softmax(-1) @ v
        return self.out(y.transpose(1, 2).flatten(2))


def _fused():
    x = keras.Input((6, 12))
    y = L.LayerNormalization(epsilon=1e-5, name="norm")(x)
    parts = ops.split(L.Dense(36, name="qkv")(y), 3, axis=-1)
    q, k, v = (_keras_heads(y, 3, 4, n) for y, n in zip(parts, "qkv", strict=True))
    scores = ops.matmul(q, ops.transpose(k, (0, 1, 3, 2))) * 0.5
    y = ops.matmul(ops.softmax(scores, axis=-1), v)
    y = L.Reshape((6, 12), name="merge")(L.Permute((2, 1, 3), name="back")(y))
    return keras.Model(x, L.Add(name="add")([x, L.Dense(12, name="out")(y)]))


class _Fused(nn.Module):
    def __init__(self, heads_first=False):
        super().__init__()
        self.heads_first = heads_first
        self.norm = nn.LayerNorm(12)
        self.qkv = nn.Linear(12, 36)
        self.out = nn.Linear(12, 12)

    def forward(self, x):
        qkv = self.qkv(self.norm(x))
        if self.heads_first:
            q, k, v = (y.transpose(1, 2) for y in qkv.reshape(-1, 6, 3, 3, 4).unbind(3))
        else:
            q, k, v = (_heads(y, 3, 4) for y in qkv.chunk(3, -1))
        y = F.scaled_dot_product_attention(q, k, v)
        return x + self.out(y.transpose(1, 2).flatten(2))


def _plain():
    x = keras.Input((6, 8))
    y = L.MultiHeadAttention(2, 4, name="attention")(x, x)
    y = L.LayerNormalization(epsilon=1e-5, name="norm")(L.Add(name="add")([x, y]))
    return keras.Model(x, L.Dense(3, name="head")(y))


class _OwnAttention(nn.Module):
    def __init__(self, unturned):
        super().__init__()
        self.unturned = unturned
        self.query = nn.Linear(8, 8)
        self.key = nn.Linear(8, 8)
        self.value = nn.Linear(8, 8)
        self.out = nn.Linear(8, 8)

    def forward(self, x):
        q, k, v = (_heads(layer(x), 2, 4) for layer in (self.query, self.key, self.value))
        y = F.scaled_dot_product_attention(q, k, v)
        return self.out((y if self.unturned else y.transpose(1, 2)).reshape(x.shape))


class _Plain(nn.Module):
    def __init__(self, unturned=False):
        super().__init__()
        self.attention = _OwnAttention(unturned)
        self.norm = nn.LayerNorm(8)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        return self.head(self.norm(x + self.attention(x)))


def _three():
    return [_numbers(4, 5, 8), _numbers(4, 7, 8, seed=6), _numbers(4, 7, 8, seed=7)]


detector = of_architecture("second", _detector, _Detector, _three)
rotary = of_architecture("second", _rotary, _Rotary, lambda: _numbers(4, 6, 16))
fused = of_architecture("second", _fused, _Fused, lambda: _numbers(4, 6, 12))
plain = of_architecture("second", _plain, _Plain, lambda: _numbers(4, 6, 8))

MISTAKES = [
    # 15: Keras calls attention(query, value, key), PyTorch attention(query, key, value).
    detector("key and value in the order of keras", r"(?i)attention",
             r"(?i)(?=.*key)(?=.*value).*|(second|third|1st|2nd|3rd) (argument|input)s?"
             r"|(argument|input)s?.*(order|swap|exchang)|\bk\b.*\bv\b.*(swap|exchang|order)",
             keras_order=True),
    # 16: rotary positions turn neighbouring features, where A turns feature i with i + half.
    rotary("rotary positions interleaved", r"(?i)query|key|rotat|stack|flatten|cat|mul|getitem",
           r"(?i)interleav|rotat|rotary|\brope\b|half|halves|neighbou?r|adjacent|even.*odd|pair"
           r"|(feature|channel).*(order|permut)|0::2|::2", interleaved=True),
    # 17: the joint projection is read as (heads, 3, width), not as (3, heads, width).
    fused("joint projection read heads first", r"(?i)qkv|reshape|unbind|attention|out\b",
          r"(?i)(?=.*(heads?\b|qkv|query|fused|joint|projection|channel|feature)).*"
          r"(order|layout|permut|reshap|split|chunk|interleav|arrang|first)|reshap|permut",
          heads_first=True),
    # 18: (batch, heads, time, width) is reshaped at once; the heads were to be turned back.
    plain("heads merged without turning back", r"(?i)attention|reshape|\bout\b",
          r"(?i)transpos|permut|reshap|merg|head.*(order|before|axis|mix)|(order|swap).*head",
          unturned=True),
]  # fmt: skip

RIGHT = [
    detector("right: key with places, value without"),
    rotary("right: rotary positions"),
    fused("right: joint projection"),
    plain("right: own attention"),
]
