"""An error in the language in which its reader typed: make's variables, or options of kit.py.

Messages are written in either, OUT=results or --out. Whoever shows one to a person asks for it
`as_typed`. What stands in quotes is the person's own, and stays as it is. Standard library only.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from course.command_table import ALWAYS, ANSWERS, COMMANDS, FLAGS, VARIABLES, targets
from course.make import TARGET

OPTIONS = {option: name for name, (option, _) in VARIABLES.items() if option}
QUOTED = re.compile(r"(?<!\w)('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`)(?!\w)")
OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]*)(=?)")
VARIABLE = re.compile(r"\b([A-Z][A-Z_]*)=(yes\b)?(?=(\w?))")
SET_UP = re.compile(r"python kit\.py setup(?: ([\w-]+))?")
MAKE = re.compile(r"`make ([a-z-]+)(\d?)((?: [A-Z_]+=[^` ]*)*)`")


def target() -> str:
    """What make was asked for; empty where somebody typed to kit.py."""
    return os.environ.get(TARGET, "")


def as_typed(message: str) -> str:
    """The message with the names that its reader would type."""
    names: Callable[[str, bool], str] = _of_make if target() else _of_kit
    message = SET_UP.sub(_set_up, message) if target() else MAKE.sub(_command, message)
    parts = QUOTED.split(message)
    return "".join(
        part if i % 2 else names(part, i + 1 < len(parts)) for i, part in enumerate(parts)
    )


def place(number: int) -> str:
    """What make calls the argument at this place of kit.py's, from 0; empty where it has none."""
    command = targets().get(target())
    placed = [name for name in command.takes.split() if not VARIABLES[name][0]] if command else []
    return placed[number] if number < len(placed) else ""


def is_an_answer(status: object) -> bool:
    """Whether make would call a failure what only answers a question."""
    command = "check" if target().startswith("check") and target()[5:].isdigit() else target()
    return status in (1, True) and command in ANSWERS


def _set_up(found: re.Match[str]) -> str:
    return f"make setup BACKEND={found[1]}" if found[1] else "make setup"


def _of_make(text: str, _: bool) -> str:
    return OPTION.sub(lambda m: f"{OPTIONS[m[1]]}=" if m[1] in OPTIONS else m[0], text)


def _of_kit(text: str, before_quotes: bool) -> str:
    def option(found: re.Match[str]) -> str:
        name, yes = found[1], found[2]
        value = yes or found[3] or (before_quotes and found.end() == len(text))
        said = VARIABLES.get(name, ("",))[0]
        if not said:
            return found[0]
        if name in FLAGS:
            return said
        return f"{said}={yes or ''}" if value else said

    return VARIABLE.sub(option, text)


def _command(found: re.Match[str]) -> str:
    """A call of make as one of kit.py; as it is where the target is not a command of its own."""
    name, number, variables = found[1], found[2], found[3].split()
    if name + number not in targets():
        return found[0]
    words, placed = [name + number if name not in COMMANDS else f"{name} {number}".strip()], []
    for variable in variables:
        key, _, value = variable.partition("=")
        option = VARIABLES.get(key, ("",))[0]
        if key in ALWAYS or key not in VARIABLES:
            return found[0]
        if option is None or name == "setup":
            placed.append(value)
        else:
            words.append(str(option) if key in FLAGS else f"{option}={value}")
    return f"`python kit.py {' '.join(words + placed)}`"
