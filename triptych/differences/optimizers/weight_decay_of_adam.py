"""Adam's weight_decay: L2 or decoupled

A weight of 1 without any gradient, learning rate 0.01 and `weight_decay=0.1`: one step takes it to
0.99 in PyTorch, to 0.999 in Keras. PyTorch's Adam adds the decay to the gradient, and then divides
it by its own size like any gradient; Keras's Adam decays as AdamW does. Optax's `adam` takes no
decay.
"""

kind = "difference"
symptoms = """Adam weight_decay L2 or decoupled, AdamW, Fixing weight decay, adam weight_decay is L2
regularization, optax.adam() got an unexpected keyword argument weight_decay, add_decayed_weights
before or after scale_by_adam"""
matters = """In PyTorch's Adam the size of the decay hardly matters where there is no other
gradient; the weight moves to zero at full speed."""
remedy = """Use `AdamW` in all, with the decay set. PyTorch's Adam is
`optax.chain(optax.add_decayed_weights(0.1), optax.adam(0.01))`, in this order."""
sources = [
    "https://arxiv.org/abs/1711.05101 (Loshchilov and Hutter, on the two kinds of decay)",
    "torch/optim/adam.py, _single_tensor_adam",
    "keras/src/optimizers/base_optimizer.py, BaseOptimizer._apply_weight_decay",
    "optax/_src/alias.py, adam, adamw",
]
lessons = [3, 4, 7]

observed = {"torch": 0.99, "keras": 0.999, "jax": {"raises": "TypeError"}}
round_off = 1e-6  # float32


def torch():
    """PyTorch's Adam adds the decay to the gradient."""

    import torch

    def default():
        """A weight of 1 after a step with no gradient but the decay."""
        return step(torch.optim.Adam)

    def matched():
        """The same with AdamW."""
        return step(torch.optim.AdamW)

    def step(optimizer):
        w = torch.nn.Parameter(torch.ones(1))
        w.grad = torch.zeros(1)
        optimizer([w], lr=0.01, weight_decay=0.1).step()
        return w.item()

    return default, matched


def keras():
    """Keras's Adam decays the weight separately from the step."""

    import keras

    def default():
        """A weight of 1 after a step with no gradient but the decay."""
        return step(keras.optimizers.Adam)

    def matched():
        """The same with AdamW."""
        return step(keras.optimizers.AdamW)

    def step(optimizer):
        w = keras.Variable(1.0)
        optimizer(learning_rate=0.01, weight_decay=0.1).apply([keras.ops.zeros(())], [w])
        return float(w.numpy())

    return default, matched


def jax():
    """Optax's adam has no such argument."""

    import jax.numpy as jnp
    import optax

    def default():
        """A weight of 1 after a step with no gradient but the decay."""
        return step(optax.adam)

    def matched():
        """The same with adamw."""
        return step(optax.adamw)

    def step(optimizer):
        w, optimizer = jnp.ones(()), optimizer(0.01, weight_decay=0.1)
        updates, _ = optimizer.update(jnp.zeros(()), optimizer.init(w), w)
        return float(optax.apply_updates(w, updates))

    return default, matched
