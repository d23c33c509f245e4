"""Checkpoints of a job: worker 0 has them, and tells the others what is in them.

So no worker can go on from another one than the others do, and machines need no common disk.
"""

from __future__ import annotations

import numpy as np
from safetensors.numpy import load, save

from adapters.contract import Array, Model
from adapters.parallel import Workers, from_first
from course.training import Keeper, Snapshot


class SharedKeeper(Keeper):
    """A keeper of which worker 0 alone has the real one."""

    def __init__(self, own: Keeper, backend: type[Workers], every: int | None) -> None:
        self.own, self.backend, self.every = own, backend, every

    def newest(self) -> Snapshot | None:
        """What worker 0 goes on from, on every worker."""
        kept = self.own.newest()
        content = from_first(self.backend, b"" if kept is None else _packed(kept))
        return _unpacked(content) if content else None

    def keep(self, done: int, model: Model, losses: list[Array], seconds: float) -> None:
        """Worker 0 writes; the others' keeper does nothing."""
        self.own.keep(done, model, losses, seconds)


def _packed(kept: Snapshot) -> bytes:
    rest = {"losses": kept.losses, "done": np.array(kept.done), "seconds": np.array(kept.seconds)}
    arrays = rest | {f"state/{name}": array for name, array in kept.state.items()}
    return save({name: np.array(array, order="C") for name, array in arrays.items()})


def _unpacked(content: bytes) -> Snapshot:
    arrays = {name: array.copy() for name, array in load(content).items()}
    state = {k.removeprefix("state/"): v for k, v in arrays.items() if k.startswith("state/")}
    return Snapshot(int(arrays["done"]), state, arrays["losses"], float(arrays["seconds"]))
