"""SGD's weight_decay: in the gradient or separate from it

In PyTorch `weight_decay` is added to the gradient, so momentum accumulates it; in Keras the weights
shrink separately, without momentum. A weight of 1 without any gradient is after two steps with
momentum 0.9 at 0.9711 and at 0.9801.
"""

kind = "difference"
symptoms = """SGD weight_decay keras torch, L2 in the gradient, weight decay vs l2
regularization; penalty missing in the loss"""
matters = """With momentum 0.9 the same number decays weights up to ten times faster in PyTorch.
Without momentum both are the same."""
remedy = """In Keras leave `weight_decay` out and use `kernel_regularizer=L2(wd / 2)`, whose
gradient passes through momentum too."""
sources = [
    "https://arxiv.org/abs/1711.05101 (Loshchilov and Hutter, on the two kinds of decay)",
    "torch/optim/sgd.py, _single_tensor_sgd",
    "keras/src/optimizers/base_optimizer.py, BaseOptimizer._apply_weight_decay",
]
lessons = [3, 4, 7]

observed = {"torch": 0.9711, "keras": 0.9801}
round_off = 1e-6  # float32


def torch():
    """PyTorch: g ← g + λ·w, before momentum."""

    import torch

    def default():
        """A weight of 1 after two steps with no gradient but the decay."""
        w = torch.nn.Parameter(torch.ones(1))
        optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9, weight_decay=0.1)
        for _ in range(2):
            w.grad = torch.zeros(1)
            optimizer.step()
        return w.item()

    def matched():
        """The same."""
        return default()

    return default, matched


def keras():
    """Keras: w ← w − η·λ·w, separately."""

    import keras
    import numpy as np

    def default():
        """A weight of 1 after two steps with no gradient but the decay."""
        w = keras.Variable(1.0)
        optimizer = keras.optimizers.SGD(learning_rate=0.1, momentum=0.9, weight_decay=0.1)
        for _ in range(2):
            optimizer.apply([keras.ops.zeros(())], [w])
        return float(w.numpy())

    def matched():
        """The same, with a penalty on the kernel instead of the decay."""
        layer = keras.layers.Dense(
            1, kernel_initializer="ones", kernel_regularizer=keras.regularizers.L2(0.1 / 2)
        )
        model = keras.Sequential([keras.Input((1,)), layer])
        model.compile(keras.optimizers.SGD(0.1, momentum=0.9), loss="mse", run_eagerly=True)
        for _ in range(2):
            model.train_on_batch(np.zeros((1, 1)), np.zeros((1, 1)))
        return float(layer.kernel.numpy().item())

    return default, matched
