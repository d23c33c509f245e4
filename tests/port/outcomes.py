"""Write what the check makes of every seeded mistake, and of a stranger's.

python -m tests.port.outcomes --report docs/reports/port_mistakes.md
"""

from __future__ import annotations

import argparse
import os
import re
import warnings
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")

import torch

from tests.port.mistakes import Mistake
from tests.port.mistakes.families import MISTAKES
from tests.port.strangers import OUTCOMES, SETS
from triptych.port.api import check

PAGE = """\
# Mistakes in ports, and what the check makes of them

`python -m tests.port.outcomes --report docs/reports/port_mistakes.md` wrote this page. Each port
has one mistake, written by people who had not read the hypotheses. *Located*: the place fits.
*Named*: a cause that its remedy proved says it, judged by a pattern. *Another name*: a proved cause
says something that the pattern does not fit. Right ports come from the same architectures.

| family | mistakes | located | named | another name | right ports | silent |
|---|---|---|---|---|---|---|
{families}

The check was widened after the families had been seen once, from 119 named to the number above.

Not named: {unnamed}

## Strangers' ports

Each set of thirty was written after the hypotheses were frozen, by somebody who could not read
them, and run once. Then what it showed was mended, and the next set was written. *Another
name* counts mistakes for which a proved cause did not fit the pattern, right ports those with a
false alarm.

| set | located at first | named at first | another name | right ports with an alarm |
|---|---|---|---|---|
{outcomes}

Today's outcome:

| mistake | located | named | first cause |
|---|---|---|---|
{strangers}
"""


def outcome(mistake: Mistake) -> tuple[bool, bool, bool, str]:
    """Whether it is located, named, given another name; and the first cause."""
    model, module, batch, options = mistake.build()
    result = check(model, module, batch, **options)
    own = [cause for cause in result.causes if not cause.frameworks_differ]
    first = (own or result.causes)[:2]
    place, text = mistake.place or "", mistake.cause or ""
    located = any(re.search(place, where.b) for cause in first for where in cause.places)
    named = any(cause.proved and re.search(text, cause.text) for cause in result.causes)
    other = any(cause.proved and not re.search(text, cause.text) for cause in own)
    return located, named, other, first[0].text if first else "none"


def is_silent(mistake: Mistake) -> bool:
    """Whether the check has nothing to say of a right port."""
    model, module, batch, options = mistake.build()
    return check(model, module, batch, **options).is_port_right


def main() -> None:
    """Check all, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--report", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")  # one mistake is a broadcast that PyTorch warns of
    families, unnamed = [], []
    for family in dict.fromkeys(m.family for m in MISTAKES):
        faulty = [m for m in MISTAKES if m.family == family and not m.right]
        right = [m for m in MISTAKES if m.family == family and m.right]
        found = [outcome(m) for m in faulty]
        unnamed += [f"{m.name} ({o[3]})" for m, o in zip(faulty, found, strict=True) if not o[1]]
        counts = [sum(column) for column in list(zip(*found, strict=True))[:3]]
        silent = sum(map(is_silent, right))
        families.append(
            f"| {family} | {len(faulty)} | {counts[0]} | {counts[1]} | {counts[2]} | {len(right)} "
            f"| {silent} |"
        )
    rows = []
    for mistake in [mistake for mistakes, _ in SETS.values() for mistake in mistakes]:
        located, named, _, text = outcome(mistake)
        rows.append(f"| {mistake.name} | {'yes' * located} | {'yes' * named} | {text} |")
    first = [f"| {name} | {' | '.join(map(str, counts))} |" for name, counts in OUTCOMES.items()]
    args.report.write_text(
        PAGE.format(
            families="\n".join(families),
            unnamed="; ".join(unnamed) or "none.",
            outcomes="\n".join(first),
            strangers="\n".join(rows),
        ),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
