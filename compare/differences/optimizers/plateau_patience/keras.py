"""Keras lowers when as many epochs were bad as its patience."""

import keras


def default():
    """The epochs without improvement before the learning rate falls."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1.0), loss="mse", run_eagerly=True)
    plateau = keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=2)
    plateau.set_model(model)
    plateau.on_train_begin()
    plateau.on_epoch_end(0, {"loss": 1.0})
    rates = []
    for epoch in range(1, 6):
        rates.append(float(model.optimizer.learning_rate.numpy()))
        plateau.on_epoch_end(epoch, {"loss": 1.0})
    return rates.count(1.0)


def matched():
    """The same."""
    return default()
