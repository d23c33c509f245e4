"""Translate a command line of make into arguments of kit.py; report a mistake in one line.

Only variables on make's command line count. One from the environment may be there for another
purpose (WSL exports NAME, csh HOST), so it changes no run: if the target takes it, a note says that
it is ignored. With several targets, each takes the variables that it knows; a variable that none of
them takes is an error. Standard library only: this runs before there is an environment.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence

from course.command_table import Command, WrongInput, by_heading, targets
from course.variables import ALWAYS, FLAGS, RENAMED, REQUIRED, VARIABLES
from spelling import NEAR, nearest, unknown

# The Makefile exports these, besides each variable of the command line.
GOALS, GIVEN = "TRIPTYCH_GOALS", "TRIPTYCH_GIVEN"
TARGET = "TRIPTYCH_TARGET"  # the target that make runs, for programs that print messages
# Variables that belong to make itself, according to its manual.
BUILT_IN = re.compile(
    r"MAKE(|FLAGS|FILES|FILE_LIST|LEVEL|OVERRIDES|SHELL|CMDGOALS|_\w+)|SHELL|MFLAGS|GNUMAKEFLAGS"
    r"|VPATH|CURDIR|SUFFIXES|\.[A-Z]+|-\*-[\w-]+-\*-"
)
ALIKE = 0.8  # share of common letters between two valid names, such as BACKEND and BACKENDS
NUMBERED = re.compile(r"^(.*?)(\d*)$", re.DOTALL)  # lesson3: lesson and 3
YES, NO = ("yes", "y", "1", "true", "on"), ("", "no", "n", "0", "false", "off")


def words(
    target: str, environ: MutableMapping[str, str], backends: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Return the arguments of kit.py for a target, and notes to print first.

    target: empty for an unknown one. Variables of the command line are removed from environ. Raises
    WrongInput for an unknown target, variable or flag, and for a variable that is missing.
    """
    environ[TARGET] = target or "help"
    goals, given = environ.pop(GOALS, "").split(), environ.pop(GIVEN, "").split()
    given = sorted(name for name in given if not BUILT_IN.fullmatch(name))
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
            example = f"make {target} {name}={VARIABLES[name].example}"
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
    explained = values.get("TARGET", "") if target == "help" else ""
    if explained and explained not in known:
        raise WrongInput(_no_target(explained, (), list(known), backends))
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
    """An option for each value that is not empty; positional arguments come last."""
    options, positional = [], []
    for name in command.takes.split():
        option, value = VARIABLES[name].option, values.get(name, "")
        if name in FLAGS:
            options += [option] if option and _is_yes(name, value) else []
        elif option is None:
            positional.append((name, value))
        elif value and target == "setup":
            options.append(value)
        elif value:
            options.append(f"{option}={value}")
    while positional and not positional[-1][1]:
        positional.pop()
    return [*options, *(["--", *[value for _, value in positional]] if positional else [])]


def _is_yes(name: str, value: str) -> bool:
    if value.lower() not in YES + NO:
        raise WrongInput(f"{name}={value}: expected yes or no")
    return value.lower() in YES


def _no_target(
    goal: str, following: Sequence[str], known: Sequence[str], backends: Sequence[str]
) -> str:
    """The message for an unknown target; following: the targets after it on the command line."""
    after = following[0] if following else ""
    if after and goal + after in known:
        return f"unknown target {goal!r}: did you mean {goal + after}, in one word?"
    if goal.upper() in VARIABLES and not any(name.startswith(goal) for name in known):
        example = VARIABLES[goal.upper()].example if after in ("", *known) else after
        return f"{goal!r} is no target but a variable: write {goal.upper()}={example}"
    near, backend = nearest(goal, known), nearest(goal, backends, ALIKE)
    if backend and not near:
        return f"{goal!r} is no target but a backend: write BACKEND={backend}"
    stem, number = NUMBERED.findall(near)[0]
    if number and NUMBERED.findall(goal)[0][1] != number:
        numbered = [name for name in known if NUMBERED.findall(name)[0][0] == stem]
        near = f"{numbered[0]} to {numbered[-1]}"
        return f"unknown target {goal!r}: expected {near}, or see `make help`"
    return unknown("target", goal, known, "`make help` lists them all")


def _not_taken(strange: Sequence[str], goals: Sequence[str], known: dict[str, Command]) -> str:
    """The message for variables that no target takes; it suggests a similar name for each."""
    possible = list(dict.fromkeys(name for goal in goals for name in takes(known[goal])))
    parts = []
    for name in strange:
        # A valid name is hardly a typing mistake: only a very similar one is suggested for it.
        near = nearest(name, possible, ALIKE if name in VARIABLES else NEAR)
        suggestion = near or nearest(name, VARIABLES)
        others = [] if near else [goal for goal in known if suggestion in takes(known[goal])]
        hints = [f"did you mean {suggestion}=?"] if suggestion not in ("", name) else []
        hints += [f"it is for {_some(others)}"] if others else []
        parts.append(f"{name}=" + (f" ({' '.join(hints)})" if hints else ""))
    hinted = all(")" in part for part in parts)
    rest = "" if hinted else ": expected some of " + "= ".join(possible) + "="
    who = f"{goals[0]} takes" if len(goals) == 1 else "none of {} takes".format(", ".join(goals))
    return "{} {}{}{}".format(who, "no " if len(goals) == 1 else "", " or ".join(parts), rest)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (" and others" if names[3:] else "")


def help_text(_: str = "--", target: str = "") -> str:
    """What `make help` prints: all targets, or with TARGET= the variables of one.

    _: the "--" in front of the positional argument.
    """
    if target:
        command = targets()[target]
        lines = [f"make {target} – {command.about}", ""]
        for name in takes(command):
            variable = VARIABLES[name]
            lines.append(f"  {name:16} {variable.about}, as in {name}={variable.example}")
        return "\n".join(lines)
    lines = []
    for heading, commands in by_heading().items():
        lines += [heading.capitalize()]
        lines += [f"  {name:16} {command.about}" for name, command in commands.items()] + [""]
    return "\n".join([
        *lines,
        'Set variables after the target: make lesson3 BACKEND=keras SEED=7 OUT="my results"',
        "The variables of one target: make help TARGET=lesson3",
    ])  # fmt: skip
