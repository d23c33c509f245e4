"""One side of a comparison: a backend, whose process starts when something has to run.

Traces are cached under a name that identifies everything that decides them, down to the code. So
eight runs serve all twenty-eight pairs, and a repetition costs nothing. The run specs that both
sides share are cached likewise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Any

from adapters import BACKENDS
from adapters.contract import SettingsError, TriptychError, require
from compare.check_adapter.loading import check_file, named
from compare.diverge.trace import Trace
from course.digests import LESSON_CODE, digest, digest_of, digests_of_files
from course.json_process import JsonProcess, Message, ProcessFailed
from datasets.files import contents
from spelling import unknown

DIGITS = 12  # of a digest
MAX_MESSAGE = 300  # characters of the last line of a process that died


@dataclass(frozen=True)
class Setting:
    """The lesson and options that both sides run with.

    specs: a file of run specs (`run_specs.write_specs`) instead of a lesson; then lesson is 0.
    """

    lesson: int
    dtype: str = "float64"
    seed: int = 0
    data: str | None = None
    specs: str | None = None

    @property
    def title(self) -> str:
        """A name for files: lesson4, or that of the file of run specs."""
        return f"lesson{self.lesson}" if self.specs is None else Path(self.specs).stem


@dataclass
class Side:
    """A backend, the user's adapter (FILE:CLASS), or a finished trace."""

    name: str
    setting: Setting
    folder: Path  # of the traces
    injections: tuple[str, ...] = ()  # always present in this side
    process: JsonProcess | None = None
    trace_files: dict[tuple[str, ...], Path] = field(default_factory=dict)
    ready: bool = False  # whether the process has loaded its backend
    twin_of: str = ""  # the title of the side whose process this is, if it is NumPy in there

    def __post_init__(self) -> None:
        if self.is_file:
            self._check_trace()
            return
        entry = BACKENDS.get(self.name)
        may_be_a_file = ":" in self.name or self.name.endswith(".py") or Path(self.name).is_file()
        if entry is None and may_be_a_file:
            named(self.name)
        else:
            rest = "your own adapter as FILE:CLASS, or a trace (.npz)"
            require(entry is not None, f"{unknown('backend', self.name, BACKENDS)}, {rest}")
        require(
            entry is None or not entry.missing,
            f"{self.name} is not installed: run `python kit.py setup {self.name}`",
        )

    def _check_trace(self) -> None:
        """Check that a finished trace has this setting, as far as its card says."""
        card = Trace.read(Path(self.name)).card
        for what in ("lesson", "dtype", "seed"):
            expected = getattr(self.setting, what)
            require(
                card.get(what, expected) == expected,
                f"{self.name} is a trace of {what} {card.get(what)}: you asked for {expected}",
            )
        require(
            not self.injections,
            f"cannot inject into {self.name}, a finished trace: use its backend instead",
        )

    @property
    def is_file(self) -> bool:
        """Whether this side is a finished trace, which cannot run anything."""
        return self.name.endswith(".npz")

    @property
    def title(self) -> str:
        """The name of this side in messages."""
        if self.twin_of:
            return f"numpy with {self.twin_of}'s own"
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
            self.process.close()

    def trace(self, extra: Sequence[str] = ()) -> Trace:
        """The trace of this side, with these additional injections."""
        return Trace.read(self.trace_file(extra))

    def trace_file(self, extra: Sequence[str] = ()) -> Path:
        """The file of that trace; it is written if it does not exist."""
        if self.is_file:
            require(not extra, f"cannot inject into {self.name}, a finished trace")
            return Path(self.name)
        injections = tuple(sorted({*self.injections, *extra}))
        if injections not in self.trace_files:
            card = self._card(injections)
            file = self._trace_file(injections)
            own = self.name not in BACKENDS  # may import files that the card does not cover
            if own or not _is_readable(file):
                known = str(self.trace_files.get((), ""))
                self.request("trace", file=str(file), injections=injections, card=card, known=known)
            self.trace_files[injections] = file
        return self.trace_files[injections]

    def trace_in_two(self, twin: Side, runs: Sequence[str]) -> Path:
        """That file, with every other run walked in the process of a twin at the same time."""
        injections = tuple(sorted(set(self.injections)))
        file, card = self._trace_file(injections), self._card(injections)
        parts = [file.with_name(f"{file.stem}-part{i}.npz") for i in (1, 2)]

        def walk(side: Side, part: Path, only: Sequence[str]) -> None:
            side.request("trace", file=str(part), injections=injections, card=card, only=only)

        try:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(walk, (self, twin), parts, (runs[::2], runs[1::2])))
            Trace.joined([Trace.read(part) for part in parts]).write(file)
        finally:
            for part in parts:
                part.unlink(missing_ok=True)
        self.trace_files[injections] = file
        return file

    def start(self) -> None:
        """Start this side's process, if it has none, without waiting for its backend."""
        if self.process is None:
            s = self.setting
            of = [self.name, str(s.lesson), s.dtype, str(s.seed), str(self._run_spec_file())]
            self.process = JsonProcess("compare.diverge.worker", *of, *filter(None, [s.data]))
            self.ready = False

    def request(self, do: str, **arguments: Any) -> dict[str, Any]:
        """Send a request to this side's process; raises TriptychError if the process dies."""
        self.start()
        assert self.process is not None
        process = self.process
        if not self.ready:
            self._checked(process.answer)
            self.ready = True
        return self._checked(lambda: process.ask({"do": do, **arguments}))

    def become(self, setting: Setting) -> Side:
        """This side with another lesson or seed, in the same process; this one is used no more."""
        now = replace(self, setting=setting, trace_files={})
        now.request(
            "become", lesson=setting.lesson, seed=setting.seed, data=setting.data,
            spec_file=str(now._run_spec_file()),
        )  # fmt: skip
        return now

    def identity(self, injections: Sequence[str]) -> str:
        """A digest of everything that decides what this side computes with these injections.

        Empty where something may decide that no digest covers: what a user's adapter imports.
        """
        if self.is_file or self.twin_of or self.name not in BACKENDS:
            return ""
        return _digest(self._card(tuple(sorted({*self.injections, *injections}))))

    def is_traced(self) -> bool:
        """Whether this side's own trace is in its folder."""
        return self.is_file or (
            self.name in BACKENDS and _is_readable(self._trace_file(self.injections))
        )

    def _trace_file(self, injections: Sequence[str]) -> Path:
        card = self._card(tuple(sorted(set(injections))))
        name = f"{self.title}-{self.setting.title}-{self.setting.dtype}-{_digest(card)}.npz"
        return self.folder / name

    def _checked(self, answer: Callable[[], Message]) -> Message:
        try:
            message = answer()
        except ProcessFailed as error:
            raise TriptychError(f"{self.title} stopped: {str(error)[-MAX_MESSAGE:]}") from None
        if "error" in message:
            raise SettingsError(message["error"])
        return message

    def _run_spec_file(self) -> Path:
        """The run specs of this setting, which are the same for every backend."""
        if self.setting.specs is not None:
            return Path(self.setting.specs).expanduser().absolute()
        card = self._setting_card() | {"versions": {"numpy": _version("numpy")}, "code": _code()}
        name = f"runs-{self.setting.title}-{self.setting.dtype}-{_digest(card)}.npz"
        return self.folder.absolute() / name

    def _setting_card(self) -> dict[str, Any]:
        data, specs = self.setting.data, self.setting.specs
        return {
            **({"specs": contents(Path(specs).expanduser())} if specs else {}),
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
            **self._setting_card(),
            "injections": list(injections),
            "versions": {p: _version(p) for p in (*packages, "numpy")},
            "code": _code() + own,
        }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _digest(card: dict[str, Any]) -> str:
    return digest_of(card)[:DIGITS]


def _digest_of_file(file: Path) -> str:
    check_file(file)
    return digest([file.read_bytes()])[:DIGITS]


@cache
def _code() -> str:
    return digest_of(digests_of_files(*LESSON_CODE, "compare/diverge/*.py"))[:DIGITS]


def _is_readable(file: Path) -> bool:
    """Whether a cached trace can be read."""
    try:
        Trace.read(file)
    except SettingsError:
        return False
    return True
