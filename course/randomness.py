"""All the randomness of a run: a pure function of its seed, drawn by NumPy in float64.

No framework draws a number, so all of them start from the same weights and see the same batches.
The order of an epoch depends only on (seed, epoch), so there is no random state to save.
"""

from __future__ import annotations

import numpy as np

from adapters.contract import Array, Net, Params


def initial_weights(net: Net, seed: int) -> Params:
    """Initial weights, float64, in the contract's order; biases are zero.

    Before a relu: normal with variance 2/n_in (He et al. 2015); before tanh and sigmoid: normal
    with variance 2/(n_in + n_out) (Glorot & Bengio 2010). A single layer has no symmetry to break,
    so it starts at zero.
    """
    if len(net.layers) == 1:
        return [np.zeros(shape) for shape in net.shapes]
    rng = np.random.Generator(np.random.PCG64([seed, 2**32 - 1]))  # unlike that of any epoch
    params: Params = []
    for layer in net.layers:
        fan = layer.n_in if layer.activation == "relu" else (layer.n_in + layer.n_out) / 2
        scale = np.sqrt((2.0 if layer.activation == "relu" else 1.0) / fan)
        params += [scale * rng.normal(size=(layer.n_in, layer.n_out)), np.zeros(layer.n_out)]
    return params


def epoch_order(seed: int, epoch: int, n_rows: int) -> Array:
    """The order in which an epoch visits the rows, int64 (n_rows,)."""
    return np.random.Generator(np.random.PCG64([seed, epoch])).permutation(n_rows)
