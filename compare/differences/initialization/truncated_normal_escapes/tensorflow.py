"""`truncated_normal` draws again until every number is inside."""

import tensorflow as tf


def default():
    """Whether any of a million draws lies beyond two standard deviations."""
    draws = tf.random.stateless_truncated_normal((1_000_000,), seed=(0, 0))
    return bool(tf.reduce_any(tf.abs(draws) > 2))


def matched():
    """Nothing to change."""
    return default()
