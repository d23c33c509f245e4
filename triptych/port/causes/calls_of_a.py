"""Hypotheses from A's own calls: A's function in place of one of B, or added to B.

Both models compute on torch tensors, so that whatever A does between two layers, with its settings
and the user's own functions, can be tried in B.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch

from triptych.port.capture.tape import Edits, Function, Step, Values, execute
from triptych.port.forward import OUTPUT, Comparison, Gap
from triptych.port.layers import activation
from triptych.port.layers.alternative import Alternative, followed
from triptych.port.layers.call import RECURRENT
from triptych.port.layouts import EXACT, ORDERS, fit, gap, layouts

OTHER = "what another call made"
OF_RESULTS = ("the result", "the second result")
OF_STATES = ("the outputs", "the last state", "the last state of the cell")
Insertion = tuple[Alternative, str, Edits]
# Calls that only look, copy or change a type or a layout.
IDLE = {
    "to", "contiguous", "clone", "detach", "as_tensor", "Dropout", "dropout", "view", "reshape",
    "permute", "transpose", "Transpose", "SwapAxes", "unsqueeze", "squeeze", "Flatten",
    "Reshape", "Permute", "InputLayer",
    "ZeroPadding1D", "ZeroPadding2D", "flatten", "expand", "T",
}  # fmt: skip
VERBS = {
    "Add": "adds", "add": "adds", "__add__": "adds", "add_": "adds", "__iadd__": "adds",
    "Multiply": "multiplies by", "mul": "multiplies by", "__mul__": "multiplies by",
    "Subtract": "subtracts", "sub": "subtracts", "__sub__": "subtracts",
    "div": "divides by", "__truediv__": "divides by", "truediv": "divides by",
    "Concatenate": "appends", "cat": "appends", "Maximum": "takes the maximum with",
    "Average": "takes the mean with",
}  # fmt: skip
NOUNS = {
    "adds": "a sum", "multiplies by": "a product", "subtracts": "a difference",
    "divides by": "a quotient", "appends": "a concatenation",
    "takes the maximum with": "a maximum", "takes the mean with": "a mean",
}  # fmt: skip
UNSET = (None, 0.0, "", ())  # what leaves a layer as it is
SHOWN = (
    "alpha", "negative_slope", "max_value", "threshold", "rate", "axis", "axes", "pool_size",
    "strides", "padding", "size", "interpolation", "scale", "offset",
)  # fmt: skip


@dataclass(frozen=True)
class CallOfA:
    """A call of A between two layers, as a function of one of its inputs."""

    step: Step
    value: int  # the input that varies
    values: Values  # A's, for the others
    others: tuple[str, ...]  # what they are

    @property
    def name(self) -> str:
        """The call with the settings that decide it."""
        stated = [repr(a) for a in self.step.args if isinstance(a, (int, float))]
        stated += [
            f"{key}={getattr(self.step.layer, key)!r}"
            for key in SHOWN
            if self.step.layer is not None and getattr(self.step.layer, key, None) not in UNSET
        ]
        base = self.step.name
        if base == "Activation":
            base = getattr(self.step.layer.activation, "__name__", base)
        base += " with a mask" if "a mask" in self.others else ""
        return f"{base}({', '.join(stated)})" if stated else base

    def __call__(self, x: torch.Tensor, *, order: tuple[int, ...] | None = None) -> torch.Tensor:
        """The call on another tensor; order: of A's axes in that of B."""
        back = None if order is None else [order.index(i) for i in range(len(order))]
        given = x if back is None else x.permute(back)
        mask = getattr(self.values[self.value], "_keras_mask", None)
        if mask is not None:
            given._keras_mask = mask  # type: ignore[attr-defined]
        local = {**self.values, self.value: given}
        execute(self.step, local)
        made = local[self.step.outputs[0]]
        if order is None or made.ndim != len(order):
            return made
        return made.permute(order)


def calls_between(comparison: Comparison, at: Gap) -> list[CallOfA]:
    """A's calls between the layers before and this gap, once for each input that they compute."""
    a, found = comparison.a, []
    layers = layers_of_a(comparison)
    anchors, steps = segment_of_a(comparison, at)
    makers = {v: a.tape.steps[i].where for i in layers for v in a.tape.steps[i].outputs}
    for step in steps:
        if step.name in IDLE or step.index in layers:
            continue
        for value in dict.fromkeys(step.inputs):
            others = [v for v in step.inputs if v != value]
            is_computed = value not in a.tape.given or value in a.tape.inputs
            if not is_computed or not a.values[value].is_floating_point():
                continue
            if any(v not in anchors and a.values[v].is_floating_point() for v in others):
                continue  # its other half may be what differs; a mask is made of the input
            names = tuple(
                a.tape.parameters.get(v)
                or ("a mask" if a.values[v].dtype == torch.bool else makers.get(v, "a constant"))
                for v in others
            )
            found.append(CallOfA(step, value, a.values, names))
    return found


def layers_of_a(comparison: Comparison) -> set[int]:
    """The steps of A's layers."""
    return {i for unit in comparison.a.units if unit.kind != "free" for i in unit.calls}


def segment_of_a(comparison: Comparison, at: Gap) -> tuple[Values, list[Step]]:
    """A's values that stand, given or made by layers, and its steps from them to a gap."""
    a, target = comparison.a, target_of_a(comparison, at)
    anchors = {v: a.values[v] for v in a.tape.given}
    made = [v for i in layers_of_a(comparison) for v in a.tape.steps[i].outputs]
    anchors |= {v: a.values[v] for v in made}
    return anchors, [] if target is None else a.tape.before([target], anchors)


def target_of_a(comparison: Comparison, at: Gap) -> int | None:
    """The value of A that is compared."""
    if at.at == OUTPUT:
        return comparison.result_values(comparison.a)[0]
    return comparison.a.entry(at.step_a) if at.step_a is not None else None


def hypotheses(comparison: Comparison, at: Gap, steps: list[Step]) -> Iterator[Insertion]:
    """A's calls in place of B's, after them, on one of their inputs, and at the end."""
    calls = calls_between(comparison, at)
    own = {step.name for step in steps}
    for call in sorted(calls, key=lambda call: call.step.name in own):  # what B lacks first
        for function in as_functions(call):
            for step in steps:
                same = call.name.lower() == activation.wording(step).lower()
                same = same and call.step.name not in VERBS
                if step.name in IDLE or same or adds_the_same(call, step):
                    continue
                yield replaced(call, step, function)
            yield appended(comparison, at, call, function)
            for step in steps:
                yield added(call, step, function)
            for step in steps:
                for value in dict.fromkeys(step.inputs):
                    yield on_input(call, step, value, function)


def as_functions(call: CallOfA) -> list[Function]:
    """The call in each layout that B may have."""
    n = call.values[call.value].ndim
    orders = ORDERS.get(n, []) if n > 3 else []
    return [lambda x: call(x), *(lambda x, o=order: call(x, order=o) for order in orders[:1])]


def replaced(call: CallOfA, step: Step, function: Function) -> Insertion:
    """A's call in place of B's."""

    def other(*args: Any, **kwargs: Any) -> Any:
        tensors = [a for a in args if isinstance(a, torch.Tensor)]
        return function(tensors[0])

    verb, own = VERBS.get(call.step.name), VERBS.get(step.name)
    if verb:
        with_what = " and ".join(call.others) or "a constant"
        text = f"A {verb} {with_what}, B {own} another term" if own else (
            f"A {verb} {with_what}, B has {step.name}"
        )  # fmt: skip
        if own and own != verb:
            text = f"{NOUNS[verb]} in A, {NOUNS[own]} in B: A {verb} {with_what}"
    else:
        text = f"{call.name} in A, {activation.wording(step)} in B"
    found = Alternative(
        f"{step.name} to {call.step.name}", text, f"{call.name} in place of {step.name}", other
    )
    return found, step.where, Edits({step.index: other})


def adds_the_same(call: CallOfA, step: Step) -> bool:
    """Whether both add a layer's result: B's own may be that very one."""
    verb = VERBS.get(call.step.name)
    is_layer = any(" (" in name for name in call.others)
    return verb is not None and verb == VERBS.get(step.name) and is_layer


def appended(comparison: Comparison, at: Gap, call: CallOfA, function: Function) -> Insertion:
    """A's call where the next layer reads, or on the result."""
    found = lacking(call, function)
    if at.at == OUTPUT:
        return found, "the model's result", Edits(result=function)
    assert at.step_b is not None
    entry = comparison.b.entry(at.step_b)
    assert entry is not None
    first = comparison.first_step(at.step_b, entry)
    return found, f"before {at.step_b.where}", Edits(inputs={first.index: (entry, function)})


def added(call: CallOfA, step: Step, function: Function) -> Insertion:
    """A's call after one of B's."""
    edits = Edits({step.index: followed(step, function)})
    return lacking(call, function), f"after {step.where}", edits


def on_input(call: CallOfA, step: Step, value: int, function: Function) -> Insertion:
    """A's call on one of the values that B's call reads."""
    found = lacking(call, function)
    return found, f"in front of {step.where}", Edits(inputs={step.index: (value, function)})


def lacking(call: CallOfA, function: Function) -> Alternative:
    """What B does not do."""
    verb = VERBS.get(call.step.name)
    if verb:
        text = f"A {verb} {' and '.join(call.others) or constant(call)}, B does not"
    else:
        text = f"{call.name} in A, nothing in B"
    return Alternative(f"missing {call.step.name}", text, f"add {call.name}", function)


def constant(call: CallOfA) -> str:
    """The number that a call multiplies or divides by, if it is one."""
    x, y = call.values[call.value], call.values[call.step.outputs[0]]
    share = float((x * y).sum() / (x * x).sum()) if x.shape == y.shape and x.any() else 0.0
    is_factor = bool(share) and gap(share * x, y) <= EXACT
    return f"a constant (× {share:.6g})" if is_factor else "a constant"


def other_sources(comparison: Comparison, at: Gap, steps: list[Step]) -> Iterator[Insertion]:
    """Another value of B where the next layer reads, or where a call reads one."""
    known = comparison.known
    names = value_names(comparison)
    if at.at != OUTPUT:
        assert at.step_b is not None
        entry = comparison.b.entry(at.step_b)
        assert entry is not None
        first = comparison.first_step(at.step_b, entry)
        for value, name in names.items():
            if is_later(comparison, value, at.at):
                continue
            if value == entry or known[value].ndim != known[entry].ndim:
                continue  # the same numbers in another shape are no other value
            if fit(at.a, known[value])[0] > EXACT:
                continue
            for turned in layouts(known[value], tuple(known[entry].shape)):
                place = f"before {at.step_b.where}"
                yield source(name, names.get(entry, OTHER), place, first.index, entry, turned)
    for step in steps:
        for value in dict.fromkeys(step.inputs):
            if not known[value].is_floating_point() or value in comparison.b.tape.parameters:
                continue
            for other, name in names.items():
                if is_later(comparison, other, step.index):
                    continue
                if other != value and known[other].shape == known[value].shape:
                    own = names.get(value, OTHER)
                    verb = VERBS.get(step.name, "takes")
                    yield source(name, own, step.where, step.index, value, known[other], verb)


def is_later(comparison: Comparison, value: int, step: int) -> bool:
    """Whether B makes a value only after a step, which therefore cannot read it."""
    return comparison.b.tape.maker.get(value, -1) >= step


def source(
    name: str, own: str, place: str, step: int, value: int, tensor: torch.Tensor,
    verb: str = "takes",
) -> Insertion:  # fmt: skip
    """B reads another value there."""
    change: Function = lambda x: tensor  # noqa: E731 - one of many like it
    found = Alternative("source", f"A {verb} {name} here, B {own}", f"read {name}", change)
    return found, place, Edits(inputs={step: (value, change)})


def value_names(comparison: Comparison) -> dict[int, str]:
    """What B's layers made and read, and its inputs, by their places."""
    b = comparison.b
    names = dict.fromkeys(b.tape.inputs, "the model's input")
    for index in comparison.partners:
        step = b.tape.steps[index]
        kinds = OF_STATES if step.name in RECURRENT else OF_RESULTS
        for kind, value in zip(kinds, step.outputs, strict=False):
            names[value] = f"{kind} of {step.where}"
        if (entry := b.entry(step)) is not None:
            names.setdefault(entry, f"what {step.where} reads")
    return {v: n for v, n in names.items() if comparison.known[v].is_floating_point()}
