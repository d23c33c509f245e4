"""TensorFlow knows no such label."""

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
