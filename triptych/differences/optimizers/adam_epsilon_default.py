"""The size of Adam's epsilon

PyTorch's Adam and Optax's have an epsilon of 1e-8, Keras's an epsilon of 1e-7. The value shown is
the power of ten.
"""

kind = "difference"
symptoms = "Adam eps 1e-8 1e-7 default, epsilon default torch keras, optax.adam eps"
matters = """A gradient that stays at 1e-7 is nearly a full step in one and half a step in the
other; it decides how weights with vanishing gradients move."""
remedy = """Set `eps=1e-8` in PyTorch and Optax and `epsilon=1e-8` in Keras, and see `adam_epsilon`
for where it is added."""
sources = [
    "torch/optim/adam.py, Adam.__init__",
    "keras/src/optimizers/adam.py, Adam.__init__",
    "optax/_src/alias.py, adam",
]
lessons = [4, 8]

observed = {"torch": -8, "keras": -7, "jax": -8}


def torch():
    """PyTorch's Adam: eps=1e-8."""

    import math

    import torch

    def default():
        """The power of ten of Adam's epsilon."""
        return power_of(torch.optim.Adam([torch.zeros(1)]))

    def matched():
        """The same, set explicitly."""
        return power_of(torch.optim.Adam([torch.zeros(1)], eps=1e-8))

    def power_of(optimizer):
        return math.log10(optimizer.defaults["eps"])

    return default, matched


def keras():
    """Keras's Adam: epsilon=1e-7."""

    import math

    import keras

    def default():
        """The power of ten of Adam's epsilon."""
        return math.log10(keras.optimizers.Adam().epsilon)

    def matched():
        """The same, set explicitly."""
        return math.log10(keras.optimizers.Adam(epsilon=1e-8).epsilon)

    return default, matched


def jax():
    """Optax's adam: eps=1e-8."""

    import inspect
    import math

    import optax

    def default():
        """The power of ten of adam's epsilon; the optimizer itself hides it in a closure."""
        return math.log10(inspect.signature(optax.adam).parameters["eps"].default)

    return default, default  # nothing to change
