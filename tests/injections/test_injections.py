"""An injection changes one thing and nothing else; an empty override changes nothing."""

from __future__ import annotations

from itertools import zip_longest

import numpy as np
import pytest

from adapters.contract import SettingsError
from compare.diverge.evaluation import SEARCHED, shown_by
from compare.diverge.walk import walk
from course.lessons import TRACEABLE
from injections import INJECTIONS, RunSpec, inject, resolve
from injections.injection import override
from injections.reference_network import Definition
from tests.injections.conftest import Specs
from triptych.differences.reading import read_all

# Steps by hand and by the backend round differently, by an ε or so in each of 33 steps.
ROUNDING = 1e-12
# The reference network sums in another order than the backend: over 784 terms, √784·ε.
REFERENCE = 1e-12


def same(one: RunSpec, other: RunSpec, budget: float) -> None:
    """Assert that all quantities of two runs agree, relative to their largest entry."""
    for a, b in zip_longest(walk(one), walk(other)):
        assert a is not None
        assert b is not None
        assert (a.step, a.stage, a.tensor) == (b.step, b.stage, b.tensor)
        scale = max(1.0, float(np.abs(a.array).max(initial=0)))
        np.testing.assert_allclose(a.array, b.array, rtol=0, atol=budget * scale, err_msg=str(a))


@pytest.mark.parametrize("lesson", SEARCHED)
def test_an_empty_override_changes_nothing(specs: Specs, lesson: int) -> None:
    for spec in specs(lesson):
        same(
            spec,
            override(spec, transform_gradients=lambda model, gradients: gradients),
            ROUNDING,
        )


@pytest.mark.parametrize("lesson", [2, 4])
def test_the_reference_network_agrees_with_the_contract(specs: Specs, lesson: int) -> None:
    for spec in specs(lesson):
        same(spec, Definition().into(spec), REFERENCE)


def test_the_reference_network_agrees_on_layers_of_every_kind(small: list[RunSpec]) -> None:
    for spec in small:
        same(spec, Definition().into(spec), REFERENCE)


@pytest.mark.parametrize("name", INJECTIONS)
def test_every_injection_has_an_effect_somewhere(
    specs: Specs, small: list[RunSpec], name: str
) -> None:
    """In a lesson, or in a small network with layers that no lesson has."""
    injection = INJECTIONS[name]
    assert shown_by(injection, small) or any(shown_by(injection, specs(n)) for n in SEARCHED)


@pytest.mark.parametrize("name", INJECTIONS)
def test_an_injection_without_effect_returns_the_same_spec(
    specs: Specs, small: list[RunSpec], name: str
) -> None:
    for spec in (*small, *(r for lesson in SEARCHED for r in specs(lesson))):
        if not INJECTIONS[name].shows(spec):
            assert INJECTIONS[name].into(spec) is spec


def test_two_injections_are_both_applied(specs: Specs) -> None:
    """Nested overrides: the loss of the one, and the update of the other."""
    (adam,) = (spec for spec in specs(4) if spec.name == "adam")
    both = inject(adam, ["adam_epsilon", "l2_without_half"])
    alone = {name: inject(adam, [name]) for name in ("adam_epsilon", "l2_without_half")}
    x, y = adam.batch(0)
    models = {
        name: spec.Model(spec.net, spec.initial, spec.optimizer)
        for name, spec in {"both": both, **alone}.items()
    }
    assert models["both"].loss(x, y) == models["l2_without_half"].loss(x, y)
    assert models["both"].loss(x, y) != models["adam_epsilon"].loss(x, y)
    for model in models.values():
        model.step(x, y)
    moved = {name: model.params()[0] for name, model in models.items()}
    assert not np.array_equal(moved["both"], moved["l2_without_half"])
    assert not np.array_equal(moved["both"], moved["adam_epsilon"])


def test_an_entry_of_the_catalogue_stands_for_its_injection() -> None:
    assert resolve(["adam_epsilon_default"]) == ["adam_epsilon_of_keras"]


def test_an_unknown_name_gets_suggestions() -> None:
    with pytest.raises(SettingsError, match=r"'adam_epsilom'.* adam_epsilon"):
        resolve(["adam_epsilom"])


def test_the_catalogue_names_the_lessons_of_each_injection(specs: Specs) -> None:
    """Each entry names exactly the lessons in which one of its injections has an effect."""
    lessons: dict[str, list[int]] = {entry.name: [] for entry in read_all()}
    for lesson in TRACEABLE:
        for entry in {one.entry for one in INJECTIONS.values() if one.entry}:
            injections = [one for one in INJECTIONS.values() if one.entry == entry]
            if any(shown_by(one, specs(lesson)) for one in injections):
                lessons[entry].append(lesson)
    assert lessons == {entry.name: list(entry.lessons) for entry in read_all()}
