"""`None`."""

import torch


def default():
    """The gradient of a² with respect to b."""
    a, b = torch.ones((), requires_grad=True), torch.ones((), requires_grad=True)
    (a * a).backward()
    return str(b.grad)


def matched():
    """As zeros."""
    a, b = torch.ones((), requires_grad=True), torch.ones((), requires_grad=True)
    return str(torch.autograd.grad(a * a, b, materialize_grads=True)[0].item())
