"""Known differences, each ready to be planted in a run: `INJECTIONS["adam_epsilon_of_keras"]`."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.contract import require
from injections import batches, data, gradients, initial_weights, layers, losses, optimizers
from injections.injection import Injection
from injections.run_spec import RunSpec, short
from spelling import unknown

__all__ = ["INJECTIONS", "Injection", "RunSpec", "inject", "short"]

# In the order in which a run depends on what they change.
INJECTIONS: dict[str, Injection] = {
    injection.name: injection
    for injections in (data, initial_weights, batches, layers, losses, gradients, optimizers)
    for injection in injections.INJECTIONS
}


def inject(recipe: RunSpec, names: Sequence[str]) -> RunSpec:
    """The recipe with these differences in it, in the order of INJECTIONS.

    Raises SettingsError for a name that is none.
    """
    wanted = called(names)
    for name, known in INJECTIONS.items():
        recipe = known.into(recipe) if name in wanted else recipe
    return recipe


def called(names: Sequence[str]) -> list[str]:
    """The plants of these names; an entry of the catalogue stands for its first plant.

    Raises SettingsError for a name that is neither, and says which are near.
    """
    entries = {known.entry: known.name for known in reversed(INJECTIONS.values()) if known.entry}
    for name in names:
        require(
            name in INJECTIONS or name in entries,
            unknown(
                "injection", name, [*INJECTIONS, *entries], "`make diverge INJECT=list` prints all"
            ),
        )
    return [name if name in INJECTIONS else entries[name] for name in names]
