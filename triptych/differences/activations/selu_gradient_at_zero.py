"""The gradient of SELU at zero

SELU has a kink at 0, with slopes of 1.758 before and 1.051 after it. At exactly 0 PyTorch and JAX
take the one before, TensorFlow the one after.
"""

kind = "difference"
symptoms = "F.selu gradient at 0"
matters = """A unit whose inputs are all 0 and whose bias starts at 0 has exactly this value: the
gradient of its bias is then two thirds larger in PyTorch and JAX."""
remedy = (
    "Write it out in TensorFlow: `tf.where(x > 0, scale * x, scale * alpha * tf.math.expm1(x))`."
)
sources = [
    "torch/nn/functional.py, selu",
    "https://github.com/tensorflow/tensorflow/blob/v2.21.0/tensorflow/core/kernels/relu_op_functor.h",
    "jax/_src/nn/functions.py, selu",
]
lessons = []

observed = {"torch": 1.7580993, "tensorflow": 1.050701, "jax": 1.7580993}
round_off = 1e-6  # float32


def torch():
    """The slope before zero."""

    import torch

    def default():
        """The derivative at 0."""
        x = torch.tensor(0.0, requires_grad=True)
        torch.nn.functional.selu(x).backward()
        return x.grad.item()

    return default, default  # nothing to change


def tensorflow():
    """The slope after zero."""

    import tensorflow as tf

    SCALE, ALPHA = 1.0507009873554805, 1.6732632423543772  # of the paper

    def written(x):
        """SELU, with zero on the other side."""
        return tf.where(x > 0, SCALE * x, SCALE * ALPHA * tf.math.expm1(x))

    def slope(function):
        """Of a function at 0."""
        x = tf.constant(0.0)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = function(x)
        return float(tape.gradient(y, x))

    def default():
        """The derivative at 0."""
        return slope(tf.nn.selu)

    def matched():
        """The derivative of the formula."""
        return slope(written)

    return default, matched


def jax():
    """The slope before zero."""

    import jax

    def default():
        """The derivative at 0."""
        return jax.grad(jax.nn.selu)(0.0).item()

    return default, default  # nothing to change
