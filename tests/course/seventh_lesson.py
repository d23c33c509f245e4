"""Run commands of a checkout that has a seventh lesson; print their outcomes as JSON.

python -P -m tests.course.seventh_lesson COMMANDS.json, in that checkout. Each command runs in a
fork of this process, which has imported the slow modules once.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

if __name__ == "__main__":
    import course.lesson  # noqa: F401
    from tests.forked import module

    commands = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(json.dumps([asdict(module(name, words, Path.cwd())) for name, *words in commands]))
