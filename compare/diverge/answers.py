"""Answers of a side that are worth keeping: a file for each, named by all that decides it.

They lie beside the traces, so that the same search costs no process the second time.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from course.digests import digest_of
from datasets.atomic_files import write_whole

DIGITS = 16  # of a digest


def remembered(folder: Path, decides: list[Any], ask: Callable[[], Any]) -> Any:
    """The answer to a question that these values decide, from a file, or else by asking.

    An empty string among the values says that something is not covered: then nothing is kept. A
    file that cannot be read or written is no error, since it only saves time.
    """
    if "" in decides:
        return ask()
    file = folder / f"answer-{digest_of(decides)[:DIGITS]}.json"
    with suppress(OSError, ValueError):
        return json.loads(file.read_text(encoding="utf-8"))["answer"]
    answer = ask()
    with suppress(OSError):
        write_whole(file, json.dumps({"answer": answer}).encode())
    return answer
