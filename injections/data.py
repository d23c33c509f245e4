"""Injections into the data: scale, layout, standardization and precision."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from injections.injection import Injection
from injections.run_spec import RunSpec


def pictures(spec: RunSpec) -> bool:
    """Whether the rows are square pictures, or as many numbers as one has, side by side."""
    if len(spec.net.row_shape) == 3:
        return spec.net.row_shape[0] == spec.net.row_shape[1] > 1
    side = int(spec.net.n_in**0.5)
    return has_numbers(spec) and side > 1 and spec.net.row_shape == (side**2,)


def _by_columns(spec: RunSpec) -> RunSpec:
    channels = spec.net.row_shape[2] if len(spec.net.row_shape) == 3 else 1
    side = round((spec.net.n_in / channels) ** 0.5)
    grids = spec.x.reshape(-1, side, side, channels)
    return replace(spec, x=np.ascontiguousarray(grids.swapaxes(1, 2)).reshape(spec.x.shape))


def has_numbers(spec: RunSpec) -> bool:
    """Whether the input is numbers, and not the words of an embedding."""
    return not spec.net.reads_indices


def _rescaled(spec: RunSpec) -> RunSpec:
    return replace(spec, x=spec.x * spec.x.dtype.type(255))


def _standardized(spec: RunSpec) -> RunSpec:
    x = spec.x
    spread = x.std(0)
    return replace(spec, x=(x - x.mean(0)) / np.where(spread > 0, spread, 1))


def _other_spread(spec: RunSpec) -> RunSpec:
    n = len(spec.x)
    return replace(spec, x=spec.x * spec.x.dtype.type((1 - 1 / n) ** 0.5))


def _is_standardized(spec: RunSpec) -> bool:
    return spec.net.loss == "squared" and has_numbers(spec)


def _through_float32(spec: RunSpec) -> RunSpec:
    y = spec.y if spec.y.dtype.kind == "i" else spec.y.astype(np.float32).astype(float)
    return replace(spec, x=spec.x.astype(np.float32).astype(np.float64), y=y)


def _loses_digits(spec: RunSpec) -> bool:
    return has_numbers(spec) and bool((spec.x.astype(np.float32) != spec.x).any())


INJECTIONS = [
    Injection(
        "pixels_to_255", "{backend} reads pixels from 0 to 255 and not from 0 to 1",
        "Divide by 255 in both: some loaders do it for you, others do not.",
        _rescaled, pictures,
    ),
    Injection(
        "pictures_by_columns", "{backend} unrolls each picture column by column",
        "Bring both to the same order of axes before flattening.",
        _by_columns, pictures, entry="flatten_order",
    ),
    Injection(
        "inputs_standardized", "{backend} standardizes every input column",
        "Do it in both, with the mean and spread of the same rows, or in neither.",
        _standardized, has_numbers,
    ),
    Injection(
        "spread_by_n_minus_one", "{backend} divides by the spread with n − 1, torch.std's default",
        "Pass correction=0 (PyTorch) or ddof=0 (NumPy's default), or standardize outside both.",
        _other_spread, _is_standardized, entry="std_degrees_of_freedom",
    ),
    Injection(
        "data_through_float32", "{backend} gets data that have been float32",
        "Make the arrays in the run's dtype; a cast back does not bring the digits back.",
        _through_float32, _loses_digits, entry="default_float", dtype="float64",
    ),
]  # fmt: skip
