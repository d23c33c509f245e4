"""What counts as an improvement on a plateau

Both lower the learning rate when the loss has not improved for some epochs. The improvement must be
1e-4 of the loss in PyTorch's `ReduceLROnPlateau`, and 1e-4 absolute in Keras's. A loss that falls
from 1000 by 0.01 at each epoch, with a patience of 2: after six epochs PyTorch's rate went from 1
to 0.1, Keras's is still 1.
"""

kind = "difference"
symptoms = "ReduceLROnPlateau threshold rel, min_delta, mode"
matters = """Summed losses are large, and PyTorch then calls slow progress a plateau; means are
small, and below 1 Keras does."""
remedy = 'In PyTorch set `threshold_mode="abs"`.'
sources = [
    "torch/optim/lr_scheduler.py, ReduceLROnPlateau",
    "keras/src/callbacks/reduce_lr_on_plateau.py, ReduceLROnPlateau",
]
lessons = []

observed = {"torch": 0.1, "keras": 1.0}
round_off = 1e-6  # Keras keeps the learning rate in float32


def torch():
    """PyTorch's threshold is a share of the loss."""

    import torch

    def default():
        """The learning rate after six epochs in which the loss fell by 0.01 each."""
        return rate(patience=2)

    def matched():
        """The same, with an absolute threshold."""
        return rate(patience=2, threshold_mode="abs")

    def rate(**options):
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
        scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **options)
        for epoch in range(6):
            scheduler.step(1000.0 - 0.01 * epoch)
        return optimizer.param_groups[0]["lr"]

    return default, matched


def keras():
    """Keras's min_delta is absolute."""

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

    return default, matched
