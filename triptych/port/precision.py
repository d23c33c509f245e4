"""Run both frameworks in one precision, and put everything back afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

# A gap of up to this many roundings is rounding: the widest layers sum some 5,000 products, whose
# error grows as their root, and a gap is a norm. Measured on eight real models in float64: at most
# 1.5e-15 a layer. Each real cause that was met is above: the smallest, an epsilon of 1.001e-5
# against 1e-5, is 5e-9.
TOLERANCE = {"float64": 1e-11, "float32": 2e-5}


@contextmanager
def precision(dtype: str) -> Iterator[None]:
    """While this lasts, new models and numbers are of this dtype.

    Keras computes means, norms and products of float64 in float32 on torch (7e-8 in a layer's
    normalisation) unless it is told that float64 has no narrower twin. PyTorch's fast path of
    attention hides the functions inside it.
    """
    before, fast = torch.get_default_dtype(), torch.backends.mha.get_fastpath_enabled()
    torch.set_default_dtype(getattr(torch, dtype))
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with keras_precision(dtype):
            yield
    finally:
        torch.set_default_dtype(before)
        torch.backends.mha.set_fastpath_enabled(fast)


@contextmanager
def keras_precision(dtype: str) -> Iterator[None]:
    """The same for Keras, if it is installed and imported."""
    import sys

    if "keras" not in sys.modules:
        yield
        return
    import keras
    from keras.src.backend.common import dtypes

    before, narrower = keras.config.floatx(), dict(dtypes.BIT64_TO_BIT32_DTYPE)
    policy = keras.config.dtype_policy()  # of the layers that a user's layer makes for itself
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    if dtype == "float64":
        dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
    try:
        yield
    finally:
        keras.config.set_floatx(before)
        keras.config.set_dtype_policy(policy)
        dtypes.BIT64_TO_BIT32_DTYPE.update(narrower)
