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
