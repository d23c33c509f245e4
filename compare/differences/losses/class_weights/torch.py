"""PyTorch divides by the sum of the weights."""

import torch

LOGITS, LABELS = torch.zeros(2, 2), torch.tensor([0, 1])
WEIGHTS = torch.tensor([1.0, 3.0])


def default():
    """The loss of two rows of weights 1 and 3."""
    return torch.nn.CrossEntropyLoss(weight=WEIGHTS)(LOGITS, LABELS).item()


def matched():
    """The same, divided by the number of rows."""
    loss = torch.nn.CrossEntropyLoss(weight=WEIGHTS, reduction="sum")
    return loss(LOGITS, LABELS).item() / len(LABELS)
