"""A lesson's checkpoints: written while it trains (CHECKPOINT=), gone on from (RESUME=auto).

They lie in OUT/lessonN/checkpoints/<folder of the record>/<run>/. A run that goes on from one ends
bit for bit like a run that was never interrupted: weights and optimizer memory are stored as they
are, batches are a function of seed and epoch, and a call of `epoch` that is split at a checkpoint
computes what the whole call does. A run that had finished is taken from its last checkpoint. What a
lesson trains by itself, as lesson 1 does its neurons, is simply done again.

A run on a backend with a difference planted in it (lesson 5) is kept at its end only: a plant may
remember things that are no part of a model's state, or look at a call of `epoch` as a whole.

A checkpoint says what it is a checkpoint of. If that is not this very run, it is refused. One that
is damaged is named, and the one before it is used. Once the record is complete they are removed:
the record has the numbers, and the same command, given again, should train again.
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
from course.card import digest, digest_of_arrays, versions
from course.console import console
from course.lock import Lock, Taken
from course.record import OutputError
from course.settings import CHAPTERS, ROOT, folder_name, interval
from course.training import Keeper, Run, Snapshot

if TYPE_CHECKING:
    from adapters.parallel import World
    from course.lesson import Lesson

KEEP = 3  # checkpoints of each run
_held: dict[Path, Lock] = {}  # by this process
# Whose text decides what a run computes, beside the lesson's own file.
CODE = ("adapters", "injections", "course", "datasets")


def of(lesson: Lesson, run: Run, backend: type[Model]) -> Keeper:
    """What keeps this run of the lesson: nothing, if neither CHECKPOINT nor RESUME is set."""
    settings = lesson.settings
    if settings.checkpoint is None and settings.resume is None:
        return Keeper()
    if settings.world is not None:
        return _of_workers(lesson, run, backend, settings.world)
    return _checkpointer(lesson, run, backend)


def _checkpointer(lesson: Lesson, run: Run, backend: type[Model]) -> DiskCheckpointer:
    settings = lesson.settings
    home = _home(lesson)
    if settings.resume and not any(home.glob("*/*.json")):
        _refuse_other_settings(lesson, run, backend, home)
    _take(home)
    return DiskCheckpointer(
        home / _folder_of(run), run.name, identity(lesson, run, backend),
        epochs=run.epochs, steps_per_epoch=run.steps_per_epoch, every=_every(lesson, run, backend),
        write=settings.checkpoint is not None, resume=settings.resume is not None,
    )  # fmt: skip


def _every(lesson: Lesson, run: Run, backend: type[Model]) -> int | None:
    """The steps from one checkpoint to the next."""
    if lesson.settings.checkpoint is None or backend is not lesson.Model:
        return None
    count, unit = interval(lesson.settings.checkpoint)
    return count * (run.steps_per_epoch if unit == "epochs" else 1)


def remove(lesson: Lesson, status: str) -> None:
    """Remove the checkpoints of a lesson if its record is complete; let go of them anyway."""
    used = lesson.settings.checkpoint is not None or lesson.settings.resume is not None
    if used and status == "complete":
        shutil.rmtree(_home(lesson), ignore_errors=True)
    release(lesson)


def release(lesson: Lesson) -> None:
    """Let another process have the checkpoints of this lesson; leave no empty folder."""
    if not hasattr(lesson, "Model"):
        return
    home = _home(lesson)
    if home in _held:
        _held.pop(home).release()
        for folder in (home, home.parent):
            with suppress(OSError):  # what is left to go on from, and those of other settings
                folder.rmdir()


def _take(home: Path) -> None:
    """Hold the checkpoints of a lesson until its record is complete, or this process is gone.

    Two processes would remove each other's, and each would go on from what is not its own. Both
    would end with the same record, so the second one is told, and does not train for nothing.
    """
    if home in _held:  # another run of the lesson, or the lesson once more in a notebook
        return
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        _held[home] = Lock(home.with_name(f"{home.name}.lock"))
    except Taken as holder:
        raise OutputError(
            f"{str(home)!r} is in use: {holder} keeps checkpoints of the same run there; wait for "
            "it, stop it, or choose another folder with OUT="
        ) from None
    except OSError as error:
        where = error.filename or str(home)
        raise OutputError(
            f"no checkpoint can be kept in {str(home)!r} ({where}: {error.strerror}): move away "
            "what is there, make room, or choose another folder with OUT="
        ) from None


def identity(lesson: Lesson, run: Run, backend: type[Model]) -> dict[str, Any]:
    """What a checkpoint is a checkpoint of, as JSON knows it: none of it may differ."""
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
        "layers": [[layer.n_in, layer.n_out, layer.activation] for layer in run.net.layers],
        "loss": run.net.loss,
        "l2": run.net.l2,
        "optimizer": {"name": type(run.optimizer).__name__, **vars(run.optimizer)},
        "data": {"x": digest_of_arrays([run.x]), "y": digest_of_arrays([run.y])},
        "initial weights": digest_of_arrays(run.initial),
        "code": code_of(lesson.number),
    }


def code_of(lesson: int) -> dict[str, str]:
    """A digest of each file whose text decides what a lesson computes."""
    files = [file for folder in CODE for file in (ROOT / folder).rglob("*.py")]
    files.append(ROOT / "lessons" / CHAPTERS[lesson].file)
    return {
        file.relative_to(ROOT).as_posix(): digest([file.read_bytes()])[:16]
        for file in sorted(filter(Path.is_file, files))  # an editor leaves links to nowhere
    }


class DiskCheckpointer(Keeper):
    """The checkpoints of one training run, in a folder of their own."""

    def __init__(
        self, folder: Path, name: str, what: dict[str, Any], *, epochs: int, steps_per_epoch: int,
        every: int | None, write: bool, resume: bool,
    ) -> None:  # fmt: skip
        self.folder, self.name, self.what = folder, name, what
        self.epochs, self.steps_per_epoch = epochs, steps_per_epoch
        self.every, self.write, self.resume = every, write, resume
        self.kept: list[Path] = []  # the cards of those that this run wrote, or went on from

    def newest(self) -> Snapshot | None:
        """The newest sound checkpoint; raises SettingsError where it is one of something else."""
        cards = sorted(self.folder.glob("step-*.json"))
        if not self.resume:
            cards = [card for card in cards if card.is_file()]
            if cards:
                say(
                    f"{self.name}: trained from the start; RESUME=auto would go on from {cards[-1]}"
                )
            return None
        while cards:
            try:
                arrays, card = checkpoint_format.read(cards[-1])
            except checkpoint_format.Unsound as error:
                say(f"{self.name}: not used: {cards.pop()}: {error}")
                continue
            require(
                card.get("of") == self.what,
                f"{cards[-1]} was made with {difference(card['of'], self.what)}: "
                f"go on with what it was made with, or remove {self.folder.parent}",
            )
            self.kept = cards
            done = card["steps done"]
            far = f"goes on from its checkpoint of {self._far(done)}"
            say(f"{self.name}: {far if done < self._steps else 'taken from its last checkpoint'}")
            losses = arrays.pop("losses")
            return Snapshot(done, arrays, losses, card["seconds"])
        say(f"{self.name}: no checkpoint to go on from, so it is trained from the start")
        return None

    def keep(self, done: int, model: Model, losses: list[Array], seconds: float) -> None:
        """Write a checkpoint where one is due; remove those that are older than the last three."""
        due = done == self._steps or (self.every is not None and done % self.every == 0)
        if not (self.write and due):
            return
        arrays = model.state() | {"losses": np.concatenate(losses)}
        card = {"of": self.what, "steps done": done, "seconds": round(seconds, 3)}
        try:
            self.kept.append(checkpoint_format.write(self.folder, f"step-{done:09}", arrays, card))
        except IsADirectoryError as error:  # somebody else's, and passed over as in `newest`
            why = f"{error.filename}: {error.strerror}"
            say(f"{self.name}: no checkpoint of {self._far(done)} is kept: {why}")
            return
        except (FileExistsError, NotADirectoryError):
            raise OutputError(
                f"{self.name}: no checkpoint can be kept, for {str(self.folder)!r} is no folder: "
                "move it away, then go on with RESUME=auto"
            ) from None
        except OSError as error:
            raise OutputError(
                f"{self.name}: no checkpoint of {self._far(done)} could be written to "
                f"{str(self.folder)!r} ({error.strerror}): make room, then go on with RESUME=auto"
            ) from None
        self._remove_others(self.kept[-KEEP:])

    @property
    def _steps(self) -> int:
        return self.epochs * self.steps_per_epoch

    def _far(self, done: int) -> str:
        """In epochs, where it is at the end of one."""
        epoch, rest = divmod(done, self.steps_per_epoch)
        return f"step {done} of {self._steps}" if rest else f"epoch {epoch} of {self.epochs}"

    def _remove_others(self, kept: list[Path]) -> None:
        names = {card.stem for card in kept}
        for file in sorted(self.folder.glob("step-*")):  # .json first: that ends a checkpoint
            if file.stem not in names:
                with suppress(OSError):
                    file.unlink()


def difference(then: dict[str, Any], now: dict[str, Any]) -> str:
    """The first thing in which two identities differ, in words."""
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
    """Print a line as it is: a path is no markup."""
    console.print(text, markup=False)


def _of_workers(lesson: Lesson, run: Run, backend: type[Model], world: World) -> Keeper:
    """Worker 0 keeps the run, and all go on from what it finds."""
    from adapters.parallel import Workers
    from course.workers.shared_checkpointing import SharedKeeper

    assert issubclass(backend, Workers)
    own = Keeper() if world.rank else _checkpointer(lesson, run, backend)
    return SharedKeeper(own, backend, _every(lesson, run, backend))


def _home(lesson: Lesson) -> Path:
    """The folder of this lesson's checkpoints, named like the record that it will make."""
    return lesson.staging.home / "checkpoints" / lesson.folder_name()


def _folder_of(run: Run) -> str:
    return re.sub(r"[^\w-]", "_", run.name)


def _refuse_other_settings(lesson: Lesson, run: Run, backend: type[Model], home: Path) -> None:
    """Nothing to go on from, but for checkpoints with other settings: say so, and stop."""
    s = lesson.settings
    usual = folder_name(s.backend, s.dtype, lesson.Model.device, s.seed, {})
    for other in sorted(home.parent.glob(f"{usual}*")):
        if other == home or other.name[len(usual) :][:1] not in ("", "-"):
            continue
        cards = [card for card in sorted(other.glob("*/step-*.json")) if card.is_file()]
        for card in sorted(cards, key=lambda c: c.parent.name != _folder_of(run)):
            reason = "other settings"
            with suppress(checkpoint_format.Unsound):
                told = checkpoint_format.read(card)[1]
                if told.get("of", {}).get("run") == run.name:
                    reason = difference(told["of"], identity(lesson, run, backend))
            raise SettingsError(
                f"RESUME=auto finds only checkpoints of other settings: {card} was made with "
                f"{reason}: use the same settings, remove {other}, or leave RESUME out"
            )
