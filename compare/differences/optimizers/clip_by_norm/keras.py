"""Keras's clipnorm takes each variable by itself."""

import keras


def default():
    """The gradients 3 and 4 clipped to norm 1."""
    return step(clipnorm=1.0)


def matched():
    """The same, together."""
    return step(global_clipnorm=1.0)


def step(**options):
    weights = [keras.Variable(0.0), keras.Variable(0.0)]
    gradients = [keras.ops.convert_to_tensor(g) for g in (3.0, 4.0)]
    keras.optimizers.SGD(learning_rate=1.0, **options).apply(gradients, weights)
    return [-float(w.numpy()) for w in weights]
