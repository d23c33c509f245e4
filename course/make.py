"""What a person typed to make, as the words of kit.py; whatever is misspelt is one line.

Only what stands on make's command line counts. A variable of the environment is somebody else's
(WSL exports NAME, csh HOST), so it changes no run: where the target takes one, a line says so.
Of several targets each takes what it knows, and a variable that none of them takes is an error.
Standard library only: this runs before there is an environment.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence

from course.command_table import (
    ALWAYS,
    FLAGS,
    RENAMED,
    REQUIRED,
    VARIABLES,
    Command,
    WrongInput,
    targets,
)
from spelling import NEAR, nearest, unknown

# What the Makefile exports, besides each variable that was given.
GOALS, GIVEN = "TRIPTYCH_GOALS", "TRIPTYCH_GIVEN"
TARGET = "TRIPTYCH_TARGET"  # what make is asked for, for those who speak to its user
# What is make's own, by its manual.
MAKES_OWN = re.compile(
    r"MAKE(|FLAGS|FILES|FILE_LIST|LEVEL|OVERRIDES|SHELL|CMDGOALS|_\w+)|SHELL|MFLAGS|GNUMAKEFLAGS"
    r"|VPATH|CURDIR|SUFFIXES|\.[A-Z]+|-\*-[\w-]+-\*-"
)
ALIKE = 0.8  # of the letters of two names that are both right: BACKEND and BACKENDS
NUMBERED = re.compile(r"^(.*?)(\d*)$", re.DOTALL)  # lesson3: lesson and 3
YES, NO = ("yes", "y", "1", "true", "on"), ("", "no", "n", "0", "false", "off")


def words(
    target: str, environ: MutableMapping[str, str], backends: Sequence[str]
) -> tuple[list[str], list[str]]:
    """The words of kit.py for a target, and lines to say first.

    target: empty for one that is not known. The variables that were given are taken out of the
    environment. Raises WrongInput for targets, variables and flags that are not there.
    """
    environ[TARGET] = target or "help"
    goals, given = environ.pop(GOALS, "").split(), environ.pop(GIVEN, "").split()
    given = sorted(name for name in given if not MAKES_OWN.fullmatch(name))
    if not goals and target == "help" and set(given) - {*ALWAYS}:
        raise WrongInput("no target is named: expected one, as in `make lesson1 BACKEND=torch`")
    known, goals = targets(), goals or [target]
    renamed = [old for old in given if old in RENAMED]
    for old in renamed:
        environ.setdefault(RENAMED[old], environ.pop(old))
    given = sorted({RENAMED.get(name, name) for name in given})
    for position, goal in enumerate(goals):
        if goal not in known:
            raise WrongInput(_no_target(goal, goals[position + 1 :], list(known), backends))
    strange = [name for name in given if not any(name in takes(known[goal]) for goal in goals)]
    if strange:
        raise WrongInput(_not_taken(strange, goals, known))
    command = known[target]
    for name in REQUIRED:
        if name in command.takes.split() and not (name in given and environ.get(name)):
            example = f"make {target} {name}={VARIABLES[name][1]}"
            raise WrongInput(f"{target} needs {name}=, as in `{example}`")
    notes = [f"note: {old}= is now called {RENAMED[old]}=; a later release forgets {old}="
             for old in renamed]  # fmt: skip
    notes += [
        f"note: {name}={_short(environ[name])} of the environment is not used: "
        f"`make {target} {name}=…` would be"
        for name in command.takes.split()
        if environ.get(name) and name not in given
    ]
    values = {name: environ.get(name, "") for name in given}
    for name in set(given) - {*ALWAYS}:
        environ.pop(name, None)
    return [*_command(target), *_options(target, command, values)], notes


def _short(value: str) -> str:
    return repr(value if len(value) <= 40 else value[:39] + "…")


def takes(command: Command) -> list[str]:
    """The variables that a target takes."""
    return [*command.takes.split(), *ALWAYS]


def _command(target: str) -> list[str]:
    if target == "translations":
        return ["translations", "check"]
    number = target[len("check") :]
    return ["check", number] if target.startswith("check") and number.isdigit() else [target]


def _options(target: str, command: Command, values: dict[str, str]) -> list[str]:
    """An option for each value that is not empty; what has its place comes last."""
    options, placed = [], []
    for name in command.takes.split():
        option, value = VARIABLES[name][0], values.get(name, "")
        if name in FLAGS:
            options += [option] if option and _is_yes(name, value) else []
        elif option is None:
            placed.append((name, value))
        elif value and target == "setup":
            options.append(value)
        elif value:
            options.append(f"{option}={value}")
    while placed and not placed[-1][1]:
        placed.pop()
    return [*options, *(["--", *[value for _, value in placed]] if placed else [])]


def _is_yes(name: str, value: str) -> bool:
    if value.lower() not in YES + NO:
        raise WrongInput(f"{name}={value}: expected yes or no")
    return value.lower() in YES


def _no_target(
    goal: str, following: Sequence[str], known: Sequence[str], backends: Sequence[str]
) -> str:
    """The line for a target that there is not."""
    after = following[0] if following else ""
    if after and goal + after in known:
        return f"unknown target {goal!r}: did you mean {goal + after}, in one word?"
    if goal.upper() in VARIABLES and not any(name.startswith(goal) for name in known):
        example = VARIABLES[goal.upper()][1] if after in ("", *known) else after
        return f"{goal!r} is no target but a variable: write {goal.upper()}={example}"
    near, backend = nearest(goal, known), nearest(goal, backends, ALIKE)
    if backend and not near:
        return f"{goal!r} is no target but a backend: write BACKEND={backend}"
    stem, number = NUMBERED.findall(near)[0]
    if number and NUMBERED.findall(goal)[0][1] != number:
        all_of_them = [name for name in known if NUMBERED.findall(name)[0][0] == stem]
        near = f"{all_of_them[0]} to {all_of_them[-1]}"
        return f"unknown target {goal!r}: expected {near}, or see `make help`"
    return unknown("target", goal, known, "`make help` lists them all")


def _not_taken(strange: Sequence[str], goals: Sequence[str], known: dict[str, Command]) -> str:
    """The line for variables that no target takes, each with the one that was probably meant."""
    can = list(dict.fromkeys(name for goal in goals for name in takes(known[goal])))
    said = []
    for name in strange:
        # What is no mistake of typing has to be all but the same, to be one of them.
        near = nearest(name, can, ALIKE if name in VARIABLES else NEAR)
        meant = near or nearest(name, VARIABLES)
        others = [] if near else [one for one in known if meant in takes(known[one])]
        hints = [f"did you mean {meant}=?"] if meant not in ("", name) else []
        hints += [f"it is for {_some(others)}"] if others else []
        said.append(f"{name}=" + (f" ({' '.join(hints)})" if hints else ""))
    rest = "" if all(")" in one for one in said) else ": expected some of " + "= ".join(can) + "="
    who = f"{goals[0]} takes" if len(goals) == 1 else "none of {} takes".format(", ".join(goals))
    return "{} {}{}{}".format(who, "no " if len(goals) == 1 else "", " or ".join(said), rest)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (" and others" if names[3:] else "")


def listing() -> str:
    """What `make help` prints: every target, and which variables it takes."""
    known = targets()
    lines = [f"  {name:16} {command.about}" for name, command in known.items()]
    lines += [
        "",
        'Set what you like, as in: make lesson3 BACKEND=keras SEED=7 OUT="my results"',
        "",
    ]
    together: dict[str, list[str]] = {}
    for name, command in known.items():
        if command.takes:
            together.setdefault(command.takes, []).append(name)
    from textwrap import fill  # late: only this needs it

    for taken, names in together.items():
        shown = " ".join(f"{name}={VARIABLES[name][1]}" for name in taken.split())
        lines.append(fill("{}: {}".format(" ".join(names), shown), 100, subsequent_indent="    ",
                          break_long_words=False, break_on_hyphens=False))  # fmt: skip
    shown = " ".join(f"{name}={VARIABLES[name][1]}" for name in ALWAYS)
    return "\n".join([*lines, "all of them: " + shown])
