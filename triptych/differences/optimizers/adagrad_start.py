"""The initial value of Adagrad's sum of squares

PyTorch's Adagrad starts its sum of squared gradients at 0, Keras's and Optax's at 0.1: a first
gradient of 1 moves the weight by 1 and by 0.953 learning rates.
"""

kind = "difference"
symptoms = "Adagrad initial_accumulator_value 0.1, lr, optax.adagrad"
matters = """Small gradients are affected most: from 0.01 the first step is a whole learning rate in
PyTorch and 3 % of one in the others."""
remedy = "Set `initial_accumulator_value` everywhere: 0 in Keras and Optax, or 0.1 in PyTorch."
sources = [
    "torch/optim/adagrad.py, Adagrad.__init__",
    "keras/src/optimizers/adagrad.py, Adagrad.__init__",
    "optax/_src/alias.py, adagrad",
]
lessons = []

observed = {"torch": 1.0, "keras": 0.953463, "jax": 0.953463}
round_off = 1e-6  # float32, and an epsilon of 1e-7 against 1e-10


def torch():
    """PyTorch's Adagrad starts at 0."""

    import torch

    def default():
        """How far one step from gradient 1 goes, in learning rates."""
        return step(torch.optim.Adagrad, lr=1.0)

    def matched():
        """The same, with the initial value set."""
        return step(torch.optim.Adagrad, lr=1.0, initial_accumulator_value=0.0)

    def step(optimizer, **options):
        w = torch.nn.Parameter(torch.zeros(1))
        w.grad = torch.ones(1)
        optimizer([w], **options).step()
        return -w.item()

    return default, matched


def keras():
    """Keras's Adagrad starts at 0.1."""

    import keras

    def default():
        """How far one step from gradient 1 goes, in learning rates."""
        return step(keras.optimizers.Adagrad(learning_rate=1.0))

    def matched():
        """The same, with the initial value set."""
        return step(keras.optimizers.Adagrad(learning_rate=1.0, initial_accumulator_value=0.0))

    def step(optimizer):
        w = keras.Variable(0.0)
        optimizer.apply([keras.ops.ones(())], [w])
        return -float(w.numpy())

    return default, matched


def jax():
    """Optax's adagrad starts at 0.1."""

    import jax.numpy as jnp
    import optax

    def default():
        """How far one step from gradient 1 goes, in learning rates."""
        return step(optax.adagrad(1.0))

    def matched():
        """The same, with the initial value set."""
        return step(optax.adagrad(1.0, initial_accumulator_value=0.0))

    def step(optimizer):
        w = jnp.zeros(())
        updates, _ = optimizer.update(jnp.ones(()), optimizer.init(w))
        return float(-updates)

    return default, matched
