"""The precision of Adam's bias correction

Adam's first step is one learning rate whatever the gradient. In float32 PyTorch is right to one
bit; Keras is off by about seven millionths, because it computes 1 − β₂ᵗ in float32, where 1 − 0.999
has lost three digits. The value shown is the error in millionths.
"""

kind = "difference"
symptoms = "adam bias correction float32, first step, beta power, 1 - beta**t precision"
matters = """A comparison of two frameworks to six digits fails at the first step, without any
mistake in the model."""
remedy = """Choose constants that float32 holds exactly, such as `beta_1=0.875` and `beta_2=1 -
2**-10`, or write a subclass that computes the correction in another way."""
sources = [
    "torch/optim/adam.py, _single_tensor_adam",
    "keras/src/optimizers/adam.py, Adam.update_step",
]
lessons = [4, 8]

observed = {"torch": 0.0, "keras": -7.0}
tolerance = 0.15  # one bit of float32, in millionths
round_off = 0.15  # the same


def torch():
    """PyTorch computes 1 − β₂ᵗ as a Python float."""

    import torch

    def default():
        """How far Adam's first step is from one learning rate, in millionths."""
        return error(betas=(0.9, 0.999))

    def matched():
        """The same, with constants that float32 holds exactly."""
        return error(betas=(0.875, 1 - 2**-10))

    def error(betas):
        w = torch.nn.Parameter(torch.zeros(1))
        w.grad = torch.ones(1)
        torch.optim.Adam([w], lr=1.0, betas=betas, eps=1e-30).step()
        return (-w.item() - 1) * 1e6

    return default, matched


def keras():
    """Keras computes 1 − β₂ᵗ in the weights' dtype."""

    import keras

    def default():
        """How far Adam's first step is from one learning rate, in millionths."""
        return error(beta_1=0.9, beta_2=0.999)

    def matched():
        """The same, with constants that float32 holds exactly."""
        return error(beta_1=0.875, beta_2=1 - 2**-10)

    def error(**betas):
        w = keras.Variable(0.0)
        optimizer = keras.optimizers.Adam(learning_rate=1.0, epsilon=1e-30, **betas)
        optimizer.apply([keras.ops.ones(())], [w])
        return (-float(w.numpy()) - 1) * 1e6

    return default, matched
