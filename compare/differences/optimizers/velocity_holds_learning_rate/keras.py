"""In Keras the velocity holds the learning rate of its time."""

import keras


def default():
    """How far two steps go, the second with a tenth of the learning rate."""
    w = keras.Variable(0.0)
    optimizer = keras.optimizers.SGD(learning_rate=0.1, momentum=0.9)
    optimizer.apply([keras.ops.ones(())], [w])
    optimizer.learning_rate = 0.01
    optimizer.apply([keras.ops.ones(())])
    return -float(w.numpy())


def matched():
    """The same, with the velocity put on the new scale."""
    w = keras.Variable(0.0)
    optimizer = keras.optimizers.SGD(learning_rate=0.1, momentum=0.9)
    optimizer.apply([keras.ops.ones(())], [w])
    optimizer.learning_rate = 0.01
    for velocity in optimizer.momentums:
        velocity.assign(velocity * (0.01 / 0.1))
    optimizer.apply([keras.ops.ones(())])
    return -float(w.numpy())
