"""Random integers never reach the upper end

Between 0 and 3, NumPy, PyTorch, TensorFlow, Keras and JAX draw 0, 1 and 2.
"""

kind = "agreement"
symptoms = """randint high exclusive, np.random.randint, torch.randint, jax.random.randint
maxval"""
matters = """Python's own `random.randint(0, 3)` also draws 3, so a random index from it is
sometimes out of range."""
remedy = "None is needed among the frameworks."
sources = [
    "https://numpy.org/doc/stable/reference/random/generated/numpy.random.Generator.integers.html",
    "https://docs.pytorch.org/docs/stable/generated/torch.randint.html",
    "tensorflow/python/ops/random_ops.py, random_uniform",
    "keras/src/random/random.py, randint",
    "jax/_src/random/core.py, randint",
]
lessons = []

observed = {"numpy": [0, 2], "torch": [0, 2], "tensorflow": [0, 2], "keras": [0, 2], "jax": [0, 2]}


def numpy():
    """The end is excluded, unless `endpoint=True`."""

    import numpy as np

    def default():
        """[the smallest, the largest] of 1,000 integers between 0 and 3."""
        draws = np.random.default_rng(0).integers(0, 3, 1000)
        return [int(draws.min()), int(draws.max())]

    return default


def torch():
    """The end is excluded."""

    import torch

    def default():
        """[the smallest, the largest] of 1,000 integers between 0 and 3."""
        torch.manual_seed(0)
        draws = torch.randint(0, 3, (1000,))
        return [draws.min().item(), draws.max().item()]

    return default


def tensorflow():
    """The end is excluded."""

    import tensorflow as tf

    def default():
        """[the smallest, the largest] of 1,000 integers between 0 and 3."""
        tf.random.set_seed(0)
        draws = tf.random.uniform((1000,), 0, 3, dtype=tf.int32)
        return [int(tf.reduce_min(draws)), int(tf.reduce_max(draws))]

    return default


def keras():
    """The end is excluded."""

    import keras

    def default():
        """[the smallest, the largest] of 1,000 integers between 0 and 3."""
        draws = keras.random.randint((1000,), 0, 3, seed=0)
        return [int(keras.ops.min(draws)), int(keras.ops.max(draws))]

    return default


def jax():
    """The end is excluded."""

    import jax

    def default():
        """[the smallest, the largest] of 1,000 integers between 0 and 3."""
        draws = jax.random.randint(jax.random.key(0), (1000,), 0, 3)
        return [int(draws.min()), int(draws.max())]

    return default
