"""Adam and a word that occurs three times in a batch

Adam's first step is the learning rate, here 0.1, whatever the gradient. TensorFlow returns the
gradient of an embedding as one row for each occurrence, and Keras's optimizers square these rows
before they are added up: the step becomes 0.1·√3. Keras on PyTorch and JAX is not affected.
"""

kind = "difference"
symptoms = "embedding IndexedSlices Adam duplicates, repeated indices, sparse gradient"
matters = """Frequent words move further than Adam intends, by √n for n occurrences in a batch, so
the same Keras model trains differently on its three backends. Adagrad and RMSprop square, too."""
remedy = """In a training loop, `tf.convert_to_tensor(gradient)` adds the rows up. For `fit`, look
words up in a product, `keras.ops.take(1.0 * layer.embeddings, words, axis=0)`: its gradient has
the shape of the table."""
sources = [
    "https://www.tensorflow.org/api_docs/python/tf/IndexedSlices",
    "keras/src/backend/tensorflow/sparse.py, densifying_unary and elementwise_unary",
    "keras/src/optimizers/adam.py, Adam.update_step",
    "torch/nn/modules/sparse.py, Embedding",
]
lessons = []

observed = {
    "numpy": -0.1,
    "torch": -0.1,
    "tensorflow": -0.1732051,
    "keras": -0.1732051,
    "keras-torch": -0.1,
    "keras-jax": -0.1,
}
tolerance = 1e-5  # Adam's epsilon and its correction in float32
round_off = 1e-5  # for the same reason


def numpy():
    """The definition."""

    def default():
        """A first step of Adam on the sum of one word's embedding, which occurs three times."""
        gradient = 3.0  # the moments, once corrected, are the gradient and its square
        return -0.1 * gradient / (gradient**2) ** 0.5

    return default, default  # nothing to change


def torch():
    """The gradient has the shape of the table, with the occurrences added up."""

    import torch

    def default():
        """A first step of Adam on the sum of one word's embedding, which occurs three times."""
        embedding = torch.nn.Embedding.from_pretrained(torch.zeros(2, 1), freeze=False)
        embedding(torch.tensor([0, 0, 0])).sum().backward()
        torch.optim.Adam(embedding.parameters(), lr=0.1).step()
        return embedding.weight[0].item()

    return default, default  # nothing to change


def tensorflow():
    """The gradient is a `tf.IndexedSlices` of three rows."""

    import tensorflow as tf

    def step(prepare):
        """A first step of Adam on the sum of one word's embedding, which occurs three times."""
        table = tf.Variable(tf.zeros((2, 1)))
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(tf.nn.embedding_lookup(table, [0, 0, 0]))
        gradient = prepare(tape.gradient(total, table))
        tf.keras.optimizers.Adam(learning_rate=0.1).apply_gradients([(gradient, table)])
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
        model.compile(keras.optimizers.Adam(0.1), loss=lambda _, y: keras.ops.sum(y))
        model.fit(np.array([[0, 0, 0]]), np.zeros((1, 3, 1)), verbose=0)
        return float(layer.get_weights()[0][0, 0])

    def default():
        """With the layer."""
        return trained(keras.layers.Embedding(2, 1, embeddings_initializer="zeros"))

    def matched():
        """With the product."""
        return trained(Product(2, 1, embeddings_initializer="zeros"))

    return default, matched
