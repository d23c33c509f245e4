"""Two recorded models with the pairs of their units, and A's weights in B."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from triptych.errors import unknown
from triptych.port.errors import PortError
from triptych.port.flatten import flattened
from triptych.port.forward import Comparison
from triptych.port.pairing import Pair, pair
from triptych.port.side import Side
from triptych.port.transfer import Transfer, transfer


@dataclass
class Matching:
    """The pairs of two sides.

    flattened: units of A that read a picture flattened in another order than in B, with its shape.
    carried: what was carried over last. left_out: units of B that a proved cause accounts for.
    """

    a: Side
    b: Side
    pairs: list[Pair]
    flattened: dict[int, tuple[int, ...]]
    carried: Transfer = field(default_factory=Transfer)
    left_out: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, a: Side, b: Side, fixed: Sequence[tuple[str, str]]) -> Matching:
        """Pair two sides, and carry A's weights over; fixed: pairs of names that the user settled.

        Raises PortError for a name that no unit has.
        """
        names = [{unit.name: unit.index for unit in side.units} for side in (a, b)]
        for pair_of_names in fixed:
            for side, name, known in zip((a, b), pair_of_names, names, strict=True):
                if name not in known:
                    raise PortError(unknown(f"layer of {side.label}", name, known))
        pairs = pair(a.units, b.units, [(names[0][x], names[1][y]) for x, y in fixed])
        made = cls(a, b, pairs, flattened(a, b, pairs))
        made.carry()
        return made

    def carry(self) -> None:
        """Write A's weights into B."""
        self.carried = transfer(self.a.units, self.b.units, self.pairs, self.flattened)

    def comparison(self) -> Comparison:
        """B beside A under these pairs."""
        return Comparison(self.a, self.b, self.pairs, self.flattened)

    def unmapped(self) -> list[str]:
        """Parameters that no pair holds, and that nothing accounts for."""
        found = []
        paired = ({p.a for p in self.pairs}, {p.b for p in self.pairs} | self.left_out)
        for side, which in zip((self.a, self.b), paired, strict=True):
            found += [
                f"{side.label}: {unit.name}.{name}"
                for unit in side.units
                if unit.index not in which
                for name in unit.parameters
            ]
            found += [f"{side.label}: {name} (never used)" for name in side.uncovered()]
        return found

    def counts(self) -> str:
        """How many parameters of either side have a counterpart."""
        texts = []
        for side, paired in (
            (self.a, [p.a for p in self.pairs]),
            (self.b, [p.b for p in self.pairs]),
        ):
            mapped = sum(len(side.units[i].parameters) for i in paired)
            total = sum(len(unit.parameters) for unit in side.units)
            texts.append(f"{mapped} of {total} parameters of {side.label}")
        return ", ".join(texts)
