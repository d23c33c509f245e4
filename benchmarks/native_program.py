"""A native program that makes one epoch at a time, so that it can take turns with an adapter.

The file is run as it is, statement by statement, up to its loop over epochs. In each turn that loop
runs over the next one of its items only. Names, bytecode and line numbers are those of the program.
"""

from __future__ import annotations

import ast
import os
from pathlib import Path
from types import CodeType
from typing import Any

from adapters.contract import TriptychError
from compare.native.programs import parts
from triptych.lesson_data import FILE

TURN = "__turn__"  # what the loop goes over in a turn


class NoEpochs(TriptychError):
    """A program has no loop over epochs, and so no epoch to time."""


def in_pieces(file: Path) -> tuple[CodeType, CodeType, CodeType, CodeType]:
    """What stands before the loop over epochs, what it goes over, one turn of it, and what follows.

    It is the `for epoch, … in …:` among the statements after `# training`. Raises NoEpochs.
    """
    text = file.read_text(encoding="utf-8")
    body, (first, stop) = ast.parse(text).body, parts(text)["training"]
    places = [i for i, node in enumerate(body) if first < node.lineno <= stop and _by_epoch(node)]
    if len(places) != 1:
        found = f"{len(places)} loops" if places else "no loop"
        raise NoEpochs(
            f"{file.name} has {found} `for epoch, …` after `# training`: expected one, since the "
            "program takes turns epoch by epoch"
        )
    at = places[0]
    loop = body[at]
    assert isinstance(loop, ast.For)
    items = compile(ast.Expression(loop.iter), file, "eval")
    loop.iter = ast.copy_location(ast.Name(TURN, ast.Load()), loop.iter)

    def code(statements: list[ast.stmt]) -> CodeType:
        return compile(ast.Module(statements, []), file, "exec")

    return code(body[:at]), items, code([loop]), code(body[at + 1 :])


def _by_epoch(node: ast.stmt) -> bool:
    if not isinstance(node, ast.For):
        return False
    names = node.target.elts if isinstance(node.target, ast.Tuple) else [node.target]
    return isinstance(names[0], ast.Name) and names[0].id == "epoch"


class Program:
    """A program that has come to its loop; `epoch` makes the next turn, `finish` the rest."""

    def __init__(self, file: Path, data: Path) -> None:
        """data: the file for LESSON_DATA. Raises NoEpochs, and what the program raises."""
        before, items, self.turn, self.after = in_pieces(file)
        os.environ[FILE] = str(data)
        self.names: dict[str, Any] = {"__name__": "__main__", "__file__": str(file)}
        exec(before, self.names)
        self.items = iter(eval(items, self.names))

    def epoch(self) -> float:
        """Make the next epoch; its last loss, for which JAX has to finish what it has begun."""
        self.names[TURN] = [next(self.items)]
        exec(self.turn, self.names)
        return float(self.names["losses"][-1])

    def finish(self) -> dict[str, Any]:
        """Run what follows the loop; the program's variables."""
        exec(self.after, self.names)
        return self.names
