"""Nesterov's momentum, written in two ways

PyTorch and Optax add the momentum to the gradient, g + μ·v; Keras looks ahead along a velocity that
holds the learning rate. Three steps of each end at the same weight.
"""

kind = "agreement"
symptoms = "nesterov=True momentum different, SGD nesterov formula; optax.sgd nesterov"
matters = """The two formulas look unlike each other and are often taken for two methods. They
differ only where the learning rate changes (see `velocity_holds_learning_rate`)."""
sources = [
    "torch/optim/sgd.py, _single_tensor_sgd",
    "keras/src/optimizers/sgd.py, SGD.update_step",
    "optax/transforms/_accumulation.py, trace",
]
lessons = [3, 4, 7, 8]

observed = {"numpy": 0.6959, "torch": 0.6959, "keras": 0.6959, "jax": 0.6959}
round_off = 1e-6  # float32


def numpy():
    """The formula in the form of PyTorch."""

    def default():
        """How far three steps go."""
        w = velocity = 0.0
        for gradient in (1.0, 2.0, -1.0):
            velocity = 0.9 * velocity + gradient
            w -= 0.1 * (gradient + 0.9 * velocity)
        return -w

    return default


def torch():
    """PyTorch: w ← w − η·(g + μ·v)."""

    import torch

    def default():
        """How far three steps go."""
        w = torch.nn.Parameter(torch.zeros(1))
        optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9, nesterov=True)
        for gradient in (1.0, 2.0, -1.0):
            w.grad = torch.full_like(w, gradient)
            optimizer.step()
        return -w.item()

    return default


def keras():
    """Keras: m ← μ·m − η·g, then w ← w + μ·m − η·g."""

    import keras

    def default():
        """How far three steps go."""
        w = keras.Variable(0.0)
        optimizer = keras.optimizers.SGD(learning_rate=0.1, momentum=0.9, nesterov=True)
        for gradient in (1.0, 2.0, -1.0):
            optimizer.apply([keras.ops.convert_to_tensor(gradient)], [w])
        return -float(w.numpy())

    return default


def jax():
    """Optax: the update is g + μ·v, times the learning rate."""

    import jax.numpy as jnp
    import optax

    def default():
        """How far three steps go."""
        w, optimizer = jnp.zeros(()), optax.sgd(0.1, momentum=0.9, nesterov=True)
        state = optimizer.init(w)
        for gradient in (1.0, 2.0, -1.0):
            updates, state = optimizer.update(jnp.asarray(gradient), state)
            w = optax.apply_updates(w, updates)
        return -float(w)

    return default
