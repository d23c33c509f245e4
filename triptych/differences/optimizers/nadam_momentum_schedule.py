"""How slowly Nadam's momentum warms up

Nadam raises its momentum from half of β₁ to β₁. PyTorch's factor is 1 − ½·0.96^(0.004·t), as its
author wrote, which takes thousands of steps; Keras's is 1 − ½·0.96^t, which takes a hundred.
Optax's momentum is β₁ from the start. After gradients 1, 0 and 0 the weight is 1.185 learning rates
away in PyTorch, 1.212 in Keras and 2.264 in Optax.
"""

kind = "difference"
symptoms = "NAdam momentum_decay 0.004, Nadam, optax.nadam nesterov"
matters = "With equal constants the two have different momentum for most of the training."
remedy = """In PyTorch set `momentum_decay=1.0` (the default is 0.004); Keras's schedule is fixed,
and Optax has none."""
sources = [
    "torch/optim/nadam.py, _single_tensor_nadam",
    "keras/src/optimizers/nadam.py, Nadam.update_step",
    "optax/_src/alias.py, nadam",
]
lessons = []

observed = {"torch": 1.185436, "keras": 1.212140, "jax": 2.263817}
tolerance = 1e-4  # Keras computes 1 − β₂ᵗ in float32
round_off = 2e-5  # for the same reason


def torch():
    """PyTorch: 0.96 to the power of 0.004·t."""

    import torch

    def default():
        """How far three steps go, in learning rates."""
        return steps()

    def matched():
        """The same, with Keras's schedule."""
        return steps(momentum_decay=1.0)

    def steps(**options):
        w = torch.nn.Parameter(torch.zeros(1))
        optimizer = torch.optim.NAdam([w], lr=1.0, eps=1e-12, **options)
        for gradient in (1.0, 0.0, 0.0):
            w.grad = torch.full_like(w, gradient)
            optimizer.step()
        return -w.item()

    return default, matched


def keras():
    """Keras: 0.96 to the power of t."""

    import keras

    def default():
        """How far three steps go, in learning rates."""
        w = keras.Variable(0.0)
        optimizer = keras.optimizers.Nadam(learning_rate=1.0, epsilon=1e-12)
        for gradient in (1.0, 0.0, 0.0):
            optimizer.apply([keras.ops.convert_to_tensor(gradient)], [w])
        return -float(w.numpy())

    def matched():
        """The same."""
        return default()

    return default, matched


def jax():
    """Optax: the momentum is β₁ at every step, and nothing makes it a schedule."""

    import jax.numpy as jnp
    import optax

    def default():
        """How far three steps go, in learning rates."""
        w, optimizer = jnp.zeros(()), optax.nadam(1.0, eps=1e-12)
        state = optimizer.init(w)
        for gradient in (1.0, 0.0, 0.0):
            updates, state = optimizer.update(jnp.asarray(gradient), state)
            w = optax.apply_updates(w, updates)
        return -float(w)

    return default
