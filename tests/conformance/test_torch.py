"""PyTorch alone: every tensor is on the device, and its defaults are those of lesson 5's recipe.

The device is tested with PyTorch's `meta` device, without a GPU. `meta` tensors have shapes and no
numbers. PyTorch would accept a CPU scalar beside them, so a dispatch mode checks every operation
and refuses tensors on other devices.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adapters.contract import Adam, Model
from adapters.laws.architectures import LAYERED
from adapters.laws.cases import ARCHITECTURES, draw
from adapters.laws.subject import Subject, everything
from injections import optimizer_rules
from tests.meta.loading import load_changed


def run_on_meta(cls: type[Model], monkeypatch: pytest.MonkeyPatch) -> None:
    """Call every method of a model on the meta device; AssertionError for a tensor elsewhere."""
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode
    from torch.utils._pytree import tree_leaves

    adapter: dict[str, Any] = cls.step.__globals__  # type: ignore[attr-defined]
    monkeypatch.setitem(adapter["DEVICES"], cls.device, "meta")
    monkeypatch.setitem(adapter, "_array", lambda t: np.zeros(tuple(t.shape), cls.dtype))

    class Placed(TorchDispatchMode):
        # Operations that bring in a tensor from NumPy; all others must find it on the device.
        entrances = ("aten._to_copy", "aten.lift_fresh", "aten.detach", "aten.alias")
        counting = ("aten.add_.", "aten._foreach_add_", "aten._local_scalar_dense")

        def __torch_dispatch__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            if not str(func).startswith(self.entrances):
                for leaf in tree_leaves((args, kwargs or {})):
                    stray = isinstance(leaf, torch.Tensor) and leaf.device.type != "meta"
                    # PyTorch counts Adam's steps on the CPU: it adds one there and reads it.
                    counter = stray and leaf.ndim == 0 and str(func).startswith(self.counting)
                    assert not stray or counter, f"{func} meets a tensor on {leaf.device}"
            return func(*args, **(kwargs or {}))

    for name in ("perceptron", "softmax", "mixed", "deep", *LAYERED):
        case = draw(ARCHITECTURES[name], cls.dtype, seed=0)
        with Placed():
            model = cls(case.net, case.params, case.optimizer)
            model.restore(case.state)
            everything(model, case.x, case.y)
            model.step(case.x, case.y)
            model.epoch(case.x, case.y, case.order, 2)
            model.restore(case.state)
            model.step(case.x, case.y)


def test_every_tensor_is_on_the_device(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    run_on_meta(subject.cls, monkeypatch)


@pytest.mark.parametrize(
    ("old", "new", "file"),
    [
        (
            "return torch.from_numpy(array).to(DEVICES[self.device])",
            "return torch.from_numpy(array)",
            "",
        ),
        ("layer.n_out, device=device)", "layer.n_out)", "torch_layers"),
        ("layer.width, device=device))", "layer.width))", "torch_layers"),
        ("torch.ones_like(x[:1, :, :, :1])", "torch.ones(1, *x.shape[1:3], 1)", "torch_layers"),
        ("= tensor.contiguous()", "= torch.zeros(tuple(tensor.shape))", ""),
        (
            "torch.where(y * z <= 0, -y * z, 0.0)",
            "torch.where(y * z <= 0, -y * z, torch.tensor(0.0))",
            "",
        ),
    ],
    ids=["inputs", "weights", "positions", "pixels", "slots", "a scalar"],
)
def test_an_injected_stray_is_caught(
    old: str, new: str, file: str, subject: Subject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cls = load_changed(subject.cls, tmp_path, old, new, file)
    with pytest.raises(
        (AssertionError, RuntimeError, NotImplementedError), match=r"device|cpu|meta"
    ):
        run_on_meta(cls, monkeypatch)


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
