"""PyTorch ports of a small transformer, its attention and norms written out; see `cases.py`."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from adapters.contract import Array
from adapters.layers import Attention, LayerNorm, Residual
from adapters.torch_adapter import *  # noqa: F403 - an adapter is its whole module
from adapters.torch_adapter import TorchModel


class WrittenOut(TorchModel):
    """The same network, computed from its weights by functions that a reader can follow."""

    mask_value = float("-inf")

    def scale(self, layer: Attention) -> float:
        """What scores are divided by."""
        return (layer.width // layer.heads) ** 0.5

    def mask(self, length: int) -> Tensor:
        """True where a place is hidden."""
        return torch.ones(length, length, dtype=torch.bool).triu(1)

    def shares(self, scores: Tensor) -> Tensor:
        """How much each place takes of each."""
        return torch.softmax(scores, -1)

    def norm(self, layer: LayerNorm, x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
        """Layer normalization."""
        return F.layer_norm(x, (layer.width,), scale, shift, layer.epsilon)

    def attention(self, layer: Attention, p: dict[str, Tensor], x: Tensor) -> Tensor:
        """Multi-head self-attention of x (n, length, width)."""
        n, length, width = x.shape
        q, k, v = (
            F.linear(x, p[which]).view(n, length, layer.heads, -1).transpose(1, 2)
            for which in ("query", "key", "value")
        )
        scores = q @ k.transpose(-1, -2) / self.scale(layer)
        if layer.causal:
            scores = scores.masked_fill(self.mask(length), self.mask_value)
        mixed = (self.shares(scores) @ v).transpose(1, 2).reshape(n, length, width)
        return F.linear(mixed, p["output"])

    def through(self, module: torch.nn.Module, layer: object, a: Tensor, offset: int) -> Tensor:
        """One layer, whose parameters begin at this number."""
        if isinstance(layer, Residual):
            z = a
            for inner, inside in zip(module.layers, layer.layers, strict=True):
                z = self.through(inner, inside, z, offset)
                offset += len(inside.parameters)
            return a + z
        own = self._own(offset, layer)
        if isinstance(layer, Attention):
            return self.attention(layer, own, a)
        if isinstance(layer, LayerNorm):
            return self.norm(layer, a, *own.values())
        return module(a)

    def _own(self, offset: int, layer: object) -> dict[str, Tensor]:
        parameters = list(self.layers.parameters())
        names = [p.name.rpartition(".")[2] for p in layer.parameters]
        return dict(zip(names, parameters[offset : offset + len(names)], strict=True))

    def _pass(self, x: Tensor) -> list[Tensor]:
        a, found, offset = x, [], 0
        for module, layer in zip(self.layers, self.net.layers, strict=True):
            a = self.through(module, layer, a, offset)
            offset += len(layer.parameters)
            found.append(a)
        return found

    @torch.no_grad()
    def activations(self, x: Array) -> list[Array]:
        return [a.numpy().copy() for a in self._pass(torch.from_numpy(x))]

    def _loss(self, x: Tensor, y: Tensor) -> Tensor:
        z = self._pass(x)[-1]
        loss = F.cross_entropy(z.flatten(0, -2), y.flatten())
        parameters = list(self.layers.parameters())
        kernels = [parameters[i].square().sum() for i in self.net.penalized]
        return loss + 0.5 * self.net.l2 * sum(kernels)


class MaskedByTenThousand(WrittenOut):
    """Hidden places get −10,000 for −∞: right, as long as scores are of size one."""

    mask_value = -1e4


class NotScaled(WrittenOut):
    """The scores are not divided by √d."""

    def scale(self, layer: Attention) -> float:
        return 1.0


class ScaledByTheModel(WrittenOut):
    """The scores are divided by the root of the whole width, not of a head's."""

    def scale(self, layer: Attention) -> float:
        return layer.width**0.5


class MaskInverted(WrittenOut):
    """A mask whose True means "may be seen" where it is read as "is hidden"."""

    def mask(self, length: int) -> Tensor:
        return torch.ones(length, length, dtype=torch.bool).tril(-1)


class MaskDropped(WrittenOut):
    """The causal mask is lost on one of two paths."""

    def mask(self, length: int) -> Tensor:
        return torch.zeros(length, length, dtype=torch.bool)


class SoftmaxOverQueries(WrittenOut):
    """The softmax is taken over the wrong of two axes of the same length."""

    def shares(self, scores: Tensor) -> Tensor:
        return torch.softmax(scores, -2).nan_to_num()


class NormOfTheAnnotatedTransformer(WrittenOut):
    """`(x - mean) / (std + eps)` with torch's std, which divides by n − 1."""

    def norm(self, layer: LayerNorm, x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
        mean, std = x.mean(-1, keepdim=True), x.std(-1, keepdim=True)
        return scale * (x - mean) / (std + layer.epsilon) + shift


class NormByStd(WrittenOut):
    """The same with ε where it belongs: the variance alone is divided by n − 1."""

    def norm(self, layer: LayerNorm, x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
        variance = x.var(-1, keepdim=True)
        return scale * (x - x.mean(-1, keepdim=True)) / (variance + layer.epsilon).sqrt() + shift


class NormWithBertsEpsilon(WrittenOut):
    """ε = 1e-12, as BERT's configuration has it, was not passed on, or the other way round."""

    def norm(self, layer: LayerNorm, x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
        return F.layer_norm(x, (layer.width,), scale, shift, 1e-12)
