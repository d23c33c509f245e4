"""The same seed in every framework

Seed 0 starts another sequence in each framework. Keras passes it to its backend, so one Keras
program draws three sequences.
"""

kind = "difference"
symptoms = """manual_seed, tf.random.set_seed, PRNGKey, same seed different numbers, random
numbers differ between frameworks, reproducibility"""
matters = """Setting all seeds to 0 makes a run repeatable in one framework. It does not make two
frameworks comparable: weights, batches and dropout all differ."""
remedy = "Draw everything random once in NumPy, `np.random.default_rng(0)`, and pass it on."
sources = [
    "https://numpy.org/doc/stable/reference/random/generator.html",
    "https://docs.pytorch.org/docs/stable/notes/randomness.html",
    "tensorflow/python/ops/stateless_random_ops.py, stateless_random_uniform",
    "keras/src/random/random.py, uniform",
    "jax/_src/random/core.py, uniform",
]
lessons = [1, 3, 4, 7, 8]

observed = {
    "numpy": 0.6369617,
    "torch": 0.4962566,
    "tensorflow": 0.2919751,
    "keras": 0.2110155,
    "keras-torch": 0.4962566,
    "keras-jax": 0.947667,
    "jax": 0.947667,
}
round_off = 1e-6  # float32 on output


def numpy():
    """PCG64."""

    import numpy as np

    def default():
        """The first number between 0 and 1."""
        return float(np.random.default_rng(0).uniform())

    return default, default  # nothing to change


def torch():
    """Mersenne Twister."""

    import numpy as np
    import torch

    def default():
        """The first number between 0 and 1."""
        torch.manual_seed(0)
        return torch.rand(()).item()

    def matched():
        """As NumPy drew it."""
        return torch.tensor(np.random.default_rng(0).uniform()).item()

    return default, matched


def tensorflow():
    """Philox."""

    import numpy as np
    import tensorflow as tf

    def default():
        """The first number between 0 and 1."""
        tf.random.set_seed(0)
        return float(tf.random.uniform(()))

    def matched():
        """As NumPy drew it."""
        return float(tf.constant(np.random.default_rng(0).uniform()))

    return default, matched


def keras():
    """The backend's own generator."""

    import keras
    import numpy as np

    def default():
        """The first number between 0 and 1."""
        return float(keras.random.uniform((), seed=0))

    def matched():
        """As NumPy drew it."""
        return float(keras.ops.convert_to_tensor(np.random.default_rng(0).uniform()))

    return default, matched


def jax():
    """Threefry, from a key that is never used twice."""

    import jax
    import jax.numpy as jnp
    import numpy as np

    def default():
        """The first number between 0 and 1."""
        return float(jax.random.uniform(jax.random.key(0)))

    def matched():
        """As NumPy drew it."""
        return float(jnp.asarray(np.random.default_rng(0).uniform()))

    return default, matched
