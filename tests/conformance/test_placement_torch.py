"""Every tensor is on the requested device: tested with PyTorch's `meta` device, without a GPU.

`meta` tensors have shapes and no numbers. PyTorch would accept a CPU scalar beside them, so a
dispatch mode checks every operation and refuses tensors on other devices.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adapters.contract import Model
from adapters.laws.cases import ARCHITECTURES, draw
from adapters.laws.subject import Subject, everything
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

    for name in ("perceptron", "softmax", "mixed", "deep"):
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
    ("old", "new"),
    [
        (
            "return torch.from_numpy(array).to(DEVICES[self.device])",
            "return torch.from_numpy(array)",
        ),
        ("layer.n_out, device=device)", "layer.n_out)"),
        ("= array.contiguous()", "= torch.zeros(tuple(array.shape))"),
        (
            "torch.where(y * z <= 0, -y * z, 0.0)",
            "torch.where(y * z <= 0, -y * z, torch.tensor(0.0))",
        ),
    ],
    ids=["inputs", "weights", "slots", "a scalar"],
)
def test_an_injected_stray_is_caught(
    old: str, new: str, subject: Subject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cls = load_changed(subject.cls, tmp_path, old, new)
    with pytest.raises(
        (AssertionError, RuntimeError, NotImplementedError), match=r"device|cpu|meta"
    ):
        run_on_meta(cls, monkeypatch)
