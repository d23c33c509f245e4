"""A worker that judges mutants of an adapter: it loads the backend once, then tries the laws.

`python -m tests.mutation.backend torch float64`, and one JSON line a job. A changed adapter is a
module of its own beside the real one, as the named mutants are, so that no mutant pays for the
import of a framework."""

from __future__ import annotations

import builtins
import gc
import resource
import signal
import sys
import tempfile
import time
import tomllib
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from adapters import BACKENDS, load
from adapters.contract import Model
from adapters.laws.cases import ARCHITECTURES, draw
from adapters.laws.registry import EACH, FEW, FEW_ON, LAWS, ONCE, SINGLE
from adapters.laws.subject import Subject
from course.json_process import answer_channel, requests
from course.settings import ROOT
from tests.conformance.opening import check_idioms, check_settings, check_silence
from tests.meta.loading import ADAPTERS, load_text

Trial = Callable[[Subject], None]

# Seed, rows, scale of the weights, steps made: as those of the named mutants, and a single row.
EXAMPLES = [(0, 5, 1.0, 2), (1, 4, 1.0, 0), (2, 1, 2.0, 1), (3, 7, 30.0, 1000)]
FEWER = 2  # where an example of a new model takes its seconds


def trials(backend: str, dtype: str) -> dict[str, tuple[str, Trial]]:
    """Every trial by name, with the group of trials that share a model."""
    entries: dict[str, tuple[str, Trial]] = {}
    for law in ONCE:
        entries[_name(law)] = (_name(law), law)
    entries["opening"] = ("opening", check_settings)
    entries["silence"] = ("silence", check_silence)
    entries["idiom"] = ("idiom", check_idioms)
    for name, test in _own(backend).items():
        entries[name] = (name, test)
    examples = EXAMPLES if backend in ("numpy", "torch", "keras-torch") else EXAMPLES[:FEWER]
    for kind, architecture in ARCHITECTURES.items():
        for seed, rows, scale, t in examples:
            laws = [*EACH]
            if seed == 0:
                laws += SINGLE + (FEW if kind in FEW_ON else [])
            for law in laws:
                name = f"{_name(law)} on {kind}, example {seed}"
                case = partial(draw, architecture, dtype, seed, rows, scale, t)
                entries[name] = (kind, lambda subject, law=law, case=case: law(subject, case()))
    return entries


def _name(law: Callable[..., None]) -> str:
    return next(name for name, other in LAWS.items() if other is law)


def _own(backend: str) -> dict[str, Trial]:
    """The tests of a single framework, as functions of the subject."""
    if backend == "torch":
        torch = import_module("tests.conformance.test_torch")

        def placed(subject: Subject) -> None:
            with pytest.MonkeyPatch.context() as patch:
                torch.run_on_meta(subject.cls, patch)

        return {"recipe": torch.test_the_live_defaults_are_those_of_the_recipe, "placed": placed}
    if backend.startswith("keras"):
        tests = import_module("tests.conformance.test_keras")
        keras = import_module("keras")
        return {
            "recipe": tests.test_the_live_defaults_are_those_of_the_recipe,
            "constants": partial(tests.test_constants_reach_the_optimizer_unrounded, keras=keras),
            "precision": partial(tests.check_precision, keras=keras),
        }
    return {}


MEMORY = 3 * 2**20  # KiB in use after which a process asks to be replaced


class TimeIsUp(BaseException):
    """No Exception: a mutant's own `except` must not catch it."""


def main() -> None:
    """Answer every line until the input ends."""
    backend, dtype = sys.argv[1:3]
    send = answer_channel()
    real = load(backend, dtype=dtype, device="cpu", threads=1)
    everything = trials(backend, dtype)
    warn_as_in_the_tests()
    for job in requests():
        if "order" in job:
            with reopened(real):
                answer = judge(real, job, everything)
        else:
            answer = measure(real, job["files"], everything)
        gc.collect()
        answer["full"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > MEMORY
        send(answer)


def warn_as_in_the_tests() -> None:
    """Filter warnings as pyproject.toml has pytest do; an ACTION, or ACTION:MESSAGE:CATEGORY."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for each in settings["tool"]["pytest"]["ini_options"]["filterwarnings"]:
        action, _, rest = each.partition(":")
        message, _, category = rest.rpartition(":")
        warnings.filterwarnings(action, message, getattr(builtins, category or "Warning"))


def judge(real: type[Model], job: dict[str, Any], everything: dict[str, tuple[str, Trial]]) -> Any:
    """Whether a mutant lives: the first trial, in the order given, that fails on its text."""
    trial = "its import"
    signal.signal(signal.SIGPROF, _time_is_up)
    with tempfile.TemporaryDirectory() as folder:
        try:
            signal.setitimer(signal.ITIMER_PROF, job["limit"])
            cls = load_text(real, Path(folder), job["source"], Path(job["file"]).stem)
            cls.derivative.__globals__["configure_device"](cls.dtype, cls.device, cls.threads)
            subject, group = Subject(cls), ""
            for trial in job["order"]:
                if everything[trial][0] != group:  # models of another group are not needed again
                    subject, group = Subject(cls), everything[trial][0]
                everything[trial][1](subject)
        except TimeIsUp:
            return {"status": "timed out", "by": trial}
        except Exception:  # noqa: BLE001 - whatever a test fails with, it fails
            return {"status": "killed", "by": trial}
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    return {"status": "survived", "by": ""}


def measure(
    real: type[Model], files: list[str], everything: dict[str, tuple[str, Trial]]
) -> dict[str, Any]:
    """Seconds of each trial on the text as it is, those that fail, and the groups of each line."""
    own = BACKENDS[real.backend].module.rpartition(".")[2]
    seconds: dict[str, float] = {}
    failed: list[str] = []
    lines: dict[str, dict[int, set[str]]] = {file: defaultdict(set) for file in files}
    with tempfile.TemporaryDirectory() as folder:
        source = (ADAPTERS / f"{own}.py").read_text(encoding="utf-8")
        cls = load_text(real, Path(folder), source, own)
        places = {str(Path(folder) / f"{own}.py"): f"adapters/{own}.py"}
        places |= {str(ADAPTERS / f"{Path(file).stem}.py"): file for file in files}
        subject, group = Subject(cls), ""
        for name, (its, trial) in everything.items():
            if its != group:
                subject, group = Subject(cls), its

            def seen(frame: FrameType, event: str, _: Any, group: str = group) -> Any:
                file = places.get(frame.f_code.co_filename)
                if file is None or file not in lines:
                    return None
                lines[file][frame.f_lineno].add(group)
                return seen

            start = time.process_time()
            sys.settrace(seen)
            try:
                trial(subject)
            except Exception as error:  # noqa: BLE001 - the same
                failed.append(f"{name}: {error}"[:300])
            finally:
                sys.settrace(None)
            seconds[name] = time.process_time() - start
    run = {file: {n: sorted(those) for n, those in its.items()} for file, its in lines.items()}
    return {
        "seconds": seconds, "failed": failed, "lines": run,
        "groups": {name: group for name, (group, _) in everything.items()},
    }  # fmt: skip


@contextmanager
def reopened(real: type[Model]) -> Iterator[None]:
    """Restore afterwards the settings that a mutant changed for the whole process."""
    try:
        yield
    finally:
        real.derivative.__globals__["configure_device"](real.dtype, real.device, real.threads)


def _time_is_up(number: int, frame: FrameType | None) -> None:
    raise TimeIsUp


if __name__ == "__main__":
    main()
