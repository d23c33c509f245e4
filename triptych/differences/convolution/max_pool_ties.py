"""Max pooling over a tie: the first takes the gradient

Where several pixels of a window share the maximum, PyTorch, TensorFlow and JAX send the whole
gradient to the first of them.
"""

kind = "agreement"
symptoms = "gradient of max pooling with ties, equal values in a window"
matters = """Ties are the rule in flat regions and behind a relu. For a `maximum` of two numbers the
frameworks differ: see maximum_at_a_tie."""
remedy = "None is needed."
sources = [
    "torch/nn/modules/pooling.py, MaxPool1d",
    "tensorflow/python/ops/nn_grad.py, _MaxPoolGrad",
    "jax/_src/lax/windowed_reductions.py, _reduce_window_max",
]
lessons = []

observed = {
    "torch": [1.0, 0.0, 0.0, 0.0],
    "tensorflow": [1.0, 0.0, 0.0, 0.0],
    "jax": [1.0, 0.0, 0.0, 0.0],
}


def torch():
    """The first."""

    import torch

    def default():
        """The gradient of the pooled number with respect to 1, 1, 0, 1."""
        x = torch.tensor([[[1.0, 1.0, 0.0, 1.0]]], requires_grad=True)
        torch.nn.functional.max_pool1d(x, 4).sum().backward()
        return x.grad.flatten().tolist()

    return default


def tensorflow():
    """The first."""

    import tensorflow as tf

    def default():
        """The gradient of the pooled number with respect to 1, 1, 0, 1."""
        x = tf.reshape([1.0, 1.0, 0.0, 1.0], (1, 4, 1))
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.nn.max_pool1d(x, ksize=4, strides=4, padding="VALID")
        return tape.gradient(y, x).numpy().ravel().tolist()

    return default


def jax():
    """The first."""

    import jax
    import jax.numpy as jnp

    def pooled(x):
        """The maximum of a window of 4, as a number."""
        return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (4,), (4,), "VALID").sum()

    def default():
        """The gradient of the pooled number with respect to 1, 1, 0, 1."""
        return jax.grad(pooled)(jnp.array([1.0, 1.0, 0.0, 1.0])).tolist()

    return default
