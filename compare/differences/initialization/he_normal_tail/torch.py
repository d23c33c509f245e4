"""`kaiming_normal_` keeps the whole tail."""

import torch


def beyond(kernel):
    """The share of weights farther out than 2.5 times the nominal standard deviation."""
    return float((kernel.abs() > 2.5 * (2 / 400) ** 0.5).float().mean())


def default():
    """What `kaiming_normal_` draws for relu."""
    torch.manual_seed(0)
    return beyond(torch.nn.init.kaiming_normal_(torch.empty(200, 400), nonlinearity="relu"))


def matched():
    """The truncated one, widened so that its standard deviation is what He asks for."""
    torch.manual_seed(0)
    s = (2 / 400) ** 0.5 / 0.87962566103423978
    return beyond(torch.nn.init.trunc_normal_(torch.empty(200, 400), std=s, a=-2 * s, b=2 * s))
