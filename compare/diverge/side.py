"""One side of a comparison: a backend whose process is started when something is to be run.

Traces are kept under a name that says what ran, down to the code, so that eight runs serve all
twenty-eight pairs and a second look costs nothing. So are the recipes that both sides run.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Any

from adapters import BACKENDS, environment
from adapters.contract import SettingsError, TriptychError, require
from compare.check_adapter.loading import check_file, named
from compare.diverge.trace import Trace
from course.atomic_files import contents
from course.settings import ROOT
from spelling import unknown

# Whatever can change a number of a trace.
SOURCES = ("adapters", "injections", "compare/diverge", "course", "datasets", "lessons")
LAST_WORDS = 300  # characters of what a dying process said


@dataclass(frozen=True)
class Setting:
    """What both sides run."""

    lesson: int
    dtype: str = "float64"
    seed: int = 0
    data: str | None = None


@dataclass
class Side:
    """A backend, an adapter of the user's (FILE:CLASS), or a trace that was written elsewhere."""

    name: str
    setting: Setting
    folder: Path  # of the traces
    injections: tuple[str, ...] = ()  # that this side has in it
    process: subprocess.Popen[str] | None = None
    log: Any = None
    kept: dict[tuple[str, ...], Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.is_file:
            self._check_what_ran()
            return
        known = BACKENDS.get(self.name)
        may_be_a_file = ":" in self.name or self.name.endswith(".py") or Path(self.name).is_file()
        if known is None and may_be_a_file:
            named(self.name)
        else:
            rest = "your own adapter as FILE:CLASS, or a trace (.npz)"
            require(known is not None, f"{unknown('backend', self.name, BACKENDS)}, {rest}")
        require(
            known is None or not known.missing,
            f"{self.name} is not installed here: run `python kit.py setup {self.name}`",
        )

    def _check_what_ran(self) -> None:
        """A finished trace is of what was asked for; what its card leaves out is not asked."""
        card, wanted = Trace.read(Path(self.name)).card, self.setting
        for what in ("lesson", "dtype", "seed"):
            asked = getattr(wanted, what)
            require(
                card.get(what, asked) == asked,
                f"{self.name} is a trace of {what} {card.get(what)}: you asked for {asked}",
            )
        require(
            not self.injections,
            f"{self.name} is a finished trace: nothing can be planted in it; name its backend",
        )

    @property
    def is_file(self) -> bool:
        """Whether this side is a trace, of which nothing can be asked but what it holds."""
        return self.name.endswith(".npz")

    @property
    def title(self) -> str:
        """What a reader is told of this side."""
        if self.is_file:
            return str(Trace.read(Path(self.name)).card["engine"])
        return self.name.rpartition(":")[2]

    def __enter__(self) -> Side:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        where: TracebackType | None,
    ) -> None:  # fmt: skip
        if self.process is not None:
            with suppress(OSError):
                self.process.stdin.close()  # type: ignore[union-attr]
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()  # type: ignore[union-attr]
            self.log.close()

    def trace(self, extra: Sequence[str] = ()) -> Trace:
        """The trace of this side, with these plants more."""
        return Trace.read(self.trace_file(extra))

    def trace_file(self, extra: Sequence[str] = ()) -> Path:
        """Where it is; made if it is not there."""
        if self.is_file:
            require(not extra, f"{self.name} is a finished trace: nothing can be planted in it")
            return Path(self.name)
        injections = tuple(sorted({*self.injections, *extra}))
        if injections not in self.kept:
            card = self._card(injections)
            name = f"{self.title}-lesson{self.setting.lesson}-{self.setting.dtype}-"
            file = self.folder / f"{name}{_digest(card)}.npz"
            own = self.name not in BACKENDS  # may import what lies beside it, which no card tells
            if own or not _sound(file):
                self.ask("trace", file=str(file), injections=injections, card=card)
            self.kept[injections] = file
        return self.kept[injections]

    def ask(self, do: str, **what: Any) -> dict[str, Any]:
        """Have this side's process do something; raises TriptychError if it dies of it."""
        if self.process is None:
            self._start()
        assert self.process is not None
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps({"do": do, **what}) + "\n")
            self.process.stdin.flush()
        return self._answer()

    def _start(self) -> None:
        s = self.setting
        arguments = [self.name, str(s.lesson), s.dtype, str(s.seed), str(self._recipe_file())]
        arguments += [s.data] if s.data else []
        self.log = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed on exit
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "compare.diverge.worker", *arguments],
            env=environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True,
            encoding="utf-8",
        )  # fmt: skip
        self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self.process is not None
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.log.seek(0)
            said = [text.strip() for text in self.log.read().splitlines() if text.strip()]
            last = said[-1] if said else f"exit status {self.process.wait()}"
            raise TriptychError(f"{self.title} stopped: {last[-LAST_WORDS:]}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise SettingsError(answer["error"])
        return answer

    def _recipe_file(self) -> Path:
        """Where the recipes of this setting are kept: they are the same for every backend."""
        card = self._what_runs() | {"versions": {"numpy": _version("numpy")}, "code": _code()}
        name = f"recipes-lesson{self.setting.lesson}-{self.setting.dtype}-{_digest(card)}.npz"
        return self.folder.absolute() / name

    def _what_runs(self) -> dict[str, Any]:
        data = self.setting.data
        return {
            "lesson": self.setting.lesson,
            "dtype": self.setting.dtype,
            "seed": self.setting.seed,
            "data": data,
            "contents": contents(Path(data).expanduser()) if data else {},
        }

    def _card(self, injections: Sequence[str]) -> dict[str, Any]:
        packages = BACKENDS[self.name].packages if self.name in BACKENDS else ()
        own = "" if self.name in BACKENDS else _digest_of_file(Path(self.name.rpartition(":")[0]))
        return {
            "engine": self.title,
            **self._what_runs(),
            "plants": list(injections),
            "versions": {p: _version(p) for p in (*packages, "numpy")},
            "code": _code() + own,
        }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _digest(card: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(card, sort_keys=True).encode()).hexdigest()[:12]


def _digest_of_file(file: Path) -> str:
    check_file(file)
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


@cache
def _code() -> str:
    total = hashlib.sha256()
    for folder in SOURCES:
        for file in sorted(filter(Path.is_file, (ROOT / folder).rglob("*.py"))):
            total.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return total.hexdigest()[:12]


def _sound(file: Path) -> bool:
    """Whether a kept trace can still be read."""
    try:
        Trace.read(file)
    except SettingsError:
        return False
    return True
