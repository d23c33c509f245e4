"""SGD's default learning rate

One step of SGD from gradient 1 moves the weight by 0.001 in PyTorch and by 0.01 in Keras. Optax has
no default: `optax.sgd()` raises an error.
"""

kind = "difference"
symptoms = "SGD lr default 0.001 0.01, learning rate default"
matters = """A model moved from one to the other learns ten times faster or slower, without a
warning."""
remedy = "Set the learning rate: `lr=0.01` in PyTorch, `learning_rate=0.01` in Keras and Optax."
sources = [
    "torch/optim/sgd.py, SGD.__init__",
    "keras/src/optimizers/sgd.py, SGD.__init__",
    "optax/_src/alias.py, sgd",
]
lessons = [1, 2, 3, 4, 7, 8]

observed = {"torch": 0.001, "keras": 0.01, "jax": {"raises": "TypeError"}}
round_off = 1e-6  # float32


def torch():
    """PyTorch's SGD has learning rate 0.001."""

    import torch

    def default():
        """How far one step from gradient 1 goes."""
        return step(torch.optim.SGD)

    def matched():
        """The same, with the learning rate set."""
        return step(torch.optim.SGD, lr=0.01)

    def step(optimizer, **options):
        w = torch.nn.Parameter(torch.zeros(1))
        w.grad = torch.ones(1)
        optimizer([w], **options).step()
        return -w.item()

    return default, matched


def keras():
    """Keras's SGD has learning rate 0.01."""

    import keras

    def default():
        """How far one step from gradient 1 goes."""
        return step(keras.optimizers.SGD())

    def matched():
        """The same, with the learning rate set."""
        return step(keras.optimizers.SGD(learning_rate=0.01))

    def step(optimizer):
        w = keras.Variable(0.0)
        optimizer.apply([keras.ops.ones(())], [w])
        return -float(w.numpy())

    return default, matched


def jax():
    """Optax's optimizers must be given a learning rate."""

    import jax.numpy as jnp
    import optax

    def default():
        """How far one step from gradient 1 goes."""
        return step(optax.sgd())

    def matched():
        """The same, with the learning rate set."""
        return step(optax.sgd(learning_rate=0.01))

    def step(optimizer):
        w = jnp.zeros(())
        updates, _ = optimizer.update(jnp.ones(()), optimizer.init(w))
        return float(-updates)

    return default, matched
