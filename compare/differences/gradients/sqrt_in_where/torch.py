"""0 times the infinite slope of the root."""

import torch


def slope(guarded):
    """The gradient at 0 of a root that is used only above 0."""
    x = torch.zeros((), requires_grad=True)
    inside = torch.where(x > 0, x, 1.0) if guarded else x
    torch.where(x > 0, inside.sqrt(), 0.0).backward()
    return x.grad.item()


def default():
    """With one `where`."""
    return slope(guarded=False)


def matched():
    """With two."""
    return slope(guarded=True)
