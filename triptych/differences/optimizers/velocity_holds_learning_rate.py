"""Momentum after the learning rate was lowered

Two steps from gradient 1 with momentum 0.9, the learning rate 0.1 and then 0.01: PyTorch and Optax
go 0.119, Keras 0.2. PyTorch's velocity, and the trace of Optax, is a sum of gradients, which each
step multiplies by the current learning rate; Keras's velocity contains the old learning rates.
"""

kind = "difference"
symptoms = """SGD momentum after changing learning rate, lr scheduler with momentum, momentum
buffer, velocity, keras momentum contains learning rate, optax.sgd momentum trace, dampening"""
matters = """After each drop of a schedule a model in Keras keeps moving at the old rate for about
ten steps. As long as the learning rate is constant, both are the same."""
remedy = """When you lower the learning rate in Keras, multiply the velocities in
`optimizer.momentums` by the new rate over the old one."""
sources = [
    "torch/optim/sgd.py, SGD (its note on other frameworks)",
    "keras/src/optimizers/sgd.py, SGD.update_step",
    "optax/_src/alias.py, sgd",
    "optax/transforms/_accumulation.py, trace",
]
lessons = [3, 4, 7, 8]

observed = {"numpy": 0.119, "torch": 0.119, "keras": 0.2, "jax": 0.119}
round_off = 1e-6  # float32


def numpy():
    """The velocity is a sum of gradients; the learning rate comes after it."""

    def default():
        """How far two steps go, the second with a tenth of the learning rate."""
        w = velocity = 0.0
        for learning_rate in (0.1, 0.01):
            velocity = 0.9 * velocity + 1.0
            w -= learning_rate * velocity
        return -w

    def matched():
        """The same."""
        return default()

    return default, matched


def torch():
    """PyTorch's buffer is a sum of gradients."""

    import torch

    def default():
        """How far two steps go, the second with a tenth of the learning rate."""
        w = torch.nn.Parameter(torch.zeros(1))
        optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9)
        for learning_rate in (0.1, 0.01):
            optimizer.param_groups[0]["lr"] = learning_rate
            w.grad = torch.ones(1)
            optimizer.step()
        return -w.item()

    def matched():
        """The same."""
        return default()

    return default, matched


def keras():
    """In Keras the velocity contains the learning rate of its step."""

    import keras

    def default():
        """How far two steps go, the second with a tenth of the learning rate."""
        w = keras.Variable(0.0)
        optimizer = keras.optimizers.SGD(learning_rate=0.1, momentum=0.9)
        optimizer.apply([keras.ops.ones(())], [w])
        optimizer.learning_rate = 0.01
        optimizer.apply([keras.ops.ones(())])
        return -float(w.numpy())

    def matched():
        """The same, with the velocity rescaled."""
        w = keras.Variable(0.0)
        optimizer = keras.optimizers.SGD(learning_rate=0.1, momentum=0.9)
        optimizer.apply([keras.ops.ones(())], [w])
        optimizer.learning_rate = 0.01
        for velocity in optimizer.momentums:
            velocity.assign(velocity * (0.01 / 0.1))
        optimizer.apply([keras.ops.ones(())])
        return -float(w.numpy())

    return default, matched


def jax():
    """Optax's trace is a sum of gradients; the learning rate comes after it."""

    import jax.numpy as jnp
    import optax

    def default():
        """How far two steps go, the second with a tenth of the learning rate."""
        rates = optax.piecewise_constant_schedule(0.1, {1: 0.1})
        w, optimizer = jnp.zeros(()), optax.sgd(rates, momentum=0.9)
        state = optimizer.init(w)
        for _ in range(2):
            updates, state = optimizer.update(jnp.ones(()), state)
            w = optax.apply_updates(w, updates)
        return -float(w)

    return default, default  # nothing to change
