"""Looking up word 1.7

NumPy, PyTorch, TensorFlow, JAX and PyTensor reject a word number that is not an integer. Keras's
`Embedding` cuts it to an integer and returns word 1.
"""

kind = "difference"
symptoms = "embedding index must be Long or Int, float indices truncated"
matters = """Where inputs are scaled by mistake, as one does with pixels, Keras embeds every word as
word 0 and trains on."""
remedy = "Keep word numbers integers; round them explicitly if they come as floats."
sources = [
    "keras/src/layers/core/embedding.py, Embedding.call",
    "torch/nn/functional.py, embedding",
    "tensorflow/python/ops/embedding_ops.py, embedding_lookup_v2",
    "jax/_src/numpy/indexing.py, take",
]
lessons = []

observed = {
    "numpy": {"raises": "IndexError"},
    "torch": {"raises": "RuntimeError"},
    "tensorflow": {"raises": "InvalidArgumentError"},
    "keras": 10.0,
    "jax": {"raises": "ValueError"},
    "pytensor": {"raises": "TypeError"},
}


def numpy():
    """An error."""

    import numpy as np

    TABLE = np.array([[0.0], [10.0], [20.0]])

    def default():
        """Row 1.7 of the rows 0, 10, 20."""
        return TABLE[np.array([1.7])].item()

    def matched():
        """Row 1.7, rounded down."""
        return TABLE[np.array([1.7]).astype(int)].item()

    return default, matched


def torch():
    """An error."""

    import torch

    EMBEDDING = torch.nn.Embedding.from_pretrained(torch.tensor([[0.0], [10.0], [20.0]]))

    def default():
        """Row 1.7 of the rows 0, 10, 20."""
        return EMBEDDING(torch.tensor([1.7])).item()

    def matched():
        """Row 1.7, rounded down."""
        return EMBEDDING(torch.tensor([1.7]).long()).item()

    return default, matched


def tensorflow():
    """An error."""

    import tensorflow as tf

    TABLE = tf.constant([[0.0], [10.0], [20.0]])

    def default():
        """Row 1.7 of the rows 0, 10, 20."""
        return float(tf.nn.embedding_lookup(TABLE, tf.constant([1.7]))[0, 0])

    def matched():
        """Row 1.7, rounded down."""
        return float(tf.nn.embedding_lookup(TABLE, tf.cast([1.7], tf.int32))[0, 0])

    return default, matched


def keras():
    """Rounded towards zero, on every backend."""

    import keras
    import numpy as np

    def default():
        """Row 1.7 of the rows 0, 10, 20."""
        layer = keras.layers.Embedding(3, 1)
        layer.build()
        layer.set_weights([np.array([[0.0], [10.0], [20.0]])])
        return keras.ops.convert_to_numpy(layer(np.array([1.7], dtype="float32"))).item()

    return default, default  # nothing to change


def jax():
    """An error."""

    import jax.numpy as jnp

    TABLE = jnp.array([[0.0], [10.0], [20.0]])

    def default():
        """Row 1.7 of the rows 0, 10, 20."""
        return jnp.take(TABLE, jnp.array([1.7]), axis=0).item()

    def matched():
        """Row 1.7, rounded down."""
        return jnp.take(TABLE, jnp.array([1.7]).astype(int), axis=0).item()

    return default, matched


def pytensor():
    """An error."""

    import pytensor.tensor as pt

    TABLE = pt.constant([[0.0], [10.0], [20.0]])

    def default():
        """Row 1.7 of the rows 0, 10, 20."""
        return TABLE[pt.constant([1.7])].eval().item()

    def matched():
        """Row 1.7, rounded down."""
        return TABLE[pt.cast(pt.constant([1.7]), "int64")].eval().item()

    return default, matched
