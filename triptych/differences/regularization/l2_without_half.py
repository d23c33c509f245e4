"""An L2 penalty of 0.01: with a half or without

For a weight of 2, `weight_decay=0.01` adds 0.02 to the gradient in PyTorch: it is the gradient of
½·λ·w². Keras's `kernel_regularizer="l2"` is λ·w² with λ = 0.01, whose gradient is 0.04.
"""

kind = "difference"
symptoms = """kernel_regularizer l2 different from weight_decay, factor 2, weight decay vs l2
regularization, regularizers.l2(0.01), tf.nn.l2_loss half"""
matters = "The same number regularises twice as strongly in Keras."
remedy = """`weight_decay` is twice Keras's number: 0.02 in PyTorch for `"l2"` in Keras."""
sources = [
    "torch/optim/sgd.py, _single_tensor_sgd",
    "keras/src/regularizers/regularizers.py, L2",
]
lessons = [3, 4, 7]

observed = {"torch": 0.02, "keras": 0.04}
round_off = 1e-6  # float32


def torch():
    """PyTorch: the gradient is λ·w."""

    import torch

    def default():
        """The penalty's part of the gradient of a weight of 2."""
        return gradient(weight_decay=0.01)

    def matched():
        """The same, for Keras's "l2"."""
        return gradient(weight_decay=0.02)

    def gradient(weight_decay):
        w = torch.nn.Parameter(torch.full((1,), 2.0))
        w.grad = torch.zeros(1)
        torch.optim.SGD([w], lr=1.0, weight_decay=weight_decay).step()
        return 2.0 - w.item()

    return default, matched


def keras():
    """Keras: the penalty is λ·w²."""

    import keras
    import numpy as np

    def default():
        """The penalty's part of the gradient of a weight of 2."""
        start = keras.initializers.Constant(2.0)
        layer = keras.layers.Dense(1, kernel_initializer=start, kernel_regularizer="l2")
        model = keras.Sequential([keras.Input((1,)), layer])
        model.compile(keras.optimizers.SGD(1.0), loss="mse", run_eagerly=True)
        model.train_on_batch(np.zeros((1, 1)), np.zeros((1, 1)))
        return 2.0 - layer.kernel.numpy().item()

    def matched():
        """The same."""
        return default()

    return default, matched
