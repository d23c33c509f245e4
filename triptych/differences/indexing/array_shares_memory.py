"""Whether a tensor shares NumPy's memory

`torch.from_numpy` shares the memory of the array, so a change of the array changes the tensor;
`torch.tensor`, `tf.constant` and `jnp.array` copy.
"""

kind = "difference"
symptoms = """torch.from_numpy shares memory, tensor changes when array changes, jnp.asarray
copy, in-place"""
matters = "A buffer that is refilled for every batch changes the batches that were kept."
remedy = "`torch.tensor(array)` if the array will change."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.from_numpy.html",
    "tensorflow/python/framework/constant_op.py, constant",
    "jax/_src/numpy/array_constructors.py, array",
]
lessons = []

observed = {"torch": 9.0, "tensorflow": 0.0, "jax": 0.0}


def torch():
    """`from_numpy` shares."""

    import numpy as np
    import torch

    def default():
        """What a tensor of zeros holds after the array became 9."""
        array = np.zeros(1, dtype="float32")
        tensor = torch.from_numpy(array)
        array[0] = 9.0
        return tensor[0].item()

    def matched():
        """The same with a copy."""
        array = np.zeros(1, dtype="float32")
        tensor = torch.tensor(array)
        array[0] = 9.0
        return tensor[0].item()

    return default, matched


def tensorflow():
    """`constant` copies."""

    import numpy as np
    import tensorflow as tf

    def default():
        """What a tensor of zeros holds after the array became 9."""
        array = np.zeros(1, dtype="float32")
        tensor = tf.constant(array)
        array[0] = 9.0
        return float(tensor[0])

    return default, default  # nothing to change


def jax():
    """`array` copies."""

    import jax.numpy as jnp
    import numpy as np

    def default():
        """What an array of zeros holds after NumPy's became 9."""
        array = np.zeros(1, dtype="float32")
        tensor = jnp.array(array)
        array[0] = 9.0
        return float(tensor[0])

    return default, default  # nothing to change
