"""A dense layer's kernel: how wide it is drawn

PyTorch draws a kernel uniformly between ±1/√n_in, whatever the number of outputs. Keras takes
Glorot's bound, ±√(6/(n_in + n_out)). For 400 inputs and 200 outputs that is 0.05 against 0.1.
"""

kind = "difference"
symptoms = """nn.Linear default initialization kaiming_uniform, Dense glorot_uniform xavier;
weight initialization differs; lower accuracy, worse convergence, worse than keras, different
results with the same model; flax Dense lecun_normal default initializer"""
matters = """Twice the scale at the start is another first loss and another path of training; with
sigmoid units it can decide whether a deep network learns at all."""
remedy = """Draw the kernel once in NumPy and copy it into both (`layer.weight.copy_(...)`,
`layer.set_weights(...)`). For the same distribution only: `torch.nn.init.xavier_uniform_`."""
sources = [
    "torch/nn/modules/linear.py, Linear.reset_parameters",
    "keras/src/layers/core/dense.py, Dense, kernel_initializer",
]
lessons = [1, 2, 3, 4, 7, 8]

observed = {"torch": 0.04999932, "keras": 0.09999824}
tolerance = 1e-3  # the largest of 80,000 draws comes this close to the bound
round_off = 1e-6  # Keras's layers multiply in float32 on PyTorch and JAX


def torch():
    """`nn.Linear` looks at the number of inputs only: ±1/√n_in."""

    import numpy as np
    import torch

    def default():
        """The largest of 80,000 weights of a fresh layer, which almost reaches the bound."""
        torch.manual_seed(0)
        return float(torch.nn.Linear(400, 200).weight.detach().abs().max())

    def matched():
        """The output for a row of ones, with a kernel that NumPy drew."""
        kernel = np.random.default_rng(0).uniform(-0.1, 0.1, (4, 3))
        layer = torch.nn.Linear(4, 3)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(kernel.T))
            layer.bias.zero_()
        return layer(torch.ones(1, 4)).tolist()

    return default, matched


def keras():
    """`Dense` looks at inputs and outputs: Glorot's ±√(6 / (n_in + n_out))."""

    import keras
    import numpy as np

    def default():
        """The largest of 80,000 weights of a fresh layer, which almost reaches the bound."""
        keras.utils.set_random_seed(0)
        layer = keras.layers.Dense(200)
        layer.build((None, 400))
        return float(np.abs(layer.get_weights()[0]).max())

    def matched():
        """The output for a row of ones, with a kernel that NumPy drew."""
        kernel = np.random.default_rng(0).uniform(-0.1, 0.1, (4, 3))
        layer = keras.layers.Dense(3)
        layer.build((None, 4))
        layer.set_weights([kernel, np.zeros(3)])
        return keras.ops.convert_to_numpy(layer(np.ones((1, 4)))).tolist()

    return default, matched
