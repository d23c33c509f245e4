"""The recipes of a lesson in a file, so that eight backends need not run the lesson eight times.

`numpy.savez` without pickles: a card that says what the recipes are, and the arrays, each once.
"""

from __future__ import annotations

import json
import os
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


def write(recipes: list[RunSpec], file: Path) -> None:
    """Write recipes whole or not at all; each step's targets are those of its inputs."""
    arrays: dict[str, Any] = {}

    def keep(array: Array) -> str:
        name = f"{array.dtype}/{digest_of_arrays([array])[:16]}"
        arrays[name] = array
        return name

    card = [
        {name: getattr(recipe, name) for name in PLAIN}
        | {
            "net": asdict(recipe.net),
            "optimizer": [type(recipe.optimizer).__name__, asdict(recipe.optimizer)],
            "initial": [keep(p) for p in recipe.initial],
            "x": keep(recipe.x),
            "y": keep(recipe.y),
            "rows": keep(np.concatenate(recipe.batches)),
            "ends": np.cumsum([len(rows) for rows in recipe.batches]).tolist(),
        }
        for recipe in recipes
    ]
    arrays["card"] = np.array(json.dumps({"format": FORMAT, "recipes": card}))
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.{os.getpid()}.unfinished")
    with unfinished.open("wb") as out:
        np.savez_compressed(out, **arrays)
    unfinished.replace(file)


def read(file: Path, backend: type[Model]) -> list[RunSpec]:
    """What `write` wrote, for this backend; raises SettingsError for any other file."""
    try:
        arrays = npz.read_all(file)
        card = json.loads(str(arrays["card"]))
        if card["format"] != FORMAT:
            raise ValueError("another format")
        return [_recipe(told, arrays, backend) for told in card["recipes"]]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise SettingsError(f"{str(file)!r} holds no recipes ({error})") from None


def _recipe(told: dict[str, Any], arrays: dict[str, Array], backend: type[Model]) -> RunSpec:
    net, (optimizer, constants) = told["net"], told["optimizer"]
    batches = tuple(np.split(arrays[told["rows"]], told["ends"][:-1]))
    return RunSpec(
        **{name: told[name] for name in PLAIN},
        net=Net(tuple(Dense(**layer) for layer in net["layers"]), net["loss"], net["l2"]),
        optimizer=OPTIMIZERS[optimizer](**constants),
        initial=[arrays[name] for name in told["initial"]],
        x=arrays[told["x"]],
        y=arrays[told["y"]],
        batches=batches,
        labels=batches,
        Model=backend,
    )
