"""`gather`: an element for each index, or a slice for each index

Of the rows 1, 2 and 3, 4, along axis 1 and with the indices 1 for the first row and 0 for the
second, PyTorch's `gather` returns 2 and 3: each index belongs to its row. TensorFlow's takes both
columns for both rows and returns 2, 1, 4, 3. NumPy and JAX call the first `take_along_axis` and the
second `take`.
"""

kind = "difference"
symptoms = "torch.gather, tf.gather, take_along_axis, batch_dims, index shape"
matters = """It is how a loss picks the logarithm of each row's own class. With TensorFlow's every
row contributes the classes of all rows, and the mean over them is a plausible loss."""
remedy = "`tf.gather(x, index, axis=1, batch_dims=1)` is PyTorch's `torch.gather(x, 1, index)`."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.gather.html",
    "https://www.tensorflow.org/api_docs/python/tf/gather (batch_dims)",
    "https://numpy.org/doc/stable/reference/generated/numpy.take_along_axis.html",
]
lessons = []

observed = {"torch": [2.0, 3.0], "tensorflow": [2.0, 1.0, 4.0, 3.0]}


def torch():
    """Each index belongs to its row."""

    import torch

    def default():
        """Column 1 for the row 1, 2 and column 0 for the row 3, 4."""
        x, index = torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([[1], [0]])
        return torch.gather(x, 1, index).flatten().tolist()

    return default, default  # nothing to change


def tensorflow():
    """Each index takes a column."""

    import tensorflow as tf

    X, INDEX = tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.constant([[1], [0]])

    def default():
        """Column 1 for the row 1, 2 and column 0 for the row 3, 4."""
        return tf.gather(X, INDEX, axis=1).numpy().ravel().tolist()

    def matched():
        """Row by row."""
        return tf.gather(X, INDEX, axis=1, batch_dims=1).numpy().ravel().tolist()

    return default, matched
