"""Keras raises the rate to the power step / decay_steps."""

import keras


def default():
    """The learning rates of four steps."""
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=1, decay_rate=0.8)
    return [float(schedule(step)) for step in range(4)]
