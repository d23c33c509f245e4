"""Injections into the initial weights: other distributions, layout and precision."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from adapters.contract import Array, Parameter
from injections.injection import Injection
from injections.run_spec import RunSpec

# fans: of the parameter itself, or for a bias of the kernel before it.
Draw = Callable[[np.random.Generator, tuple[int, int], Array], Array]
DRAWS = 2**32 - 2  # the seed of the draws here, unlike the course's own


def _weights(
    kernel: Draw | None = None, bias: Draw | None = None, rest: Draw | None = None
) -> Callable[[RunSpec], RunSpec]:
    """kernel: draws the penalized parameters; bias: the biases of layers that have a kernel; rest:
    tables, and the scales and biases of norms.
    """

    def change(spec: RunSpec) -> RunSpec:
        rng = np.random.default_rng([spec.seed, DRAWS])
        params = list(spec.initial)
        for i, (parameter, fans) in enumerate(_with_fans(spec.net.parameters)):
            draw = kernel if parameter.is_penalized else bias if parameter.is_bias else rest
            draw = rest if fans is None else draw
            if draw:
                params[i] = draw(rng, fans or (1, 1), params[i])
        return replace(spec, initial=params)

    return change


def _with_fans(
    parameters: Sequence[Parameter],
) -> Iterator[tuple[Parameter, tuple[int, int] | None]]:
    """Each parameter with its fans, a bias with those of the kernel before it in its layer."""
    layer, fans = "", None
    for parameter in parameters:
        own = parameter.name.rpartition(".")[0]
        fans = parameter.fans or (fans if own == layer else None)
        layer = own
        yield parameter, fans


def _uniform(rng: np.random.Generator, fans: tuple[int, int], old: Array) -> Array:
    return rng.uniform(-1, 1, old.shape) / fans[0] ** 0.5


def _glorot(rng: np.random.Generator, fans: tuple[int, int], old: Array) -> Array:
    return rng.uniform(-1, 1, old.shape) * (6 / (fans[0] + fans[1])) ** 0.5


def _truncated_he(rng: np.random.Generator, fans: tuple[int, int], old: Array) -> Array:
    drawn = np.asarray(rng.normal(size=old.shape))
    while (outliers := np.abs(drawn) > 2).any():
        drawn[outliers] = rng.normal(size=int(outliers.sum()))
    # Truncation at two standard deviations shrinks the spread to 0.88, which is corrected here.
    return drawn * (2 / fans[0]) ** 0.5 / 0.87962566103423978


def _reshaped(rng: np.random.Generator, fans: tuple[int, int], old: Array) -> Array:
    return old.T.reshape(old.shape) if old.ndim == 2 else old


def _rounded(rng: np.random.Generator, fans: tuple[int, int], old: Array) -> Array:
    return old.astype(np.float32).astype(np.float64)


def _not_zero(spec: RunSpec) -> bool:
    return any(p.any() for p in spec.initial)


def _has_kernels_to_turn(spec: RunSpec) -> bool:
    kernels = [spec.initial[i] for i in spec.net.penalized]
    return _not_zero(spec) and any(p.ndim == 2 and min(p.shape) > 1 for p in kernels)


def _has_biases(spec: RunSpec) -> bool:
    both = _with_fans(spec.net.parameters)
    return any(parameter.is_bias and fans is not None for parameter, fans in both)


def _has_kernels(spec: RunSpec) -> bool:
    return bool(spec.net.penalized)


def _loses_digits(spec: RunSpec) -> bool:
    return any((p.astype(np.float32) != p).any() for p in spec.initial)


INJECTIONS = [
    Injection(
        "uniform_kernels",
        "{backend} starts from kernels drawn from ±1/√n_in, as PyTorch's Linear does",
        "Copy the initial weights from one to the other, or set the same initializer in both.",
        _weights(kernel=_uniform), _has_kernels, entry="dense_kernel_init",
    ),
    Injection(
        "glorot_kernels",
        "{backend} starts from kernels drawn from ±√(6/(n_in + n_out)), as Keras's Dense does",
        "Copy the initial weights from one to the other, or set the same initializer in both.",
        _weights(kernel=_glorot), _has_kernels, entry="dense_kernel_init",
    ),
    Injection(
        "truncated_he_kernels",
        "{backend} starts from He's normal kernels with their tails cut off, as Keras draws them",
        "Copy the initial weights; `he_normal` is not the same distribution everywhere.",
        _weights(kernel=_truncated_he), _has_kernels, entry="he_normal_tail",
    ),
    Injection(
        "uniform_biases",
        "{backend} starts from biases drawn from ±1/√n_in, as PyTorch's Linear does",
        "Set the biases to zero, or copy them.",
        _weights(bias=_uniform), _has_biases, entry="dense_bias_init",
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
        _weights(_rounded, _rounded, _rounded), _loses_digits, entry="float64_is_truncated",
        dtype="float64",
    ),
]  # fmt: skip
