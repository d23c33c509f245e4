"""PyTorch: the loop of its tutorials, a DataLoader over a TensorDataset and one step per batch.

After https://docs.pytorch.org/tutorials/beginner/basics/optimization_tutorial.html and, for data
in tensors, https://docs.pytorch.org/tutorials/beginner/nn_tutorial.html.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from adapters.contract import Array, Params
from benchmarks.problem import Problem


class Script:
    """nn.Sequential, CrossEntropyLoss, optim.SGD."""

    def __init__(self, problem: Problem, order: Array | None = None) -> None:
        layers: list[nn.Module] = []
        for n_in, n_out in pairwise(problem.widths):
            layers += [nn.Linear(n_in, n_out), nn.ReLU()]
        accelerator = torch.accelerator.current_accelerator(check_available=True)
        self.device = accelerator or torch.device("cpu")
        self.model = nn.Sequential(*layers[:-1]).to(self.device)
        with torch.no_grad():
            for p, array in zip(self.model.parameters(), problem.params, strict=True):
                p.copy_(torch.from_numpy(array.T))  # for a vector, .T changes nothing
        data = TensorDataset(torch.from_numpy(problem.x), torch.from_numpy(problem.y))
        self.loader = DataLoader(
            data, batch_size=problem.batch_size, shuffle=order is None,
            sampler=None if order is None else order.tolist(),
        )  # fmt: skip
        self.loss_fn = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=problem.learning_rate)

    def epoch(self) -> Array:
        losses = []
        self.model.train()
        for x, y in self.loader:
            x, y = x.to(self.device), y.to(self.device)
            loss = self.loss_fn(self.model(x), y)
            loss.backward()
            self.optimizer.step()
            self.optimizer.zero_grad()
            losses.append(loss.item())
        return np.array(losses)

    def params(self) -> Params:
        return [p.detach().cpu().numpy().T.copy() for p in self.model.parameters()]
