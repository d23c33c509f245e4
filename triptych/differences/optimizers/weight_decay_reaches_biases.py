"""Whether the bias is decayed too

The usual way in PyTorch, `weight_decay` for all of `model.parameters()`, shrinks the bias as well,
and so does the decay of Optax, also that of `adamw`; the usual way in Keras, a
`kernel_regularizer`, does not. The values shown are kernel and bias, initially 1, after one step
with no other gradient.
"""

kind = "difference"
symptoms = """weight decay applied to bias and batch norm, exclude bias and norm, no_decay
parameter groups, optax mask, exclude_from_weight_decay"""
matters = """Textbooks penalise kernels only; a bias that is pulled to zero shifts the predictions
where data are rare."""
remedy = """In PyTorch give the biases a group of parameters of their own, with `weight_decay=0`; in
Optax give the decay a `mask`."""
sources = [
    "torch/optim/optimizer.py, Optimizer.add_param_group",
    "keras/src/layers/core/dense.py, Dense.build",
    "optax/transforms/_adding.py, add_decayed_weights",
]
lessons = [3, 4, 7]

observed = {"torch": [0.98, 0.98], "keras": [0.98, 1.0], "jax": [0.98, 0.98]}
round_off = 1e-6  # float32


def torch():
    """PyTorch's decay applies to every parameter."""

    import torch

    def default():
        """Kernel and bias after a step with no gradient but the decay."""
        layer = ones()
        return step(layer, torch.optim.SGD(layer.parameters(), lr=0.1, weight_decay=0.2))

    def matched():
        """The same, with the bias in a group of its own."""
        layer = ones()
        groups = [{"params": [layer.weight]}, {"params": [layer.bias], "weight_decay": 0.0}]
        return step(layer, torch.optim.SGD(groups, lr=0.1, weight_decay=0.2))

    def ones():
        layer = torch.nn.Linear(1, 1)
        for parameter in layer.parameters():
            torch.nn.init.ones_(parameter)
            parameter.grad = torch.zeros_like(parameter)
        return layer

    def step(layer, optimizer):
        optimizer.step()
        return [parameter.item() for parameter in layer.parameters()]

    return default, matched


def keras():
    """Keras's regularizers are per kind of weight."""

    import keras
    import numpy as np

    def default():
        """Kernel and bias after a step with no gradient but the penalty's."""
        layer = keras.layers.Dense(
            1,
            kernel_initializer="ones",
            bias_initializer="ones",
            kernel_regularizer=keras.regularizers.L2(0.1),
        )
        model = keras.Sequential([keras.Input((1,)), layer])
        model.compile(keras.optimizers.SGD(0.1), loss="mse", run_eagerly=True)
        model.train_on_batch(np.zeros((1, 1)), np.ones((1, 1)))
        return [weight.numpy().item() for weight in layer.weights]

    def matched():
        """The same."""
        return default()

    return default, matched


def jax():
    """Optax's decay applies to every leaf that no mask excludes."""

    import jax.numpy as jnp
    import optax

    def default():
        """Kernel and bias after a step with no gradient but the decay."""
        return step(optax.add_decayed_weights(0.2))

    def matched():
        """The same, with a mask that leaves the bias out."""
        return step(optax.add_decayed_weights(0.2, mask={"kernel": True, "bias": False}))

    def step(decay):
        optimizer = optax.chain(decay, optax.sgd(0.1))
        weights = {"kernel": jnp.ones(()), "bias": jnp.ones(())}
        gradients = {"kernel": jnp.zeros(()), "bias": jnp.zeros(())}
        updates, _ = optimizer.update(gradients, optimizer.init(weights), weights)
        stepped = optax.apply_updates(weights, updates)
        return [float(stepped["kernel"]), float(stepped["bias"])]

    return default, matched
