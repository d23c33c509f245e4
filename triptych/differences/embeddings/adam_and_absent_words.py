"""Adam and a word that is not in the batch

PyTorch has sparse gradients with `Embedding(sparse=True)`, which `Adam` refuses; `SparseAdam`, the
one to use, leaves words alone that a batch does not contain. TensorFlow's gradients of embeddings
are sparse by default, and Keras's Adam still moves every word, by its momentum.
"""

kind = "difference"
symptoms = """SparseAdam, LazyAdam, rows of the embedding not in the batch move, momentum of
absent words"""
matters = """A rare word makes one step in PyTorch and goes on drifting for dozens of batches in
Keras: here to −0.1, or to −0.167 after one further batch."""
remedy = "In PyTorch leave `sparse` at False and take `Adam`, which moves every word too."
sources = [
    "torch/optim/sparse_adam.py, SparseAdam",
    "torch/nn/modules/sparse.py, Embedding, sparse",
    "https://www.tensorflow.org/api_docs/python/tf/IndexedSlices",
    "keras/src/optimizers/adam.py, Adam.update_step",
]
lessons = []

observed = {"torch": -0.1, "tensorflow": -0.1670039, "keras": -0.1670039}
tolerance = 1e-5  # Adam's epsilon and its correction in float32
round_off = 1e-5  # for the same reason


def torch():
    """`SparseAdam` has a momentum for the words of the batch only."""

    import torch

    def trained(optimizer, sparse):
        """Word 0 after a batch of word 0 and one of word 1, with the sum of embeddings as loss."""
        table = torch.zeros(2, 2)
        embedding = torch.nn.Embedding.from_pretrained(table, freeze=False, sparse=sparse)
        optimizer = optimizer(embedding.parameters(), lr=0.1)
        for word in (0, 1):
            optimizer.zero_grad()
            embedding(torch.tensor([word])).sum().backward()
            optimizer.step()
        return embedding.weight[0, 0].item()

    def default():
        """With sparse gradients."""
        return trained(torch.optim.SparseAdam, sparse=True)

    def matched():
        """With dense ones."""
        return trained(torch.optim.Adam, sparse=False)

    return default, matched


def tensorflow():
    """The gradient is sparse, the step is not."""

    import tensorflow as tf

    def default():
        """Word 0 after a batch of word 0 and one of word 1, with the sum of embeddings as loss."""
        table = tf.Variable(tf.zeros((2, 2)))
        optimizer = tf.keras.optimizers.Adam(learning_rate=0.1)
        for word in (0, 1):
            with tf.GradientTape() as tape:
                total = tf.reduce_sum(tf.nn.embedding_lookup(table, [word]))
            optimizer.apply_gradients([(tape.gradient(total, table), table)])
        return float(table[0, 0])

    return default, default  # nothing to change


def keras():
    """Every word moves, on every backend."""

    import keras
    import numpy as np

    def default():
        """Word 0 after a batch of word 0 and one of word 1, with the sum of embeddings as loss."""
        layer = keras.layers.Embedding(2, 2, embeddings_initializer="zeros")
        model = keras.Sequential([layer])
        model.compile(keras.optimizers.Adam(0.1), loss=lambda _, y: keras.ops.sum(y))
        for word in (0, 1):
            model.fit(np.array([[word]]), np.zeros((1, 1, 2)), verbose=0)
        return float(layer.get_weights()[0][0, 0])

    return default, default  # nothing to change
