"""The effect of freezing on batch normalisation

A frozen layer meets a batch with mean 1 in training mode. PyTorch's `requires_grad_(False)` freezes
the parameters only, and the running mean moves to 0.1; Keras's `trainable = False` makes the layer
predict, and the moving mean stays 0.
"""

kind = "difference"
symptoms = """trainable=False BatchNormalization runs in inference mode, requires_grad False
running statistics still change, fine-tuning frozen batch norm, model.eval"""
matters = """Fine-tuning with a frozen base slowly shifts its statistics in PyTorch, and its
predictions change although no parameter does."""
remedy = "In PyTorch also call `layer.eval()`, and again after each `model.train()`."
sources = [
    "torch/nn/modules/batchnorm.py, _BatchNorm.forward",
    "keras/src/layers/normalization/batch_normalization.py, BatchNormalization",
]
lessons = []

observed = {"torch": 0.1, "keras": 0.0}
round_off = 1e-6  # float32


def torch():
    """PyTorch: the mode is independent of the gradients."""

    import torch

    def default():
        """The running mean of a frozen layer after a batch with mean 1."""
        return running_mean(torch.nn.BatchNorm1d(1).requires_grad_(False).train())

    def matched():
        """The same, in evaluation mode."""
        return running_mean(torch.nn.BatchNorm1d(1).requires_grad_(False).eval())

    def running_mean(layer):
        layer(torch.tensor([[0.0], [2.0]]))
        return layer.running_mean.item()

    return default, matched


def keras():
    """Keras: a layer that is not trainable predicts."""

    import keras
    import numpy as np

    def default():
        """The moving mean of a frozen layer after a batch with mean 1."""
        layer = keras.layers.BatchNormalization()
        layer.build((None, 1))
        layer.trainable = False
        layer(np.array([[0.0], [2.0]], dtype="float32"), training=True)
        return layer.moving_mean.numpy().item()

    def matched():
        """The same."""
        return default()

    return default, matched
