"""A defect in any one adapter is found by `python -m compare`, with its backend and first stage.

The defects are the mutants that the laws are tried on; here a whole comparison must find each, as a
user would meet it: in a checkout in which one line of one adapter is wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from compare.comparison import Comparison
from tests.compare.conftest import compare
from tests.meta.loading import mutate
from tests.meta.mutants import MUTANTS


@dataclass(frozen=True)
class InjectedDefect:
    """A mutant, the lesson that meets it, and the first stage at which it shows."""

    mutant: str
    lesson: int
    stage: str
    dtype: str = "float32"
    backend: str = "torch"
    backends: str = "torch"


DEFECTS = [
    InjectedDefect("kernel not transposed", 3, "forward"),
    InjectedDefect("softmax twice", 3, "loss"),
    InjectedDefect("perceptron by maximum", 1, "gradient"),
    InjectedDefect("zero_grad forgotten", 3, "update"),
    InjectedDefect("order ignored", 3, "trajectory"),
    # In the reference itself: then all others differ, and it is the suspect.
    InjectedDefect("gradient of the sum", 3, "gradient", backend="numpy", backends="torch jax"),
]
MORE = [
    InjectedDefect("L2 on biases", 3, "loss"),
    InjectedDefect("loss after the update", 3, "loss"),
    InjectedDefect("gradients left in .grad", 3, "gradient"),
    InjectedDefect("stale gradient", 2, "update"),
    InjectedDefect("weight_decay for L2", 3, "update"),
    InjectedDefect("dampening", 3, "update"),
    InjectedDefect("β through float32", 4, "update", "float64"),
]
ALL = [*DEFECTS, *(pytest.param(injected, marks=pytest.mark.slow) for injected in MORE)]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("injected", ALL, ids=lambda p: f"{p.backend}: {p.mutant}")
def test_an_injected_defect_is_named(
    injected: InjectedDefect, checkout: Path, tmp_path: Path
) -> None:
    (mutant,) = (m for m in MUTANTS[injected.backend] if m.name == injected.mutant)
    adapter = checkout / "adapters" / f"{mutant.file or f'{injected.backend}_adapter'}.py"
    source = adapter.read_text(encoding="utf-8")
    adapter.write_text(mutate(source, mutant.old, mutant.new), encoding="utf-8")
    done = compare(
        f"--lesson={injected.lesson}", f"--backends={injected.backends}",
        f"--dtype={injected.dtype}",
        f"--out={tmp_path}", "--epochs=1", "--no-figures", "--no-noise", root=checkout,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    over = [line for line in done.stdout.splitlines() if line.startswith("over: ")]
    backends = injected.backends.split()
    for line, backend in zip(over, backends, strict=False):
        first = f"over: {backend} first differs from numpy at {injected.stage}"
        assert re.match(rf"{first}: \w+/", line)
    if injected.backend == "numpy":
        assert over[len(backends)] == (
            "over: torch and jax differ from numpy at the same place: suspect numpy itself"
        )
    comparison = Comparison.read(tmp_path / f"lesson{injected.lesson}" / "comparison.json")
    assert comparison.outcomes[0].backend == "numpy"
    assert [o.agrees for o in comparison.outcomes[1:]] == [False] * len(backends)


@pytest.mark.slow
def test_the_copy_agrees_without_an_injected_defect(checkout: Path, tmp_path: Path) -> None:
    """Or no defect above would prove anything."""
    done = compare(
        "--lesson=3", "--backends=torch", f"--out={tmp_path}", "--epochs=1", "--no-figures",
        "--no-noise", root=checkout,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_are_ten_kinds_at_least() -> None:
    assert len({(p.backend, p.mutant) for p in DEFECTS + MORE}) >= 10
    stages = {p.stage for p in DEFECTS + MORE}
    assert stages == {"forward", "loss", "gradient", "update", "trajectory"}
