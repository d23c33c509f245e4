"""The line with which every generated report begins: the command and the commit that made it."""

from __future__ import annotations

import re
import subprocess

from course.settings import ROOT

NOT_RECORDED = "not recorded"


def made_by(command: str) -> str:
    """The line "Made by `command`; commit: 1a2b3c4.", with -dirty where files were changed.

    Outside a git checkout, or without git, the commit is "not recorded".
    """
    return f"Made by `{command}`; commit: {_commit()}."


def without_commit(page: str) -> str:
    """The page with its commit left out, to compare it with one made from another commit."""
    return re.sub(r"(?m)^(Made by `.+`; commit: ).+\.$", r"\1.", page, count=1)


def _commit() -> str:
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    try:
        done = subprocess.run(command, text=True, capture_output=True, check=False)
    except OSError:  # there is no git
        return NOT_RECORDED
    return done.stdout.strip() if done.returncode == 0 else NOT_RECORDED
