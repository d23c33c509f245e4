"""Injections into the precision of products: bfloat16 and TF32, as accelerators multiply."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from adapters.contract import Array
from injections.injection import Injection, override
from injections.reference_network import LOSSES, Definition
from injections.run_spec import RunSpec

BITS = 23  # of the fraction of a float32
TF32 = 10  # of a TF32


def rounded(array: Array, bits: int) -> Array:
    """The nearest numbers with so many bits in their fraction, as float32 or wider.

    Ties go to even for bfloat16, and away from zero for TF32, as NVIDIA's `cvt` has them.

    bits: 7 for bfloat16, 10 for TF32, 23 for float32 itself. Infinities and NaN stay.
    """
    single = np.ascontiguousarray(array, np.float32)
    if bits == BITS:
        return single.astype(array.dtype)
    whole = single.view(np.uint32)
    cut = np.uint32(BITS - bits)
    half = (np.uint32(1) << (cut - np.uint32(1))) - np.uint32(1)
    odd = (whole >> cut) & np.uint32(1)
    up = np.uint32(1) if bits == TF32 else odd
    nearest = ((whole + half + up) >> cut) << cut
    small = np.where(np.isfinite(array), nearest, whole).astype(np.uint32)
    return small.view(np.float32).astype(array.dtype)


def _products(bits: int) -> Callable[[RunSpec], RunSpec]:
    """Factors are rounded, and their products summed in full, forward and backward."""

    def product(a: Array, kernel: Array) -> Array:
        return np.asarray(rounded(a, bits) @ rounded(kernel, bits))

    return Definition(product=product, product_back=product).into


def _weights(bits: int) -> Callable[[RunSpec], RunSpec]:
    """Weights that are rounded after every step."""
    return lambda spec: override(
        spec, rule=lambda define, o, w, g, slots, t: _pair(define(o, w, g, slots, t), bits)
    )


def _pair(moved: tuple[Array, list[Array]], bits: int) -> tuple[Array, list[Array]]:
    return rounded(moved[0], bits), moved[1]


def _can_be_computed(spec: RunSpec) -> bool:
    return spec.net.loss in LOSSES


INJECTIONS = [
    Injection(
        "products_in_tf32", "{backend} multiplies in TF32, with 10 bits of each factor",
        'Set `torch.backends.cuda.matmul.fp32_precision = "ieee"`, or its like.',
        _products(TF32), _can_be_computed,
    ),
    Injection(
        "products_in_bfloat16", "{backend} multiplies in bfloat16, with 7 bits of each factor",
        "Switch autocast off, or set jax_default_matmul_precision to highest.",
        _products(7), _can_be_computed,
    ),
    Injection(
        "weights_in_bfloat16", "{backend} rounds its weights to bfloat16 after each step",
        "Keep the weights in float32, and round a copy for the products.",
        _weights(7),
    ),
]  # fmt: skip
