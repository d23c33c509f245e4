"""Native programs as columns: the same part of each beside the others, highlighted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from compare.native.programs import FRAMEWORKS, PARTS, file_of, frameworks_of, parts
from compare.page.highlight import lines
from course.lessons import NATIVE


def column(framework: str, source: str) -> dict[str, Any]:
    """A program: its title, and the highlighted lines of its imports (`top`) and of each part."""
    # What ruff needs, and the second blank line, only cost height on a wall.
    source = re.sub(r"\n{3,}", "\n\n", source.replace("  # fmt: skip", ""))
    html, places = lines(source.rstrip("\n")), parts(source)
    top = source.split("\n")[: places["top"][1]]
    begins = next(i for i, line in enumerate(top) if line.startswith("# pip install"))
    blocks = {"top": (begins, places["top"][1])} | {p: places[p] for p in PARTS if p in places}
    return {
        "framework": framework,
        "title": FRAMEWORKS[framework].title,
        "blocks": {
            name: "".join(html[first:last]).rstrip() for name, (first, last) in blocks.items()
        },
    }


def columns(lesson: int, backends: Iterable[str]) -> list[dict[str, Any]]:
    """The programs of a lesson for these backends; none for a lesson without native programs."""
    frameworks = dict.fromkeys(backend.partition("-")[0] for backend in backends)
    if lesson not in NATIVE:
        return []
    wanted = [framework for framework in frameworks_of(lesson) if framework in frameworks]
    return [column(f, file_of(lesson, f).read_text(encoding="utf-8")) for f in wanted]
