"""The checks for an adapter's mutants: the laws and the tests of one backend, as plain calls."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module

import pytest

from adapters.laws.cases import ARCHITECTURES, draw
from adapters.laws.registry import EACH, FEW, FEW_ON, LAWS, ONCE, SINGLE
from adapters.laws.subject import Subject
from tests.conformance.idioms import check_idioms
from tests.conformance.opening import check_settings, check_silence

Trial = Callable[[Subject], None]

# Seed, rows, scale of the weights, steps made: as those of the named mutants, and a single row.
EXAMPLES = [(0, 5, 1.0, 2), (1, 4, 1.0, 0), (2, 1, 2.0, 1), (3, 7, 30.0, 1000)]
FEWER = 2  # where an example of a new model takes its seconds


def trials(backend: str, dtype: str) -> dict[str, tuple[str, Trial]]:
    """Every trial by name, with the group of trials that share a model."""
    entries: dict[str, tuple[str, Trial]] = {}
    for law in ONCE:
        entries[_name(law)] = (_name(law), law)
    entries["opening"] = ("opening", check_settings)
    entries["silence"] = ("silence", check_silence)
    entries["idiom"] = ("idiom", check_idioms)
    for name, test in _own(backend).items():
        entries[name] = (name, test)
    examples = EXAMPLES if backend in ("numpy", "torch", "keras-torch") else EXAMPLES[:FEWER]
    for kind, architecture in ARCHITECTURES.items():
        for seed, rows, scale, t in examples:
            laws = [*EACH]
            if seed == 0:
                laws += SINGLE + (FEW if kind in FEW_ON else [])
            for law in laws:
                name = f"{_name(law)} on {kind}, example {seed}"
                case = partial(draw, architecture, dtype, seed, rows, scale, t)
                entries[name] = (kind, lambda subject, law=law, case=case: law(subject, case()))
    return entries


def _name(law: Callable[..., None]) -> str:
    return next(name for name, other in LAWS.items() if other is law)


def _own(backend: str) -> dict[str, Trial]:
    """The tests of a single framework, as functions of the subject."""
    if backend == "torch":
        torch = import_module("tests.conformance.test_torch")

        def placed(subject: Subject) -> None:
            with pytest.MonkeyPatch.context() as patch:
                torch.run_on_meta(subject.cls, patch)

        return {"recipe": torch.test_the_live_defaults_are_those_of_the_recipe, "placed": placed}
    if backend.startswith("keras"):
        tests = import_module("tests.conformance.test_keras")
        keras = import_module("keras")
        return {
            "recipe": tests.test_the_live_defaults_are_those_of_the_recipe,
            "constants": partial(tests.test_constants_reach_the_optimizer_unrounded, keras=keras),
            "precision": partial(tests.check_precision, keras=keras),
        }
    return {}
