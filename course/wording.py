"""Word a message in the interface that its reader uses: variables of make, or options of kit.py.

A message may say OUT=results or --out; `as_typed` translates it before it is printed. Text in
quotes is the user's input and stays as it is. Standard library only.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from course.command_table import ANSWERS, COMMANDS, targets
from course.make import TARGET
from course.variables import ALWAYS, FLAGS, VARIABLES

OPTIONS = {variable.option: name for name, variable in VARIABLES.items() if variable.option}
QUOTED = re.compile(r"(?<!\w)('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`)(?!\w)")
OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]*)(=?)")
VARIABLE = re.compile(r"\b([A-Z][A-Z_]*)=(yes\b)?(?=(\w?))")
SET_UP = re.compile(r"python kit\.py setup(?: ([\w-]+))?")
MAKE = re.compile(r"`make ([a-z-]+)(\d?)((?: [A-Z_]+=[^` ]*)*)`")


def target() -> str:
    """The target of make that is running; empty where the user called kit.py."""
    return os.environ.get(TARGET, "")


def as_typed(message: str) -> str:
    """The message with the names that its reader would type."""
    translate: Callable[[str, bool], str] = _for_make if target() else _for_kit
    message = SET_UP.sub(_set_up, message) if target() else MAKE.sub(_command, message)
    parts = QUOTED.split(message)
    return "".join(
        part if i % 2 else translate(part, i + 1 < len(parts)) for i, part in enumerate(parts)
    )


def positional_variable(number: int) -> str:
    """The variable of make for a positional argument of kit.py, counted from 0; empty if none."""
    command = targets().get(target())
    names = [name for name in command.takes.split() if not _option(name)] if command else []
    return names[number] if number < len(names) else ""


def is_an_answer(status: object) -> bool:
    """Whether an exit status answers the user's question; make would report it as a failure."""
    command = "check" if target().startswith("check") and target()[5:].isdigit() else target()
    return status in (1, True) and command in ANSWERS


def _option(name: str) -> str:
    """The option for a variable of make; empty where it has none."""
    return (VARIABLES[name].option if name in VARIABLES else "") or ""


def _set_up(match: re.Match[str]) -> str:
    return f"make setup BACKEND={match[1]}" if match[1] else "make setup"


def _for_make(text: str, _: bool) -> str:
    return OPTION.sub(lambda m: f"{OPTIONS[m[1]]}=" if m[1] in OPTIONS else m[0], text)


def _for_kit(text: str, before_quotes: bool) -> str:
    def replacement(match: re.Match[str]) -> str:
        name, yes = match[1], match[2]
        value = yes or match[3] or (before_quotes and match.end() == len(text))
        option = _option(name)
        if not option:
            return match[0]
        if name in FLAGS:
            return option
        return f"{option}={yes or ''}" if value else option

    return VARIABLE.sub(replacement, text)


def _command(match: re.Match[str]) -> str:
    """A call of make as a call of kit.py; unchanged where the target is no command of kit.py."""
    name, number, variables = match[1], match[2], match[3].split()
    if name + number not in targets():
        return match[0]
    words = [name + number if name not in COMMANDS else f"{name} {number}".strip()]
    positional = []
    for variable in variables:
        key, _, value = variable.partition("=")
        if key in ALWAYS or key not in VARIABLES:
            return match[0]
        option = VARIABLES[key].option
        if option is None or name == "setup":
            positional.append(value)
        else:
            words.append(option if key in FLAGS else f"{option}={value}")
    return f"`python kit.py {' '.join(words + positional)}`"
