"""The gradient of an embedding: the whole table, or the rows looked up

Words 0, 0 and 2 of four are looked up. The gradient has a row for each of the four words in
PyTorch, JAX and PyTensor. TensorFlow's tape returns a `tf.IndexedSlices` instead of a tensor: a row
for each of the three look-ups, and beside them the numbers of the words.
"""

kind = "difference"
symptoms = """IndexedSlices, sparse=True embedding gradient, converting sparse IndexedSlices to
a dense Tensor"""
matters = """Code for any gradient fails on it, or takes `.values` for the gradient, where word 0
stands twice with a half each. Keras's optimizers accept it, with the consequences of
adam_and_repeated_words and clipping_and_repeated_words."""
remedy = "`tf.convert_to_tensor(gradient)`: a tensor of the table's shape, repetitions added up."
sources = [
    "https://www.tensorflow.org/api_docs/python/tf/IndexedSlices",
    "tensorflow/python/ops/array_grad.py, _GatherV2Grad",
    "torch/nn/modules/sparse.py, Embedding, sparse",
]
lessons = []

observed = {"numpy": 4, "torch": 4, "tensorflow": 3, "jax": 4, "pytensor": 4}


def numpy():
    """The definition: what comes back is added to the row that it came from."""

    import numpy as np

    gradient = np.zeros((4, 1))
    np.add.at(gradient, [0, 0, 2], np.ones((3, 1)))

    def default():
        """The number of rows in the gradient of the sum of words 0, 0 and 2."""
        return len(gradient)

    def matched():
        """The gradient itself."""
        return gradient.ravel().tolist()

    return default, matched


def torch():
    """The shape of the table."""

    import torch

    def gradient():
        """With respect to a table of four words."""
        embedding = torch.nn.Embedding.from_pretrained(torch.zeros(4, 1), freeze=False)
        embedding(torch.tensor([0, 0, 2])).sum().backward()
        return embedding.weight.grad

    def default():
        """The number of rows in the gradient of the sum of words 0, 0 and 2."""
        return len(gradient())

    def matched():
        """The gradient itself."""
        return gradient().flatten().tolist()

    return default, matched


def tensorflow():
    """A `tf.IndexedSlices`."""

    import tensorflow as tf

    def gradient():
        """With respect to a table of four words."""
        table = tf.Variable(tf.zeros((4, 1)))
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(tf.nn.embedding_lookup(table, [0, 0, 2]))
        return tape.gradient(total, table)

    def default():
        """The number of rows in the gradient of the sum of words 0, 0 and 2."""
        return int(gradient().values.shape[0])

    def matched():
        """The gradient as a tensor."""
        return tf.convert_to_tensor(gradient()).numpy().ravel().tolist()

    return default, matched


def jax():
    """The shape of the table."""

    import jax
    import jax.numpy as jnp

    def gradient():
        """With respect to a table of four words."""
        return jax.grad(lambda table: table[jnp.array([0, 0, 2])].sum())(jnp.zeros((4, 1)))

    def default():
        """The number of rows in the gradient of the sum of words 0, 0 and 2."""
        return len(gradient())

    def matched():
        """The gradient itself."""
        return gradient().ravel().tolist()

    return default, matched


def pytensor():
    """The shape of the table."""

    import numpy as np
    import pytensor
    import pytensor.tensor as pt

    def gradient():
        """With respect to a table of four words."""
        table = pt.matrix("table", dtype="float64")
        gradient = pytensor.grad(table[pt.constant([0, 0, 2])].sum(), table)
        return gradient.eval({table: np.zeros((4, 1))})

    def default():
        """The number of rows in the gradient of the sum of words 0, 0 and 2."""
        return len(gradient())

    def matched():
        """The gradient itself."""
        return gradient().ravel().tolist()

    return default, matched
