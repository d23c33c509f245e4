"""Resolve and install the requirements of another version with uv, where it is installed.

uv keeps each locked version that the other version allows, because it prefers those in its output
file, and answers in seconds where pip tries one version after the other. Without uv,
compare/drift/environments.py unpins what pip reports.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import kit
from compare.drift.requirements import Pin, rewritten

Call = Callable[[list[str]], subprocess.CompletedProcess[str]]
MOST = 400  # characters of a reason


def has_uv() -> bool:
    """Whether uv is installed here: `python kit.py setup dev` brings it."""
    return find_spec("uv") is not None


def install(
    python: Path, folder: Path, pins: Mapping[str, Pin], package: str, version: str,
    options: Sequence[str], call: Call, fixed: Collection[str] = (),
) -> str:  # fmt: skip
    """Install the lock with one package changed; why that is impossible, or an empty text.

    folder: of the environment, which gets the two files of requirements; options: the index of
    PyTorch's build, or constraints; call: runs a command; fixed: other pins that have to hold.
    """
    wanted, answer = folder / "requirements.in", folder / "requirements.txt"
    free = set(pins) - set(fixed)
    wanted.write_text(rewritten(pins, package, version, free), encoding="utf-8")
    preferred = rewritten(pins, package, version).splitlines()[1:]
    answer.write_text("\n".join(preferred) + "\n", encoding="utf-8")
    # From the checkout, wherever the caller stands: uv reads the overrides of its pyproject.toml.
    uv = [sys.executable, "-m", "uv", f"--directory={kit.ROOT}", "--no-progress", "pip"]
    strategy = "--index-strategy=unsafe-best-match"  # every index counts, as for pip
    compiled = [*uv, "compile", "--quiet", str(wanted), f"--output-file={answer}", strategy]
    done = call([*compiled, f"--python={python}", *options])
    if done.returncode == 0:
        exactly = [*uv, "install", "--quiet", f"--python={python}", "--no-deps", strategy]
        indexes = [option for option in options if option.startswith("--extra-index-url")]
        done = call([*exactly, *indexes, "-r", str(answer)])
    return "" if done.returncode == 0 else reason(done.stdout)


def reason(output: str) -> str:
    """uv's error on one line: what follows the cross that it draws."""
    lines = [line.strip(" │├╰─▶×") for line in output.splitlines()]
    crossed = [i for i, line in enumerate(output.splitlines()) if line.lstrip().startswith("×")]
    text = " ".join(filter(None, lines[crossed[0] if crossed else 0 :]))
    return text if len(text) <= MOST else f"{text[: MOST - 1]}…"
