"""PyTorch: w ← w − η·λ·w."""

import torch


def default():
    """What a step of learning rate 0.01 and decay 0.1 takes off a weight of 1."""
    w = torch.nn.Parameter(torch.ones(1))
    w.grad = torch.zeros(1)
    torch.optim.AdamW([w], lr=0.01, weight_decay=0.1).step()
    return 1 - w.item()
