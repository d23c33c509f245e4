"""Adadelta's decay and epsilon

PyTorch's Adadelta and Optax's have ρ = 0.9 and ε = 1e-6, Keras's ρ = 0.95 and ε = 1e-7. With
learning rate 1 a first gradient of 1 moves the weight by 0.0032 and by 0.0014.
"""

kind = "difference"
symptoms = "Adadelta rho eps, learning rate 1.0 or 0.001, optax.adadelta"
matters = "Epsilon is more than a guard here: Adadelta's steps start from it and grow."
remedy = """Set both: `rho=0.9` everywhere, `eps=1e-6` in PyTorch and Optax and `epsilon=1e-6` in
Keras."""
sources = [
    "torch/optim/adadelta.py, Adadelta.__init__",
    "keras/src/optimizers/adadelta.py, Adadelta.__init__",
    "optax/_src/alias.py, adadelta",
]
lessons = []

observed = {"torch": 0.00316226, "keras": 0.00141421, "jax": 0.00316226}
round_off = 1e-6  # float32


def torch():
    """PyTorch's Adadelta: rho=0.9, eps=1e-6."""

    import torch

    def default():
        """How far one step from gradient 1 goes, in learning rates."""
        return step(torch.optim.Adadelta, lr=1.0)

    def matched():
        """The same, with both constants set."""
        return step(torch.optim.Adadelta, lr=1.0, rho=0.9, eps=1e-6)

    def step(optimizer, **options):
        w = torch.nn.Parameter(torch.zeros(1))
        w.grad = torch.ones(1)
        optimizer([w], **options).step()
        return -w.item()

    return default, matched


def keras():
    """Keras's Adadelta: rho=0.95, epsilon=1e-7."""

    import keras

    def default():
        """How far one step from gradient 1 goes, in learning rates."""
        return step(keras.optimizers.Adadelta(learning_rate=1.0))

    def matched():
        """The same, with both constants set."""
        return step(keras.optimizers.Adadelta(learning_rate=1.0, rho=0.9, epsilon=1e-6))

    def step(optimizer):
        w = keras.Variable(0.0)
        optimizer.apply([keras.ops.ones(())], [w])
        return -float(w.numpy())

    return default, matched


def jax():
    """Optax's adadelta: rho=0.9, eps=1e-6."""

    import jax.numpy as jnp
    import optax

    def default():
        """How far one step from gradient 1 goes, in learning rates."""
        w, optimizer = jnp.zeros(()), optax.adadelta(1.0)
        updates, _ = optimizer.update(jnp.ones(()), optimizer.init(w), w)
        return float(-updates)

    return default, default  # nothing to change
