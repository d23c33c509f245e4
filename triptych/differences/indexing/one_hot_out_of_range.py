"""One-hot of a class that does not exist

Class 3 of 3 is an error in PyTorch; TensorFlow and JAX give a row of zeros. Keras depends on its
backend.
"""

kind = "difference"
symptoms = """one_hot class out of range, Class values must be smaller than num_classes, all
zeros row, label 10 of 10"""
matters = """A row of zeros has a cross-entropy of 0: the wrong label is ignored, and the loss looks
a little better."""
remedy = "Check the labels once: `assert y.max() < n_classes`."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.one_hot.html",
    "tensorflow/python/ops/array_ops.py, one_hot",
    "keras/src/ops/nn.py, one_hot",
    "jax/_src/nn/functions.py, one_hot",
]
lessons = []

observed = {
    "torch": {"raises": "RuntimeError"},
    "tensorflow": [0.0, 0.0, 0.0],
    "keras": [0.0, 0.0, 0.0],
    "keras-torch": {"raises": "RuntimeError"},
    "jax": [0.0, 0.0, 0.0],
}


def torch():
    """An error."""

    import torch

    def default():
        """Class 3 of 3."""
        return torch.nn.functional.one_hot(torch.tensor(3), 3).tolist()

    def matched():
        """By comparison with 0, 1 and 2."""
        return (torch.tensor(3) == torch.arange(3)).float().tolist()

    return default, matched


def tensorflow():
    """Zeros."""

    import tensorflow as tf

    def default():
        """Class 3 of 3."""
        return tf.one_hot(3, 3).numpy().tolist()

    return default, default  # nothing to change


def keras():
    """It depends on the backend."""

    import keras

    def default():
        """Class 3 of 3."""
        return keras.ops.convert_to_numpy(keras.ops.one_hot(3, 3)).tolist()

    def matched():
        """By comparison with 0, 1 and 2."""
        row = keras.ops.cast(keras.ops.arange(3) == 3, "float32")
        return keras.ops.convert_to_numpy(row).tolist()

    return default, matched


def jax():
    """Zeros."""

    import jax

    def default():
        """Class 3 of 3."""
        return jax.nn.one_hot(3, 3).tolist()

    return default, default  # nothing to change
