"""−∞ minus −∞."""

import torch


def default():
    """Of −∞ and −∞."""
    return torch.softmax(torch.tensor([-torch.inf, -torch.inf]), dim=0).tolist()
