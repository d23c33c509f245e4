"""Where B's forward pass leaves A's: local gaps, with A's results put in at every paired layer.

B runs once. The result of each paired layer is replaced by A's at the step that makes it, so that a
difference does not spread: `in` is what lies between paired layers, `out` is the layer itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from triptych.port.capture.tape import NO_EDITS, Edits, Step, Values, execute
from triptych.port.layers.call import is_packed
from triptych.port.layers.unit import Unit
from triptych.port.layouts import channels_first, fit, gap
from triptych.port.pairing import Pair
from triptych.port.side import Side, input_of, leaves

PICTURES = {
    "convolution", "transposed convolution", "batch normalization", "group normalization",
}  # fmt: skip
RECURRENT = {"lstm", "gru", "rnn"}
SAME_PART = 1e-11  # as the tolerance of float64; in float32 a cut is reported
OUTPUT = -1  # stands for the step of the model's own result


@dataclass
class Gap:
    """One place where both models were compared.

    what: in, before a paired layer; out, the layer itself; or end, the model's result.
    size: ‖A − B‖ / ‖A‖; infinite where the shapes cannot be the same numbers.
    a, b: the values compared, a in B's layout where there is one.
    known: the values of B that were there, A's in place of B's.
    """

    what: str
    step_a: Step | None
    step_b: Step | None
    size: float
    a: torch.Tensor
    b: torch.Tensor
    at: int = OUTPUT  # the index of B's step

    @property
    def key(self) -> tuple[int, str]:
        """What tells it from others."""
        return self.at, self.what


@dataclass
class Partner:
    """A paired call of B: what A fed into the same layer, and what it gave."""

    step_a_in: Step
    step_a_out: Step
    fed: torch.Tensor | None
    gave: torch.Tensor | None


class Comparison:
    """B's tape beside A's values, with the pairs between them."""

    def __init__(
        self, a: Side, b: Side, pairs: Sequence[Pair], flattened: dict[int, tuple[int, ...]]
    ) -> None:
        """Look up A's values for every paired call of B.

        flattened: for a unit of A that reads a flattened picture, its shape, channels last.
        """
        self.a, self.b, self.flattened = a, b, flattened
        self.to_a = {one.b: one.a for one in pairs}
        self.partners = self.find_partners()

    def find_partners(self) -> dict[int, Partner]:
        """For each of B's steps whose units are all paired, A's side of it."""
        by_step: dict[int, list[tuple[Unit, int]]] = {}
        for unit in self.b.units:
            for call, step in enumerate(unit.calls):
                is_local = not is_packed(self.b.tape.steps[step])  # packed rows have no place in A
                if unit.kind != "free" and unit.index in self.to_a and is_local:
                    by_step.setdefault(step, []).append((unit, call))
        found = {}
        for step, uses in by_step.items():
            uses.sort(key=lambda use: use[0].position)
            partner = self.partner(uses)
            if partner is not None:
                found[step] = partner
        return found

    def partner(self, uses: list[tuple[Unit, int]]) -> Partner | None:
        """A's input of the first unit and its results of the last ones."""
        made = [(self.a.units[self.to_a[unit.index]], call) for unit, call in uses]
        steps = [self.a.step_of(unit, call) for unit, call in made]
        if any(step is None for step in steps):
            return None
        first, last = steps[0], steps[-1]
        assert first is not None
        assert last is not None
        feeding = {i for unit, _ in uses for i in unit.fed_by}
        ends = [i for i in range(len(uses)) if i not in feeding]
        gave = [part_of_result(self.a, made[i][0], steps[i]) for i in ends]
        hidden = any(is_inside(self.a, made[i][0], steps[i]) for i in ends)
        fed = self.a.entry(first) if made[0][0].position == 0 else None
        kind = uses[0][0].kind
        value = None if fed is None else self.turned(self.a.values[fed], kind)
        unit_a = made[0][0]
        if value is not None and len(uses) == 1 and unit_a.settings.get("go_backwards"):
            value = value.flip(1)  # A's layer turns the time itself, B's model has to
        if value is not None and unit_a.index in self.flattened:
            value = channels_first(
                value.reshape(len(value), *self.flattened[unit_a.index])
            ).reshape(value.shape)
        shown = None if hidden else self.turned(joined(kind, gave), kind)
        return Partner(first, last, value, shown)

    def turned(self, value: torch.Tensor | None, kind: str) -> torch.Tensor | None:
        """A's value in B's layout, where the kind of layer decides it."""
        if value is None or kind not in PICTURES or value.ndim < 3:
            return value
        return channels_first(value) if self.a.is_keras and not self.b.is_keras else value

    def gaps(self, edits: Edits = NO_EDITS) -> list[Gap]:
        """Run B with A's values put in; every local gap, in B's order, the result's last."""
        found: list[Gap] = []

        def after(step: Step, values: Values) -> None:
            partner = self.partners.get(step.index)
            if partner is not None:
                found.extend(self.at_layer(step, partner, values, edits))

        with torch.no_grad():
            self.known = self.b.tape.run(edits, after=after)
        return [*found, *self.at_end(self.known, edits)]

    def at_layer(self, step: Step, partner: Partner, values: Values, edits: Edits) -> list[Gap]:
        """The gaps before and in one layer of B; A's result is put in its place."""
        found, entry = [], self.b.entry(step)
        made = values[step.outputs[0]]
        if partner.fed is not None and entry is not None:
            read = self.read_by(step, entry, values, edits)
            if read.is_floating_point() == partner.fed.is_floating_point():
                size, value = self.fitted(partner.fed, read, step)
                found.append(
                    Gap("in", partner.step_a_in, step, size, keep(value, partner.fed), read,
                        step.index)
                )  # fmt: skip
                if value is not None:
                    made = self.run_layer(step, value, values, edits)
        if partner.gave is not None:
            size, value = self.fitted_result(partner.gave, made, step)
            found.append(
                Gap("out", partner.step_a_out, step, size, keep(value, partner.gave), made,
                    step.index)
            )  # fmt: skip
            if value is not None and value.shape == values[step.outputs[0]].shape:
                values[step.outputs[0]] = value.to(made.dtype)  # A may compute in float32 here
        return found

    def read_by(self, step: Step, entry: int, values: Values, edits: Edits) -> torch.Tensor:
        """What a layer of B reads, after an edit of its input."""
        first = self.first_step(step, entry)
        _, change = edits.inputs.get(first.index, (entry, None))
        return values[entry] if change is None else change(values[entry])

    def first_step(self, step: Step, entry: int) -> Step:
        """The layer's step, or that of the padding in front of it."""
        value = input_of(step)
        if value == entry or value is None:
            return step
        return self.b.tape.steps[self.b.tape.maker[value]]

    def fitted(
        self, a: torch.Tensor, b: torch.Tensor, step: Step
    ) -> tuple[float, torch.Tensor | None]:
        """A's input as B reads it: in the one layout that a picture's layer has, or the nearest."""
        if not self.layout_is_fixed(step):
            return fit(a, b)
        if a.shape == b.shape:
            return gap(a, b), a
        return (0.0, None) if is_part(a, b) else (math.inf, None)

    def layout_is_fixed(self, step: Step) -> bool:
        """Whether `turned` has decided the layout of what this step reads."""
        kinds = {u.kind for u in self.b.units if step.index in u.calls}
        return bool(kinds & PICTURES) and self.a.is_keras != self.b.is_keras

    def fitted_result(
        self, a: torch.Tensor, b: torch.Tensor, step: Step
    ) -> tuple[float, torch.Tensor | None]:
        """A's result as B gives it; a recurrent layer of A may hand over its last step only."""
        if a.ndim == 2 and b.ndim == 3 and a.shape == (b.shape[0], b.shape[2]):
            return gap(a, b[:, -1]), None
        return self.fitted(a, b, step)

    def run_layer(
        self, step: Step, fed: torch.Tensor, values: Values, edits: Edits = NO_EDITS
    ) -> torch.Tensor:
        """The result of a layer of B, with the padding in front of it, on what is fed into it."""
        entry = self.b.entry(step)
        assert entry is not None
        local = {**values, entry: fed.to(values[entry].dtype).contiguous()}
        plain = Edits(edits.functions)  # what is fed is as it should be
        first = self.first_step(step, entry)
        execute(first, local, plain)
        if first is not step:
            execute(step, local, plain)
        return local[step.outputs[0]]

    def at_end(self, values: Values, edits: Edits) -> list[Gap]:
        """The gap of what the models return, with A's values put in before."""
        a, b = self.results(self.a, self.a.values)[0], self.results(self.b, values)[0]
        b = edits.result(b) if edits.result is not None else b
        size, value = fit(a, b)
        return [Gap("end", None, None, size, keep(value, a), b)]

    def end(self, edits: Edits = NO_EDITS) -> float:
        """The gap of the result of B as it is, with nothing put in: the proof."""
        with torch.no_grad():
            values = self.b.tape.run(edits)
        return self.at_end(values, edits)[0].size

    def results(self, side: Side, values: Values) -> list[torch.Tensor]:
        """What a model returned, the main result first."""
        return [values[value] for value in self.result_values(side)]

    def result_values(self, side: Side) -> list[int]:
        """The values that a model returned, the main one first."""
        tree: Any = side.tape.output
        if isinstance(tree, dict):
            names = ("sequence_output", "last_hidden_state", "logits")
            tree = next((tree[n] for n in names if n in tree), tree)
        return [leaf.value for leaf in leaves(tree)]


def is_part(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Whether a is the first or the last part of b along one axis: B cuts the rest off later."""
    longer = [i for i in range(a.ndim) if a.ndim == b.ndim and b.shape[i] > a.shape[i]]
    if len(longer) != 1 or a.numel() * b.shape[longer[0]] != b.numel() * a.shape[longer[0]]:
        return False
    axis, n = longer[0], a.shape[longer[0]]
    starts = (0, b.shape[axis] - n)
    return any(gap(a, b.narrow(axis, start, n)) <= SAME_PART for start in starts)


def keep(value: torch.Tensor | None, otherwise: torch.Tensor) -> torch.Tensor:
    """The value, if there is one."""
    return otherwise if value is None else value


def part_of_result(side: Side, unit: Unit, step: Step | None) -> torch.Tensor:
    """What one unit made of its step's result."""
    assert step is not None
    value = side.values[step.outputs[0]]
    return value if unit.columns is None else value[..., unit.columns]


def is_inside(side: Side, unit: Unit, step: Step | None) -> bool:
    """Whether another unit of the same step works on what this one makes, as in SeparableConv2D."""
    return any(
        unit.position in other.fed_by
        for other in side.units
        if step is not None and step.index in other.calls and other is not unit
    )


def joined(kind: str, parts: list[torch.Tensor]) -> torch.Tensor | None:
    """The results of several units side by side, as the one step of B gives them."""
    if len(parts) == 1:
        return parts[0]
    if kind in RECURRENT:  # Keras's backward layer gives the last step first
        if parts[0].ndim != 3:
            return None
        return torch.cat([parts[0], parts[1].flip(1)], -1)
    if any(part.shape[:2] != parts[0].shape[:2] for part in parts):
        return None
    return torch.cat([part.flatten(2) if part.ndim > 3 else part for part in parts], -1)
