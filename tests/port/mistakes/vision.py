"""Transformers that see, with PyTorch's own block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - as PyTorch is written

from tests.port.mistakes import of_architecture

L = keras.layers
SIDE, WIDTH = 3, 8


def pictures() -> np.ndarray:
    """As many as there are patches in each."""
    return np.random.default_rng(9).normal(size=(SIDE**2, 9, 9, 2)).astype("float32")


class Positions(keras.layers.Layer):  # type: ignore[misc]
    """Adds a learned vector for each place."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.vectors = L.Embedding(SIDE**2, WIDTH)

    def build(self, shape: Any) -> None:
        self.vectors.build(shape)

    def call(self, x: Any) -> Any:
        return x + self.vectors(keras.ops.arange(SIDE**2))


def vision_in_keras(norm_first: bool = True, plain_norm: tuple[int, ...] = (-1,)) -> keras.Model:
    """Patches, learned positions, one block, the mean."""
    image = keras.Input((9, 9, 2))
    x = L.Conv2D(WIDTH, 3, strides=3, name="patches")(image)
    x = L.Reshape((SIDE**2, WIDTH))(x)
    x = Positions(name="positions")(x)
    x = L.LayerNormalization(axis=plain_norm, center=False, scale=False, name="plain_norm")(x)
    norms = [L.LayerNormalization(epsilon=1e-6, name=f"norm{i}") for i in (1, 2)]
    y = norms[0](x) if norm_first else x
    x = x + L.MultiHeadAttention(2, WIDTH // 2, name="attention")(y, y)
    x = x if norm_first else norms[0](x)
    y = norms[1](x) if norm_first else x
    y = L.Dense(WIDTH, name="narrow")(L.Dense(16, activation="gelu", name="wide")(y))
    x = x + y if norm_first else norms[1](x + y)
    x = L.GlobalAveragePooling1D()(x)
    return keras.Model(image, L.Dense(3, name="head")(x))


class Vision(nn.Module):
    """Its port."""

    def __init__(
        self, norm_first: bool = True, plain_norm: tuple[int, ...] = (-1,), *,
        eps: float = 1e-6, act: Any = "gelu", batch_first: bool = True, first: bool | None = None,
        scrambled: bool = False, columns: bool = False, places: Callable[..., Any] = torch.arange,
        over: tuple[int, ...] | None = None, sum_of_patches: bool = False, heads: int = 2,
    ) -> None:  # fmt: skip
        super().__init__()
        over = over or ((WIDTH,) if plain_norm == (-1,) else (SIDE**2, WIDTH))
        self.patches = nn.Conv2d(2, WIDTH, 3, stride=3)
        self.positions = nn.Embedding(SIDE**2, WIDTH)
        self.plain_norm = nn.LayerNorm(over, eps=1e-3, elementwise_affine=False)
        self.block = nn.TransformerEncoderLayer(
            WIDTH, heads, 16, activation=act, layer_norm_eps=eps, batch_first=batch_first,
            norm_first=norm_first if first is None else first,
        )  # fmt: skip
        self.head = nn.Linear(WIDTH, 3)
        self.scrambled, self.columns, self.places = scrambled, columns, places
        self.sum_of_patches = sum_of_patches

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        x = self.patches(image)
        x = x.transpose(2, 3) if self.columns else x
        x = x.reshape(len(x), -1, WIDTH) if self.scrambled else x.flatten(2).transpose(1, 2)
        x = self.plain_norm(x + self.positions(self.places(SIDE**2)))
        x = self.block(x)
        return self.head(x.sum(1) if self.sum_of_patches else x.mean(1))


vision = of_architecture("transformer", vision_in_keras, Vision, pictures)
ORDER = r"order|channels|transpos|permut|ax[ie]s|layout|reshape"
MISTAKES = [
    vision("right, for pictures"),
    vision("right, for pictures, norm last", both={"norm_first": False}),
    vision("right, for pictures, a norm over all", both={"plain_norm": (1, 2)}),
    vision("block's epsilon", r"block|norm", r"epsilon.*1e-06.*1e-05", eps=1e-5),
    vision("block's activation", r"block|relu", r"gelu.*relu", act="relu"),
    vision("block's gelu by tanh", r"block|gelu", r"gelu.*tanh",
           act=lambda x: F.gelu(x, approximate="tanh")),
    vision("block reads the batch second", r"block|attention", r"batch", batch_first=False),
    vision("block with the norm last", r"block|norm|attention|head", r"norm|order", first=False),
    vision("block with the norm first", r"block|norm|attention|head", r"norm|order",
           both={"norm_first": False}, first=True),
    vision("block with four heads", r"block|attention", r"2 heads.*4|heads", heads=4),
    vision("patches scrambled", r"reshape|view|plain_norm|add|patches|block.norm1", ORDER,
           scrambled=True),
    vision("patches by columns", r"transpose|flatten|plain_norm|add|patches|block.norm1", ORDER,
           columns=True),
    vision("positions backwards", r"positions|flip|add|plain_norm",
           r"order|revers|flip|position|ind(ex|ices)", places=lambda n: torch.arange(n).flip(0)),
    vision("norm over each patch alone", r"plain_norm|block.norm1", r"ax[ie]s|shape|over",
           both={"plain_norm": (1, 2)}, over=(WIDTH,)),
    vision("norm over all patches", r"plain_norm|block.norm1", r"ax[ie]s|shape|over",
           over=(SIDE**2, WIDTH)),
    vision("sum of the patches", r"sum|head", r"(mean|average).*sum", sum_of_patches=True),
]  # fmt: skip
