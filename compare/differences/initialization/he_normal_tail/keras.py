"""`HeNormal` is cut off at two standard deviations of a distribution that it has widened."""

import keras
import numpy as np


def default():
    """The share of weights farther out than 2.5 times the nominal standard deviation."""
    kernel = keras.ops.convert_to_numpy(keras.initializers.HeNormal(seed=0)((400, 200)))
    return float((np.abs(kernel) > 2.5 * (2 / 400) ** 0.5).mean())


def matched():
    """Nothing to change."""
    return default()
