"""Known differences, each ready to be planted in a run: `PLANTS["adam_epsilon_of_keras"]`."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.contract import require
from compare.plants import batches, data, gradients, initial_weights, layers, losses, optimizers
from compare.plants.plant import Plant
from compare.plants.recipe import Recipe, short
from spelling import unknown

__all__ = ["PLANTS", "Plant", "Recipe", "plant", "short"]

# In the order in which a run depends on what they change.
PLANTS: dict[str, Plant] = {
    plant.name: plant
    for plants in (data, initial_weights, batches, layers, losses, gradients, optimizers)
    for plant in plants.PLANTS
}


def plant(recipe: Recipe, names: Sequence[str]) -> Recipe:
    """The recipe with these differences in it, in the order of PLANTS.

    Raises SettingsError for a name that is none.
    """
    wanted = called(names)
    for name, known in PLANTS.items():
        recipe = known.into(recipe) if name in wanted else recipe
    return recipe


def called(names: Sequence[str]) -> list[str]:
    """The plants of these names; an entry of the catalogue stands for its first plant.

    Raises SettingsError for a name that is neither, and says which are near.
    """
    entries = {known.entry: known.name for known in reversed(PLANTS.values()) if known.entry}
    for name in names:
        require(
            name in PLANTS or name in entries,
            unknown("plant", name, [*PLANTS, *entries], "`make diverge PLANT=list` prints all"),
        )
    return [name if name in PLANTS else entries[name] for name in names]
