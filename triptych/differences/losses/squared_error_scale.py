"""The squared error: mean, or half the sum

Two rows of three errors of 1, 2 and 3: PyTorch's `MSELoss` and Keras's `MeanSquaredError` average
over rows and outputs, 4.667; TensorFlow's `tf.nn.l2_loss` is half the sum over everything, 14.
Optax's `l2_loss` is half of each square, and neither sum nor mean.
"""

kind = "difference"
symptoms = """MSELoss, mean_squared_error, loss is twice as large, loss is half, 1/2,
optax.l2_loss, tf.nn.l2_loss, optax squared_error"""
matters = """A factor in the loss is a factor in the learning rate: with the same learning rate, the
steps of `l2_loss` are larger by half the batch size times the number of outputs. And textbooks sum
over the outputs, where PyTorch and Keras too take a mean."""
remedy = """Write the reduction yourself, such as `tf.reduce_mean(tf.square(z - y))`; in Optax
`squared_error(z, y).mean()`, which has no half."""
sources = [
    "torch/nn/modules/loss.py, MSELoss",
    "keras/src/losses/losses.py, MeanSquaredError",
    "https://www.tensorflow.org/api_docs/python/tf/nn/l2_loss",
    "optax/losses/_regression.py, l2_loss, squared_error",
]
lessons = [2]

observed = {
    "torch": 4.6666667,
    "tensorflow": 14.0,
    "keras": 4.6666667,
    "jax": [[0.5, 2.0, 4.5], [0.5, 2.0, 4.5]],
}
round_off = 1e-6  # float32


def torch():
    """PyTorch: the mean over all elements."""

    import torch

    def default():
        """The squared error of two rows of three outputs."""
        z = torch.tensor([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])
        return torch.nn.MSELoss()(z, torch.zeros(2, 3)).item()

    def matched():
        """The same."""
        return default()

    return default, matched


def tensorflow():
    """TensorFlow's l2_loss: half the sum."""

    import tensorflow as tf

    ERRORS = [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]

    def default():
        """The squared error of two rows of three outputs."""
        return float(tf.nn.l2_loss(tf.constant(ERRORS)))

    def matched():
        """The same as a mean."""
        return float(tf.reduce_mean(tf.square(tf.constant(ERRORS))))

    return default, matched


def keras():
    """Keras: the mean over the outputs, and then over the rows."""

    import keras
    import numpy as np

    def default():
        """The squared error of two rows of three outputs."""
        z = np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])
        return float(keras.losses.MeanSquaredError()(np.zeros((2, 3)), z))

    def matched():
        """The same."""
        return default()

    return default, matched


def jax():
    """Optax's l2_loss: half the square of each error."""

    import jax.numpy as jnp
    import optax

    Z = jnp.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])

    def default():
        """The squared error of two rows of three outputs."""
        return optax.l2_loss(Z, jnp.zeros((2, 3))).tolist()

    def matched():
        """The same as a mean, without the half."""
        return float(optax.squared_error(Z, jnp.zeros((2, 3))).mean())

    return default, matched
