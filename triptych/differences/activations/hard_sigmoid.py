"""The hard sigmoid has the same slope everywhere

PyTorch, Keras and JAX cut x/6 + ½ off at 0 and 1. The slope of 0.2 in older texts is that of Keras
2 and Theano.
"""

kind = "agreement"
symptoms = "nn.Hardsigmoid, hard_sigmoid 0.2 or 1/6, hard swish, MobileNetV3 outputs differ"
matters = """A model saved by Keras 2 with this activation gives other numbers in Keras 3; between
today's frameworks there is no difference."""
remedy = "None is needed; for Keras 2's, write `clip(0.2 * x + 0.5, 0, 1)`."
sources = [
    "torch/nn/functional.py, hardsigmoid",
    "keras/src/activations/activations.py, hard_sigmoid",
    "jax/_src/nn/functions.py, hard_sigmoid",
]
lessons = []

observed = {
    "numpy": [0.6666667, 0.0],
    "torch": [0.6666667, 0.0],
    "keras": [0.6666667, 0.0],
    "jax": [0.6666667, 0.0],
}
round_off = 1e-6  # float32 by default


def numpy():
    """The definition."""

    def default():
        """Of 1 and −4."""
        return [min(max(x / 6 + 0.5, 0.0), 1.0) for x in (1, -4)]

    return default


def torch():
    """The slope is 1/6."""

    import torch

    def default():
        """Of 1 and −4."""
        return torch.nn.functional.hardsigmoid(torch.tensor([1.0, -4.0])).tolist()

    return default


def keras():
    """The slope is 1/6."""

    import keras

    def default():
        """Of 1 and −4."""
        x = keras.ops.convert_to_tensor([1.0, -4.0])
        return keras.ops.convert_to_numpy(keras.activations.hard_sigmoid(x)).tolist()

    return default


def jax():
    """The slope is 1/6."""

    import jax
    import jax.numpy as jnp

    def default():
        """Of 1 and −4."""
        return jax.nn.hard_sigmoid(jnp.array([1.0, -4.0])).tolist()

    return default
