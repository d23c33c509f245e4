"""python -m compare.compare_records OLD NEW: compare two folders of records.

The folders may come from different machines or days. Every record that is in both (same lesson,
backend, dtype, device, seed and settings) is judged by the same stages and budgets as two backends
are. Exit status 0 if all agree, 1 if one does not, 2 for wrong input.
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
IDENTITY = ("lesson", "engine", "dtype", "device", "seed", "settings")  # keys of a card
NAMES = ["lesson", "backend", *IDENTITY[2:]]  # the same for messages


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("old", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("new", type=click.Path(exists=True, file_okay=False, path_type=Path))
@outputs
def cli(old: Path, new: Path, junit: Path | None, as_json: Path | None) -> int:
    """Judge every record that is in both folders against OLD, the reference."""
    check_output_files(junit, as_json)
    screen, comparisons = console(), compare(old, new)
    for comparison in comparisons:
        show(screen, comparison, rows="record")
    return finish(comparisons, junit, as_json)


def compare(old: Path, new: Path) -> list[Comparison]:
    """One comparison for each lesson and dtype, with one outcome for each record.

    Raises TriptychError for input that cannot be compared.
    """
    ours, theirs = records_under(old), records_under(new)
    require(
        bool(ours.keys() & theirs.keys()),
        f"no record is in both folders: {_examples(ours)} in {str(old)!r}, {_examples(theirs)} in "
        f"{str(new)!r}; a pair has the same {', '.join(NAMES)}",
        TriptychError,
    )
    comparisons: dict[tuple[int, str, int], Comparison] = {}
    for key in sorted(ours.keys() | theirs.keys()):
        lesson, _, dtype, _, seed, _ = key
        comparison = comparisons.setdefault(
            (lesson, dtype, seed), Comparison(lesson, dtype, seed, str(old), [])
        )
        comparison.outcomes.append(_judged(ours.get(key), theirs.get(key), old, new))
    outcomes = [o for comparison in comparisons.values() for o in comparison.outcomes]
    ran = [o for o in outcomes if o.status != "not run"]
    require(any(o.status == "complete" for o in ran), ran[0].reason, TriptychError)
    return list(comparisons.values())


def records_under(folder: Path) -> dict[Key, Path]:
    """The complete records in a folder, at any depth.

    A card that is not a regular file of plausible size is reported and skipped. Raises
    TriptychError if there is no record, or two of the same run.
    """
    folders: dict[Key, Path] = {}
    skipped: list[str] = []
    for file in sorted(folder.rglob("card.json")):
        if any(part.startswith(".") for part in file.relative_to(folder).parts):
            continue  # belongs to a run that has not finished
        try:
            card = _card(file)
        except Unreadable as error:
            skipped.append(f"skipped: {error}")
            continue
        if card.get("status") != "complete" or not all(name in card for name in IDENTITY):
            continue
        *names, settings = (card[name] for name in IDENTITY)
        require(
            [type(name) for name in names] == [int, str, str, str, int],
            f"{str(file)!r} is not the card of a record: "
            f"{', '.join(NAMES[:-1])} are {', '.join(str(name)[:40] for name in names)}",
            TriptychError,
        )
        key: Any = (*names, json.dumps(settings, sort_keys=True))
        require(
            key not in folders,
            f"{str(folders.get(key))!r} and {str(file.parent)!r} are the same run: "
            "give a folder that holds one of them",
            TriptychError,
        )
        folders[key] = file.parent
    nothing = f"there is no complete record under {str(folder)!r}"
    require(bool(folders), "; ".join([nothing, *skipped[:1]]), TriptychError)
    for line in skipped:
        click.echo(line, err=True)
    return folders


def _judged(one: Path | None, other: Path | None, old: Path, new: Path) -> Outcome:
    if one is None or other is None:
        present, absent = (new, old) if one is None else (old, new)
        folder = one or other
        assert folder is not None
        reason = f"only in {present}, not in {absent}"
        return Outcome(folder.name, "not run", reason, folder, notes=[reason])
    outcome = Outcome(other.name, "complete", folder=other)
    try:
        ours, theirs = _read(one), _read(other)
    except Unreadable as error:  # the other records are still judged
        return Outcome(other.name, "failed", str(error), other)
    outcome.seconds = theirs[1].get("seconds", 0.0)
    try:
        outcome.findings = findings(ours, theirs)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        detail = f"{type(error).__name__}: {error}"
        raise TriptychError(
            f"{str(one)!r} and {str(other)!r} do not hold records that a lesson wrote ({detail})"
        ) from None
    for name in ("versions", "platform"):
        outcome.notes += _changes(ours[1].get(name), theirs[1].get(name), name)
    if not all(any(k.startswith("looks/") for k in arrays) for arrays, _ in (ours, theirs)):
        outcome.notes.append("its single steps are not judged: not both records have probes")
    judge_final_accuracy(outcome, [ours[1]], [theirs[1]])
    return outcome


def _read(folder: Path) -> tuple[dict[str, Array], dict[str, Any]]:
    try:
        return read_record(folder, probes=True)
    except Unreadable:
        raise
    except DataError as error:
        raise TriptychError(f"cannot read the record in {str(folder)!r}: {error}") from None


def _changes(old: Any, new: Any, name: str) -> list[str]:
    """How an entry of the card changed; versions package by package."""
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


def _examples(folders: dict[Key, Path]) -> str:
    names = sorted({path.name for path in folders.values()})
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


if __name__ == "__main__":
    run(cli, "compare.compare_records")
