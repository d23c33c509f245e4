"""A dense layer's kernel: how wide it is drawn

PyTorch draws a kernel uniformly between ±1/√n_in, whatever the number of outputs. Keras takes
Glorot's bound, ±√(6/(n_in + n_out)). Flax takes LeCun's normal distribution, of standard deviation
1/√n_in, cut off at 2.27 of them. For 400 inputs and 200 outputs the largest weights are 0.05, 0.1
and 0.114.
"""

kind = "difference"
symptoms = """nn.Linear default initialization kaiming_uniform, Dense glorot_uniform xavier; weight
initialization differs; lower accuracy, worse convergence, worse than keras, different results with
the same model; flax Dense lecun_normal default initializer; flax nn.Dense kernel_init"""
matters = """Twice the scale at the start is another first loss and another path of training; with
sigmoid units it can decide whether a deep network learns at all."""
remedy = """Draw the kernel once in NumPy and copy it into all (`layer.weight.copy_(...)`,
`layer.set_weights(...)`, `layer.apply({"params": ...}, x)`). For the same distribution only:
`torch.nn.init.xavier_uniform_`, and `kernel_init=nn.initializers.xavier_uniform()` in Flax."""
sources = [
    "torch/nn/modules/linear.py, Linear.reset_parameters",
    "keras/src/layers/core/dense.py, Dense, kernel_initializer",
    "flax/linen/linear.py, Dense, default_kernel_init",
]
lessons = [1, 2, 3, 4, 7, 8]

observed = {"torch": 0.04999932, "keras": 0.09999824, "jax": 0.1136797}
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


def jax():
    """Flax's `Dense` looks at the inputs: LeCun's normal distribution, cut off and widened."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp
    import numpy as np

    def default():
        """The largest of 80,000 weights of a fresh layer, which almost reaches the bound."""
        variables = nn.Dense(200).init(jax.random.key(0), jnp.ones((1, 400)))
        return float(jnp.abs(variables["params"]["kernel"]).max())

    def matched():
        """The output for a row of ones, with a kernel that NumPy drew."""
        kernel = np.random.default_rng(0).uniform(-0.1, 0.1, (4, 3))
        weights = {"kernel": jnp.asarray(kernel), "bias": jnp.zeros(3)}
        return nn.Dense(3).apply({"params": weights}, jnp.ones((1, 4))).tolist()

    return default, matched
