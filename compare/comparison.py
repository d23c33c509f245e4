"""The result of a comparison: one lesson, many backends, every stage judged by the reference.

Plain data that JSON can hold. The table, the page, JUnit and comparisons of two versions all read
it.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from adapters.contract import SettingsError
from datasets.files import LARGEST, Unreadable, content

# In the order in which a run depends on them: where two backends differ, look first at the first
# stage that is over its budget.
STAGES = (
    "data",
    "initial weights",
    "batch order",
    "forward",
    "loss",
    "gradient",
    "update",
    "trajectory",
    "metric",
)
Status = Literal["complete", "failed", "not run"]


class Judged:
    """A gap and its budget."""

    gap: float
    budget: float

    @property
    def holds(self) -> bool:
        """Whether the gap is within the budget.

        A NaN gap is not, and a budget that is not finite allows no gap at all.
        """
        return self.gap == 0 or (self.gap <= self.budget and self.budget < math.inf)

    @property
    def share(self) -> float:
        """The part of the budget that is used: 0 for equal numbers, above 1 for a broken one."""
        if self.gap == 0:
            return 0.0
        share = self.gap / self.budget if 0 < self.budget < math.inf else math.inf
        return math.inf if math.isnan(share) else share


@dataclass(frozen=True)
class Finding(Judged):
    """One stage of one run of a backend: its largest gap to the reference, and the budget."""

    stage: str  # one of STAGES
    run: str  # of the lesson, such as softmax; empty for the lesson as a whole
    tensor: str  # losses, param_0, scores, predictions, …
    gap: float
    budget: float
    where: str = ""  # the entry with the largest share of its budget, such as [12, 3]
    step: int | None = None  # counted from 0 through the run; None where there is none
    seed: int | None = None  # None for the comparison's own seed

    def __str__(self) -> str:
        at = f" at step {self.step}" if self.step is not None else ""
        at += f", seed {self.seed}" if self.seed is not None else ""
        run = f"{self.run}/" if self.run else ""
        hidden = not self.holds and f"{self.gap:.1e}" == f"{self.budget:.1e}"
        digits = 16 if hidden else 1  # "1.0e-12 > 1.0e-12" would look like a mistake
        sides = f"gap {self.gap:.{digits}e} {'≤' if self.holds else '>'} {self.budget:.{digits}e}"
        return f"{self.stage}: {run}{self.tensor}{self.where}{at}: {sides}"


@dataclass
class Outcome:
    """One backend: whether its lesson ran, and its findings."""

    backend: str
    status: Status
    reason: str = ""  # why it did not run, or how it failed
    folder: Path | None = None  # of its record
    seconds: float = 0.0  # of the whole process
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # printed below the table

    @property
    def agrees(self) -> bool:
        """Whether it ran and every stage is within its budget."""
        return self.status == "complete" and all(f.holds for f in self.findings)

    def worst(self, stage: str) -> Finding | None:
        """The finding of this stage with the largest share of its budget; None if not judged."""
        candidates = [f for f in self.findings if f.stage == stage]
        return max(candidates, key=lambda f: (not f.holds, f.share, f.gap), default=None)

    def first_over(self) -> Finding | None:
        """The first finding over its budget, by stage, then by step."""
        over = [f for f in self.findings if not f.holds]
        return min(
            over,
            key=lambda f: (STAGES.index(f.stage), f.step if f.step is not None else -1),
            default=None,
        )


@dataclass(frozen=True)
class Noise:
    """A gap that does not matter, to compare the gap between backends with."""

    what: str  # such as "numpy twice", "numpy, seed 1 for seed 0", "numpy, float32 for float64"
    losses: float  # the largest gap of any loss
    weights: float  # the largest gap of any final weight
    accuracy: float | None  # the gap of the headline's accuracy; None where there is none


@dataclass
class Comparison:
    """One lesson on every backend, judged against the reference."""

    lesson: int
    dtype: str
    seed: int
    reference: str
    outcomes: list[Outcome]
    noise: list[Noise] = field(default_factory=list)
    seconds: float = 0.0
    largest: Noise | None = None  # the largest gaps between backends, to compare with the noise

    @property
    def agrees(self) -> bool:
        """Whether every backend that should have run did, within every budget."""
        return all(o.agrees for o in self.outcomes if o.status != "not run")

    def plain(self) -> dict[str, Any]:
        """As JSON values; a gap that is infinite becomes the text "inf"."""
        return asdict(self, dict_factory=_plain)

    def write(self, file: Path) -> None:
        """Write it as JSON."""
        text = json.dumps(self.plain(), indent=1, ensure_ascii=False, allow_nan=False)
        file.write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, file: Path) -> Comparison:
        """Read what `write` wrote; raises SettingsError for a file that is not a comparison."""
        try:
            values = json.loads(content(file, LARGEST))
            values["noise"] = [Noise(**_numbers(n)) for n in values["noise"]]
            values["largest"] = values["largest"] and Noise(**_numbers(values["largest"]))
            outcomes = []
            for outcome in values["outcomes"]:
                outcome["folder"] = outcome["folder"] and Path(outcome["folder"])
                outcome["findings"] = [Finding(**_numbers(f)) for f in outcome["findings"]]
                if "engine" in outcome:  # its name in files of the first release
                    outcome["backend"] = outcome.pop("engine")
                outcomes.append(Outcome(**outcome))
            return cls(**values | {"outcomes": outcomes})
        except Unreadable:
            raise
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise SettingsError(f"{str(file)!r} was not written by `make compare`") from None


def _numbers(values: dict[str, Any]) -> dict[str, Any]:
    """Turn the texts that stand for infinite numbers back into numbers."""
    numbers = ("gap", "budget", "losses", "weights", "accuracy")
    return {k: float(v) if k in numbers and v is not None else v for k, v in values.items()}


def _plain(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    def value(v: Any) -> Any:
        if isinstance(v, float) and not math.isfinite(v):
            return str(v)
        return v.as_posix() if isinstance(v, Path) else v

    return {key: value(v) for key, v in pairs}
