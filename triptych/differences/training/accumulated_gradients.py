"""Gradients of several small batches: their sum, or their mean

Two small batches have gradients 1 and 3, and then one step of learning rate 1 is made. PyTorch's
`.grad` is their sum, so it goes 4; Keras's `gradient_accumulation_steps=2` and Optax's `MultiSteps`
take the mean, and go 2.
"""

kind = "difference"
symptoms = """gradient accumulation, accumulate gradients over micro-batches, optax.MultiSteps
every_k_schedule, gradient_accumulation_steps, loss / accumulation_steps; effective learning rate
too large, training diverges with accumulation"""
matters = """Each loss is a mean over its small batch, so the sum is a gradient as many times too
large as there are small batches: SGD's learning rate is multiplied by their number."""
remedy = """In PyTorch divide each loss by the number of small batches before `backward()`. The mean
of means is the mean over all rows only if the small batches are of one size."""
sources = [
    "torch/csrc/autograd/functions/accumulate_grad.h, AccumulateGrad",
    "keras/src/optimizers/base_optimizer.py, BaseOptimizer, gradient_accumulation_steps",
    "optax/transforms/_accumulation.py, MultiSteps",
]
lessons = []

observed = {"torch": 4.0, "keras": 2.0, "jax": 2.0}


def torch():
    """PyTorch sums."""

    import torch

    def default():
        """How far one step of two small batches goes."""
        return step(share=1.0)

    def matched():
        """The same, with each loss divided by two."""
        return step(share=0.5)

    def step(share):
        w = torch.nn.Parameter(torch.zeros(1))
        optimizer = torch.optim.SGD([w], lr=1.0)
        for gradient in (1.0, 3.0):
            (share * gradient * w).sum().backward()
        optimizer.step()
        return -w.item()

    return default, matched


def keras():
    """Keras takes the mean."""

    import keras

    def default():
        """How far one step of two small batches goes."""
        w = keras.Variable(0.0)
        optimizer = keras.optimizers.SGD(learning_rate=1.0, gradient_accumulation_steps=2)
        for gradient in (1.0, 3.0):
            optimizer.apply([keras.ops.convert_to_tensor(gradient)], [w])
        return -float(w.numpy())

    return default, default  # nothing to change


def jax():
    """Optax's `MultiSteps` takes the mean."""

    import jax.numpy as jnp
    import optax

    def default():
        """How far one step of two small batches goes."""
        w = jnp.zeros(())
        optimizer = optax.MultiSteps(optax.sgd(1.0), every_k_schedule=2)
        state = optimizer.init(w)
        for gradient in (1.0, 3.0):
            updates, state = optimizer.update(jnp.asarray(gradient), state, w)
            w = optax.apply_updates(w, updates)
        return -float(w)

    return default, default  # nothing to change
