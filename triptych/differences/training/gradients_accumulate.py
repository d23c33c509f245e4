"""The gradient of the second backward pass

The gradient of w² at 3 is 6. Computed twice, PyTorch adds the second to the first in `w.grad`,
which is then 12; TensorFlow's tape and JAX's `grad` return 6 each time.
"""

kind = "difference"
symptoms = """optimizer.zero_grad missing, gradients accumulate, backward called twice,
gradients doubled, .grad adds up; loss explodes, diverges"""
matters = """Without `zero_grad` every step of a PyTorch loop goes along the sum of all gradients so
far: it often trains, as with an unusual momentum."""
remedy = "Call `optimizer.zero_grad()` before every backward pass."
sources = [
    "torch/optim/optimizer.py, Optimizer.zero_grad",
    "https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html",
    "https://www.tensorflow.org/api_docs/python/tf/GradientTape",
    "https://docs.jax.dev/en/latest/_autosummary/jax.grad.html",
]
lessons = [1, 2, 3, 4, 7, 8]

observed = {"torch": 12.0, "tensorflow": 6.0, "jax": 6.0}


def torch():
    """PyTorch adds to the stored gradient."""

    import torch

    def default():
        """The gradient of w² at 3, computed twice."""
        w = torch.tensor(3.0, requires_grad=True)
        for _ in range(2):
            (w**2).backward()
        return w.grad.item()

    def matched():
        """The same, with the gradient reset in between."""
        w = torch.tensor(3.0, requires_grad=True)
        optimizer = torch.optim.SGD([w])
        for _ in range(2):
            optimizer.zero_grad()
            (w**2).backward()
        return w.grad.item()

    return default, matched


def tensorflow():
    """Each tape has gradients of its own."""

    import tensorflow as tf

    def default():
        """The gradient of w² at 3, computed twice."""
        w = tf.Variable(3.0)
        for _ in range(2):
            with tf.GradientTape() as tape:
                loss = w**2
            gradient = tape.gradient(loss, w)
        return float(gradient)

    def matched():
        """The same."""
        return default()

    return default, matched


def jax():
    """A gradient is a return value and is not stored."""

    import jax

    def default():
        """The gradient of w² at 3, computed twice."""
        gradient_of = jax.grad(lambda w: w**2)
        for _ in range(2):
            gradient = gradient_of(3.0)
        return float(gradient)

    def matched():
        """The same."""
        return default()

    return default, matched
