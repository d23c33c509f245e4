"""The limit of a network with windows: the convolutions and products of an epoch, and nothing else.

For each batch and each layer with a kernel: its output, the gradient by the kernel and, but for the
first layer, the gradient by the input, where the gradient starts as the output. No bias, no
activation, no pooling, no loss, no update. What a layer reads in between is random, of its shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from adapters.contract import Array, Dense, Params
from adapters.layers import Conv2D
from adapters.numpy_windows import gathered, side_by_side
from benchmarks.problem import Problem

Epoch = Callable[[], Params]  # convolves; returns the kernels' gradients of the last batch


@dataclass(frozen=True)
class Work:
    """One layer with a kernel, and a batch that it reads, (batch_size, …)."""

    layer: Conv2D | Dense
    kernel: Array
    inputs: Array


def works(problem: Problem) -> list[Work]:
    """The layers that multiply, each with its kernel and random inputs."""
    net, rng = problem.net, np.random.default_rng(0)
    kernels = {p.name.partition(".")[0]: w for p, w in zip(net.parameters, problem.params,
                                                           strict=True) if w.ndim > 1}  # fmt: skip
    shapes = [net.row_shape, *net.outputs]
    return [
        Work(layer, kernels[str(i)], rng.random((problem.batch_size, *shapes[i]), np.float32))
        for i, layer in enumerate(net.layers)
        if isinstance(layer, Conv2D | Dense)
    ]


def batches(problem: Problem) -> list[Array]:
    """The whole batches, (batch_size, …) each."""
    size = problem.batch_size
    whole = range(0, len(problem.x) - size + 1, size)
    return [np.ascontiguousarray(problem.x[i : i + size]) for i in whole]


def in_numpy(problem: Problem) -> Epoch:
    """NumPy: the windows side by side, and BLAS."""
    layers, xs = works(problem), batches(problem)

    def one(work: Work, x: Array, first: bool) -> Array:
        layer, flat = work.layer, work.kernel.reshape(-1, work.kernel.shape[-1])
        rows = side_by_side(layer, x) if isinstance(layer, Conv2D) else x
        rows = rows.reshape(-1, len(flat))
        g = rows @ flat
        by_kernel = rows.T @ g
        if not first:
            by_rows = g @ flat.T
            if isinstance(layer, Conv2D):
                shape = (len(x), *layer.gives(x.shape[1:])[:2], -1)
                gathered(layer, x, np.split(by_rows.reshape(shape), layer.size**2, axis=3))
        return by_kernel.reshape(work.kernel.shape)

    return lambda: [[one(w, x if i == 0 else w.inputs, i == 0) for i, w in enumerate(layers)]
                    for x in xs][-1]  # fmt: skip


def in_torch(problem: Problem) -> Epoch:
    """PyTorch's convolutions, with channels last in memory, without recording gradients."""
    import torch
    from torch.nn import functional as F  # noqa: N812 - how PyTorch is written

    def tensor(array: Array) -> Any:
        t = torch.from_numpy(array)
        return t.permute(0, 3, 1, 2) if t.ndim == 4 else t

    layers, xs = works(problem), list(map(tensor, batches(problem)))
    kernels = [
        torch.from_numpy(w.kernel).permute(3, 2, 0, 1).contiguous(memory_format=torch.channels_last)
        if isinstance(w.layer, Conv2D)
        else torch.from_numpy(w.kernel.T.copy())
        for w in layers
    ]
    inputs = [tensor(w.inputs) for w in layers]

    def one(work: Work, kernel: Any, x: Any, first: bool) -> Any:
        if isinstance(work.layer, Dense):
            g = F.linear(x, kernel)
            if not first:
                torch.mm(g, kernel)
            return torch.mm(g.T, x)
        stride = [work.layer.stride] * 2
        g = F.conv2d(x, kernel, stride=stride)
        return torch.ops.aten.convolution_backward(
            g, x, kernel, None, stride, [0, 0], [1, 1], False, [0, 0], 1, [not first, True, False]
        )[1]

    @torch.inference_mode()
    def epoch() -> Params:
        for x in xs:
            slopes = [one(w, k, x if i == 0 else inputs[i], i == 0)
                      for i, (w, k) in enumerate(zip(layers, kernels, strict=True))]  # fmt: skip
        turned = [s.permute(2, 3, 1, 0) if s.ndim == 4 else s.T for s in slopes]
        return [s.numpy() for s in turned]

    return epoch


def in_tensorflow(problem: Problem) -> Epoch:
    """TensorFlow's convolutions and their two gradients, in one graph for each batch."""
    import tensorflow as tf

    layers, xs = works(problem), [tf.constant(x) for x in batches(problem)]
    kernels, inputs = ([tf.constant(a) for a in arrays] for arrays in
                       ([w.kernel for w in layers], [w.inputs for w in layers]))  # fmt: skip

    @tf.function(autograph=False)  # type: ignore[untyped-decorator]
    def one(x: Any) -> list[Any]:
        slopes = []
        for i, (work, kernel) in enumerate(zip(layers, kernels, strict=True)):
            rows = x if i == 0 else inputs[i]
            if isinstance(work.layer, Dense):
                g = rows @ kernel
                back = [] if i == 0 else [tf.matmul(g, kernel, transpose_b=True)]
                slope = tf.matmul(rows, g, transpose_a=True)
            else:
                how: dict[str, Any] = {
                    "strides": [1, work.layer.stride, work.layer.stride, 1],
                    "padding": work.layer.padding.upper(),
                }
                g = tf.nn.conv2d(rows, kernel, **how)
                back = [] if i == 0 else [tf.raw_ops.Conv2DBackpropInput(
                    input_sizes=tf.shape(rows), filter=kernel, out_backprop=g, **how)]  # fmt: skip
                slope = tf.raw_ops.Conv2DBackpropFilter(
                    input=rows, filter_sizes=tf.shape(kernel), out_backprop=g, **how
                )
            with tf.control_dependencies(back):  # else the graph would leave it out
                slopes.append(tf.identity(slope))
        return slopes

    return lambda: [slope.numpy() for slope in [one(x) for x in xs][-1]]


def in_jax(problem: Problem) -> Epoch:
    """JAX's convolutions and their gradients, compiled for one batch: in a loop they are slower."""
    import jax
    import jax.numpy as jnp
    from jax import lax

    layers, xs = works(problem), list(map(jnp.asarray, batches(problem)))
    kernels, inputs = ([jnp.asarray(a) for a in arrays] for arrays in
                       ([w.kernel for w in layers], [w.inputs for w in layers]))  # fmt: skip

    def forward(work: Work) -> Callable[[Any, Any], Any]:
        if isinstance(work.layer, Dense):
            return lambda x, w: x @ w
        layer = work.layer
        return lambda x, w: lax.conv_general_dilated(
            x, w, (layer.stride, layer.stride), layer.padding.upper(),
            dimension_numbers=("NHWC", "HWIO", "NHWC"),
        )  # fmt: skip

    @jax.jit
    def one(x: Any, inputs: list[Any], kernels: list[Any]) -> list[Any]:
        results = []
        for i, (work, kernel) in enumerate(zip(layers, kernels, strict=True)):
            g, back = jax.vjp(forward(work), x if i == 0 else inputs[i], kernel)
            by_rows, by_kernel = back(g)
            results.append((by_kernel, by_kernel if i == 0 else by_rows))
        return results

    return lambda: [np.asarray(pair[0]) for pair in [one(x, inputs, kernels) for x in xs][-1]]


IN_FRAMEWORK: dict[str, Callable[[Problem], Epoch]] = {
    "numpy": in_numpy,
    "torch": in_torch,
    "tensorflow": in_tensorflow,
    "jax": in_jax,
}
