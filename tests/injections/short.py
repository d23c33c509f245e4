"""Runs of few steps, in which every injection still shows: there are three epochs, and a last batch
that is not full."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from compare.diverge.run_specs import run_specs
from injections import RunSpec

STEPS = 12  # of a run of small batches: four in each of three epochs


def shortened(recipe: RunSpec) -> RunSpec:
    """Fewer batches of each epoch, and still one at its end that is not full."""
    keep = STEPS // 3
    if len(recipe.batches) <= 30 or recipe.steps_per_epoch <= keep:
        return recipe
    epochs = range(0, len(recipe.batches), recipe.steps_per_epoch)
    last = recipe.steps_per_epoch - 1
    steps = [start + i for start in epochs for i in (*range(keep - 1), last)]
    lowered = recipe.lowered_from // recipe.steps_per_epoch * keep
    batches = tuple(recipe.batches[i] for i in steps)
    return replace(
        recipe, batches=batches, labels=batches, steps_per_epoch=keep, lowered_from=lowered
    )


@cache
def short_recipes(lesson: int, dtype: str, seed: int) -> list[RunSpec]:
    """What a lesson trains on NumPy, shortened; each lesson is run once."""
    return [shortened(recipe) for recipe in run_specs(lesson, dtype, seed, None)]
