"""Every mutant is detected by its law, on an example that the unchanged adapter passes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from adapters import BACKENDS
from adapters.contract import Dense
from adapters.laws.cases import ARCHITECTURES, draw
from adapters.laws.registry import LAWS, ONCE
from adapters.laws.subject import Subject
from tests.meta.kinds_of_mutants import ABOUT
from tests.meta.loading import Mutant, load_changed, mutate
from tests.meta.mutants import MUTANTS
from tests.meta.mutants_of_layers import OF_LAYERS

# Seed, scale of the weights, steps so far: partial batches, repeated rows, fresh and old optimizer
# slots, and scores so large that clipping probabilities has an effect.
EXAMPLES = [(0, 1.0, 0), (1, 1.0, 1), (2, 2.0, 2), (3, 30.0, 1000)]
# With weights so large nearly every relu behind an attention is within a rounding of its kink.
EXAMPLES_OF_LAYERS = EXAMPLES[:-1]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The mutants of the backend under test that have an effect in its precision."""
    if "mutant" in metafunc.fixturenames:
        options = metafunc.config.getoption
        mutants = [m for m in MUTANTS[options("--backend")] if m.dtype in ("", options("--dtype"))]
        metafunc.parametrize("mutant", mutants, ids=[m.name for m in mutants])


def trials(mutant: Mutant, subject: Subject) -> list[Callable[[], None]]:
    """The mutant's law, bound to each of its examples."""
    law = LAWS[mutant.killed_by]
    if law in ONCE:
        return [partial(law, subject)]
    architecture = ARCHITECTURES[mutant.on]
    cases = [
        draw(architecture, subject.dtype, seed, rows=4 + seed, scale=scale, t=t)
        for seed, scale, t in (EXAMPLES if architecture[0].is_dense else EXAMPLES_OF_LAYERS)
    ]
    return [partial(law, subject, case) for case in cases]


@pytest.fixture(scope="module")
def unchanged(subject: Subject, tmp_path_factory: pytest.TempPathFactory) -> Subject:
    """The adapter's own text, loaded as the mutants are."""
    return Subject(load_changed(subject.cls, tmp_path_factory.mktemp("unchanged"), "", ""))


@pytest.fixture(scope="module")
def passed() -> set[tuple[str, str, int]]:
    """The laws, the architectures and the examples that the unchanged text has passed."""
    return set()


def test_mutant_is_killed(
    mutant: Mutant,
    subject: Subject,
    unchanged: Subject,
    passed: set[tuple[str, str, int]],
    tmp_path: Path,
) -> None:
    cls = load_changed(subject.cls, tmp_path, mutant.old, mutant.new, mutant.file)
    for number, trial in enumerate(trials(mutant, Subject(cls))):
        try:
            trial()
        except AssertionError as error:
            print(f"{mutant.name}: {error}")
            killed_by = mutant.killed_by, mutant.on, number
            if killed_by not in passed:
                trials(mutant, unchanged)[number]()  # or the failure would prove nothing
                passed.add(killed_by)
            return
    pytest.fail(f"{mutant.name} survives the law {mutant.killed_by}: {mutant.teaches}")


def test_a_mutant_that_changes_nothing_is_an_error() -> None:
    for text in ("", "old old"):
        with pytest.raises(LookupError, match="fix the mutant"):
            mutate(text, "old", "new")


def test_mutants_have_names_and_laws() -> None:
    for backend, mutants in MUTANTS.items():
        assert len({m.name for m in mutants}) == len(mutants) >= 10, backend
        assert all(m.killed_by in LAWS and m.on in ARCHITECTURES for m in mutants), backend


FEWEST = 4  # mutants of each kind of layer, on each backend that has it


def test_every_kind_of_layer_has_mutants_on_every_backend() -> None:
    kinds = {name: kind for kind, names in ABOUT.items() for name in names}
    assert len(kinds) == sum(map(len, ABOUT.values()))  # a name is about one kind
    assert set(kinds) == {m.name for mutants in OF_LAYERS.values() for m in mutants}
    for backend in BACKENDS:
        counts = Counter(kinds[mutant.name] for mutant in OF_LAYERS[backend])
        few = [kind.__name__ for kind in ABOUT if kind is not Dense and counts[kind] < FEWEST]
        assert few == [], backend
