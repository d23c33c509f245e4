"""An optimizer's constants in a float64 run

All weights and gradients are float64, momentum is 0.9. PyTorch computes with 0.9; TensorFlow's
optimizers, which are Keras's, turn Python numbers into float32 on the way, and compute with
0.89999998. The value shown is how much two steps fall short, in billionths.
"""

kind = "difference"
symptoms = """momentum 0.9 becomes 0.89999998, learning rate float32, hyperparameter precision
in float64"""
matters = """A comparison of two frameworks in float64 shows a difference in the eighth digit, which
looks like a mistake in the model."""
remedy = "Pass the constants as `np.float64(0.9)`: arrays keep their dtype."
sources = [
    "torch/optim/sgd.py, _single_tensor_sgd",
    "keras/src/optimizers/sgd.py, SGD.update_step",
    "keras/src/backend/tensorflow/core.py, cast",
]
lessons = [3, 4, 7, 8]

observed = {"torch": 0.0, "tensorflow": 23.841858}
tolerance = 1e-5  # a difference of two numbers near 1, in billionths: 1e-7 of it is rounding
round_off = 1e-5  # for the same reason


def torch():
    """PyTorch's constants are Python floats until they are multiplied with the weights."""

    import torch

    def default():
        """By how much two steps with momentum 0.9 fall short, in billionths."""
        w = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
        optimizer = torch.optim.SGD([w], lr=1.0, momentum=0.9)
        for _ in range(2):
            w.grad = torch.ones_like(w)
            optimizer.step()
        return (2.9 + w.item()) * 1e9

    def matched():
        """The same."""
        return default()

    return default, matched


def tensorflow():
    """Python floats pass through float32."""

    import numpy as np
    import tensorflow as tf

    def default():
        """By how much two steps with momentum 0.9 fall short, in billionths."""
        return shortfall(0.9)

    def matched():
        """The same, with a constant that has a dtype."""
        return shortfall(np.float64(0.9))

    def shortfall(momentum):
        w = tf.Variable(0.0, dtype=tf.float64)
        optimizer = tf.keras.optimizers.SGD(learning_rate=1.0, momentum=momentum)
        for _ in range(2):
            optimizer.apply_gradients([(tf.ones_like(w), w)])
        return (2.9 + float(w)) * 1e9

    return default, matched
