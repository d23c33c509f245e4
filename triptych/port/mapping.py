"""The map of layers as a TOML file: what the tool found, or what the user settled."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from triptych.port.errors import PortError
from triptych.port.result import Result

HEADER = """\
# Which layer of A is which of B, as `triptych port --write-map` found it. Lines that you change, or
# leave alone, are taken as they are by --map; a line that you delete is looked for anew.
[pairs]
"""


def map_text(result: Result) -> str:
    """The map found, as a file that --map reads."""
    lines = [f"{json.dumps(row.a)} = {json.dumps(row.b)}" for row in result.rows]
    return HEADER + "\n".join(lines) + "\n"


def read_map(path: Path) -> dict[str, str]:
    """The pairs of a map file.

    Raises PortError for a file that is none.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PortError(f"{path} is no map: {error}") from error
    pairs = found.get("pairs")
    if not isinstance(pairs, dict) or not all(isinstance(v, str) for v in pairs.values()):
        raise PortError(f'{path} has no [pairs] with lines such as "conv1" = "features.0"')
    if len(set(pairs.values())) < len(pairs):
        twice = next(v for v in pairs.values() if list(pairs.values()).count(v) > 1)
        raise PortError(f"{path} names {twice} of B twice")
    return pairs
