"""AMSGrad: the largest of corrected or uncorrected moments

AMSGrad keeps the largest second moment so far. PyTorch and Keras both take the largest of the
uncorrected moments and correct it afterwards; three steps end at the same weight, 2.19 learning
rates away. Optax takes the largest of the corrected ones, and goes 1.77.
"""

kind = "difference"
symptoms = "Adam amsgrad=True different, optax.amsgrad bias_correction_nu"
matters = """The first corrected moments are the largest where gradients shrink, and Optax never
forgets them: its steps stay small."""
remedy = """In Optax pass `bias_correction_nu=False`, and a learning rate that contains the
correction, √(1 − β₂ᵗ) at step t."""
sources = [
    "https://openreview.net/forum?id=ryQu7f-RZ (Reddi, Kale and Kumar)",
    "torch/optim/adam.py, _single_tensor_adam",
    "keras/src/optimizers/adam.py, Adam.update_step",
    "optax/_src/transform.py, scale_by_amsgrad, bias_correction_nu",
]
lessons = []

observed = {"numpy": 2.1872, "torch": 2.1872, "keras": 2.1872, "jax": 1.772565}
tolerance = 1e-4  # Keras and Optax compute 1 − β₂ᵗ in float32
round_off = 1e-5  # for the same reason


def numpy():
    """The largest of the uncorrected moments, corrected afterwards."""

    import numpy as np

    def default():
        """How far three steps go, in learning rates."""
        w = m = v = largest = 0.0
        for t, g in enumerate((1.0, 0.0, 0.0), start=1):
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
            largest = max(largest, v)
            w -= m / (1 - 0.9**t) / np.sqrt(largest / (1 - 0.999**t))
        return -float(w)

    return default, default  # nothing to change


def torch():
    """PyTorch: max_exp_avg_sq is of the uncorrected moments."""

    import torch

    def default():
        """How far three steps go, in learning rates."""
        w = torch.nn.Parameter(torch.zeros(1))
        optimizer = torch.optim.Adam([w], lr=1.0, eps=1e-12, amsgrad=True)
        for gradient in (1.0, 0.0, 0.0):
            w.grad = torch.full_like(w, gradient)
            optimizer.step()
        return -w.item()

    return default, default  # nothing to change


def keras():
    """Keras: v_hat is of the uncorrected moments too."""

    import keras

    def default():
        """How far three steps go, in learning rates."""
        w = keras.Variable(0.0)
        optimizer = keras.optimizers.Adam(learning_rate=1.0, epsilon=1e-12, amsgrad=True)
        for gradient in (1.0, 0.0, 0.0):
            optimizer.apply([keras.ops.convert_to_tensor(gradient)], [w])
        return -float(w.numpy())

    return default, default  # nothing to change


def jax():
    """Optax: the largest of the corrected moments."""

    import jax.numpy as jnp
    import optax

    def default():
        """How far three steps go, in learning rates."""
        return steps(optax.amsgrad(1.0, eps=1e-12))

    def matched():
        """The same with the uncorrected ones, and the correction in the learning rate."""
        return steps(
            optax.amsgrad(
                lambda count: jnp.sqrt(1 - 0.999 ** (count + 1.0)),
                eps=1e-12,
                bias_correction_nu=False,
            )
        )

    def steps(optimizer):
        w = jnp.zeros(())
        state = optimizer.init(w)
        for gradient in (1.0, 0.0, 0.0):
            updates, state = optimizer.update(jnp.asarray(gradient), state)
            w = optax.apply_updates(w, updates)
        return -float(w)

    return default, matched
