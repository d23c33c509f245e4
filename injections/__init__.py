"""Known differences that can be injected into a run: `INJECTIONS["adam_epsilon_of_keras"]`."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.contract import SettingsError
from injections import (
    backward,
    batches,
    data,
    gradients,
    initial_weights,
    inside,
    layers,
    loops,
    losses,
    measured,
    optimizers,
    pictures,
    precision,
    sequences,
)
from injections.injection import Injection
from injections.run_spec import RunSpec, short
from spelling import unknown

__all__ = ["INJECTIONS", "Injection", "RunSpec", "get", "inject", "short"]

# Ordered by the stage of a run that they change: data first, the optimizer last. Those around a
# model come after those that replace a part of it.
INJECTIONS: dict[str, Injection] = {
    injection.name: injection
    for injections in (
        data, initial_weights, batches, pictures, sequences, layers, precision, losses, backward,
        gradients, optimizers, loops, inside,
    )
    for injection in injections.INJECTIONS
}  # fmt: skip


def inject(spec: RunSpec, names: Sequence[str]) -> RunSpec:
    """The spec with these injections, applied in the order of INJECTIONS, measured ones last.

    Raises SettingsError for an unknown name.
    """
    resolved = list(dict.fromkeys(resolve(names)))
    order = {name: i for i, name in enumerate(INJECTIONS)}
    first_around = order[inside.INJECTIONS[0].name]

    def place(name: str) -> tuple[float, int]:
        """By number; a measured one before those around the model, unless it is one of them."""
        measured_place = len(order) if name.startswith("model_reads") else first_around - 0.5
        return order.get(name, measured_place), resolved.index(name)

    for name in sorted(resolved, key=place):
        spec = get(name).into(spec)
    return spec


def get(name: str) -> Injection:
    """The injection of a name, which may have a number: `rate_times=0.1`.

    Raises SettingsError for an unknown name.
    """
    return INJECTIONS.get(name) or measured.find(name)


def resolve(names: Sequence[str]) -> list[str]:
    """The names of injections; an entry of the catalogue stands for its first injection.

    Raises SettingsError for a name that is neither, with similar names.
    """
    entries = {one.entry: one.name for one in reversed(INJECTIONS.values()) if one.entry}
    for name in names:
        if name in INJECTIONS or name in entries or name.partition("=")[0] in measured.FAMILIES:
            continue
        known, rest = [*INJECTIONS, *entries], "`make diverge INJECT=list` prints all"
        raise SettingsError(unknown("injection", name, known, rest))
    return [entries[name] if name in entries and name not in INJECTIONS else name for name in names]
