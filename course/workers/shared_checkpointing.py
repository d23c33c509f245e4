"""Checkpoints of a job: worker 0 reads and writes them, and sends the others their content.

So every worker resumes from the same checkpoint, and the machines need no shared disk.
"""

from __future__ import annotations

import numpy as np
from safetensors.numpy import load, save

from adapters.contract import Array, Model
from adapters.parallel import Workers, broadcast
from course.training import Checkpointer, Snapshot


class SharedCheckpointer(Checkpointer):
    """Gives every worker the snapshot that worker 0 resumes from.

    local: a DiskCheckpointer on worker 0; on the others a Checkpointer, which does nothing.
    """

    def __init__(self, local: Checkpointer, backend: type[Workers], every: int | None) -> None:
        self.local, self.backend, self.every = local, backend, every

    def latest(self) -> Snapshot | None:
        """Worker 0's latest snapshot, on every worker."""
        snapshot = self.local.latest()
        content = broadcast(self.backend, b"" if snapshot is None else _pack(snapshot))
        return _unpack(content) if content else None

    def save(self, done: int, model: Model, losses: list[Array], seconds: float) -> None:
        """Write a checkpoint on worker 0."""
        self.local.save(done, model, losses, seconds)


def _pack(snapshot: Snapshot) -> bytes:
    arrays = {f"state/{name}": array for name, array in snapshot.state.items()}
    arrays["losses"] = snapshot.losses
    arrays["done"] = np.array(snapshot.done)
    arrays["seconds"] = np.array(snapshot.seconds)
    return save({name: np.array(array, order="C") for name, array in arrays.items()})


def _unpack(content: bytes) -> Snapshot:
    arrays = {name: array.copy() for name, array in load(content).items()}
    state = {k.removeprefix("state/"): v for k, v in arrays.items() if k.startswith("state/")}
    return Snapshot(int(arrays["done"]), state, arrays["losses"], float(arrays["seconds"]))
