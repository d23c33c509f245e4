"""What was found at one gap, or at several alike."""

from __future__ import annotations

from dataclasses import dataclass, field

from triptych.port.capture.tape import NO_EDITS, Edits


@dataclass
class Place:
    """Where a cause shows: a layer of A, a layer or call of B, and the gap before and after."""

    a: str
    b: str
    before: float
    after: float


@dataclass
class Cause:
    """One difference between the models.

    stage: where it shows first: forward, gradients, statistics, update, loss or transfer.
    text: what differs, with both values. edit: what to write in B. entry: of the catalogue.
    proved: whether its remedy made the gap vanish; otherwise it is located, not named, and text
    describes the gap. frameworks_differ: no mistake of the port.
    """

    stage: str
    text: str
    edit: str = ""
    entry: str = ""
    proved: bool = True
    frameworks_differ: bool = False
    places: list[Place] = field(default_factory=list)
    edits: Edits = NO_EDITS
