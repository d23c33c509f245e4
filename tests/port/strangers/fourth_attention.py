"""Transformers: a reader with an attention of its own, and a sorter with the frameworks' one."""

from __future__ import annotations

import math

import keras
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from tests.port.mistakes import of_architecture


@keras.saving.register_keras_serializable("fourth")
class LookBack(keras.layers.Layer):
    """Attention to the steps before, written out."""

    def __init__(self, width: int, heads: int, **options: object) -> None:
        super().__init__(**options)
        self.width, self.heads = width, heads
        self.query = keras.layers.Dense(width, name="query")
        self.key = keras.layers.Dense(width, name="key")
        self.value = keras.layers.Dense(width, name="value")
        self.out = keras.layers.Dense(width, name="out")

    def build(self, shape: tuple[int | None, ...]) -> None:
        for layer in (self.query, self.key, self.value, self.out):
            layer.build(shape)
        self.built = True

    def call(self, x: object) -> object:
        ops = keras.ops
        steps, each = x.shape[1], self.width // self.heads

        def split(y: object) -> object:
            return ops.transpose(ops.reshape(y, (-1, steps, self.heads, each)), (0, 2, 1, 3))

        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        scores = ops.matmul(query, ops.transpose(key, (0, 1, 3, 2))) / math.sqrt(each)
        allowed = ops.tril(ops.ones((steps, steps), dtype="bool"))
        weights = ops.softmax(ops.where(allowed, scores, -1e9), axis=-1)
        mixed = ops.transpose(ops.matmul(weights, value), (0, 2, 1, 3))
        return self.out(ops.reshape(mixed, (-1, steps, self.width)))

    def get_config(self) -> dict[str, object]:
        return {**super().get_config(), "width": self.width, "heads": self.heads}


def reader(width: int = 16, heads: int = 4) -> keras.Model:
    """The next word at each step."""
    words = keras.Input((9,), dtype="int32")
    places = keras.ops.cumsum(keras.ops.ones_like(words), axis=1) - 1
    x = keras.layers.Embedding(18, width, name="words")(words)
    x = x + keras.layers.Embedding(12, width, name="places")(places)
    y = keras.layers.LayerNormalization(epsilon=1e-5, name="norm")(x)
    x = x + LookBack(width, heads, name="look")(y)
    return keras.Model(words, keras.layers.Dense(18, name="next")(x))


class TorchLookBack(nn.Module):
    """The port of LookBack."""

    def __init__(
        self, width: int, heads: int, whole_width: bool, forwards: bool, plain_view: bool
    ) -> None:
        super().__init__()
        self.heads, self.forwards, self.plain_view = heads, forwards, plain_view
        self.scale = math.sqrt(width if whole_width else width // heads)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)

    def split(self, y: torch.Tensor) -> torch.Tensor:
        """The heads as an axis of their own."""
        rows, steps, width = y.shape
        if self.plain_view:
            return y.view(rows, self.heads, steps, width // self.heads)
        return y.view(rows, steps, self.heads, width // self.heads).transpose(1, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        query, key, value = (self.split(f(x)) for f in (self.query, self.key, self.value))
        scores = query @ key.transpose(-2, -1) / self.scale
        square = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool, device=x.device)
        allowed = square.triu() if self.forwards else square.tril()
        weights = F.softmax(scores.masked_fill(~allowed, -1e9), dim=-1)
        return self.out((weights @ value).transpose(1, 2).reshape(x.shape))


class Reader(nn.Module):
    """The port of the reader."""

    def __init__(
        self,
        width: int = 16,
        heads: int = 4,
        first_place: int = 0,
        whole_width: bool = False,
        forwards: bool = False,
        plain_view: bool = False,
    ) -> None:
        super().__init__()
        self.first_place = first_place
        self.words = nn.Embedding(18, width)
        self.places = nn.Embedding(12, width)
        self.norm = nn.LayerNorm(width, eps=1e-5)
        self.look = TorchLookBack(width, heads, whole_width, forwards, plain_view)
        self.next = nn.Linear(width, 18)

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        places = torch.arange(words.shape[1], device=words.device) + self.first_place
        x = self.words(words) + self.places(places)
        x = x + self.look(self.norm(x))
        return self.next(x)


def reader_batch() -> np.ndarray:
    """Words without padding."""
    return np.random.default_rng(46).integers(0, 18, (4, 9)).astype("int32")


def sorter(width: int = 12, heads: int = 2) -> keras.Model:
    """A kind for a sentence with padding."""
    words = keras.Input((8,), dtype="int32")
    mask = keras.ops.not_equal(words, 0)
    x = keras.layers.Embedding(15, width, name="words")(words)
    y = keras.layers.LayerNormalization(name="norm1")(x)
    attend = keras.layers.MultiHeadAttention(heads, width // heads, name="attend")
    x = x + attend(y, y, attention_mask=keras.ops.expand_dims(mask, 1))
    y = keras.layers.LayerNormalization(name="norm2")(x)
    y = keras.layers.Dense(2 * width, activation="gelu", name="widen")(y)
    x = x + keras.layers.Dense(width, name="narrow")(y)
    x = keras.layers.GlobalAveragePooling1D(name="pool")(x, mask=mask)
    return keras.Model(words, keras.layers.Dense(4, name="kind")(x))


class Sorter(nn.Module):
    """The port of the sorter."""

    def __init__(
        self,
        width: int = 12,
        heads: int = 2,
        epsilon: float = 1e-3,
        approximate: str = "none",
        from_norm: bool = False,
        whole_mean: bool = False,
    ) -> None:
        super().__init__()
        self.from_norm, self.whole_mean = from_norm, whole_mean
        self.words = nn.Embedding(15, width)
        self.norm1 = nn.LayerNorm(width, eps=epsilon)
        self.attend = nn.MultiheadAttention(width, heads, batch_first=True)
        self.norm2 = nn.LayerNorm(width, eps=epsilon)
        self.widen = nn.Linear(width, 2 * width)
        self.gelu = nn.GELU(approximate=approximate)
        self.narrow = nn.Linear(2 * width, width)
        self.kind = nn.Linear(width, 4)

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        x = self.words(words)
        y = self.norm1(x)
        mixed, _ = self.attend(y, y, y, key_padding_mask=words == 0, need_weights=False)
        x = y + mixed if self.from_norm else x + mixed
        x = x + self.narrow(self.gelu(self.widen(self.norm2(x))))
        if self.whole_mean:
            return self.kind(x.mean(1))
        there = (words != 0).unsqueeze(-1).to(x.dtype)
        return self.kind((x * there).sum(1) / there.sum(1))


def sorter_batch() -> np.ndarray:
    """Words and padding behind them."""
    words = np.random.default_rng(47).integers(1, 15, (5, 8))
    for row, length in enumerate((8, 3, 6, 4, 5)):
        words[row, length:] = 0
    return words.astype("int32")


read = of_architecture("fourth", reader, Reader, reader_batch)
sort = of_architecture("fourth", sorter, Sorter, sorter_batch)

MISTAKES = [
    # 15. The scores divided by the root of the whole width, not of one head's.
    read(
        "scores by the whole width",
        r"(?i)look|div|softmax|matmul|masked_fill|scale",
        r"(?i)scal|sqrt|root|divi|/ ?[24]\b|(×|\*|x) ?(2|4|0?\.5|0?\.25)|0\.50*\b|0\.250*\b"
        r"|\b2(\.0+)?\b.{0,30}\b4(\.0+)?\b|temperature",
        whole_width=True,
    ),
    # 16. The causal mask the wrong way round: each step sees those behind it.
    read(
        "mask of the future",
        r"(?i)look|mask|where|softmax|triu|tril",
        r"(?i)tri[ul]|future|triang|lower|upper|causal(?!.{0,20}none in B)"
        r"|mask.{0,80}(other|invert|transpos|differ|turn|wrong|opposite)"
        r"|(other|invert|transpos|differ|opposite).{0,60}mask",
        both={"heads": 2},
        forwards=True,
    ),
    # 17. The heads are split by a view alone, which mixes steps and features.
    read(
        "heads without a transposition",
        r"(?i)look|view|reshape|matmul|split|div|transpose",
        r"(?i)transpos|permut|view|reshap|head|order|swap|layout|ax[ie]s",
        both={"width": 12},
        plain_view=True,
    ),
    # 18. The places counted from one.
    read(
        "places from one",
        r"(?i)places|words|add|arange|norm",
        r"(?i)arange|position|offset|shift|off by one|from (0|1|nought|zero|one)\b|\bind(ex|ices)"
        r"|\bplaces\b.{0,60}(\b[01]\b|off|start|count|row)|\brows?\b.{0,40}(\b[01]\b|next|other)"
        r"|\+ ?1\b|\w [-−] 1\b|cumsum|\b0 in A, 1 in B",
        both={"width": 8, "heads": 2},
        first_place=1,
    ),
    # 19. PyTorch's epsilon of the layer normalisations, 1e-5, where Keras has 1e-3.
    sort(
        "epsilon of the layer norms",
        r"(?i)norm",
        r"(?i)\beps|1e-0?3.{0,40}1e-0?5|0\.001",
        epsilon=1e-5,
    ),
    # 20. The approximation of GELU by tanh, where Keras's activation is the exact one.
    sort(
        "gelu by tanh",
        r"(?i)gelu|narrow|widen",
        r"(?i)approx|gelu.{0,60}(tanh|erf|exact)|(tanh|erf|exact).{0,60}gelu|\berf\b",
        both={"heads": 3},
        approximate="tanh",
    ),
    # 21. The shortcut around the attention begins behind the normalisation.
    sort(
        "shortcut from the norm",
        r"(?i)add|norm|attend|narrow|widen",
        r"(?i)(residual|shortcut|skip|add|sum|\+|tak|read|input|operand).{0,120}(norm|words|embed)"
        r"|(norm|words|embed).{0,120}(residual|shortcut|skip|add|sum|\+|tak|read|input)"
        r"|(norm\w*|words|embed\w*)\W.{0,20}in (A|B)",
        both={"width": 16},
        from_norm=True,
    ),
    # 22. The mean takes in the padding.
    sort(
        "mean over padding",
        r"(?i)mean|kind|pool|add|sum|div|result",
        r"(?i)(?<!causal )mask|padd(ed|ing)(?! is)|length|(mean|averag|pool).{0,60}"
        r"(\ball\b|only|those|every|where|valid|count)",
        both={"width": 10},
        whole_mean=True,
    ),
]

RIGHT = [
    # 15–18, without their mistakes.
    read("right: scores by a head's width"),
    read("right: mask of the past", both={"heads": 2}),
    read("right: heads transposed", both={"width": 12}),
    read("right: places from nought", both={"width": 8, "heads": 2}),
    # 19–22, without their mistakes.
    sort("right: epsilon of Keras"),
    sort("right: exact gelu", both={"heads": 3}),
    sort("right: shortcut around the norm", both={"width": 16}),
    sort("right: mean without padding", both={"width": 10}),
]
