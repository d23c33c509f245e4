"""Injections into the initial weights: other distributions, layout and precision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from adapters.contract import Array, Dense
from injections.injection import Injection
from injections.run_spec import RunSpec

Draw = Callable[[np.random.Generator, Dense, Array], Array]
DRAWS = 2**32 - 2  # the seed of the draws here, unlike the course's own


def _weights(kernel: Draw | None = None, bias: Draw | None = None) -> Callable[[RunSpec], RunSpec]:
    def change(spec: RunSpec) -> RunSpec:
        rng = np.random.default_rng([spec.seed, DRAWS])
        params = list(spec.initial)
        for i, layer in enumerate(spec.net.layers):
            if kernel:
                params[2 * i] = kernel(rng, layer, params[2 * i])
            if bias:
                params[2 * i + 1] = bias(rng, layer, params[2 * i + 1])
        return replace(spec, initial=params)

    return change


def _uniform(rng: np.random.Generator, layer: Dense, old: Array) -> Array:
    return rng.uniform(-1, 1, old.shape) / layer.n_in**0.5


def _glorot(rng: np.random.Generator, layer: Dense, old: Array) -> Array:
    return rng.uniform(-1, 1, old.shape) * (6 / (layer.n_in + layer.n_out)) ** 0.5


def _truncated_he(rng: np.random.Generator, layer: Dense, old: Array) -> Array:
    drawn = np.asarray(rng.normal(size=old.shape))
    while (outliers := np.abs(drawn) > 2).any():
        drawn[outliers] = rng.normal(size=int(outliers.sum()))
    # Truncation at two standard deviations shrinks the spread to 0.88, which is corrected here.
    return drawn * (2 / layer.n_in) ** 0.5 / 0.87962566103423978


def _reshaped(rng: np.random.Generator, layer: Dense, old: Array) -> Array:
    return old.T.reshape(old.shape)


def _rounded(rng: np.random.Generator, layer: Dense, old: Array) -> Array:
    return old.astype(np.float32).astype(np.float64)


def _not_zero(spec: RunSpec) -> bool:
    return any(p.any() for p in spec.initial)


def _has_kernels_to_turn(spec: RunSpec) -> bool:
    return _not_zero(spec) and any(min(p.shape) > 1 for p in spec.initial[::2])


def _loses_digits(spec: RunSpec) -> bool:
    return any((p.astype(np.float32) != p).any() for p in spec.initial)


INJECTIONS = [
    Injection(
        "uniform_kernels",
        "{backend} starts from kernels drawn from ±1/√n_in, as PyTorch's Linear does",
        "Copy the initial weights from one to the other, or set the same initializer in both.",
        _weights(kernel=_uniform), entry="dense_kernel_init",
    ),
    Injection(
        "glorot_kernels",
        "{backend} starts from kernels drawn from ±√(6/(n_in + n_out)), as Keras's Dense does",
        "Copy the initial weights from one to the other, or set the same initializer in both.",
        _weights(kernel=_glorot), entry="dense_kernel_init",
    ),
    Injection(
        "truncated_he_kernels",
        "{backend} starts from He's normal kernels with their tails cut off, as Keras draws them",
        "Copy the initial weights; `he_normal` is not the same distribution everywhere.",
        _weights(kernel=_truncated_he), entry="he_normal_tail",
    ),
    Injection(
        "uniform_biases",
        "{backend} starts from biases drawn from ±1/√n_in, as PyTorch's Linear does",
        "Set the biases to zero, or copy them.",
        _weights(bias=_uniform), entry="dense_bias_init",
    ),
    Injection(
        "kernels_reshaped",
        "{backend} was given a kernel (n_out, n_in) reshaped to (n_in, n_out)",
        "Transpose the kernel: a reshape has the same shape, and other numbers in each place.",
        _weights(kernel=_reshaped), _has_kernels_to_turn, entry="dense_kernel_layout",
    ),
    Injection(
        "weights_through_float32",
        "{backend} starts from weights that have been float32",
        "Carry weights over in float64, and check the dtype on arrival.",
        _weights(kernel=_rounded, bias=_rounded), _loses_digits, entry="float64_is_truncated",
        dtype="float64",
    ),
]  # fmt: skip
