"""PyTorch's layers: each one as an `nn.Module`, and the axes of its parameters.

What to know when comparing: PyTorch's pictures are (channels, height, width). Seen through
`permute`, a picture of the contract is one whose channels are last in memory, a format that
PyTorch's kernels know: nothing is copied, and `nn.Flatten` keeps the contract's order. PyTorch pads
both sides alike, so a padding that need not be even is added by `F.pad`, whose list begins with the
last axis.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import skip_init  # what a module would draw is replaced by the given weights

from adapters.contract import Dense, Layer
from adapters.layers import (
    Attention,
    Conv2D,
    Embedding,
    Flatten,
    LayerNorm,
    Mean,
    Pool2D,
    Positions,
    Reshape,
    Residual,
)
from adapters.layers.pictures import around

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "identity": nn.Identity,
    "sigmoid": nn.Sigmoid,
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
}


def dense(layer: Dense, device: str) -> nn.Module:
    """`nn.Linear`, which reads the last axis, and the activation."""
    return nn.Sequential(
        skip_init(nn.Linear, layer.n_in, layer.n_out, device=device),
        ACTIVATIONS[layer.activation](),
    )


class Convolution(nn.Module):
    """`nn.Conv2d`, and the activation."""

    def __init__(self, layer: Conv2D, device: str) -> None:
        super().__init__()
        self.layer = layer
        self.conv = skip_init(
            nn.Conv2d, layer.n_in, layer.n_out, layer.size, stride=layer.stride, device=device
        )
        self.activation = ACTIVATIONS[layer.activation]()

    def forward(self, x: Tensor) -> Tensor:
        z = self.conv(channels_first(padded(self.layer, x)))
        return self.activation(channels_last(z))


class Pooling(nn.Module):
    """`F.max_pool2d` or `F.avg_pool2d`."""

    def __init__(self, layer: Pool2D, device: str) -> None:
        super().__init__()
        self.layer, self.size, self.stride = layer, layer.size, layer.stride

    def forward(self, x: Tensor) -> Tensor:
        if self.layer.kind == "max":
            wide = channels_first(padded(self.layer, x, outside=-torch.inf))
            return channels_last(F.max_pool2d(wide, self.size, self.stride))
        # `count_include_pad=False` leaves out PyTorch's own padding only, so the pixels are counted
        pixels = self.sums(torch.ones_like(x[:1, :, :, :1]))
        return self.sums(x) / pixels

    def sums(self, x: Tensor) -> Tensor:
        """The sum of each window."""
        wide = channels_first(padded(self.layer, x))
        return channels_last(F.avg_pool2d(wide, self.size, self.stride, divisor_override=1))


class Table(nn.Module):
    """A learned vector for each place of a sequence, added to it."""

    def __init__(self, layer: Positions, device: str) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(layer.length, layer.width, device=device))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.weight


class SelfAttention(nn.Module):
    """Four `nn.Linear`, with `F.scaled_dot_product_attention` between the third and the last.

    `nn.MultiheadAttention` would stack the first three in one parameter.
    """

    def __init__(self, layer: Attention, device: str) -> None:
        super().__init__()
        self.heads, self.causal = layer.heads, layer.causal
        self.query, self.key, self.value, self.output = (
            skip_init(nn.Linear, layer.width, layer.width, bias=False, device=device)
            for _ in range(4)
        )

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (self.in_heads(part(x)) for part in (self.query, self.key, self.value))
        found = F.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        return self.output(found.transpose(1, 2).flatten(2))

    def in_heads(self, a: Tensor) -> Tensor:
        """(n, length, width) as (n, heads, length, width / heads)."""
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


class Added(nn.Module):
    """Some layers, with a way around them."""

    def __init__(self, layer: Residual, device: str) -> None:
        super().__init__()
        self.layers = nn.Sequential(*(module(inner, device) for inner in layer.layers))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layers(x)


class MeanOfPlaces(nn.Module):
    """The mean over all axes but the first and the last."""

    def forward(self, x: Tensor) -> Tensor:
        return x.mean(tuple(range(1, x.ndim - 1)))


# layer: its module on a device
LAYERS: dict[type[Layer], Callable[..., nn.Module]] = {
    Dense: dense,
    Conv2D: Convolution,
    Pool2D: Pooling,
    Flatten: lambda layer, device: nn.Flatten(),
    Reshape: lambda layer, device: nn.Sequential(nn.Flatten(), nn.Unflatten(1, layer.shape)),
    Embedding: lambda layer, device: skip_init(
        nn.Embedding, layer.vocabulary, layer.width, device=device
    ),
    Positions: Table,
    LayerNorm: lambda layer, device: skip_init(
        nn.LayerNorm, layer.width, layer.epsilon, device=device
    ),
    Attention: SelfAttention,
    Residual: Added,
    Mean: lambda layer, device: MeanOfPlaces(),
}

# layer: for each parameter, where PyTorch's axes are found in the contract's array. Its kernels are
# (n_out, n_in), and (n_out, n_in, height, width). What is not here has the contract's axes.
AXES: dict[type[Layer], list[tuple[int, ...]]] = {
    Dense: [(1, 0), (0,)],
    Conv2D: [(3, 2, 0, 1), (0,)],
    Attention: [(1, 0)] * 4,
}


def module(layer: Layer, device: str) -> nn.Module:
    """The layer's module, its weights still without values."""
    return LAYERS[type(layer)](layer, device)


def axes(layers: Sequence[Layer]) -> list[tuple[int, ...]]:
    """For each parameter of the layers, the contract's axes in PyTorch's order."""
    found: list[tuple[int, ...]] = []
    for layer in layers:
        if isinstance(layer, Residual):
            found += axes(layer.layers)
        else:
            same = [tuple(range(len(parameter.shape))) for parameter in layer.parameters]
            found += AXES.get(type(layer), same)
    return found


def padded(layer: Conv2D | Pool2D, x: Tensor, outside: float = 0.0) -> Tensor:
    """The pictures (n, height, width, channels) with the layer's padding around them."""
    if layer.padding == "valid":
        return x
    (top, bottom), (left, right) = around(layer, x.shape[1]), around(layer, x.shape[2])
    return F.pad(x, (0, 0, left, right, top, bottom), value=outside)


def channels_first(x: Tensor) -> Tensor:
    """(n, height, width, channels) as (n, channels, height, width), in the same memory."""
    return x.permute(0, 3, 1, 2)


def channels_last(x: Tensor) -> Tensor:
    """The way back from `channels_first`."""
    return x.permute(0, 2, 3, 1)
