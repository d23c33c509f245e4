"""The running variance is the one of the batch, over n."""

import keras
import numpy as np


def default():
    """The running variance after this batch, when nothing is kept of what was before."""
    layer = keras.layers.BatchNormalization(momentum=0.0)
    layer(np.array([[1.0], [2.0], [3.0], [4.0]], dtype="float32"), training=True)
    return keras.ops.convert_to_numpy(layer.moving_variance).item()


def matched():
    """Nothing to change."""
    return default()
