"""Train small networks on several workers, one process each; each writes its numbers to a file.

python -m tests.workers.child BACKEND ADDRESSES FOLDER [INJECTION] starts a worker for each address,
which runs this file again with its rank. INJECTION names a mistake that a test must detect.
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
from adapters.layers import Attention, Embedding, Residual
from adapters.parallel import Workers, World
from adapters.validation import missing_layers

# A batch of 7 rows is uneven for 2, 3 and 4 workers. 23 = 3 · 7 + 2: the last batch has too few
# rows for 3 and 4 workers.
ROWS, BATCH = 23, 7
NETS = {
    "softmax": Net((Dense(5, 6, "tanh"), Dense(6, 3)), "softmax", l2=1e-2),
    "squared": Net((Dense(5, 4, "relu"), Dense(4, 2)), "squared"),
    "logistic": Net((Dense(5, 1),), "logistic", l2=1e-2),
    # Of few words each batch has the same ones several times; a loss for each of their places.
    "words": Net(
        (Embedding(4, 6), Residual((Attention(6, 2, causal=True),)), Dense(6, 3)),
        "softmax",
        l2=1e-2,
        input_shape=(5,),
    ),
}
true_share = World.share


def mean_of_means(world: World, rows: Any) -> tuple[Any, float]:
    """Each worker's mean counts the same, whatever the number of its rows."""
    return true_share(world, rows)[0], 1 / world.size


def each_for_itself(world: World, rows: Any) -> tuple[Any, float]:
    """The shares sum to 1, but they are shares of the wrong rows."""
    return (rows, 1 / world.size) if world.rank else (rows[:1], 1.0)


INJECTIONS = {"mean of means": mean_of_means, "each for itself": each_for_itself}


def train(model_class: type[Model]) -> dict[str, Any]:
    """Train each network; return all losses and final weights, slots, scores and gradients."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(ROWS, 5))
    y = {
        "softmax": rng.integers(3, size=ROWS),
        "squared": rng.normal(size=(ROWS, 2)),
        "logistic": rng.integers(2, size=(ROWS, 1)).astype(float),
        "words": rng.integers(3, size=(ROWS, 5)),
    }
    numbers: dict[str, Any] = {}
    for name, net in NETS.items():
        if missing_layers(net.layers, model_class.supported_layers):
            continue
        x = rng.integers(4, size=(ROWS, 5)) if net.reads_indices else rows
        start = [rng.normal(size=shape) for shape in net.shapes]
        for kind, optimizer in {"sgd": SGD(0.05, momentum=0.9), "adam": Adam(0.01)}.items():
            model = model_class(net, start, optimizer)
            orders = [np.random.default_rng(i).permutation(ROWS) for i in range(4)]
            losses = [model.epoch(x, y[name], order, BATCH) for order in orders]
            losses.append(np.array([model.step(x[:3], y[name][:3])]))
            numbers[f"{name} {kind}"] = np.concatenate(losses)
            # A lesson calls these after training, on each worker by itself.
            numbers[f"{name} {kind} scores"] = model.forward(x)
            numbers[f"{name} {kind} loss"] = np.array(model.loss(x, y[name]))
            for i, gradient in enumerate(model.gradients(x, y[name])):
                numbers[f"{name} {kind} gradient_{i}"] = gradient
            for slot, array in model.state().items():
                if not slot.endswith("remainder"):
                    numbers[f"{name} {kind} {slot}"] = array
    return numbers


def listening() -> list[str]:
    """The addresses on which this process listens, in the kernel's notation."""
    targets = [fd.readlink() for fd in Path("/proc/self/fd").iterdir() if fd.is_symlink()]
    sockets = set(re.findall(r"socket:\[(\d+)\]", " ".join(map(str, targets))))
    tables = [Path("/proc/net", name).read_text() for name in ("tcp", "tcp6")]
    rows = [line.split() for table in tables for line in table.splitlines()[1:]]
    return [row[1].rsplit(":")[0] for row in rows if row[3] == "0A" and row[9] in sockets]


def main(backend: str, listed: str, folder: str, injection: str = "", rank: str = "") -> int:
    """Run one worker; without a rank run all, and return the largest of their exit statuses."""
    addresses = tuple(listed.split(","))
    if not rank:
        command = [sys.executable, "-m", "tests.workers.child", backend, listed, folder, injection]
        workers = [subprocess.Popen([*command, str(k)]) for k in range(len(addresses))]
        return max(abs(worker.wait()) for worker in workers)
    if injection:
        World.share = INJECTIONS[injection]  # type: ignore[method-assign]
    several = len(addresses) > 1
    world = World(int(rank), len(addresses), addresses, 60.0) if several else None
    model_class = load(backend, dtype="float64", device="cpu", world=world)
    np.savez(f"{folder}/{rank}.npz", **train(model_class))
    Path(f"{folder}/{rank}.json").write_text(json.dumps(listening()))
    if world is not None:
        assert issubclass(model_class, Workers)
        # Wait for all workers before leaving: JAX ends them all when its coordinator ends.
        assert model_class.total(np.array([1]))[0] == world.size
    return 0


if __name__ == "__main__":
    status = main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(status)
