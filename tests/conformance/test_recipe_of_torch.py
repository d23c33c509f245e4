"""PyTorch's defaults are those that lesson 5 calls its recipe."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest

from adapters.contract import Adam
from adapters.laws.subject import Subject
from injections import optimizer_rules

FAN_IN, FAN_OUT = 400, 300
# Of 120,000 uniform draws the largest misses its bound by a hundred-thousandth of it, on average.
REACHED = 1 - 1e-3
# In float64: what is subtracted and added again leaves 1e-17 of a gradient of 1e-7, and Adam makes
# steps of 1e-3 of it, four times. The other place of ε is off by 1e-4.
STOCK_ADAM = 1e-11


@pytest.fixture
def torch(subject: Subject) -> Any:
    """The module, once the backend has been loaded."""
    assert subject.cls.backend == "torch"
    return import_module("torch")


def test_the_live_defaults_are_those_of_the_recipe(subject: Subject) -> None:
    defaults = subject.cls.DEFAULTS
    assert defaults["kernel_initializer"] == "uniform(-1/sqrt(n_in), 1/sqrt(n_in))"
    assert defaults["bias_initializer"] == defaults["kernel_initializer"]
    assert defaults["shuffle"] is False
    assert defaults["reduction"] == "mean"
    ours = Adam()
    assert (defaults["adam"]["lr"], defaults["adam"]["eps"]) == (ours.learning_rate, ours.epsilon)
    assert defaults["adam"]["betas"] == (ours.beta_1, ours.beta_2)
    assert defaults["adam"]["decoupled_weight_decay"] is False


def test_kernels_and_biases_start_uniform(torch: Any) -> None:
    layer = torch.nn.Linear(FAN_IN, FAN_OUT)
    bound = FAN_IN**-0.5
    kernel = np.abs(layer.weight.detach().numpy())
    assert REACHED * bound < kernel.max() <= bound * (1 + 1e-6)  # the bound itself is rounded
    bias = np.abs(layer.bias.detach().numpy())
    assert 0 < bias.max() <= bound * (1 + 1e-6)
    # the mean of |uniform| is half its bound; of a normal of this width it would be 0.4 of 2σ
    assert kernel.mean() == pytest.approx(bound / 2, rel=0.01)


def test_a_loader_does_not_shuffle(torch: Any) -> None:
    loader = torch.utils.data.DataLoader(torch.arange(50))
    assert [int(row) for row in loader] == list(range(50))


def test_adam_pulls_by_the_gradient_and_has_its_epsilon_after(torch: Any) -> None:
    """Weight decay is a part of the gradient, and ε stands outside the corrected root."""
    rng, decay = np.random.default_rng(0), 0.1
    w = rng.normal(size=5)
    gradients = 1e-7 * rng.normal(size=(4, 5))  # so small that the place of ε decides
    weights = torch.tensor(w, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([weights], weight_decay=decay)
    slots = [np.zeros(5), np.zeros(5)]
    for t, gradient in enumerate(gradients, 1):
        pull = gradient - decay * weights.detach().numpy()  # what is left is the small gradient
        weights.grad = torch.tensor(pull, dtype=torch.float64)
        optimizer.step()
        w, slots = optimizer_rules.adam(Adam(), w, gradient, slots, t)
    assert np.abs(weights.detach().numpy() - w).max() <= STOCK_ADAM
