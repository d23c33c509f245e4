"""The gradient with respect to an unused variable

JAX gives 0. TensorFlow gives None, PyTorch's `backward` leaves `.grad` None, and the optimizers
then skip the parameter.
"""

kind = "difference"
symptoms = """gradient None for unused variable, One of the differentiated Tensors appears to
not have been used in the graph, allow_unused, Gradients do not exist for variables"""
matters = """With weight decay or momentum it decides whether a layer that a batch did not use
moves: with a gradient of 0 it still decays and follows its momentum, with None it does not."""
remedy = """`unconnected_gradients="zero"` in TensorFlow, `torch.autograd.grad(…,
materialize_grads=True)` in PyTorch."""
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad.html",
    "tensorflow/python/ops/unconnected_gradients.py, UnconnectedGradients",
    "jax/_src/api.py, grad",
]
lessons = []

observed = {"torch": "None", "tensorflow": "None", "jax": "0.0"}


def torch():
    """`None`."""

    import torch

    def default():
        """The gradient of a² with respect to b."""
        a, b = torch.ones((), requires_grad=True), torch.ones((), requires_grad=True)
        (a * a).backward()
        return str(b.grad)

    def matched():
        """As zeros."""
        a, b = torch.ones((), requires_grad=True), torch.ones((), requires_grad=True)
        return str(torch.autograd.grad(a * a, b, materialize_grads=True)[0].item())

    return default, matched


def tensorflow():
    """`None`."""

    import tensorflow as tf

    def gradient(**options):
        """The gradient of a² with respect to b."""
        a, b = tf.Variable(1.0), tf.Variable(1.0)
        with tf.GradientTape() as tape:
            y = a * a
        return tape.gradient(y, b, **options)

    def default():
        """Without `materialize_grads`."""
        return str(gradient())

    def matched():
        """As zeros."""
        return str(float(gradient(unconnected_gradients="zero")))

    return default, matched


def jax():
    """0."""

    import jax

    def default():
        """The gradient of a² with respect to b."""
        return str(float(jax.grad(lambda a, b: a * a, argnums=1)(1.0, 1.0)))

    return default, default  # nothing to change
