"""Settings of PyTorch's ready-made modules that decide which calls they make, and in what order.

The recorded calls cannot show what another setting would have done: B is recorded anew with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import nn

from triptych.port.causes.cause import Cause, Place
from triptych.port.matching import Matching
from triptych.port.settle import settle
from triptych.port.side import Side

SETTINGS = {
    nn.TransformerEncoderLayer: "norm_first",
    nn.TransformerDecoderLayer: "norm_first",
}
Switch = tuple[str, nn.Module, str]  # a module's name, itself, and its setting


def with_other_settings(
    matching: Matching, inputs: Sequence[Any], tolerance: float
) -> tuple[Matching, Cause] | None:
    """B with all such settings turned, paired anew, if fewer places differ from A then."""
    switches = switches_of(matching.b.model)
    before = wrong_places(matching, tolerance) if switches else 0
    if not before:
        return None
    end = matching.comparison().end()
    turn(switches)
    turned = Matching.of(matching.a, Side.of("B", matching.b.model, inputs), ())
    open_ties = settle(turned)
    if open_ties or wrong_places(turned, tolerance) >= before:
        turn(switches)
        matching.carry()
        return None
    places = [
        Place("the blocks of A", name, end, turned.comparison().end()) for name, _, _ in switches
    ]
    setting, value = switches[0][2], getattr(switches[0][1], switches[0][2])
    of_a, of_b = ("before", "after") if value else ("after", "before")
    text = f"the norm comes {of_a} attention and dense layers in A, {of_b} their sums in B"
    if not value:
        text = f"the norm comes {of_a} each sum in A, {of_b} attention and dense layers in B"
    return turned, Cause("forward", text, f"{setting}={value}", places=places)


def switches_of(model: Any) -> list[Switch]:
    """The modules of a model that have such a setting; none of a Keras model."""
    return [
        (name, module, setting)
        for name, module in (model.named_modules() if isinstance(model, nn.Module) else ())
        for kind, setting in SETTINGS.items()
        if isinstance(module, kind)
    ]


def turn(switches: Sequence[Switch]) -> None:
    """Turn every setting."""
    for _, module, setting in switches:
        setattr(module, setting, not getattr(module, setting))


def wrong_places(matching: Matching, tolerance: float) -> int:
    """In how many places B differs from A."""
    return sum(not gap.size <= tolerance for gap in matching.comparison().gaps())
