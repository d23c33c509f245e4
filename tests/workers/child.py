"""All workers of a small training, in processes of their own: what each has computed, in a file.

python -m tests.workers.child BACKEND ADDRESSES FOLDER [INJECTION] starts one for each address, and each
is this file again, with its rank. A plant is a mistake that a test wants to see.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from adapters import SGD, Adam, Dense, Model, Net, load
from adapters.parallel import Workers, World

# A batch of 7 rows, uneven for 2, 3 and 4 workers; 23 = 3 · 7 + 2: in the last, somebody has none.
ROWS, BATCH = 23, 7
NETS = {
    "softmax": Net((Dense(5, 6, "tanh"), Dense(6, 3)), "softmax", l2=1e-2),
    "squared": Net((Dense(5, 4, "relu"), Dense(4, 2)), "squared"),
    "logistic": Net((Dense(5, 1),), "logistic", l2=1e-2),
}
true_share = World.share


def mean_of_means(world: World, rows: Any) -> tuple[Any, float]:
    """Each worker's mean counts the same, whatever the number of its rows."""
    return true_share(world, rows)[0], 1 / world.size


def each_for_itself(world: World, rows: Any) -> tuple[Any, float]:
    """The shares sum to 1, but the rows are other ones."""
    return (rows, 1 / world.size) if world.rank else (rows[:1], 1.0)


INJECTIONS = {"mean of means": mean_of_means, "each for itself": each_for_itself}


def train(model_class: type[Model]) -> dict[str, Any]:
    """Every loss, and at the end weights, optimizer memory, scores and gradients, of three nets."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(ROWS, 5))
    y = {
        "softmax": rng.integers(3, size=ROWS),
        "squared": rng.normal(size=(ROWS, 2)),
        "logistic": rng.integers(2, size=(ROWS, 1)).astype(float),
    }
    numbers: dict[str, Any] = {}
    for name, net in NETS.items():
        start = [rng.normal(size=shape) for shape in net.shapes]
        for kind, optimizer in {"sgd": SGD(0.05, momentum=0.9), "adam": Adam(0.01)}.items():
            model = model_class(net, start, optimizer)
            orders = [np.random.default_rng(i).permutation(ROWS) for i in range(4)]
            losses = [model.epoch(x, y[name], order, BATCH) for order in orders]
            losses.append(np.array([model.step(x[:3], y[name][:3])]))
            numbers[f"{name} {kind}"] = np.concatenate(losses)
            # What a lesson asks for after training, each worker for itself.
            numbers[f"{name} {kind} scores"] = model.forward(x)
            numbers[f"{name} {kind} loss"] = np.array(model.loss(x, y[name]))
            for i, gradient in enumerate(model.gradients(x, y[name])):
                numbers[f"{name} {kind} gradient_{i}"] = gradient
            for slot, array in model.state().items():
                if not slot.endswith("remainder"):
                    numbers[f"{name} {kind} {slot}"] = array
    return numbers


def listening() -> list[str]:
    """The addresses at which this process listens, as the kernel writes them."""
    targets = [fd.readlink() for fd in Path("/proc/self/fd").iterdir() if fd.is_symlink()]
    mine = set(re.findall(r"socket:\[(\d+)\]", " ".join(map(str, targets))))
    tables = [Path("/proc/net", name).read_text() for name in ("tcp", "tcp6")]
    rows = [line.split() for table in tables for line in table.splitlines()[1:]]
    return [row[1].rsplit(":")[0] for row in rows if row[3] == "0A" and row[9] in mine]


def main(backend: str, listed: str, folder: str, injection: str = "", rank: str = "") -> int:
    """One worker; or, without a rank, all of them: the largest of their exit statuses."""
    addresses = tuple(listed.split(","))
    if not rank:
        words = [sys.executable, "-m", "tests.workers.child", backend, listed, folder, injection]
        started = [subprocess.Popen([*words, str(k)]) for k in range(len(addresses))]
        return max(abs(one.wait()) for one in started)
    if injection:
        World.share = INJECTIONS[injection]  # type: ignore[method-assign]
    several = len(addresses) > 1
    world = World(int(rank), len(addresses), addresses, 60.0) if several else None
    model_class = load(backend, dtype="float64", device="cpu", world=world)
    np.savez(f"{folder}/{rank}.npz", **train(model_class))
    Path(f"{folder}/{rank}.json").write_text(json.dumps(listening()))
    if world is not None:
        assert issubclass(model_class, Workers)
        # Nobody leaves while another still computes: where the coordinator of JAX ends, all do.
        assert model_class.total(np.array([1]))[0] == world.size
    return 0


if __name__ == "__main__":
    status = main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(status)
