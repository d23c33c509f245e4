"""The controls of the experiment: the contract's step and network, computed by hand in NumPy.

Most injections compute one of the two by hand, with one thing changed. If a control, with nothing
changed, removes a difference between two backends, then every such injection removes it too. So a
suspected injection must explain more than its control does.
"""

from __future__ import annotations

from injections.injection import Injection, override
from injections.reference_network import LOSSES, Definition

CONTROLS: dict[str, Injection] = {
    control.name: control
    for control in (
        Injection(
            "step_by_hand", "{backend} makes its steps by hand", "",
            lambda spec: override(spec, rule=lambda define, *computed: define(*computed)),
        ),
        Injection(
            "network_by_hand", "{backend} computes its network by hand", "",
            Definition().into, lambda spec: spec.net.loss in LOSSES,
        ),
    )
}  # fmt: skip
