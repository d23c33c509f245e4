"""A squared error of (3, 1) against (3,)

Predictions of shape (3, 1) equal the targets of shape (3,). Keras drops the axis of one and returns
0. NumPy, PyTorch, TensorFlow and JAX broadcast to (3, 3) and return 1.333; of these only PyTorch
warns.
"""

kind = "difference"
symptoms = """Using a target size that is different to the input size; This will likely lead to
incorrect results due to broadcasting; MSELoss (n, 1) (n,), squeeze, target shape; regression
predicts the mean, does not learn"""
matters = """The loss falls, the model learns to predict the mean of the targets, and nothing fails,
so the mistake is hard to notice."""
remedy = "Give targets the shape of the predictions, and assert that they have it."
sources = [
    "torch/nn/functional.py, mse_loss",
    "keras/src/losses/loss.py, squeeze_or_expand_to_same_rank",
    "https://numpy.org/doc/stable/user/basics.broadcasting.html",
]
lessons = [2]

observed = {
    "numpy": 1.3333333,
    "torch": 1.3333333,
    "tensorflow": 1.3333333,
    "keras": 0.0,
    "jax": 1.3333333,
}
round_off = 1e-6  # float32


def numpy():
    """NumPy broadcasts."""

    import numpy as np

    Z, Y = np.array([[1.0], [2.0], [3.0]]), np.array([1.0, 2.0, 3.0])

    def default():
        """The mean squared error of predictions that are right."""
        return float(np.mean((Z - Y) ** 2))

    def matched():
        """The same, with equal shapes."""
        return float(np.mean((Z - Y[:, None]) ** 2))

    return default, matched


def torch():
    """PyTorch broadcasts, with a warning."""

    import torch

    Z, Y = torch.tensor([[1.0], [2.0], [3.0]]), torch.tensor([1.0, 2.0, 3.0])

    def default():
        """The mean squared error of predictions that are right."""
        return torch.nn.MSELoss()(Z, Y).item()

    def matched():
        """The same, with equal shapes."""
        return torch.nn.MSELoss()(Z, Y[:, None]).item()

    return default, matched


def tensorflow():
    """TensorFlow broadcasts."""

    import tensorflow as tf

    Z, Y = tf.constant([[1.0], [2.0], [3.0]]), tf.constant([1.0, 2.0, 3.0])

    def default():
        """The mean squared error of predictions that are right."""
        return float(tf.reduce_mean(tf.square(Z - Y)))

    def matched():
        """The same, with equal shapes."""
        return float(tf.reduce_mean(tf.square(Z - Y[:, None])))

    return default, matched


def keras():
    """Keras drops an axis of one."""

    import keras
    import numpy as np

    Z, Y = np.array([[1.0], [2.0], [3.0]]), np.array([1.0, 2.0, 3.0])

    def default():
        """The mean squared error of predictions that are right."""
        return float(keras.losses.MeanSquaredError()(Y, Z))

    def matched():
        """The same, with equal shapes."""
        return float(keras.losses.MeanSquaredError()(Y[:, None], Z))

    return default, matched


def jax():
    """JAX broadcasts."""

    import jax.numpy as jnp

    Z, Y = jnp.array([[1.0], [2.0], [3.0]]), jnp.array([1.0, 2.0, 3.0])

    def default():
        """The mean squared error of predictions that are right."""
        return float(jnp.mean((Z - Y) ** 2))

    def matched():
        """The same, with equal shapes."""
        return float(jnp.mean((Z - Y[:, None]) ** 2))

    return default, matched
