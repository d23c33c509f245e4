"""A plant changes what it says and nothing else: without one, a bent backend is the backend."""

from __future__ import annotations

from itertools import zip_longest

import numpy as np
import pytest

from adapters.contract import SettingsError
from compare.diverge.evaluation import LESSONS, shown_by
from compare.diverge.walk import walk
from injections import INJECTIONS, RunSpec, called, inject
from injections.injection import override
from injections.reference_network import Definition
from tests.injections.conftest import Kitchen
from triptych.differences.reading import read_all

# Steps by hand and by the backend round differently, by an ε or so in each of 33 steps.
ROUNDING = 1e-12
# A definition by hand in float64 sums in another order than the backend: over 784 terms, √784·ε.
BY_HAND = 1e-12


def same(one: RunSpec, other: RunSpec, budget: float) -> None:
    """Every quantity of two walks is the same, as a share of its largest entry."""
    for a, b in zip_longest(walk(one), walk(other)):
        assert a is not None
        assert b is not None
        assert (a.step, a.stage, a.tensor) == (b.step, b.stage, b.tensor)
        scale = max(1.0, float(np.abs(a.array).max(initial=0)))
        np.testing.assert_allclose(a.array, b.array, rtol=0, atol=budget * scale, err_msg=str(a))


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_backend_bent_by_nothing_is_the_backend(kitchen: Kitchen, lesson: int) -> None:
    for recipe in kitchen(lesson):
        same(
            recipe,
            override(recipe, transform_gradients=lambda model, gradients: gradients),
            ROUNDING,
        )


@pytest.mark.parametrize("lesson", [2, 4])
def test_the_definition_by_hand_is_the_contracts(kitchen: Kitchen, lesson: int) -> None:
    for recipe in kitchen(lesson):
        same(recipe, Definition().into(recipe), BY_HAND)


@pytest.mark.parametrize("name", INJECTIONS)
def test_every_plant_shows_in_some_lesson(kitchen: Kitchen, name: str) -> None:
    assert any(shown_by(INJECTIONS[name], kitchen(lesson)) for lesson in LESSONS)


@pytest.mark.parametrize("name", INJECTIONS)
def test_where_a_plant_cannot_show_it_changes_nothing(kitchen: Kitchen, name: str) -> None:
    for recipe in (r for lesson in LESSONS for r in kitchen(lesson)):
        if not INJECTIONS[name].shows(recipe):
            assert INJECTIONS[name].into(recipe) is recipe


def test_two_plants_are_both_there(kitchen: Kitchen) -> None:
    """Bent twice: the loss of the one, and the update of the other."""
    (adam,) = (recipe for recipe in kitchen(4) if recipe.name == "adam")
    both = inject(adam, ["adam_epsilon", "l2_without_half"])
    alone = {name: inject(adam, [name]) for name in ("adam_epsilon", "l2_without_half")}
    x, y = adam.batch(0)
    models = {
        name: recipe.Model(recipe.net, recipe.initial, recipe.optimizer)
        for name, recipe in {"both": both, **alone}.items()
    }
    assert models["both"].loss(x, y) == models["l2_without_half"].loss(x, y)
    assert models["both"].loss(x, y) != models["adam_epsilon"].loss(x, y)
    for model in models.values():
        model.step(x, y)
    moved = {name: model.params()[0] for name, model in models.items()}
    assert not np.array_equal(moved["both"], moved["l2_without_half"])
    assert not np.array_equal(moved["both"], moved["adam_epsilon"])


def test_an_entry_of_the_catalogue_stands_for_its_plant() -> None:
    assert called(["adam_epsilon_default"]) == ["adam_epsilon_of_keras"]


def test_an_unknown_name_is_told_its_neighbours() -> None:
    with pytest.raises(SettingsError, match=r"'adam_epsilom'.* adam_epsilon"):
        called(["adam_epsilom"])


def test_the_catalogue_says_in_which_lessons_a_difference_can_be_planted(
    kitchen: Kitchen,
) -> None:
    """Each entry names the lessons in which one of its plants shows, and no other."""
    shown: dict[str, list[int]] = {entry.name: [] for entry in read_all()}
    for lesson in (1, 2, 3, 4):
        for entry in {p.entry for p in INJECTIONS.values() if p.entry}:
            of = [p for p in INJECTIONS.values() if p.entry == entry]
            if any(shown_by(p, kitchen(lesson)) for p in of):
                shown[entry].append(lesson)
    assert shown == {entry.name: list(entry.lessons) for entry in read_all()}
