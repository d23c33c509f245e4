"""One bias for each gate."""

import keras


def default():
    """How many numbers of the bias are trained, for 5 units."""
    lstm = keras.layers.LSTM(5)
    lstm.build((None, None, 3))
    return int(lstm.trainable_weights[2].shape[0])


def matched():
    """Nothing to change."""
    return default()
