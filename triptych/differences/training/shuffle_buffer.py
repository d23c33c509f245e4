"""Shuffling all rows, or the next ten

`Dataset.shuffle(10)` of TensorFlow keeps a buffer of ten rows and draws from it: the first row of
an epoch is always one of the first ten. PyTorch's `DataLoader(shuffle=True)` draws from all. The
value shown is whether one of 20 epochs over 100 rows started after the first ten.
"""

kind = "difference"
symptoms = """tf.data shuffle buffer_size, dataset not well shuffled, buffer too small; lower
accuracy with tf.data"""
matters = """With data sorted by class and a small buffer, batches hold one class each although they
were shuffled."""
remedy = "Give `shuffle` a buffer as large as the data."
sources = [
    "https://www.tensorflow.org/api_docs/python/tf/data/Dataset#shuffle",
    "torch/utils/data/sampler.py, RandomSampler",
]
lessons = []

observed = {"torch": True, "tensorflow": False}


def torch():
    """PyTorch draws a permutation of all rows."""

    import torch
    from torch.utils.data import DataLoader

    def default():
        """Whether one of 20 epochs starts after the first ten rows."""
        torch.manual_seed(0)
        rows = DataLoader(range(100), shuffle=True)
        return any(next(iter(rows)).item() >= 10 for _ in range(20))

    def matched():
        """The same."""
        return default()

    return default, matched


def tensorflow():
    """TensorFlow draws from a buffer."""

    import tensorflow as tf

    def default():
        """Whether one of 20 epochs starts after the first ten rows."""
        return begins_behind(buffer=10)

    def matched():
        """The same, with a buffer for all of them."""
        return begins_behind(buffer=100)

    def begins_behind(buffer):
        rows = tf.data.Dataset.range(100).shuffle(buffer, seed=0)
        return any(int(next(iter(rows))) >= 10 for _ in range(20))

    return default, matched
