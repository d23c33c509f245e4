"""What nn.MultiheadAttention reads as keys and as values, held against A's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from triptych.port.capture.tape import Ref, Step
from triptych.port.causes.calls_of_a import OTHER, is_later, value_names
from triptych.port.causes.missing import fitted_term
from triptych.port.forward import Comparison
from triptych.port.layers.alternative import Alternative
from triptych.port.layouts import EXACT, ORDERS, fit, gap

ARGUMENTS = ("queries", "keys", "values")  # by the position of the argument, and of the unit


def alternatives(comparison: Comparison, step: Step) -> Iterator[Alternative]:
    """Keys and values as A reads them, where B reads others."""
    if step.name != "multi_head_attention_forward" or len(step.args) < len(ARGUMENTS):
        return
    tensors, texts = {}, []
    order = order_of_axes(comparison, step)
    for position in (1, 2) if order is not None else ():
        fed, argument = fed_by_a(comparison, step, position), step.args[position]
        if fed is None or order is None or not isinstance(argument, Ref):
            continue
        own, turned = comparison.known[argument.value], fed.permute(order)
        if own.shape != turned.shape or gap(turned, own) > EXACT:
            tensors[position] = turned
            texts.append(difference(comparison, step, position, turned, own, argument.value))
    if not tensors:
        return

    def function(*args: Any, **kwargs: Any) -> Any:
        given = [tensors.get(i, a) for i, a in enumerate(args)]
        return step.function(*given, **kwargs)

    yield Alternative(
        "attention's inputs", "; ".join(texts), "other arguments of the attention", function,
        entry="attention_argument_order",
    )  # fmt: skip


def order_of_axes(comparison: Comparison, step: Step) -> tuple[int, ...] | None:
    """How B's attention has A's axes, which the queries show."""
    fed, argument = comparison.partners[step.index].fed, step.args[0]
    if fed is None or not isinstance(argument, Ref):
        return None
    own = comparison.known[argument.value]
    for order in ORDERS.get(fed.ndim, []):
        turned = fed.permute(order)
        if turned.shape == own.shape and gap(turned, own) <= EXACT:
            return order
    return None


def fed_by_a(comparison: Comparison, step: Step, position: int) -> torch.Tensor | None:
    """What A's layer of the keys or of the values reads."""
    a, b = comparison.a, comparison.b
    unit = next((u for u in b.units if step.index in u.calls and u.position == position), None)
    if unit is None or unit.index not in comparison.to_a:
        return None
    partner = a.units[comparison.to_a[unit.index]]
    own = a.step_of(partner, unit.calls.index(step.index))
    entry = None if own is None else a.entry(own)
    return None if entry is None else a.values[entry]


def difference(
    comparison: Comparison, step: Step, position: int, fed: torch.Tensor, own: torch.Tensor,
    value: int,
) -> str:  # fmt: skip
    """A sentence about one of the inputs: from where A takes it, or what A adds to it."""
    names = value_names(comparison)
    what, mine = ARGUMENTS[position], names.get(value, OTHER)
    for other, name in names.items():
        if not is_later(comparison, other, step.index) and other != value:
            known = comparison.known[other]
            if known.numel() == fed.numel() and fit(known, fed)[0] <= EXACT:
                return f"A takes {name} as {what}, B {mine}"
    for term, name in terms_of_a(comparison):
        if fed.shape == own.shape and is_term(term, fed - own):
            return f"A adds {name} to the {what}, B does not"
    if fed.shape == own.shape and any(same_rows(fed - own, axis) for axis in (0, 1)):
        return f"A adds a constant, such as positions, to the {what}, B does not"
    return f"A reads other numbers as {what} than B, which reads {mine}"


def same_rows(difference: torch.Tensor, axis: int) -> bool:
    """Whether a difference is the same for every row of the batch."""
    first = difference.narrow(axis, 0, 1).expand_as(difference)
    return difference.shape[axis] > 1 and gap(first, difference) <= EXACT


def is_term(term: torch.Tensor, difference: torch.Tensor) -> bool:
    """Whether a value is the difference, for each row alike or time first."""
    turned = difference.transpose(0, 1)
    return any(fitted_term(term, one) is not None for one in (difference, turned))


def terms_of_a(comparison: Comparison) -> Iterator[tuple[torch.Tensor, str]]:
    """Values of A that could be added."""
    makers = {v: s.where for s in comparison.a.tape.steps for v in s.outputs[:1]}
    for value, tensor in comparison.a.values.items():
        if tensor.is_floating_point() and tensor.numel() > 1:
            yield tensor, f"the result of {makers[value]}" if value in makers else "a constant"
