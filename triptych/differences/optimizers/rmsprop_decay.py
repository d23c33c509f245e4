"""How long RMSprop remembers

PyTorch's RMSprop keeps 0.99 of its running mean of squares, Keras's and Optax's 0.9. So a first
gradient of 1 moves the weight by 10 learning rates in PyTorch and by 3.2 in the others.
"""

kind = "difference"
symptoms = "RMSprop alpha 0.99 rho 0.9, decay, optax.rmsprop"
matters = """The running mean starts at zero and nothing corrects it, so the first steps are large:
three times larger in PyTorch."""
remedy = "Set it explicitly: `alpha=0.9` in PyTorch, `rho=0.9` in Keras, `decay=0.9` in Optax."
sources = [
    "torch/optim/rmsprop.py, RMSprop.__init__",
    "keras/src/optimizers/rmsprop.py, RMSprop.__init__",
    "optax/_src/alias.py, rmsprop",
]
lessons = [4, 8]

observed = {"torch": 10.0, "keras": 3.162276, "jax": 3.162276}
tolerance = 1e-5  # float32, at a value of 10
round_off = 1e-6  # float32, and epsilon stands elsewhere


def torch():
    """PyTorch's RMSprop: alpha=0.99."""

    import torch

    def default():
        """How far one step from gradient 1 goes, in learning rates."""
        return step(torch.optim.RMSprop, lr=1.0)

    def matched():
        """The same, with the decay set."""
        return step(torch.optim.RMSprop, lr=1.0, alpha=0.9)

    def step(optimizer, **options):
        w = torch.nn.Parameter(torch.zeros(1))
        w.grad = torch.ones(1)
        optimizer([w], **options).step()
        return -w.item()

    return default, matched


def keras():
    """Keras's RMSprop: rho=0.9."""

    import keras

    def default():
        """How far one step from gradient 1 goes, in learning rates."""
        return step(keras.optimizers.RMSprop(learning_rate=1.0))

    def matched():
        """The same, with the decay set."""
        return step(keras.optimizers.RMSprop(learning_rate=1.0, rho=0.9))

    def step(optimizer):
        w = keras.Variable(0.0)
        optimizer.apply([keras.ops.ones(())], [w])
        return -float(w.numpy())

    return default, matched


def jax():
    """Optax's rmsprop: decay=0.9."""

    import jax.numpy as jnp
    import optax

    def default():
        """How far one step from gradient 1 goes, in learning rates."""
        w, optimizer = jnp.zeros(()), optax.rmsprop(1.0)
        updates, _ = optimizer.update(jnp.ones(()), optimizer.init(w))
        return float(-updates)

    return default, default  # nothing to change
