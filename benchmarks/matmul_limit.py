"""The limit: the matrix products of an epoch and nothing else, on each installed BLAS.

For each batch: forward X·W, backward aᵀ·g and g·Wᵀ, where g starts as the scores. No bias, no
activation, no loss, no update, and the batches are contiguous. The short batch at the end of an
epoch is left out, since fixed shapes are the fastest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from adapters.contract import Array, Params
from adapters.layers import Conv2D
from benchmarks import convolution_limit
from benchmarks.problem import Problem

# backend: the framework whose products it uses
BLAS = {
    "numpy": "numpy",
    "torch": "torch",
    "tensorflow": "tensorflow",
    "keras": "tensorflow",
    "keras-torch": "torch",
    "keras-jax": "jax",
    "jax": "jax",
    "pytensor": "numpy",
}
Epoch = Callable[[], Params]  # multiplies; returns aᵀ·g of each layer in the last batch


@dataclass(frozen=True)
class Products:
    """All products of an epoch."""

    epoch: Epoch


def products(backend: str, problem: Problem) -> Products:
    """The products of a problem in a backend's framework, which is imported here.

    Of a network with windows its convolutions too.
    """
    convolves = any(isinstance(layer, Conv2D) for layer in problem.net.layers)
    table = convolution_limit.IN_FRAMEWORK if convolves else IN_FRAMEWORK
    return Products(table[BLAS[backend]](problem))


def in_numpy(problem: Problem) -> Epoch:
    """NumPy's BLAS: `np.matmul` into preallocated arrays."""
    xs, ws = batches(problem), kernels(problem)
    shapes = [(problem.batch_size, n) for n in widths(problem)]
    outputs = [np.zeros(shape, np.float32) for shape in shapes[1:]]
    back = [np.zeros(shape, np.float32) for shape in shapes[:-1]]
    slopes = [np.zeros_like(w) for w in ws]

    def epoch() -> Params:
        for x in xs:
            inputs = [x]
            for w, out in zip(ws, outputs, strict=True):
                inputs.append(np.matmul(inputs[-1], w, out=out))
            g = inputs[-1]
            for i in reversed(range(len(ws))):
                np.matmul(inputs[i].T, g, out=slopes[i])
                if i:
                    g = np.matmul(g, ws[i].T, out=back[i])
        return slopes

    return epoch


def in_torch(problem: Problem) -> Epoch:
    """PyTorch's BLAS: `torch.mm` into preallocated tensors, without recording gradients."""
    import torch

    xs = torch.from_numpy(batches(problem))
    ws = [torch.from_numpy(w) for w in kernels(problem)]
    outputs = [torch.zeros(problem.batch_size, n) for n in widths(problem)[1:]]
    back = [torch.zeros(problem.batch_size, n) for n in widths(problem)[:-1]]
    slopes = [torch.zeros_like(w) for w in ws]

    @torch.inference_mode()
    def epoch() -> Params:
        for x in xs:
            inputs = [x]
            for w, out in zip(ws, outputs, strict=True):
                inputs.append(torch.mm(inputs[-1], w, out=out))
            g = inputs[-1]
            for i in reversed(range(len(ws))):
                torch.mm(inputs[i].T, g, out=slopes[i])
                if i:
                    g = torch.mm(g, ws[i].T, out=back[i])
        return [slope.numpy() for slope in slopes]

    return epoch


def in_tensorflow(problem: Problem) -> Epoch:
    """TensorFlow's XLA: the whole epoch as one compiled `tf.while_loop`."""
    import tensorflow as tf

    xs = tf.constant(batches(problem))
    ws = [tf.constant(w) for w in kernels(problem)]

    @tf.function(jit_compile=True)
    def compiled(xs: Any, ws: list[Any]) -> list[Any]:
        slopes = [tf.zeros_like(w) for w in ws]
        for i in tf.range(len(xs)):
            inputs = [xs[i]]
            for w in ws:
                inputs.append(inputs[-1] @ w)
            g, slopes = inputs[-1], []
            for k in reversed(range(len(ws))):
                slopes.insert(0, tf.matmul(inputs[k], g, transpose_a=True))
                if k:
                    g = tf.matmul(g, ws[k], transpose_b=True)
        return slopes

    return lambda: [slope.numpy() for slope in compiled(xs, ws)]


def in_jax(problem: Problem) -> Epoch:
    """JAX's XLA: the whole epoch as one compiled `lax.scan`."""
    import jax
    import jax.numpy as jnp
    from jax import lax

    xs = jnp.asarray(batches(problem))
    ws = [jnp.asarray(w) for w in kernels(problem)]

    @jax.jit
    def compiled(xs: Any, ws: list[Any]) -> list[Any]:
        def one(_: list[Any], x: Any) -> tuple[list[Any], None]:
            inputs = [x]
            for w in ws:
                inputs.append(inputs[-1] @ w)
            g, slopes = inputs[-1], list[Any]()
            for i in reversed(range(len(ws))):
                slopes.insert(0, inputs[i].T @ g)
                if i:
                    g = g @ ws[i].T
            return slopes, None

        return lax.scan(one, [jnp.zeros_like(w) for w in ws], xs)[0]

    return lambda: [np.asarray(slope) for slope in compiled(xs, ws)]


IN_FRAMEWORK: dict[str, Callable[[Problem], Epoch]] = {
    "numpy": in_numpy,
    "torch": in_torch,
    "tensorflow": in_tensorflow,
    "jax": in_jax,
}


def batches(problem: Problem) -> Array:
    """The whole batches, (steps, batch_size, 784)."""
    steps = len(problem.x) // problem.batch_size
    return problem.x[: steps * problem.batch_size].reshape(steps, problem.batch_size, -1)


def kernels(problem: Problem) -> Params:
    """Each layer's kernel (n_in, n_out); ones for zeros, which a library might not multiply."""
    return [w if w.any() else np.ones_like(w) for w in problem.params if w.ndim == 2]


def widths(problem: Problem) -> list[int]:
    """The widths of the input and of every layer's output."""
    return [problem.net.n_in, *(shape[-1] for shape in problem.net.outputs)]
