"""The gradient of a look-up beyond the end

With an array of indices, JAX reads the last element for index 5 of three, and gives it no gradient.
PyTorch and TensorFlow raise an error.
"""

kind = "difference"
symptoms = "gradient of gather out of bounds index, no error on GPU"
matters = """The value counts in the loss, and nothing learns from it. With a single number as
index, `x[5]`, the last element does get the gradient, so a test with one number is no proof."""
remedy = """Check the indices in NumPy beforehand, or clip them by hand, `jnp.minimum(i, len(x) -
1)`, which gives the last element a gradient."""
sources = [
    "https://docs.jax.dev/en/latest/notebooks/Common_Gotchas_in_JAX.html (out-of-bounds indexing)",
    "https://docs.pytorch.org/docs/stable/generated/torch.index_select.html",
    "tensorflow/python/ops/array_ops.py, gather",
]
lessons = []

observed = {
    "torch": {"raises": "IndexError"},
    "tensorflow": {"raises": "InvalidArgumentError"},
    "jax": [3.0, 0.0, 0.0, 0.0],
}


def torch():
    """An error."""

    import torch

    def read(index):
        """The element of 1, 2, 3, and the gradient with respect to all three."""
        x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
        y = x[index].sum()
        y.backward()
        return [y.item(), *x.grad.tolist()]

    def default():
        """For element 5."""
        return read(torch.tensor([5]))

    def matched():
        """With the index clipped."""
        return read(torch.tensor([5]).clamp(max=2))

    return default, matched


def tensorflow():
    """An error on a CPU."""

    import tensorflow as tf

    def read(index):
        """The element of 1, 2, 3, and the gradient with respect to all three."""
        x = tf.constant([1.0, 2.0, 3.0])
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(tf.gather(x, index))
        gradient = tf.convert_to_tensor(tape.gradient(y, x))
        return [float(y), *gradient.numpy().tolist()]

    def default():
        """For element 5."""
        return read([5])

    def matched():
        """With the index clipped."""
        return read(tf.minimum([5], 2))

    return default, matched


def jax():
    """The last element, with no gradient."""

    import jax
    import jax.numpy as jnp

    def read(index):
        """The element of 1, 2, 3, and the gradient with respect to all three."""
        x = jnp.array([1.0, 2.0, 3.0])
        y, gradient = jax.value_and_grad(lambda x: x[index].sum())(x)
        return [y.item(), *gradient.tolist()]

    def default():
        """For element 5."""
        return read(jnp.array([5]))

    def matched():
        """With the index clipped."""
        return read(jnp.minimum(jnp.array([5]), 2))

    return default, matched
