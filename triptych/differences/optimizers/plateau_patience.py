"""How long a plateau may last

A loss that never improves after the first epoch, with a patience of 2: Keras's `ReduceLROnPlateau`
lowers the learning rate after the second epoch without improvement, PyTorch's after the third: its
patience is the number of such epochs that it allows. The value shown is the number of epochs at the
old rate after the first.
"""

kind = "difference"
symptoms = "ReduceLROnPlateau patience off by one"
matters = "With the same patience the schedules differ by an epoch at every plateau."
remedy = "Give PyTorch one less: `patience=1` for Keras's 2."
sources = [
    "torch/optim/lr_scheduler.py, ReduceLROnPlateau.step",
    "keras/src/callbacks/reduce_lr_on_plateau.py, ReduceLROnPlateau.on_epoch_end",
]
lessons = []

observed = {"torch": 3, "keras": 2}


def torch():
    """PyTorch lowers when more epochs were bad than its patience."""

    import torch

    def default():
        """The epochs without improvement before the learning rate falls."""
        return bad_epochs(patience=2)

    def matched():
        """The same, for Keras's patience of 2."""
        return bad_epochs(patience=1)

    def bad_epochs(patience):
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
        scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=patience)
        scheduler.step(1.0)
        rates = []
        for _ in range(5):
            rates += scheduler.get_last_lr()
            scheduler.step(1.0)
        return rates.count(1.0)

    return default, matched


def keras():
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

    return default, matched
