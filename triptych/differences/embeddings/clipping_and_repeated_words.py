"""Clipping the gradient of a word that occurs three times in a batch

Three occurrences with gradient 1 make a gradient of 3, and PyTorch clips that to 1. TensorFlow
keeps them as three rows, whose norm is √3; clipped to 1, they add up to 1.73. Keras does the same
on TensorFlow, and not on PyTorch and JAX.
"""

kind = "difference"
symptoms = """clip_by_global_norm IndexedSlices, clipnorm of a sparse embedding gradient,
gradient norm too large"""
matters = """Clipping protects training from the rare large step. With an embedding in TensorFlow a
step can still be √n times as large as allowed, for a word that occurs n times."""
remedy = """In a training loop, `tf.convert_to_tensor(gradient)` before clipping adds the rows up.
For `fit`, look words up in a product, `keras.ops.take(1.0 * layer.embeddings, words, axis=0)`."""
sources = [
    "tensorflow/python/ops/clip_ops.py, global_norm",
    "https://www.tensorflow.org/api_docs/python/tf/IndexedSlices",
    "keras/src/optimizers/base_optimizer.py, clip_by_global_norm",
    "torch/nn/utils/clip_grad.py, clip_grad_norm_",
]
lessons = []

observed = {
    "torch": -1.0,
    "tensorflow": -1.7320508,
    "keras": -1.7320508,
    "keras-torch": -1.0,
    "keras-jax": -1.0,
}
round_off = 1e-6  # float32, and PyTorch divides by the norm plus 1e-6


def torch():
    """The norm is that of the sum."""

    import torch

    def default():
        """A step of 1 along the gradient, clipped to norm 1, of a word that occurs three times."""
        embedding = torch.nn.Embedding.from_pretrained(torch.zeros(2, 1), freeze=False)
        embedding(torch.tensor([0, 0, 0])).sum().backward()
        torch.nn.utils.clip_grad_norm_(embedding.parameters(), max_norm=1.0)
        torch.optim.SGD(embedding.parameters(), lr=1.0).step()
        return embedding.weight[0].item()

    return default, default  # nothing to change


def tensorflow():
    """The norm is that of the rows."""

    import tensorflow as tf

    def step(prepare):
        """A step of 1 along the gradient, clipped to norm 1, of a word that occurs three times."""
        table = tf.Variable(tf.zeros((2, 1)))
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(tf.nn.embedding_lookup(table, [0, 0, 0]))
        gradient = prepare(tape.gradient(total, table))
        (clipped,), _ = tf.clip_by_global_norm([gradient], 1.0)
        tf.keras.optimizers.SGD(learning_rate=1.0).apply_gradients([(clipped, table)])
        return float(table[0, 0])

    def default():
        """As it is."""
        return step(lambda gradient: gradient)

    def matched():
        """With the rows added up."""
        return step(tf.convert_to_tensor)

    return default, matched


def keras():
    """It depends on the backend."""

    import keras
    import numpy as np

    class Product(keras.layers.Embedding):
        """An embedding whose gradient has the shape of the table."""

        def call(self, words):
            return keras.ops.take(1.0 * self.embeddings, keras.ops.cast(words, "int32"), axis=0)

    def trained(layer):
        """The first word's embedding after a step of `fit` on the sum of three times that word."""
        model = keras.Sequential([layer])
        optimizer = keras.optimizers.SGD(1.0, global_clipnorm=1.0)
        model.compile(optimizer, loss=lambda _, y: keras.ops.sum(y))
        model.fit(np.array([[0, 0, 0]]), np.zeros((1, 3, 1)), verbose=0)
        return float(layer.get_weights()[0][0, 0])

    def default():
        """With the layer."""
        return trained(keras.layers.Embedding(2, 1, embeddings_initializer="zeros"))

    def matched():
        """With the product."""
        return trained(Product(2, 1, embeddings_initializer="zeros"))

    return default, matched
