"""The controls of the experiment: the step and the network made by hand, as the contract has them.

Most plants make one of the two by hand with one thing changed. Where that alone, with nothing
changed, mends a side, the side does it wrong itself, and whatever is planted in it mends it too. So
a suspect has to explain more than its control does.
"""

from __future__ import annotations

from injections.injection import Injection, override
from injections.reference_network import LOSSES, Definition

CONTROLS: dict[str, Injection] = {
    control.name: control
    for control in (
        Injection(
            "step_by_hand", "{backend} makes its steps by hand", "",
            lambda recipe: override(recipe, rule=lambda define, *found: define(*found)),
        ),
        Injection(
            "network_by_hand", "{backend} computes its network by hand", "",
            Definition().into, lambda recipe: recipe.net.loss in LOSSES,
        ),
    )
}  # fmt: skip
