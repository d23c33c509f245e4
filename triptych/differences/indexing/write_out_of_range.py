"""Writing beyond the end

Writing to element 5 of three is an error in NumPy, PyTorch, TensorFlow and PyTensor; JAX drops it.
Keras depends on its backend.
"""

kind = "difference"
symptoms = "at[].set out of bounds ignored, scatter out of range, IndexError"
matters = """JAX reads the last element where it would not write (see index_out_of_range), so what
is read back is not what was written, and counts of a class that does not exist vanish."""
remedy = """Check the indices in NumPy beforehand. `x.at[i].set(value, mode="clip")` writes to the
last element, as reading does."""
sources = [
    "https://docs.jax.dev/en/latest/notebooks/Common_Gotchas_in_JAX.html (out-of-bounds indexing)",
    "tensorflow/python/ops/array_ops.py, tensor_scatter_nd_update",
    "keras/src/ops/core.py, scatter_update",
]
lessons = []

observed = {
    "numpy": {"raises": "IndexError"},
    "torch": {"raises": "IndexError"},
    "tensorflow": {"raises": "InvalidArgumentError"},
    "keras": {"raises": "InvalidArgumentError"},
    "keras-torch": {"raises": "IndexError"},
    "keras-jax": [1.0, 2.0, 3.0],
    "jax": [1.0, 2.0, 3.0],
    "pytensor": {"raises": "IndexError"},
}


def numpy():
    """An error."""

    import numpy as np

    def written(index):
        """1, 2, 3 after writing 9 there."""
        x = np.array([1.0, 2.0, 3.0])
        x[index] = 9
        return x.tolist()

    def default():
        """At element 5."""
        return written(5)

    def matched():
        """At the last element, by hand."""
        return written(min(5, 2))

    return default, matched


def torch():
    """An error."""

    import torch

    def written(index):
        """1, 2, 3 after writing 9 there."""
        x = torch.tensor([1.0, 2.0, 3.0])
        x[index] = 9
        return x.tolist()

    def default():
        """At element 5."""
        return written(5)

    def matched():
        """At the last element, by hand."""
        return written(min(5, 2))

    return default, matched


def tensorflow():
    """An error on a CPU."""

    import tensorflow as tf

    def written(index):
        """1, 2, 3 after writing 9 there."""
        return tf.tensor_scatter_nd_update([1.0, 2.0, 3.0], [[index]], [9.0]).numpy().tolist()

    def default():
        """At element 5."""
        return written(5)

    def matched():
        """At the last element, by hand."""
        return written(min(5, 2))

    return default, matched


def keras():
    """It depends on the backend."""

    import keras
    import numpy as np

    def written(index):
        """1, 2, 3 after writing 9 there."""
        x, nine = np.array([1, 2, 3], dtype="float32"), np.array([9], dtype="float32")
        out = keras.ops.scatter_update(x, np.array([[index]]), nine)
        return keras.ops.convert_to_numpy(out).tolist()

    def default():
        """At element 5."""
        return written(5)

    def matched():
        """At the last element, by hand."""
        return written(min(5, 2))

    return default, matched


def jax():
    """Nothing is written."""

    import jax.numpy as jnp

    X = jnp.array([1.0, 2.0, 3.0])

    def default():
        """1, 2, 3 after writing 9 at element 5."""
        return X.at[5].set(9.0).tolist()

    def matched():
        """At the last element, with `mode="clip"`."""
        return X.at[5].set(9.0, mode="clip").tolist()

    return default, matched


def pytensor():
    """An error."""

    import pytensor.tensor as pt

    def written(index):
        """1, 2, 3 after writing 9 there."""
        x = pt.constant([1.0, 2.0, 3.0])
        return pt.set_subtensor(x[pt.constant(index)], 9.0).eval().tolist()

    def default():
        """At element 5."""
        return written(5)

    def matched():
        """At the last element, by hand."""
        return written(min(5, 2))

    return default, matched
