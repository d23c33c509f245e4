"""Only floats are tracked."""

import torch


def default():
    """The gradient of x² at the integer 3."""
    x = torch.tensor(3, requires_grad=True)
    (x * x).backward()
    return str(x.grad.item())


def matched():
    """At 3.0."""
    x = torch.tensor(3.0, requires_grad=True)
    (x * x).backward()
    return str(x.grad.item())
