"""The tool itself: what is a mutant, the page of results, drawn mutants, and known mistakes."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from course.provenance import without_commit
from tests.leftovers import spared
from tests.mutation import report, survivors
from tests.mutation.judging import unmeasured
from tests.mutation.mutants import OPERATORS, ROOT, Mutant, left_out, mutants
from tests.mutation.named import NAMED, SHARED, Mistake, mistakes, seen_by
from tests.mutation.report import judged_as_it_is, lived
from tests.mutation.suites import FILES, SUITES, Suite
from tests.mutation.survivors import Killers, as_entry, explained
from tests.mutation.workers import Worker, copied_tree

SOURCE = '''"""A docstring with 1 + 1."""
from dataclasses import dataclass


@dataclass(frozen=True)
class A:
    b: "int | None" = None


def f(x: int | None = 3) -> int | None:
    """1 < 2"""
    for n in zip([1], [x], strict=True):
        if not x:
            raise ValueError(f"{x + 1} is no number")
    return n.reshape(-1)
'''


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """A process in a copy of the tree that forks for each mutant: its imports are paid once."""
    with (
        copied_tree() as tree,
        closing(Worker("tests.mutation.forked", tree=tree)) as started,
        spared(lambda: [started.process.process.pid] if started.process else []),
    ):
        yield started


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Mutant]:
    monkeypatch.setattr("tests.mutation.mutants.ROOT", tmp_path)
    (tmp_path / "a.py").write_text(SOURCE, encoding="utf-8")
    return mutants("a.py")


def test_what_is_a_mutant(made: list[Mutant]) -> None:
    assert [(m.line, m.operator, m.changed) for m in made] == [
        (5, "RemoveDecorator", "class A:"),
        (5, "ReplaceTrueWithFalse", "@dataclass(frozen=False)"),
        (10, "NumberReplacer", "def f(x: int | None = 2) -> int | None:"),
        (10, "NumberReplacer", "def f(x: int | None = 4) -> int | None:"),
        (12, "NumberReplacer", "for n in zip([ 0], [x], strict=True):"),
        (12, "NumberReplacer", "for n in zip([ 2], [x], strict=True):"),
        (12, "ZeroIterationForLoop", "for n in []:"),
        (13, "AddNot", "if not not x:"),
        (13, "ReplaceUnaryOperator_Delete_Not", "if  x:"),
        (15, "NumberReplacer", "return n.reshape(- 0)"),
        (15, "ReplaceUnaryOperator_Delete_USub", "return n.reshape(1)"),
    ]
    assert made[0].text == "@dataclass(frozen=True) class A:"
    for mutant in made:
        compile(mutant.source, "a.py", "exec")
        assert mutant.source != SOURCE


def test_changes_that_are_no_mutants_are_counted(made: list[Mutant]) -> None:
    # In SOURCE four changes of an f-string, two of annotations, one of a `strict` and of a side.
    assert left_out("a.py") == 4 + 2 + 1 + 1


def test_operators_are_the_tool_s() -> None:
    from cosmic_ray.plugins import get_operator

    assert len(OPERATORS) == len(set(OPERATORS))
    assert all(get_operator(f"core/{name}") for name in OPERATORS)


def test_every_file_of_the_run_is_there() -> None:
    assert len(FILES) == len(set(FILES))
    assert all((ROOT / file).is_file() for file in FILES)
    adapters = {f"adapters/{path.name}" for path in (ROOT / "adapters").glob("*.py")}
    datasets = {f"datasets/{path.name}" for path in (ROOT / "datasets").glob("*.py")}
    assert (adapters | datasets) - {"datasets/__main__.py"} <= set(FILES)


def test_the_page_shows_the_results() -> None:
    results = report.read()
    assert set(results) <= set(FILES)
    page = report.PAGE.read_text(encoding="utf-8")
    assert without_ages(page) == without_ages(report.page(results, report.last_run_time()))


def without_ages(page: str) -> str:
    """What a change of a judged file cannot make false: the next run, or --page, says the rest."""
    page = re.sub(r"Of \d+ files .* not judged yet", "", page)
    return without_commit(page).replace(report.CHANGED, "")


def test_a_file_that_has_changed_since_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    results = report.read()
    file = next(iter(results))
    monkeypatch.setattr(report, "read", lambda: results)
    as_judged = {name: counts["sha256"] for name, counts in results.items()}
    monkeypatch.setattr(report, "sha256", lambda name: as_judged.get(name, "new"))
    never = [name for name in FILES if name not in results]
    assert report.outdated() == ([], never)
    assert report.CHANGED not in report.page(results, "")
    results[file]["sha256"] = "another"
    assert report.outdated() == ([file], never)
    page = report.page(results, "")
    assert f"| {file}{report.CHANGED} |" in page
    assert page.count(report.CHANGED) == 1
    assert f"Of {len(FILES)} files 1 have changed" in report.age_line()
    del results[file]
    assert report.outdated() == ([], [name for name in FILES if name not in results])
    assert f"| {file} | not judged yet |" in report.page(results, "")


def test_the_score_has_not_fallen() -> None:
    results = report.read()
    assert report.below(results) == []
    for file, counts in results.items():
        if not report.judged_as_it_is(file):
            continue  # changed since: the next run says what lives
        if not file.startswith(tuple(f"{folder}/" for folder in report.ALL_EXPLAINED)):
            assert counts["killed"] + len(counts["lived"]) == counts["mutants"], file
            continue
        assert counts["killed"] + counts["explained"] == counts["mutants"], file


def test_the_last_line_of_a_run_names_the_folders_that_were_judged() -> None:
    counts = {"mutants": 8, "killed": 6}
    assert report.line({}) == ""
    assert report.line({"adapters/a.py": counts, "adapters/b.py": {"mutants": 8, "killed": 8}}) == (
        "adapters 87.5 % killed"
    )
    assert report.line({"compare/a.py": counts, "datasets/a.py": counts}) == (
        "datasets 75.0 % killed, compare 75.0 % killed"
    )


def test_a_score_below_its_floor_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(report.FLOORS, "adapters", 100.1)
    (text,) = report.below(report.read())
    assert text.startswith("adapters: ")


def test_every_explanation_is_of_an_existing_line() -> None:
    for (file, operator, text, changed), why in survivors.explained().items():
        if not report.judged_as_it_is(file):
            continue
        lines = {line.strip() for line in (ROOT / file).read_text(encoding="utf-8").split("\n")}
        assert operator in OPERATORS
        assert text in lines or text.split(" ")[0] in {line.split(" ")[0] for line in lines}, text
        assert text != changed
        assert len(why) > 20, f"{file}: {text}: {why!r} explains nothing"


def test_an_explanation_without_a_reason_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "survivors.toml"
    monkeypatch.setattr(survivors, "EXPLAINED", file)
    entry: Any = survivors.as_entry(Mutant("a.py", "AddNot", 1, 'if "x":', 'if not "x":', ""))
    file.write_text(entry, encoding="utf-8")
    with pytest.raises(ValueError, match="no reason"):
        survivors.explained()
    reasoned = entry.replace('why = ""', 'why = "A text is true."')
    file.write_text(reasoned, encoding="utf-8")
    assert survivors.explained() == {
        ("a.py", "AddNot", 'if "x":', 'if not "x":'): "A text is true."
    }
    file.write_text(f"{reasoned}\n{reasoned}", encoding="utf-8")
    with pytest.raises(ValueError, match="twice"):
        survivors.explained()


EACH = 1  # mutant of a suite: some two seconds, and of the marks' some ten
# What lives of a file that has changed, or was never judged, is not known.
KNOWN = {suite: [file for file in suite.files if judged_as_it_is(file)] for suite in SUITES}
DRAWN_FROM = [suite for suite in SUITES if KNOWN[suite]]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("suite", DRAWN_FROM, ids=[suite.name for suite in DRAWN_FROM])
def test_mutants_drawn_by_the_seed_are_killed(
    suite: Suite, pytestconfig: pytest.Config, worker: Worker
) -> None:
    draw = random.Random(f"{pytestconfig.getoption('--seed')} {suite.name}")
    known = {*explained(), *lived()}
    made = [mutant for mutant in mutants(draw.choice(KNOWN[suite])) if mutant.key not in known]
    drawn: list[Mutant] = draw.sample(made, min(EACH, len(made)))
    killers = Killers()
    outcomes = [unmeasured(worker, mutant, killers.first(mutant), suite.tests) for mutant in drawn]
    alive = [outcome.mutant for outcome in outcomes if outcome.lives]
    assert not alive, "\n\n".join(map(as_entry, alive))


# Known mistakes: each is found by a test about it.

MISTAKES = mistakes()
MISTAKES_DRAWN = 3  # of those that no lesson has to be run for: some two seconds each
QUICK = [m for m in mistakes(NAMED) if not m.file.startswith("lessons/")]


def alive(chosen: list[Mistake], worker: Worker) -> list[str]:
    """The mistakes that no test finds."""
    return [mistake.name for mistake in chosen if not seen_by(mistake, worker)]


def test_each_mistake_changes_existing_code() -> None:
    """The mistakes differ from each other and compile."""
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES)
    assert len({(m.file, m.old, m.new) for m in MISTAKES}) == len(MISTAKES)
    for mistake in MISTAKES:
        compile(mistake.source, mistake.file, "exec")
        files = [test.partition("::")[0] for test in mistake.killed_by]
        assert all((ROOT / file).is_file() for file in files), mistake.name


def test_mistakes_drawn_by_the_seed_are_found(pytestconfig: pytest.Config, worker: Worker) -> None:
    draw = random.Random(pytestconfig.getoption("--seed"))
    drawn = [*draw.sample(QUICK, MISTAKES_DRAWN), draw.choice(mistakes(SHARED))]
    assert alive(drawn, worker) == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_all_mistakes_are_found(worker: Worker) -> None:
    assert alive(MISTAKES, worker) == []


def test_a_mistake_that_no_test_finds_is_reported(worker: Worker) -> None:
    """The control: a change without effect survives."""
    harmless = Mistake(
        "nothing", "course/randomness.py", "scale * rng.normal", "1 * scale * rng.normal",
        ("tests/course/test_settings.py",),
    )  # fmt: skip
    assert alive([harmless], worker) == ["nothing"]
    with pytest.raises(ValueError, match=r"bring the list of mistakes up to date"):
        _ = Mistake("gone", "course/randomness.py", "no such text", "", ()).source
