"""The learning rates of Adagrad, RMSprop, Adadelta and Adam

By default PyTorch takes 0.01, 0.01, 1 and 0.001; Keras takes 0.001 for each of them.
"""

kind = "difference"
symptoms = "default learning rate Adam 0.001 RMSprop 0.01 Adagrad Adadelta"
matters = """Only Adam is the same. Keras's Adadelta at 0.001 hardly moves: its paper has no
learning rate, which is a learning rate of 1."""
remedy = "Always set the learning rate: `lr=` in PyTorch, `learning_rate=` in Keras."
sources = [
    "torch/optim/adagrad.py, Adagrad.__init__",
    "torch/optim/rmsprop.py, RMSprop.__init__",
    "torch/optim/adadelta.py, Adadelta.__init__",
    "torch/optim/adam.py, Adam.__init__",
    "keras/src/optimizers/adagrad.py, Adagrad.__init__",
    "keras/src/optimizers/rmsprop.py, RMSprop.__init__",
    "keras/src/optimizers/adadelta.py, Adadelta.__init__",
    "keras/src/optimizers/adam.py, Adam.__init__",
]
lessons = []

observed = {"torch": [0.01, 0.01, 1.0, 0.001], "keras": [0.001, 0.001, 0.001, 0.001]}
round_off = 1e-6  # Keras keeps the learning rate in float32


def torch():
    """PyTorch's learning rates follow the papers."""

    import torch

    NAMES = ("Adagrad", "RMSprop", "Adadelta", "Adam")

    def default():
        """The learning rates of four optimizers."""
        return [rate_of(name) for name in NAMES]

    def matched():
        """The same, set explicitly."""
        return [rate_of(name, lr=0.01) for name in NAMES]

    def rate_of(name, **options):
        optimizer = getattr(torch.optim, name)([torch.zeros(1)], **options)
        return optimizer.param_groups[0]["lr"]

    return default, matched


def keras():
    """Keras takes 0.001 for all of them."""

    import keras

    NAMES = ("Adagrad", "RMSprop", "Adadelta", "Adam")

    def default():
        """The learning rates of four optimizers."""
        return [rate_of(name) for name in NAMES]

    def matched():
        """The same, set explicitly."""
        return [rate_of(name, learning_rate=0.01) for name in NAMES]

    def rate_of(name, **options):
        optimizer = getattr(keras.optimizers, name)(**options)
        return float(optimizer.learning_rate.numpy())

    return default, matched
