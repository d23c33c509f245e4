"""Third round, transformers and attention: ports with one mistake each, and their right ports."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import keras
import numpy as np
import torch
from keras import layers, ops
from torch import nn
from torch.nn import functional as F

from tests.port.mistakes import Mistake, of_architecture

MISTAKES: list[Mistake] = []
RIGHT: list[Mistake] = []
WIDTH = 16


def vectors() -> Any:
    """Four rows of six vectors."""
    return np.random.default_rng(7).normal(size=(4, 6, WIDTH)).astype("float32")


def tokens() -> Any:
    """Four rows of six tokens of 20."""
    return np.random.default_rng(8).integers(0, 20, (4, 6))


class Heads(nn.Module):
    """Keras's attention of a sequence with itself; keys and values have `shared` heads."""

    def __init__(self, heads: int = 2, shared: int = 2, whole: bool = False) -> None:
        super().__init__()
        self.size, self.times, self.whole = WIDTH // heads, heads // shared, whole
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, shared * self.size)
        self.value = nn.Linear(WIDTH, shared * self.size)
        self.attention_output = nn.Linear(WIDTH, WIDTH)

    def forward(self, x: Any) -> Any:
        parts = (self.query(x), self.key(x), self.value(x))
        q, k, v = (part.unflatten(-1, (-1, self.size)).transpose(1, 2) for part in parts)
        if self.whole:
            k, v = k.repeat(1, self.times, 1, 1), v.repeat(1, self.times, 1, 1)
        elif self.times > 1:
            k, v = (part.repeat_interleave(self.times, dim=1) for part in (k, v))
        x = F.scaled_dot_product_attention(q, k, v)
        return self.attention_output(x.transpose(1, 2).flatten(2))


def dot() -> Any:
    inputs = keras.Input((6, WIDTH))
    q, k, v = (layers.Dense(WIDTH, name=name)(inputs) for name in ("query", "key", "value"))
    x = layers.Dense(5, name="head")(layers.Attention(name="attention")([q, v, k]))
    return keras.Model(inputs, x)


class Dot(nn.Module):
    def __init__(self, scale: float | None = 1.0) -> None:
        super().__init__()
        self.scale = scale
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.head = nn.Linear(WIDTH, 5)

    def forward(self, x: Any) -> Any:
        parts = self.query(x), self.key(x), self.value(x)
        return self.head(F.scaled_dot_product_attention(*parts, scale=self.scale))


# 15: Keras's Attention does not scale its scores, PyTorch's function divides them by √16.
case = of_architecture("third", dot, Dot, vectors)
MISTAKES.append(case(
    "scores scaled by the root of the width", r"(?i)attention|head|query|key|softmax",
    r"(?i)scal(e|es|ing)\b|(sqrt|√|\.25\b).*in B|\b4\b.*in A|(ratio|factor|times).*(\b4|\.25)\b",
    scale=None,
))  # fmt: skip
RIGHT.append(case("right: scores not scaled"))


def perceptron() -> Any:
    inputs = keras.Input((6, WIDTH))
    x = layers.LayerNormalization(epsilon=1e-5, name="norm")(inputs)
    x = layers.Dense(32, name="fc1")(x)
    x = inputs + layers.Dense(WIDTH, name="fc2")(ops.gelu(x, approximate=True))
    return keras.Model(inputs, layers.Dense(5, name="head")(x))


class Perceptron(nn.Module):
    def __init__(self, approximate: str = "tanh") -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH)
        self.fc1 = nn.Linear(WIDTH, 32)
        self.act = nn.GELU(approximate)
        self.fc2 = nn.Linear(32, WIDTH)
        self.head = nn.Linear(WIDTH, 5)

    def forward(self, x: Any) -> Any:
        return self.head(x + self.fc2(self.act(self.fc1(self.norm(x)))))


# 16: the exact gelu for the one with tanh.
case = of_architecture("third", perceptron, Perceptron, vectors)
MISTAKES.append(case(
    "exact gelu", r"(?i)act|gelu|fc[12]",
    r"(?i)gelu.*(approx|tanh|exact|erf)|(approx|tanh|exact|erf).*gelu|approximate",
    approximate="none",
))  # fmt: skip
RIGHT.append(case("right: gelu with tanh"))


def language(first: bool = False) -> Any:
    inputs = keras.Input((6,), dtype="int64")
    x = layers.Embedding(20, WIDTH, name="embedding")(inputs) * WIDTH**0.5
    x = layers.Add(name="add")([x, layers.MultiHeadAttention(2, 8, name="attention")(x, x)])
    x = layers.LayerNormalization(epsilon=1e-5, name="norm")(x)
    return keras.Model(inputs, layers.Dense(5, name="head")(x[:, 0] if first else x))


class Language(nn.Module):
    def __init__(self, first: bool = False, scaled: bool = True, mean: bool = False) -> None:
        super().__init__()
        self.first, self.scaled, self.mean = first, scaled, mean
        self.embedding = nn.Embedding(20, WIDTH)
        self.attention = Heads()
        self.norm = nn.LayerNorm(WIDTH)
        self.head = nn.Linear(WIDTH, 5)

    def forward(self, tokens: Any) -> Any:
        x = self.embedding(tokens)
        x = x * WIDTH**0.5 if self.scaled else x
        x = self.norm(x + self.attention(x))
        if self.first:
            x = x.mean(1) if self.mean else x[:, 0]
        return self.head(x)


# 17: the embeddings are not multiplied by the root of their width.
case = of_architecture("third", language, Language, tokens)
MISTAKES.append(case(
    "embeddings not scaled", r"(?i)embed|attention|query|key|value|add|norm",
    r"(?i)(\b4(\.0)?\b|sqrt|square root|√).*in A|\.25\b.*in B|(scal|multipl|factor|times|ratio).*"
    r"(\b4\b|\.25\b|embed)|embed.*(scal|multipl|factor|times|ratio|\bmul\b)",
    scaled=False,
))  # fmt: skip
RIGHT.append(case("right: embeddings scaled"))

# 18: the class is read from the mean of all tokens, not from the first.
MISTAKES.append(case(
    "mean of the tokens for the first token", r"(?i)head|norm|mean|select|getitem",
    r"(?i)(first|index 0|\[:, ?0|(token|step|position) 0|select|slic|getitem).*(mean|averag)"
    r"|(mean|averag).*(first|index 0|\[:, ?0|(token|step|position) 0|select|slic|getitem)",
    both={"first": True}, mean=True,
))  # fmt: skip
RIGHT.append(case("right: first token", both={"first": True}))


def waves(steps: int) -> Any:
    """The table of sines and cosines: (steps, width)."""
    angles = np.arange(steps)[:, None] / 100.0 ** (np.arange(0, WIDTH, 2) / WIDTH)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(steps, WIDTH)


@keras.saving.register_keras_serializable("third")
class Positions(layers.Layer):
    def call(self, x: Any) -> Any:
        return x + ops.convert_to_tensor(waves(x.shape[1])[None], dtype=x.dtype)


def placed() -> Any:
    inputs = keras.Input((6,), dtype="int64")
    x = Positions(name="positions")(layers.Embedding(20, WIDTH, name="embedding")(inputs))
    x = layers.MultiHeadAttention(2, 8, name="attention")(x, x)
    return keras.Model(inputs, layers.Dense(5, name="head")(x))


class Placed(nn.Module):
    def __init__(self, by_row: bool = False) -> None:
        super().__init__()
        self.by_row = by_row
        self.embedding = nn.Embedding(20, WIDTH)
        self.attention = Heads()
        self.head = nn.Linear(WIDTH, 5)

    def forward(self, tokens: Any) -> Any:
        x = self.embedding(tokens)
        table = torch.from_numpy(waves(32)).to(x).unsqueeze(1)  # (steps, 1, width)
        added = table[: x.size(0)] if self.by_row else table[: x.size(1)].transpose(0, 1)
        return self.head(self.attention(x + added))


# 19: the tutorial's table for (steps, batch, width), added to (batch, steps, width) (unusual).
case = of_architecture("third", placed, Placed, tokens)
MISTAKES.append(case(
    "positions by row of the batch", r"(?i)add|attention|embed|query|key|value|position",
    r"(?i)(position|encod|table|added|constant).*(batch|rows?\b|ax[ie]s|\bdim|broadcast|0\))"
    r"|(batch|rows?\b|ax[ie]s|\bdim|broadcast|transpos).*(position|encod|table|\badd|0 and 1)",
    by_row=True,
))  # fmt: skip
RIGHT.append(case("right: positions by step"))


def prenorm() -> Any:
    inputs = keras.Input((6, WIDTH))
    x = layers.LayerNormalization(epsilon=1e-5, name="norm")(inputs)
    x = inputs + layers.MultiHeadAttention(2, 8, name="attention")(x, x)
    return keras.Model(inputs, layers.Dense(5, name="head")(x))


class Prenorm(nn.Module):
    def __init__(self, from_norm: bool = False) -> None:
        super().__init__()
        self.from_norm = from_norm
        self.norm = nn.LayerNorm(WIDTH)
        self.attention = Heads()
        self.head = nn.Linear(WIDTH, 5)

    def forward(self, x: Any) -> Any:
        y = self.norm(x)
        return self.head((y if self.from_norm else x) + self.attention(y))


# 20: the residual is what the norm gives, not what it gets.
case = of_architecture("third", prenorm, Prenorm, lambda: vectors() * 2 + 1)
MISTAKES.append(case(
    "residual after the norm", r"(?i)add|head|attention|norm",
    r"(?i)(residual|shortcut|skip|\badds?\b|added|sum\b|\+).*(norm|input|before|after)"
    r"|(norm|input)\b.*(residual|shortcut|skip|\badds?\b|added|sum\b|\+)",
    from_norm=True,
))  # fmt: skip
RIGHT.append(case("right: residual before the norm"))


def grouped() -> Any:
    inputs = keras.Input((6, WIDTH))
    x = layers.GroupQueryAttention(4, 4, 2, name="attention")(inputs, inputs)
    return keras.Model(inputs, layers.Dense(5, name="head")(x))


def grouped_port(whole: bool = False) -> nn.Module:
    return nn.Sequential(OrderedDict(attention=Heads(4, 2, whole), head=nn.Linear(WIDTH, 5)))


# 21: grouped queries: heads of keys repeated 0 1 0 1, not 0 0 1 1 (unusual).
case = of_architecture("third", grouped, grouped_port, vectors)
MISTAKES.append(case(
    "heads of keys repeated as a whole", r"(?i)attention|repeat|key|value|query",
    r"(?i)repeat|interleav|\btile|group|heads?\b.*(order|swap|exchang|permut)"
    r"|(order|swap|exchang|permut)\w*.*heads?\b",
    whole=True,
))  # fmt: skip
RIGHT.append(case("right: each head of keys repeated"))


def gated() -> Any:
    inputs = keras.Input((6, WIDTH))
    x = layers.LayerNormalization(epsilon=1e-5, name="norm")(inputs)
    gate, value = ops.split(layers.Dense(48, name="up")(x), 2, axis=-1)
    x = layers.Dense(WIDTH, name="down")(ops.silu(gate) * value)
    return keras.Model(inputs, layers.Add(name="add")([inputs, x]))


class Gated(nn.Module):
    def __init__(self, second: bool = False) -> None:
        super().__init__()
        self.second = second
        self.norm = nn.LayerNorm(WIDTH)
        self.up = nn.Linear(WIDTH, 48)
        self.down = nn.Linear(24, WIDTH)

    def forward(self, x: Any) -> Any:
        halves = self.up(self.norm(x)).chunk(2, dim=-1)
        gate, value = halves[::-1] if self.second else halves
        return x + self.down(F.silu(gate) * value)


# 22: silu is taken of the second half, and Keras takes it of the first (unusual).
case = of_architecture("third", gated, Gated, vectors)
MISTAKES.append(case(
    "halves of the gate exchanged", r"(?i)down|up|silu|mul|chunk|split",
    r"(?i)(halves|half|chunk|split|gate|parts?)\b.*(swap|exchang|order|other|first|second|reverse)"
    r"|(swap|exchang|order|reverse)\w*.*(halves|half|chunk|split|gate|parts?)\b"
    r"|silu.*(first|second|half|halves|chunk|split)",
    second=True,
))  # fmt: skip
RIGHT.append(case("right: halves of the gate"))
