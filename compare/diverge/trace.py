"""A trace: the sketches of every quantity of every run of a lesson, in one file.

The file is a `numpy.savez` without pickles: for each run the places as text and the numbers as
arrays, and a card that identifies what ran. Traces from any machine and day can be compared.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from adapters.contract import SettingsError
from compare.diverge.sketch import SUMS, Sketch
from datasets import npz

FORMAT = 3  # since a run's `epoch` is called several times, and stops at overflow


@dataclass
class Trace:
    """A lesson's runs on one backend."""

    card: dict[str, Any]  # backend, lesson, dtype, seed, injections, versions, network of each run
    runs: dict[str, list[Sketch]] = field(default_factory=dict)

    def write(self, file: Path) -> None:
        """Write it completely or not at all."""
        arrays: dict[str, Any] = {"card": np.array(json.dumps(self.card | {"format": FORMAT}))}
        for i, (run, sketches) in enumerate(self.runs.items()):
            words = [[s.stage, s.tensor, s.digest, json.dumps(s.shape)] for s in sketches]
            arrays |= {
                f"{i}/run": np.array(run),
                f"{i}/words": np.array(words),
                f"{i}/step": np.array([s.step for s in sketches]),
                f"{i}/norm": np.array([s.norm for s in sketches]),
                f"{i}/unit": np.array([s.unit for s in sketches]),
                f"{i}/sums": np.array([s.sums for s in sketches]),
            }
        npz.write(file, arrays)

    @classmethod
    def joined(cls, parts: Sequence[Trace]) -> Trace:
        """One trace of what was walked in several processes, with the runs in the card's order."""
        card, found = parts[0].card, {name: of for part in parts for name, of in part.runs.items()}
        return cls(card, {name: found[name] for name in card["runs"]})

    @classmethod
    def read(cls, file: Path) -> Trace:
        """Read what `write` wrote; raises SettingsError for a file that is not a trace."""
        try:
            arrays = npz.read_all(file)
            card = json.loads(str(arrays["card"]))
            if not isinstance(card, dict) or card.pop("format") != FORMAT:
                raise ValueError("it has another format")
            if not isinstance(card.get("engine"), str):
                raise ValueError("its card names no backend")
            trace = cls(card)
            for i in range(sum(name.endswith("/run") for name in arrays)):
                trace.runs[str(arrays[f"{i}/run"])] = _sketches(arrays, i)
            return trace
        except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
            raise SettingsError(
                f"{str(file)!r} is not a trace that this version reads ({error})"
            ) from None


def _sketches(arrays: Any, i: int) -> list[Sketch]:
    steps, norms, units, sums = (arrays[f"{i}/{name}"] for name in ("step", "norm", "unit", "sums"))
    if sums.shape != (len(steps), SUMS):
        raise ValueError("a table of the wrong shape")
    return [
        Sketch(int(step), str(stage), str(tensor), str(digest), float(norm),
               tuple(json.loads(str(shape))), int(unit), row)
        for (stage, tensor, digest, shape), step, norm, unit, row
        in zip(arrays[f"{i}/words"], steps, norms, units, sums, strict=True)
    ]  # fmt: skip
