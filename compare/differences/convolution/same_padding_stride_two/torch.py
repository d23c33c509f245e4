"""\"same\" is refused where there is a stride."""

import torch

X, ONES = torch.arange(1.0, 5.0).reshape(1, 1, 4), torch.ones(1, 1, 3)


def default():
    """Sums of three of 1, 2, 3, 4, padded and with a stride of 2."""
    return torch.nn.Conv1d(1, 1, 3, stride=2, padding="same")(X).flatten().tolist()


def matched():
    """With one zero put at the end."""
    padded = torch.nn.functional.pad(X, (0, 1))
    return torch.nn.functional.conv1d(padded, ONES, stride=2).flatten().tolist()
