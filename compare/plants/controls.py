"""The controls of the experiment: the step and the network made by hand, as the contract has them.

Most plants make one of the two by hand with one thing changed. Where that alone, with nothing
changed, mends a side, the side does it wrong itself, and whatever is planted in it mends it too. So
a suspect has to explain more than its control does.
"""

from __future__ import annotations

from compare.plants.by_hand import LOSSES, Definition
from compare.plants.plant import Plant, bent

CONTROLS: dict[str, Plant] = {
    control.name: control
    for control in (
        Plant(
            "step_by_hand", "{engine} makes its steps by hand", "",
            lambda recipe: bent(recipe, rule=lambda define, *found: define(*found)),
        ),
        Plant(
            "network_by_hand", "{engine} computes its network by hand", "",
            Definition().into, lambda recipe: recipe.net.loss in LOSSES,
        ),
    )
}  # fmt: skip
