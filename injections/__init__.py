"""Known differences that can be injected into a run: `INJECTIONS["adam_epsilon_of_keras"]`."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.contract import require
from injections import (
    batches,
    data,
    gradients,
    initial_weights,
    layers,
    losses,
    optimizers,
    pictures,
    sequences,
)
from injections.injection import Injection
from injections.run_spec import RunSpec, short
from spelling import unknown

__all__ = ["INJECTIONS", "Injection", "RunSpec", "inject", "short"]

# Ordered by the stage of a run that they change: data first, the optimizer last.
INJECTIONS: dict[str, Injection] = {
    injection.name: injection
    for injections in (
        data, initial_weights, batches, pictures, sequences, layers, losses, gradients, optimizers,
    )
    for injection in injections.INJECTIONS
}  # fmt: skip


def inject(spec: RunSpec, names: Sequence[str]) -> RunSpec:
    """The spec with these injections, applied in the order of INJECTIONS.

    Raises SettingsError for an unknown name.
    """
    resolved = resolve(names)
    for name, injection in INJECTIONS.items():
        spec = injection.into(spec) if name in resolved else spec
    return spec


def resolve(names: Sequence[str]) -> list[str]:
    """The names of injections; an entry of the catalogue stands for its first injection.

    Raises SettingsError for a name that is neither, with similar names.
    """
    entries = {one.entry: one.name for one in reversed(INJECTIONS.values()) if one.entry}
    for name in names:
        require(
            name in INJECTIONS or name in entries,
            unknown(
                "injection", name, [*INJECTIONS, *entries], "`make diverge INJECT=list` prints all"
            ),
        )
    return [name if name in INJECTIONS else entries[name] for name in names]
