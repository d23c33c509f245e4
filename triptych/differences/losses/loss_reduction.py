"""What a loss function returns: one number, or one for each row

For two rows with errors 1 and 3 PyTorch's `functional.mse_loss` returns 5, their mean; Keras's
`losses.mean_squared_error` returns 1 and 9. In Keras only the class, `MeanSquaredError()`, reduces
over the rows. Optax's losses never do: `squared_error` leaves every element, a cross-entropy every
row.
"""

kind = "difference"
symptoms = """reduction sum or mean or none, loss summed over batch instead of mean, loss is 64
times larger, loss grows with the batch size, per-sample losses, optax softmax_cross_entropy returns
one per row; loss magnitude differs; optax softmax_cross_entropy_with_integer_labels is not a
scalar, Gradient only defined for scalar-output functions"""
matters = """In a training loop by hand TensorFlow's gradient silently sums a vector of losses, so
the learning rate is multiplied by the batch size; `jax.grad` refuses a vector."""
remedy = """In Keras call the class, or take the mean yourself, as in JAX; in PyTorch
`reduction="none"` gives the vector."""
sources = [
    "torch/nn/functional.py, mse_loss",
    "keras/src/losses/losses.py, mean_squared_error",
    "optax/losses/_regression.py, squared_error",
    "optax/losses/_classification.py, softmax_cross_entropy_with_integer_labels",
]
lessons = [2, 3, 4, 7, 8]

observed = {"torch": 5.0, "keras": [1.0, 9.0], "jax": [[1.0], [9.0]]}


def torch():
    """PyTorch's functions reduce."""

    import torch
    from torch.nn import functional

    def default():
        """The squared error of two rows."""
        return functional.mse_loss(torch.tensor([[1.0], [3.0]]), torch.zeros(2, 1)).tolist()

    def matched():
        """The same."""
        return default()

    return default, matched


def keras():
    """Keras's functions leave the rows."""

    import keras
    import numpy as np

    Z = np.array([[1.0], [3.0]])

    def default():
        """The squared error of two rows."""
        losses = keras.losses.mean_squared_error(np.zeros((2, 1)), Z)
        return keras.ops.convert_to_numpy(losses).tolist()

    def matched():
        """The same, by the class."""
        return float(keras.losses.MeanSquaredError()(np.zeros((2, 1)), Z))

    return default, matched


def jax():
    """Optax's losses leave the elements."""

    import jax.numpy as jnp
    import optax

    Z = jnp.array([[1.0], [3.0]])

    def default():
        """The squared error of two rows."""
        return optax.squared_error(Z, jnp.zeros((2, 1))).tolist()

    def matched():
        """The same, with the mean taken."""
        return float(optax.squared_error(Z, jnp.zeros((2, 1))).mean())

    return default, matched
