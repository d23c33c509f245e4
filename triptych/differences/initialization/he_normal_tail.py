"""He's normal initialisation: with or without the tail

PyTorch's `kaiming_normal_` is a plain normal distribution, in which 1.2 % of the weights are beyond
2.5 standard deviations. `he_normal` of Keras (and so of TensorFlow) and of JAX is cut off: none is.
"""

kind = "difference"
symptoms = "he_normal kaiming_normal_ truncated, truncated normal, variance scaling"
matters = """Two programs with "He normal" start from different distributions. And the cut is not
where its name suggests: the distribution is widened by 1/0.8796 to keep its standard deviation, so
the largest weight is 2.27 and not 2 standard deviations away."""
remedy = """Copy weights; or cut in PyTorch, `trunc_normal_(w, std=s, a=-2*s, b=2*s)` with `s = (2 /
n_in) ** 0.5 / 0.8796`; or ask Keras for `VarianceScaling(2, "fan_in", "untruncated_normal")`."""
sources = [
    "torch/nn/init.py, kaiming_normal_",
    "keras/src/initializers/random_initializers.py, HeNormal, truncated_normal",
    "jax/_src/nn/initializers.py, he_normal",
]
lessons = [1, 2, 3, 4, 7, 8]

observed = {"torch": 0.0124125, "keras": 0.0, "jax": 0.0}
tolerance = 2e-3  # a share of 80,000 draws, whose standard deviation is 4e-4
round_off = (
    1e-4  # on PyTorch, Keras lets a few draws in a million escape (see truncated_normal_escapes)
)


def torch():
    """`kaiming_normal_` keeps the whole tail."""

    import torch

    def beyond(kernel):
        """The share of weights farther out than 2.5 times the nominal standard deviation."""
        return float((kernel.abs() > 2.5 * (2 / 400) ** 0.5).float().mean())

    def default():
        """What `kaiming_normal_` draws for relu."""
        torch.manual_seed(0)
        return beyond(torch.nn.init.kaiming_normal_(torch.empty(200, 400), nonlinearity="relu"))

    def matched():
        """The truncated one, widened so that it has He's standard deviation."""
        torch.manual_seed(0)
        s = (2 / 400) ** 0.5 / 0.87962566103423978
        return beyond(torch.nn.init.trunc_normal_(torch.empty(200, 400), std=s, a=-2 * s, b=2 * s))

    return default, matched


def keras():
    """`HeNormal` is cut off at two standard deviations of a distribution that it has widened."""

    import keras
    import numpy as np

    def default():
        """The share of weights farther out than 2.5 times the nominal standard deviation."""
        kernel = keras.ops.convert_to_numpy(keras.initializers.HeNormal(seed=0)((400, 200)))
        return float((np.abs(kernel) > 2.5 * (2 / 400) ** 0.5).mean())

    return default, default  # nothing to change


def jax():
    """`he_normal` is truncated as in Keras."""

    import jax
    import jax.numpy as jnp

    def default():
        """The share of weights farther out than 2.5 times the nominal standard deviation."""
        kernel = jax.nn.initializers.he_normal()(jax.random.key(0), (400, 200))
        return float(jnp.mean(jnp.abs(kernel) > 2.5 * (2 / 400) ** 0.5))

    return default, default  # nothing to change
