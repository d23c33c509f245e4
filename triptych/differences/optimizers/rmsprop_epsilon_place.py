"""RMSprop's epsilon: beside the root or under it

With decay 0.9 and epsilon 0.01 in all, a first gradient of 0.1 moves the weight by 2.40 learning
rates in PyTorch and by 0.95 in Keras and Optax: PyTorch divides by √v + ε, the others by √(v + ε).
"""

kind = "difference"
symptoms = """RMSprop epsilon inside sqrt, tensorflow RMSProp diverges, RMSpropTF; reinforcement
learning results not reproduced, optax.rmsprop eps_in_sqrt"""
matters = """Under the root the same number has a larger effect: 0.01 acts like 0.1. A value that
was tuned in one framework does not carry over."""
remedy = """Make epsilon so small that its place cannot matter, such as `eps=1e-12` and
`epsilon=1e-12`; or set `eps_in_sqrt=False` in Optax for PyTorch's."""
sources = [
    "torch/optim/rmsprop.py, _single_tensor_rmsprop",
    "keras/src/optimizers/rmsprop.py, RMSprop.update_step",
    "optax/_src/transform.py, scale_by_rms, eps_in_sqrt",
]
lessons = [4, 8]

observed = {"torch": 2.402530, "keras": 0.953463, "jax": 0.953463}
round_off = 1e-6  # float32


def torch():
    """PyTorch: g / (√v + ε)."""

    import torch

    def default():
        """How far one step from gradient 0.1 goes, in learning rates."""
        return step(epsilon=1e-2)

    def matched():
        """The same, with a negligible epsilon."""
        return step(epsilon=1e-12)

    def step(epsilon):
        w = torch.nn.Parameter(torch.zeros(1))
        w.grad = torch.full_like(w, 0.1)
        torch.optim.RMSprop([w], lr=1.0, alpha=0.9, eps=epsilon).step()
        return -w.item()

    return default, matched


def keras():
    """Keras: g / √(v + ε)."""

    import keras

    def default():
        """How far one step from gradient 0.1 goes, in learning rates."""
        return step(epsilon=1e-2)

    def matched():
        """The same, with a negligible epsilon."""
        return step(epsilon=1e-12)

    def step(epsilon):
        w = keras.Variable(0.0)
        optimizer = keras.optimizers.RMSprop(learning_rate=1.0, rho=0.9, epsilon=epsilon)
        optimizer.apply([keras.ops.convert_to_tensor(0.1)], [w])
        return -float(w.numpy())

    return default, matched


def jax():
    """Optax: g / √(v + ε), unless eps_in_sqrt is False."""

    import jax.numpy as jnp
    import optax

    def default():
        """How far one step from gradient 0.1 goes, in learning rates."""
        return step(epsilon=1e-2)

    def matched():
        """The same, with a negligible epsilon."""
        return step(epsilon=1e-12)

    def step(epsilon):
        w, optimizer = jnp.zeros(()), optax.rmsprop(1.0, decay=0.9, eps=epsilon)
        updates, _ = optimizer.update(jnp.asarray(0.1), optimizer.init(w))
        return float(-updates)

    return default, matched
