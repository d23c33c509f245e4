"""PyTorch clips by the norm of all gradients together."""

import torch


def default():
    """The gradients 3 and 4 clipped to norm 1."""
    weights = [torch.nn.Parameter(torch.zeros(1)) for _ in range(2)]
    for w, gradient in zip(weights, (3.0, 4.0), strict=True):
        w.grad = torch.full_like(w, gradient)
    torch.nn.utils.clip_grad_norm_(weights, max_norm=1.0)
    return [w.grad.item() for w in weights]


def matched():
    """The same."""
    return default()
