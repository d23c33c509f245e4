"""All the randomness of a run: a pure function of its seed, drawn by NumPy in float64.

No framework draws a number, so all of them start from the same weights and see the same batches.
The order of an epoch depends only on (seed, epoch), so there is no random state to save.
"""

from __future__ import annotations

import numpy as np

from adapters.contract import Array, Dense, Net, Parameter, Params


def initial_weights(net: Net, seed: int) -> Params:
    """Initial weights, float64, in the contract's order; biases are zero, a norm's scales are one.

    Before a relu: normal with variance 2/n_in (He et al. 2015); before all else: normal with
    variance 2/(n_in + n_out) (Glorot & Bengio 2010). A single dense layer has no symmetry to break,
    so it starts at zero.
    """
    with_weights = [layer for layer in net.layers if layer.parameters]
    if len(with_weights) == 1 and isinstance(with_weights[0], Dense):
        return [np.zeros(shape) for shape in net.shapes]
    rng = np.random.Generator(np.random.PCG64([seed, 2**32 - 1]))  # unlike that of any epoch
    return [_drawn(rng, parameter) for parameter in net.parameters]


def _drawn(rng: np.random.Generator, parameter: Parameter) -> Array:
    if parameter.fans is None:
        return np.full(parameter.shape, parameter.starts_at)
    n_in, n_out = parameter.fans
    fan = n_in if parameter.activation == "relu" else (n_in + n_out) / 2
    scale = np.sqrt((2.0 if parameter.activation == "relu" else 1.0) / fan)
    return scale * rng.normal(size=parameter.shape)


def epoch_order(seed: int, epoch: int, n_rows: int) -> Array:
    """The order in which an epoch visits the rows, int64 (n_rows,)."""
    return np.random.Generator(np.random.PCG64([seed, epoch])).permutation(n_rows)
