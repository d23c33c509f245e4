"""Keras: m ← μ·m − η·g, then w ← w + μ·m − η·g."""

import keras


def default():
    """How far three steps go."""
    w = keras.Variable(0.0)
    optimizer = keras.optimizers.SGD(learning_rate=0.1, momentum=0.9, nesterov=True)
    for gradient in (1.0, 2.0, -1.0):
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [w])
    return -float(w.numpy())
