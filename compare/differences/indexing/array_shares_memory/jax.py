"""`array` copies."""

import jax.numpy as jnp
import numpy as np


def default():
    """What an array of zeros holds after NumPy's became 9."""
    array = np.zeros(1, dtype="float32")
    tensor = jnp.array(array)
    array[0] = 9.0
    return float(tensor[0])


def matched():
    """Nothing to change."""
    return default()
