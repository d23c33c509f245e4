"""Ports that read their data or copy their weights otherwise; the reports are in `cases.py`."""

from __future__ import annotations

import numpy as np
import torch

from adapters.contract import Array, Net, Params
from adapters.layers import Conv2D, Dense
from adapters.torch_adapter import *  # noqa: F403 - an adapter is its whole module
from adapters.torch_adapter import TorchModel
from adapters.validation import as_params


class Preprocessing(TorchModel):
    """A model whose `forward` begins with a preprocessing of its own."""

    def prepare(self, x: Array) -> Array:
        """The rows that the first layer gets."""
        return x

    def _tensor(self, array: Array) -> torch.Tensor:
        is_rows = array.dtype.kind == "f" and array.shape[1:] == self.net.row_shape
        ready = np.ascontiguousarray(self.prepare(array)).astype(array.dtype) if is_rows else array
        return super()._tensor(ready)

    def _tensors(self, params: Params) -> list[torch.Tensor]:
        plain = super()._tensor
        pairs = zip(params, self._axes, strict=True)
        return [plain(array).permute(order) for array, order in pairs]

    def _batch(self, x: Array, y: Array) -> tuple[torch.Tensor, torch.Tensor]:
        from adapters.validation import as_batch

        inputs, targets = as_batch(self.net, x, y, self.dtype)
        return self._tensor(inputs), super()._tensor(targets)


class DividedBy255Again(Preprocessing):
    """The data set divides by 255, and the transform does so once more."""

    def prepare(self, x: Array) -> Array:
        return x / 255


class NotDividedBy255(Preprocessing):
    """ToTensor scaled the pixels in one framework; the other gets 0 to 255."""

    def prepare(self, x: Array) -> Array:
        return x * 255


class DividedBy256(Preprocessing):
    """256 for 255: a typing error that a published model was trained with."""

    def prepare(self, x: Array) -> Array:
        return x * 255 / 256


class MeanBeforeDivision(Preprocessing):
    """The mean of pixels in [0, 1] is subtracted from pixels in [0, 255]."""

    def prepare(self, x: Array) -> Array:
        return (x * 255 - 0.2860) / 255


class NormalizedForTorchvision(Preprocessing):
    """`Normalize((0.2860,), (0.3530,))` in one of two pipelines."""

    def prepare(self, x: Array) -> Array:
        return (x - 0.2860) / 0.3530


class FortranOrder(Preprocessing):
    """Pictures are flattened column by column, as Matlab does."""

    def prepare(self, x: Array) -> Array:
        side = round(x.shape[1] ** 0.5)
        return x.reshape(-1, side, side).transpose(0, 2, 1).reshape(x.shape)


class ReshapedKernels(TorchModel):
    """`weight.reshape(out, in)` where a transpose belongs, undone on export."""

    def assign(self, params: Params) -> None:
        params = as_params(self.net, params, self.dtype)
        with torch.no_grad():
            for p, array in zip(self.layers.parameters(), params, strict=True):
                p.copy_(torch.from_numpy(array.reshape(tuple(p.shape)).copy()))

    def _arrays(self, tensors) -> Params:
        return [
            t.detach().numpy().reshape(shape).copy()
            for t, shape in zip(tensors, self.net.shapes, strict=True)
        ]

    def _tensors(self, params: Params) -> list[torch.Tensor]:
        pairs = zip(params, self.layers.parameters(), strict=True)
        return [torch.from_numpy(array.reshape(tuple(p.shape)).copy()) for array, p in pairs]


class SymmetricPadding(TorchModel):
    """`padding=1` at stride 2 where the other framework pads at the end alone."""

    def _pairs(self):
        return zip(self.layers, self.net.layers, strict=True)

    def _pass(self, x: torch.Tensor) -> list[torch.Tensor]:
        a, found = x, []
        for module, layer in self._pairs():
            if isinstance(layer, Conv2D) and layer.padding == "same" and layer.stride == 2:
                kernel, bias = module.parameters()
                z = torch.nn.functional.conv2d(a.movedim(-1, 1), kernel, bias, 2, layer.size // 2)
                z = z.movedim(1, -1)
                a = {"tanh": torch.tanh, "relu": torch.relu}.get(layer.activation, lambda t: t)(z)
            else:
                a = module(a)
            found.append(a)
        return found

    @torch.no_grad()
    def activations(self, x: Array) -> list[Array]:
        return [a.numpy().copy() for a in self._pass(torch.from_numpy(x))]

    def _loss(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        loss = torch.nn.functional.cross_entropy(self._pass(x)[-1], y)
        parameters = list(self.layers.parameters())
        kernels = [parameters[i].square().sum() for i in self.net.penalized]
        return loss + 0.5 * self.net.l2 * sum(kernels)


class InFloat32(TorchModel):
    """A model that was never moved to float64: it casts its rows, and computes in float32."""

    def _half(self, net: Net) -> bool:
        return self.dtype == "float64"

    @torch.no_grad()
    def activations(self, x: Array) -> list[Array]:
        a, found = torch.from_numpy(x).float(), []
        for module in self.layers.float():
            a = module(a)
            found.append(a.double().numpy().copy())
        self.layers.double()
        return found

    def _loss(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        z = x.float()
        for module, layer in zip(self.layers, self.net.layers, strict=True):
            assert isinstance(layer, Dense)
            w, b = (p.float() for p in module.parameters())
            z = torch.nn.functional.linear(z, w, b)
            z = {"relu": torch.relu, "tanh": torch.tanh}.get(layer.activation, lambda t: t)(z)
        loss = torch.nn.functional.cross_entropy(z, y).double()
        parameters = list(self.layers.parameters())
        kernels = [parameters[i].square().sum() for i in self.net.penalized]
        return loss + 0.5 * self.net.l2 * sum(kernels)


def _tf32(t: torch.Tensor) -> torch.Tensor:
    """The nearest number with ten bits in its fraction, ties away from zero."""
    whole = t.float().view(torch.int32)
    return ((whole + (1 << 12)) >> 13 << 13).view(torch.float32).to(t.dtype)


class Product(torch.autograd.Function):
    """a · Wᵀ, each factor of it and of its gradients rounded, as tensor cores do."""

    @staticmethod
    def forward(ctx, a: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(a, w)
        return _tf32(a) @ _tf32(w).T

    @staticmethod
    def backward(ctx, g: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        a, w = ctx.saved_tensors
        return _tf32(g) @ _tf32(w), _tf32(g).T @ _tf32(a)


class TensorFloat32(InFloat32):
    """Products of an Ampere GPU with its defaults: each factor has ten bits."""

    @torch.no_grad()
    def activations(self, x: Array) -> list[Array]:
        return [a.numpy().copy() for a in self._pass(torch.from_numpy(x))]

    def _pass(self, x: torch.Tensor) -> list[torch.Tensor]:
        a, found = x, []
        for module, layer in zip(self.layers, self.net.layers, strict=True):
            w, b = module.parameters()
            z = Product.apply(a, w) + b
            a = {"relu": torch.relu, "tanh": torch.tanh}.get(layer.activation, lambda t: t)(z)
            found.append(a)
        return found

    def _loss(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        loss = torch.nn.functional.cross_entropy(self._pass(x)[-1], y)
        parameters = list(self.layers.parameters())
        kernels = [parameters[i].square().sum() for i in self.net.penalized]
        return loss + 0.5 * self.net.l2 * sum(kernels)
