"""The direction of steepest ascent."""

import torch


def default():
    """[real, imaginary] part of the gradient of |z|² at 1 + 2i."""
    z = torch.tensor(1 + 2j, requires_grad=True)
    (z * z.conj()).real.backward()
    return [z.grad.real.item(), z.grad.imag.item()]


def matched():
    """Nothing to change."""
    return default()
