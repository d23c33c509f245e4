"""Whether AdamW's decay follows the learning rate

A weight of 1 without any gradient, decay 0.1: one step of learning rate 0.01 takes 0.001 off it in
PyTorch, in Keras and in Optax. All multiply the decay by the current learning rate, including
schedules.
"""

kind = "agreement"
symptoms = """SGDW AdamW weight decay not multiplied by lr, decoupled weight decay times
learning rate, tfa SGDW, optax.adamw weight_decay"""
matters = """The paper keeps the two separate, and so does the older AdamW of TensorFlow Addons:
with its constants, the decay here is a hundredth or a thousandth of the intended one."""
sources = [
    "https://arxiv.org/abs/1711.05101 (Loshchilov and Hutter, algorithm 2)",
    "torch/optim/adam.py, _single_tensor_adam",
    "keras/src/optimizers/base_optimizer.py, BaseOptimizer._apply_weight_decay",
    "optax/_src/alias.py, adamw",
]
lessons = []

observed = {"torch": 0.001, "keras": 0.001, "jax": 0.001}
round_off = 1e-6  # float32


def torch():
    """PyTorch: w ← w − η·λ·w."""

    import torch

    def default():
        """How much a step of learning rate 0.01 and decay 0.1 reduces a weight of 1."""
        w = torch.nn.Parameter(torch.ones(1))
        w.grad = torch.zeros(1)
        torch.optim.AdamW([w], lr=0.01, weight_decay=0.1).step()
        return 1 - w.item()

    return default


def keras():
    """Keras: w ← w − η·λ·w."""

    import keras

    def default():
        """How much a step of learning rate 0.01 and decay 0.1 reduces a weight of 1."""
        w = keras.Variable(1.0)
        optimizer = keras.optimizers.AdamW(learning_rate=0.01, weight_decay=0.1)
        optimizer.apply([keras.ops.zeros(())], [w])
        return 1 - float(w.numpy())

    return default


def jax():
    """Optax: the learning rate scales the whole update, the decay included."""

    import jax.numpy as jnp
    import optax

    def default():
        """How much a step of learning rate 0.01 and decay 0.1 reduces a weight of 1."""
        w, optimizer = jnp.ones(()), optax.adamw(0.01, weight_decay=0.1)
        updates, _ = optimizer.update(jnp.zeros(()), optimizer.init(w), w)
        return float(-updates)

    return default
