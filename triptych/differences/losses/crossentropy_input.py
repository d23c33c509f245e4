"""The input of cross-entropy: logits or probabilities

Given the probabilities 0.7, 0.2 and 0.1 and the first class, Keras's
`SparseCategoricalCrossentropy` returns −log 0.7 = 0.357. PyTorch's `CrossEntropyLoss` and
TensorFlow's `sparse_softmax_cross_entropy_with_logits` take them for logits, apply softmax a second
time, and return 0.768.
"""

kind = "difference"
symptoms = """CrossEntropyLoss expects logits, softmax applied twice, softmax before
CrossEntropyLoss, from_logits=True, SparseCategoricalCrossentropy, sigmoid before
BCEWithLogitsLoss, binary_crossentropy from_logits; loss stuck at 1.46 or 2.3, does not learn,
lower accuracy"""
matters = """A network that ends in softmax still trains under PyTorch's loss, only slowly and to a
worse result; it is one of the most frequent mistakes."""
remedy = "Let the network return logits, and in Keras set `from_logits=True`."
sources = [
    "torch/nn/modules/loss.py, CrossEntropyLoss",
    "keras/src/losses/losses.py, SparseCategoricalCrossentropy",
    "https://github.com/aymericdamien/TensorFlow-Examples/issues/50",
]
lessons = [3, 4, 7, 8]

observed = {"torch": 0.7679496, "tensorflow": 0.7679496, "keras": 0.3566749}
round_off = 1e-6  # float32


def torch():
    """PyTorch's loss starts with a softmax."""

    import torch

    def default():
        """The loss of three probabilities, of which the first is right."""
        return loss(torch.tensor([[0.7, 0.2, 0.1]]))

    def matched():
        """The same from logits."""
        return loss(torch.tensor([[0.7, 0.2, 0.1]]).log())

    def loss(scores):
        return torch.nn.CrossEntropyLoss()(scores, torch.tensor([0])).item()

    return default, matched


def tensorflow():
    """TensorFlow's function starts with a softmax, as its name says."""

    import tensorflow as tf

    def default():
        """The loss of three probabilities, of which the first is right."""
        return loss(tf.constant([[0.7, 0.2, 0.1]]))

    def matched():
        """The same from logits."""
        return loss(tf.math.log([[0.7, 0.2, 0.1]]))

    def loss(scores):
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0], logits=scores)
        return float(tf.reduce_mean(losses))

    return default, matched


def keras():
    """Keras expects probabilities."""

    import keras
    import numpy as np

    PROBABILITIES = np.array([[0.7, 0.2, 0.1]], dtype="float32")

    def default():
        """The loss of three probabilities, of which the first is right."""
        loss = keras.losses.SparseCategoricalCrossentropy()
        return float(loss(np.array([0]), PROBABILITIES))

    def matched():
        """The same from logits."""
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        return float(loss(np.array([0]), np.log(PROBABILITIES)))

    return default, matched
