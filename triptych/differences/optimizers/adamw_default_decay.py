"""AdamW's default decay

PyTorch's AdamW decays by 0.01, Keras's by 0.004, Optax's by 0.0001, all times the learning rate. A
weight of 1 without any gradient is after a step of learning rate 0.1 at 0.999, at 0.9996 and at
0.99999.
"""

kind = "difference"
symptoms = """AdamW default weight_decay 0.01 0.004, optax.adamw 1e-4; overfits in JAX, AdamW
regularizes less"""
matters = """AdamW with its default decays two and a half times as much in PyTorch as in Keras, and
a hundred times as much as in Optax."""
remedy = "Set `weight_decay=0.01` in all."
sources = [
    "torch/optim/adamw.py, AdamW.__init__",
    "keras/src/optimizers/adamw.py, AdamW.__init__",
    "optax/_src/alias.py, adamw",
]
lessons = []

observed = {"torch": 0.999, "keras": 0.9996, "jax": 0.99999}
round_off = 1e-6  # float32


def torch():
    """PyTorch's AdamW: weight_decay=0.01."""

    import torch

    def default():
        """A weight of 1 after a step with no gradient but the decay."""
        return step(lr=0.1)

    def matched():
        """The same, with the decay set."""
        return step(lr=0.1, weight_decay=0.01)

    def step(**options):
        w = torch.nn.Parameter(torch.ones(1))
        w.grad = torch.zeros(1)
        torch.optim.AdamW([w], **options).step()
        return w.item()

    return default, matched


def keras():
    """Keras's AdamW: weight_decay=0.004."""

    import keras

    def default():
        """A weight of 1 after a step with no gradient but the decay."""
        return step(learning_rate=0.1)

    def matched():
        """The same, with the decay set."""
        return step(learning_rate=0.1, weight_decay=0.01)

    def step(**options):
        w = keras.Variable(1.0)
        keras.optimizers.AdamW(**options).apply([keras.ops.zeros(())], [w])
        return float(w.numpy())

    return default, matched


def jax():
    """Optax's adamw: weight_decay=1e-4."""

    import jax.numpy as jnp
    import optax

    def default():
        """A weight of 1 after a step with no gradient but the decay."""
        return step(learning_rate=0.1)

    def matched():
        """The same, with the decay set."""
        return step(learning_rate=0.1, weight_decay=0.01)

    def step(**options):
        w, optimizer = jnp.ones(()), optax.adamw(**options)
        updates, _ = optimizer.update(jnp.zeros(()), optimizer.init(w), w)
        return float(optax.apply_updates(w, updates))

    return default, matched
