"""Keras's min_delta is flat."""

import keras


def default():
    """The learning rate after six epochs in which the loss fell by 0.01 each."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1.0), loss="mse", run_eagerly=True)
    plateau = keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=2)
    plateau.set_model(model)
    plateau.on_train_begin()
    for epoch in range(6):
        plateau.on_epoch_end(epoch, {"loss": 1000.0 - 0.01 * epoch})
    return float(model.optimizer.learning_rate.numpy())


def matched():
    """The same."""
    return default()
