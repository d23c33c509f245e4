"""PyTorch's decay takes every parameter that it is given."""

import torch


def default():
    """Kernel and bias after a step with no gradient but the decay."""
    layer = ones()
    return step(layer, torch.optim.SGD(layer.parameters(), lr=0.1, weight_decay=0.2))


def matched():
    """The same, with the bias in a group of its own."""
    layer = ones()
    groups = [{"params": [layer.weight]}, {"params": [layer.bias], "weight_decay": 0.0}]
    return step(layer, torch.optim.SGD(groups, lr=0.1, weight_decay=0.2))


def ones():
    layer = torch.nn.Linear(1, 1)
    for parameter in layer.parameters():
        torch.nn.init.ones_(parameter)
        parameter.grad = torch.zeros_like(parameter)
    return layer


def step(layer, optimizer):
    optimizer.step()
    return [parameter.item() for parameter in layer.parameters()]
