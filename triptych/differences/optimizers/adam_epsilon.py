"""Adam's epsilon: after the correction or before it

With the same epsilon of 0.001 and a first gradient of 0.01, PyTorch and Optax move the weight by
0.91 learning rates and Keras by 0.24. PyTorch and Optax add epsilon to the root of the corrected
second moment, as algorithm 1 of the paper does; Keras adds it to the uncorrected root, which after
one step is 32 times smaller.
"""

kind = "difference"
symptoms = """Adam TensorFlow different from PyTorch, epsilon hat, eps added before or after
bias correction, adam update does not match, optax.adam; training unstable at the start, curves
differ after the first step"""
matters = """Where gradients are small, Keras's first steps are far smaller, although every constant
is the same."""
remedy = """No constant matches at every step: in Keras multiply `epsilon` by √(1 − β₂ᵗ) before step
t, in a subclass if the step is compiled, or choose an epsilon that is negligible compared with the
gradients in both."""
sources = [
    "https://arxiv.org/abs/1412.6980 (Kingma and Ba: algorithm 1; epsilon hat, section 2)",
    "torch/optim/adam.py, _single_tensor_adam",
    "keras/src/optimizers/adam.py, Adam.update_step",
    "optax/_src/transform.py, scale_by_adam",
    "https://github.com/google-deepmind/optax/issues/571 (on TensorFlow's)",
]
lessons = [4, 8]

observed = {"numpy": 0.909090909, "torch": 0.909090909, "keras": 0.240251, "jax": 0.909090909}
tolerance = 1e-5  # Keras and Optax compute 1 − β₂ᵗ in float32, which loses 1e-5 of it
round_off = 1e-5  # for the same reason


def numpy():
    """Algorithm 1 of Kingma and Ba, as printed."""

    import numpy as np

    def default():
        """How far one step from gradient 0.01 goes, in learning rates."""
        return step([0.01])

    def matched():
        """The same over three steps."""
        return step([0.01, 0.02, -0.01])

    def step(gradients, beta_1=0.9, beta_2=0.999, epsilon=1e-3):
        w, m, v = 0.0, 0.0, 0.0
        for t, g in enumerate(gradients, start=1):
            m = beta_1 * m + (1 - beta_1) * g
            v = beta_2 * v + (1 - beta_2) * g**2
            m_hat, v_hat = m / (1 - beta_1**t), v / (1 - beta_2**t)
            w -= m_hat / (np.sqrt(v_hat) + epsilon)
        return -float(w)

    return default, matched


def torch():
    """PyTorch adds epsilon to the root of the corrected second moment."""

    import torch

    def default():
        """How far one step from gradient 0.01 goes, in learning rates."""
        return step([0.01])

    def matched():
        """The same over three steps."""
        return step([0.01, 0.02, -0.01])

    def step(gradients):
        w = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
        optimizer = torch.optim.Adam([w], lr=1.0, eps=1e-3)
        for g in gradients:
            w.grad = torch.full_like(w, g)
            optimizer.step()
        return -w.item()

    return default, matched


def keras():
    """Keras adds epsilon to the root of the second moment before it is corrected."""

    import keras
    import numpy as np

    def default():
        """How far one step from gradient 0.01 goes, in learning rates."""
        w = keras.Variable(0.0)
        optimizer = keras.optimizers.Adam(learning_rate=1.0, epsilon=1e-3)
        optimizer.apply([keras.ops.convert_to_tensor(0.01)], [w])
        return -float(w.numpy())

    def matched():
        """The same over three steps, with epsilon scaled by the correction."""
        w = keras.Variable(0.0)
        optimizer = keras.optimizers.Adam(learning_rate=1.0)
        for t, g in enumerate([0.01, 0.02, -0.01], start=1):
            optimizer.epsilon = float(1e-3 * np.sqrt(1 - 0.999**t))
            optimizer.apply([keras.ops.convert_to_tensor(g)], [w])
        return -float(w.numpy())

    return default, matched


def jax():
    """Optax adds epsilon as PyTorch does; its eps_root, under the root, is 0."""

    import jax.numpy as jnp
    import optax

    def default():
        """How far one step from gradient 0.01 goes, in learning rates."""
        return step([0.01])

    def matched():
        """The same over three steps."""
        return step([0.01, 0.02, -0.01])

    def step(gradients):
        w, optimizer = jnp.zeros(()), optax.adam(1.0, eps=1e-3)
        state = optimizer.init(w)
        for g in gradients:
            updates, state = optimizer.update(jnp.asarray(g), state)
            w = optax.apply_updates(w, updates)
        return -float(w)

    return default, matched
