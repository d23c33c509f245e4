"""A label of -100

Two rows, the second with the label −100. PyTorch leaves it out and returns the loss of the first,
0.127. TensorFlow, and Keras on it, raise an error on the CPU; Keras on PyTorch or JAX takes the
second row's loss for 0, divides by both rows, and returns half of the right number.
"""

kind = "difference"
symptoms = """ignore_index=-100, ignore_class, masked tokens label, padding label; nan loss when
all are ignored"""
matters = """Data prepared for PyTorch, with −100 where there is nothing to predict, cause an error
elsewhere or, worse, a loss that looks right."""
remedy = """In Keras set `ignore_class=-100`; in TensorFlow mask the rows. Keras then divides by all
rows and PyTorch by those that count, so take sums."""
sources = [
    "torch/nn/modules/loss.py, CrossEntropyLoss",
    "keras/src/losses/losses.py, SparseCategoricalCrossentropy",
]
lessons = []

observed = {
    "torch": 0.1269280,
    "tensorflow": {"raises": "InvalidArgumentError"},
    "keras": {"raises": "InvalidArgumentError"},
    "keras-torch": 0.0634640,
    "keras-jax": 0.0634640,
}
round_off = 1e-6  # float32


def torch():
    """PyTorch leaves rows with the label −100 out."""

    import torch

    LOGITS, LABELS = torch.tensor([[2.0, 0.0], [2.0, 0.0]]), torch.tensor([0, -100])

    def default():
        """The loss of two rows, of which the second has the label −100."""
        return torch.nn.CrossEntropyLoss()(LOGITS, LABELS).item()

    def matched():
        """The same as a sum."""
        return torch.nn.CrossEntropyLoss(reduction="sum")(LOGITS, LABELS).item()

    return default, matched


def tensorflow():
    """TensorFlow has no such label."""

    import tensorflow as tf

    LOGITS, LABELS = tf.constant([[2.0, 0.0], [2.0, 0.0]]), tf.constant([0, -100])

    def default():
        """The loss of two rows, of which the second has the label −100."""
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=LABELS, logits=LOGITS)
        return float(tf.reduce_mean(losses))

    def matched():
        """The same as a sum, of the rows that count."""
        counts = LABELS != -100
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=LABELS[counts], logits=LOGITS[counts]
        )
        return float(tf.reduce_sum(losses))

    return default, matched


def keras():
    """Keras has no such label by default."""

    import keras
    import numpy as np

    LOGITS = np.array([[2.0, 0.0], [2.0, 0.0]], dtype="float32")
    LABELS = np.array([0, -100])

    def default():
        """The loss of two rows, of which the second has the label −100."""
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        return float(loss(LABELS, LOGITS))

    def matched():
        """The same as a sum, with `ignore_class`."""
        loss = keras.losses.SparseCategoricalCrossentropy(
            from_logits=True, ignore_class=-100, reduction="sum"
        )
        return float(loss(LABELS, LOGITS))

    return default, matched
