"""A lesson's checkpoints: written while it trains (CHECKPOINT=) and resumed from (RESUME=auto).

They are stored in OUT/lessonN/checkpoints/<folder of the record>/<run>/. A resumed run ends bit for
bit like a run that was never interrupted: weights and optimizer memory are stored exactly, batches
are a function of seed and epoch, and a call of `epoch` that is split at a checkpoint computes the
same numbers as the whole call. A run that had finished is read from its last checkpoint. A model
that a lesson trains in its own loop, such as lesson 1's neurons, is simply trained again.

A run on a backend with an injection (lesson 5) is saved only at its end, because an injection may
remember things that are no part of a model's state, or may depend on a whole call of `epoch`.

A checkpoint records which run it belongs to, and any other run refuses it. A damaged checkpoint is
reported, and the one before it is used. All are removed once the record is complete: the record has
the numbers, and the same command, given again, should train again.
"""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from adapters import BACKENDS
from adapters.contract import Array, Model, SettingsError, require
from course import checkpoint_format
from course.card import digest_of_arrays, versions
from course.console import console
from course.digests import LESSON_CODE, digests_of_files
from course.lesson_view import LessonView
from course.lessons import LESSONS
from course.lock import Lock, Taken
from course.networks import as_json
from course.record import OutputError
from course.settings import folder_name, interval
from course.training import Checkpointer, Run, Snapshot

if TYPE_CHECKING:
    from adapters.parallel import World

KEEP = 3  # checkpoints of each run
_locks: dict[Path, Lock] = {}  # held by this process, for each folder of checkpoints


def of(lesson: LessonView, run: Run, backend: type[Model]) -> Checkpointer:
    """The checkpointer of this run; one that saves nothing if CHECKPOINT and RESUME are unset."""
    settings = lesson.settings
    if settings.checkpoint is None and settings.resume is None:
        return Checkpointer()
    if settings.world is not None:
        return _of_workers(lesson, run, backend, settings.world)
    return _checkpointer(lesson, run, backend)


def _checkpointer(lesson: LessonView, run: Run, backend: type[Model]) -> DiskCheckpointer:
    settings = lesson.settings
    home = _home(lesson)
    if settings.resume and not any(home.glob("*/*.json")):
        _refuse_other_settings(lesson, run, backend, home)
    _lock(home)
    return DiskCheckpointer(
        home / _folder_of(run), run.name, identity(lesson, run, backend),
        epochs=run.epochs, steps_per_epoch=run.steps_per_epoch, every=_every(lesson, run, backend),
        write=settings.checkpoint is not None, resume=settings.resume is not None,
    )  # fmt: skip


def _every(lesson: LessonView, run: Run, backend: type[Model]) -> int | None:
    """The number of steps between checkpoints; None if only the end of the run is saved."""
    if lesson.settings.checkpoint is None or backend is not lesson.Model:
        return None
    count, unit = interval(lesson.settings.checkpoint)
    return count * (run.steps_per_epoch if unit == "epochs" else 1)


def remove(lesson: LessonView, status: str) -> None:
    """Remove a lesson's checkpoints if its record is complete; release their lock in any case."""
    used = lesson.settings.checkpoint is not None or lesson.settings.resume is not None
    if used and status == "complete":
        shutil.rmtree(_home(lesson), ignore_errors=True)
    release(lesson)


def release(lesson: LessonView) -> None:
    """Release the lock on this lesson's checkpoints, and remove their folders if empty."""
    if not hasattr(lesson, "Model"):
        return
    home = _home(lesson)
    if home in _locks:
        _locks.pop(home).release()
        for folder in (home, home.parent):
            with suppress(OSError):  # not empty: checkpoints to resume from, or of other settings
                folder.rmdir()


def _lock(home: Path) -> None:
    """Lock a lesson's checkpoints until its record is complete or this process ends.

    Two processes would remove each other's checkpoints, and each could resume the other's. Both
    would end with the same record, so the second one is refused before it trains in vain.
    """
    if home in _locks:  # by another run of the lesson, or by an earlier run in a notebook
        return
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        _locks[home] = Lock(home.with_name(f"{home.name}.lock"))
    except Taken as holder:
        raise OutputError(
            f"{str(home)!r} is in use: {holder} writes checkpoints of the same run there; wait for "
            "it, stop it, or choose another folder with OUT="
        ) from None
    except OSError as error:
        where = error.filename or str(home)
        raise OutputError(
            f"cannot write checkpoints to {str(home)!r} ({where}: {error.strerror}): move away "
            "the file in the way, make room, or choose another folder with OUT="
        ) from None


def identity(lesson: LessonView, run: Run, backend: type[Model]) -> dict[str, Any]:
    """Everything that determines a run, as JSON values; a checkpoint fits only an equal one."""
    return {
        "lesson": lesson.number,
        "run": run.name,
        "backend": backend.backend,
        "planted": backend is not lesson.Model,
        "dtype": backend.dtype,
        "device": backend.device,
        "threads": backend.threads,
        "versions": versions({*BACKENDS[lesson.settings.backend].packages, "numpy"}),
        "seed": run.seed,
        "epochs": run.epochs,
        "batch size": run.batch_size,
        "shuffle": run.shuffle,
        "lower_by": float(run.lower_by),
        **as_json(run.net),
        "optimizer": {"name": type(run.optimizer).__name__, **vars(run.optimizer)},
        "data": {"x": digest_of_arrays([run.x]), "y": digest_of_arrays([run.y])},
        "initial weights": digest_of_arrays(run.initial),
        "code": code_of(lesson.number),
    }


def code_of(lesson: int) -> dict[str, str]:
    """A digest of each file whose text decides what a lesson computes."""
    files = digests_of_files(*LESSON_CODE)
    own = f"lessons/{LESSONS[lesson].file}"
    return {name: it for name, it in files.items() if name == own or not name.startswith("lessons")}


class DiskCheckpointer(Checkpointer):
    """The checkpoints of one training run, in a folder of their own."""

    def __init__(
        self, folder: Path, name: str, identity: dict[str, Any], *, epochs: int,
        steps_per_epoch: int, every: int | None, write: bool, resume: bool,
    ) -> None:  # fmt: skip
        self.folder, self.name, self.identity = folder, name, identity
        self.epochs, self.steps_per_epoch = epochs, steps_per_epoch
        self.every, self.write, self.resume = every, write, resume
        self.cards: list[Path] = []  # of the checkpoints that this run wrote or resumed from

    def latest(self) -> Snapshot | None:
        """The newest sound checkpoint. Raises SettingsError if it belongs to another run."""
        cards = sorted(self.folder.glob("step-*.json"))
        if not self.resume:
            cards = [card for card in cards if card.is_file()]
            if cards:
                say(f"{self.name}: starts anew; RESUME=auto would resume from {cards[-1]}")
            return None
        while cards:
            try:
                arrays, card = checkpoint_format.read(cards[-1])
            except checkpoint_format.Unsound as error:
                say(f"{self.name}: damaged checkpoint skipped: {cards.pop()}: {error}")
                continue
            require(
                card.get("of") == self.identity,
                f"{cards[-1]} was made with {difference(card['of'], self.identity)}: "
                f"resume with the settings it was made with, or remove {self.folder.parent}",
            )
            self.cards = cards
            done = card["steps done"]
            if done < self._steps:
                say(f"{self.name}: resumes from its checkpoint of {self._progress(done)}")
            else:
                say(f"{self.name}: complete in its last checkpoint")
            losses = arrays.pop("losses")
            return Snapshot(done, arrays, losses, card["seconds"])
        say(f"{self.name}: no checkpoint to resume from, so it starts anew")
        return None

    def save(self, done: int, model: Model, losses: list[Array], seconds: float) -> None:
        """Write a checkpoint if one is due; remove all but the last three."""
        due = done == self._steps or (self.every is not None and done % self.every == 0)
        if not (self.write and due):
            return
        arrays = model.state() | {"losses": np.concatenate(losses)}
        card = {"of": self.identity, "steps done": done, "seconds": round(seconds, 3)}
        try:
            self.cards.append(checkpoint_format.write(self.folder, f"step-{done:09}", arrays, card))
        except IsADirectoryError as error:  # not ours: skipped, as `latest` skips it
            reason = f"{error.filename}: {error.strerror}"
            say(f"{self.name}: no checkpoint of {self._progress(done)} was written: {reason}")
            return
        except (FileExistsError, NotADirectoryError):
            raise OutputError(
                f"{self.name}: cannot write a checkpoint: {str(self.folder)!r} is not a folder: "
                "move it away, then continue with RESUME=auto"
            ) from None
        except OSError as error:
            raise OutputError(
                f"{self.name}: cannot write the checkpoint of {self._progress(done)} to "
                f"{str(self.folder)!r} ({error.strerror}): make room, then continue with "
                "RESUME=auto"
            ) from None
        self._remove_others(self.cards[-KEEP:])

    @property
    def _steps(self) -> int:
        return self.epochs * self.steps_per_epoch

    def _progress(self, done: int) -> str:
        """So many steps as text: in epochs at the end of an epoch, else in steps."""
        epoch, rest = divmod(done, self.steps_per_epoch)
        return f"step {done} of {self._steps}" if rest else f"epoch {epoch} of {self.epochs}"

    def _remove_others(self, cards: list[Path]) -> None:
        keep = {card.stem for card in cards}
        for file in sorted(self.folder.glob("step-*")):  # .json first: without it none counts
            if file.stem not in keep:
                with suppress(OSError):
                    file.unlink()


def difference(then: dict[str, Any], now: dict[str, Any]) -> str:
    """The first difference between two identities, in words."""
    for key in {**then, **now}:
        a, b = then.get(key), now.get(key)
        if a != b and isinstance(a, dict) and isinstance(b, dict):
            part = next(k for k in {**a, **b} if a.get(k) != b.get(k))
            if key in ("code", "data"):
                return f"other {key} ({part})"
            return f"{key} {part} {a.get(part)}, and this run has {b.get(part)}"
        if a != b:
            other = f"{key} {a}, and this run has {b}"
            return f"other {key}" if key == "initial weights" else other
    return "nothing else"


def say(text: str) -> None:
    """Print a line as it is, without taking brackets in a path for markup."""
    console.print(text, markup=False)


def _of_workers(lesson: LessonView, run: Run, backend: type[Model], world: World) -> Checkpointer:
    """Worker 0 writes and reads the checkpoints, and all workers resume from what it reads."""
    from adapters.parallel import Workers
    from course.workers.shared_checkpointing import SharedCheckpointer

    assert issubclass(backend, Workers)
    local = Checkpointer() if world.rank else _checkpointer(lesson, run, backend)
    return SharedCheckpointer(local, backend, _every(lesson, run, backend))


def _home(lesson: LessonView) -> Path:
    """The folder of this lesson's checkpoints, named like its record."""
    return lesson.staging.home / "checkpoints" / lesson.folder_name()


def _folder_of(run: Run) -> str:
    return re.sub(r"[^\w-]", "_", run.name)


def _refuse_other_settings(lesson: LessonView, run: Run, backend: type[Model], home: Path) -> None:
    """Raise SettingsError if the only checkpoints of this lesson were made with other settings."""
    s = lesson.settings
    usual = folder_name(s.backend, s.dtype, lesson.Model.device, s.seed, {})
    for other in sorted(home.parent.glob(f"{usual}*")):
        if other == home or other.name[len(usual) :][:1] not in ("", "-"):
            continue
        cards = [card for card in sorted(other.glob("*/step-*.json")) if card.is_file()]
        for card in sorted(cards, key=lambda c: c.parent.name != _folder_of(run)):
            reason = "other settings"
            with suppress(checkpoint_format.Unsound):
                metadata = checkpoint_format.read(card)[1]
                if metadata.get("of", {}).get("run") == run.name:
                    reason = difference(metadata["of"], identity(lesson, run, backend))
            raise SettingsError(
                f"RESUME=auto finds only checkpoints of other settings: {card} was made with "
                f"{reason}: use the same settings, remove {other}, or leave RESUME out"
            )
