"""python -m compare.compare_records OLD NEW: two folders of records, from any two machines or days.

Every record that is in both (same lesson, backend, dtype, device, seed and settings) is judged by
the same stages and budgets as two backends are. Exit status 0 if all agree, 1 if one does not, 2 for
wrong input.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from adapters.contract import Array, TriptychError, require
from compare.chaotic_runs import judge_final_accuracy
from compare.cli import check_output_files, finish, outputs
from compare.comparison import Comparison, Outcome
from compare.findings import findings
from compare.terminal import console, show
from course.cli_errors import run
from course.record import read_card, read_record
from datasets import DataError
from datasets.files import Unreadable

Key = tuple[int, str, str, str, int, str]  # lesson, backend, dtype, device, seed, settings
WHAT_RUNS = ("lesson", "engine", "dtype", "device", "seed", "settings")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("old", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("new", type=click.Path(exists=True, file_okay=False, path_type=Path))
@outputs
def cli(old: Path, new: Path, junit: Path | None, as_json: Path | None) -> int:
    """Judge every record that is in both folders, OLD being the reference."""
    check_output_files(junit, as_json)
    screen, done = console(), compare(old, new)
    for comparison in done:
        show(screen, comparison, rows="record")
    return finish(done, junit, as_json)


def compare(old: Path, new: Path) -> list[Comparison]:
    """One comparison for each lesson and dtype; its outcomes are records. Wrong input raises."""
    ours, theirs = records_under(old), records_under(new)
    require(
        bool(ours.keys() & theirs.keys()),
        f"no record is in both folders: {_some(ours)} in {str(old)!r}, {_some(theirs)} in "
        f"{str(new)!r}; a pair has the same {', '.join(WHAT_RUNS)}",
        TriptychError,
    )
    done: dict[tuple[int, str, int], Comparison] = {}
    for key in sorted(ours.keys() | theirs.keys()):
        lesson, _, dtype, _, seed, _ = key
        comparison = done.setdefault(
            (lesson, dtype, seed), Comparison(lesson, dtype, seed, str(old), [])
        )
        comparison.outcomes.append(_judged(ours.get(key), theirs.get(key), old, new))
    ran = [o for comparison in done.values() for o in comparison.outcomes if o.status != "not run"]
    require(any(o.status == "complete" for o in ran), ran[0].reason, TriptychError)
    return list(done.values())


def records_under(folder: Path) -> dict[Key, Path]:
    """The complete records in a folder, at whatever depth; none, or two of one run, is an error.

    A card that is no regular file of sane size is named and passed over.
    """
    found: dict[Key, Path] = {}
    odd: list[str] = []
    for file in sorted(folder.rglob("card.json")):
        if any(part.startswith(".") for part in file.relative_to(folder).parts):
            continue  # of a run that is not finished yet
        try:
            card = _card(file)
        except Unreadable as error:
            odd.append(f"passed over: {error}")
            continue
        if card.get("status") != "complete" or not all(name in card for name in WHAT_RUNS):
            continue
        *names, settings = (card[name] for name in WHAT_RUNS)
        require(
            [type(name) for name in names] == [int, str, str, str, int],
            f"{str(file)!r} is no card of a record: "
            f"{', '.join(WHAT_RUNS[:-1])} are {', '.join(str(name)[:40] for name in names)}",
            TriptychError,
        )
        key: Any = (*names, json.dumps(settings, sort_keys=True))
        require(
            key not in found,
            f"{str(found.get(key))!r} and {str(file.parent)!r} are the same run: "
            "name a folder that holds one of them",
            TriptychError,
        )
        found[key] = file.parent
    nothing = f"there is no complete record under {str(folder)!r}"
    require(bool(found), "; ".join([nothing, *odd[:1]]), TriptychError)
    for line in odd:
        click.echo(line, err=True)
    return found


def _judged(one: Path | None, other: Path | None, old: Path, new: Path) -> Outcome:
    if one is None or other is None:
        there, lacking = (new, old) if one is None else (old, new)
        folder = one or other
        assert folder is not None
        reason = f"only in {there}, not in {lacking}"
        return Outcome(folder.name, "not run", reason, folder, notes=[reason])
    outcome = Outcome(other.name, "complete", folder=other)
    try:
        ours, theirs = _read(one), _read(other)
    except Unreadable as error:  # the others are judged all the same
        return Outcome(other.name, "failed", str(error), other)
    outcome.seconds = theirs[1].get("seconds", 0.0)
    try:
        outcome.findings = findings(ours, theirs)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        said = f"{type(error).__name__}: {error}"
        raise TriptychError(
            f"the records in {str(one)!r} and {str(other)!r} are not what a lesson writes ({said})"
        ) from None
    for name in ("versions", "platform"):
        outcome.notes += _moved(ours[1].get(name), theirs[1].get(name), name)
    if not all(any(k.startswith("looks/") for k in arrays) for arrays, _ in (ours, theirs)):
        outcome.notes.append("without looks in both, its single steps are not judged")
    judge_final_accuracy(outcome, [ours[1]], [theirs[1]])
    return outcome


def _read(folder: Path) -> tuple[dict[str, Array], dict[str, Any]]:
    try:
        return read_record(folder, probes=True)
    except Unreadable:
        raise
    except DataError as error:
        raise TriptychError(f"cannot read the record in {str(folder)!r}: {error}") from None


def _moved(old: Any, new: Any, name: str) -> list[str]:
    """What the two cards say differently: versions package by package."""
    if old == new:
        return []
    if not isinstance(old, dict) or not isinstance(new, dict):
        return [f"{name} {old} → {new}"]
    packages = sorted(set(old) | set(new))
    return [f"{p} {old.get(p)} → {new.get(p)}" for p in packages if old.get(p) != new.get(p)]


def _card(file: Path) -> dict[str, Any]:
    try:
        return read_card(file)
    except Unreadable:
        raise
    except DataError as error:
        raise TriptychError(f"cannot read {str(file)!r}: {error}") from None


def _some(found: dict[Key, Path]) -> str:
    names = sorted({path.name for path in found.values()})
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


if __name__ == "__main__":
    run(cli, "compare.compare_records")
