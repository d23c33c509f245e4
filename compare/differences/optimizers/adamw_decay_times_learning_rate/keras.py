"""Keras: w ← w − η·λ·w."""

import keras


def default():
    """What a step of learning rate 0.01 and decay 0.1 takes off a weight of 1."""
    w = keras.Variable(1.0)
    optimizer = keras.optimizers.AdamW(learning_rate=0.01, weight_decay=0.1)
    optimizer.apply([keras.ops.zeros(())], [w])
    return 1 - float(w.numpy())
