"""Save a lesson's run specs in a file, so that the lesson runs once and not once per backend.

The file is a `numpy.savez` without pickles: a card that describes the runs, and each array once.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from adapters.contract import SGD, Adam, Array, Dense, Model, Net, SettingsError
from course.card import digest_of_arrays
from datasets import npz
from injections.run_spec import RunSpec

FORMAT = 1
OPTIMIZERS = {"SGD": SGD, "Adam": Adam}
PLAIN = ("name", "steps_per_epoch", "lowered_from", "lower_by", "seed")


def write(run_specs: list[RunSpec], file: Path) -> None:
    """Write run specs completely or not at all. Assumes that `labels` equals `batches`."""
    arrays: dict[str, Any] = {}

    def store(array: Array) -> str:
        name = f"{array.dtype}/{digest_of_arrays([array])[:16]}"
        arrays[name] = array
        return name

    card = [
        {name: getattr(spec, name) for name in PLAIN}
        | {
            "net": asdict(spec.net),
            "optimizer": [type(spec.optimizer).__name__, asdict(spec.optimizer)],
            "initial": [store(p) for p in spec.initial],
            "x": store(spec.x),
            "y": store(spec.y),
            "rows": store(np.concatenate(spec.batches)),
            "ends": np.cumsum([len(rows) for rows in spec.batches]).tolist(),
        }
        for spec in run_specs
    ]
    arrays["card"] = np.array(json.dumps({"format": FORMAT, "runs": card}))
    npz.write(file, arrays)


def read(file: Path, backend: type[Model]) -> list[RunSpec]:
    """Read what `write` wrote, for this backend; raises SettingsError for any other file."""
    try:
        arrays = npz.read_all(file)
        card = json.loads(str(arrays["card"]))
        if card["format"] != FORMAT:
            raise ValueError("it has another format")
        return [_spec(entry, arrays, backend) for entry in card["runs"]]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise SettingsError(f"{str(file)!r} is not a file of run specs ({error})") from None


def _spec(entry: dict[str, Any], arrays: dict[str, Array], backend: type[Model]) -> RunSpec:
    net, (optimizer, constants) = entry["net"], entry["optimizer"]
    batches = tuple(np.split(arrays[entry["rows"]], entry["ends"][:-1]))
    return RunSpec(
        **{name: entry[name] for name in PLAIN},
        net=Net(tuple(Dense(**layer) for layer in net["layers"]), net["loss"], net["l2"]),
        optimizer=OPTIMIZERS[optimizer](**constants),
        initial=[arrays[name] for name in entry["initial"]],
        x=arrays[entry["x"]],
        y=arrays[entry["y"]],
        batches=batches,
        labels=batches,
        Model=backend,
    )
