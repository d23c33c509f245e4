"""WORKERS = 1, 2, 3, 4: the same losses, with uneven batches and a last one for too few workers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from adapters import ENGINES, environment
from course.settings import ROOT
from course.workers.places import local
from tests.workers import running

ABLE = [name for name, engine in ENGINES.items() if engine.workers]
# A batch of 7 rows, uneven for 2, 3 and 4 workers; 23 = 3 · 7 + 2: in the last, somebody has none.
ROWS, BATCH = 23, 7

CHILD = f"""
import json, os, pathlib, re, sys
import numpy as np
from adapters import SGD, Adam, Dense, Net, load
from adapters.parallel import World

engine, rank, addresses, plant, folder = sys.argv[1:]
addresses = tuple(addresses.split(","))
if plant == "mean of means":
    true_share = World.share
    World.share = lambda self, rows: (true_share(self, rows)[0], 1 / self.size)
if plant == "each for itself":
    World.share = lambda self, rows: (rows, 1 / self.size) if self.rank else (rows[:1], 1.0)
world = None if len(addresses) == 1 else World(int(rank), len(addresses), addresses, 60.0)
Model = load(engine, dtype="float64", device="cpu", world=world)
rng = np.random.default_rng(0)
x = rng.normal(size=({ROWS}, 5))
nets = dict(
    softmax=Net((Dense(5, 6, "tanh"), Dense(6, 3)), "softmax", l2=1e-2),
    squared=Net((Dense(5, 4, "relu"), Dense(4, 2)), "squared"),
    logistic=Net((Dense(5, 1),), "logistic", l2=1e-2),
)
y = dict(softmax=rng.integers(3, size={ROWS}), squared=rng.normal(size=({ROWS}, 2)),
         logistic=rng.integers(2, size=({ROWS}, 1)).astype(float))
numbers = {{}}
for name, net in nets.items():
    start = [rng.normal(size=shape) for shape in net.shapes]
    for kind, optimizer in dict(sgd=SGD(0.05, momentum=0.9), adam=Adam(0.01)).items():
        model = Model(net, start, optimizer)
        orders = [np.random.default_rng(i).permutation({ROWS}) for i in range(4)]
        losses = [model.epoch(x, y[name], order, {BATCH}) for order in orders]
        losses.append([model.step(x[:3], y[name][:3])])
        numbers[f"{{name}} {{kind}}"] = np.concatenate(losses)
        numbers |= {{f"{{name}} {{kind}} {{k}}": v for k, v in model.state().items()
                    if not k.endswith("remainder")}}
np.savez(f"{{folder}}/{{rank}}.npz", **numbers)
inodes = [re.findall(r"socket:\\[(\\d+)\\]", os.readlink(fd) if fd.is_symlink() else "")
          for fd in pathlib.Path("/proc/self/fd").iterdir()]
mine = {{found[0] for found in inodes if found}}
tables = [pathlib.Path("/proc/net", name).read_text() for name in ("tcp", "tcp6")]
rows = [line.split() for table in tables for line in table.splitlines()[1:]]
listening = [row[1].rsplit(":")[0] for row in rows if row[3] == "0A" and row[9] in mine]
pathlib.Path(f"{{folder}}/{{rank}}.json").write_text(json.dumps(listening))
# No worker leaves while another still looks at its sockets, or waits for it.
if world:
    Model.total(np.array([1]))
    os._exit(0)
"""

Numbers = dict[str, np.ndarray]
LOOPBACK = ("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000")


def trained(engine: str, size: int, folder: Path, plant: str = "") -> list[Numbers]:
    """What each of so many workers has computed."""
    folder.mkdir()
    addresses = ",".join(local(size).addresses)
    environ = environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT)}
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, engine, str(rank), addresses, plant, str(folder)],
            env=environ, cwd=ROOT, stderr=subprocess.PIPE, text=True,
        )
        for rank in range(size)
    ]  # fmt: skip
    try:
        for child in children:
            _, err = child.communicate(timeout=500)
            assert child.returncode == 0, err
    finally:
        for child in children:
            child.kill()
    return [dict(np.load(folder / f"{rank}.npz")) for rank in range(size)]


def largest_gap(one: Numbers, other: Numbers) -> float:
    """Relative for losses; for weights and optimizer memory by the largest of them, or 1."""
    assert one.keys() == other.keys()
    gaps = []
    for name, a in one.items():
        scale = np.abs(a) if name.count(" ") == 1 else max(1, np.abs(a).max())
        gaps.append(np.max(np.abs(a - other[name]) / scale))
    return float(max(gaps))


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Numbers]:
    """What one process computes, on each engine that was asked for so far."""
    return {}


def alone(engine: str, one: dict[str, Numbers], folder: Path) -> Numbers:
    if engine not in one:
        one[engine] = trained(engine, 1, folder / "one")[0]
    return one[engine]


FEW = [("torch", 3), ("jax", 3), ("keras-jax", 3)]
ALL = [(engine, size) for engine in ABLE for size in (2, 3, 4) if (engine, size) not in FEW]


@pytest.mark.parametrize(
    ("engine", "size"), [*FEW, *(pytest.param(*case, marks=pytest.mark.slow) for case in ALL)]
)
def test_the_numbers_of_one(
    engine: str, size: int, one: dict[str, Numbers], tmp_path: Path
) -> None:
    """Losses, weights and optimizer memory; on each worker the same bits; loopback only."""
    workers = trained(engine, size, tmp_path / "several")
    assert largest_gap(alone(engine, one, tmp_path), workers[0]) <= running.AGREE
    for other in workers[1:]:
        assert all(np.array_equal(workers[0][name], other[name]) for name in other)
    if engine not in ("tensorflow", "keras"):  # their server takes no address to listen at
        told = [json.loads((tmp_path / f"several/{k}.json").read_text()) for k in range(size)]
        listening = [address for addresses in told for address in addresses]
        assert listening
        assert set(listening) <= set(LOOPBACK), listening


WRONG = [("torch", "mean of means"), ("torch", "each for itself")]
OTHERS = [(engine, "mean of means") for engine in ABLE if engine != "torch"]


@pytest.mark.parametrize(
    ("engine", "plant"), [*WRONG, *(pytest.param(*case, marks=pytest.mark.slow) for case in OTHERS)]
)
def test_a_wrong_sum_is_seen(
    engine: str, plant: str, one: dict[str, Numbers], tmp_path: Path
) -> None:
    """A mean of the workers' means, and workers with other rows than theirs, are far off."""
    (worker, *_) = trained(engine, 2, tmp_path / "several", plant)
    assert largest_gap(alone(engine, one, tmp_path), worker) > 1e-3


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("lesson", [3, 4])
@pytest.mark.parametrize("engine", ABLE)
def test_lessons(engine: str, lesson: int, tmp_path: Path) -> None:
    """The records of a lesson on 1, 2, 3 and 4 workers; 202 pictures, in batches of 100, 100, 2."""
    pictures = tmp_path / "few.npz"
    rng = np.random.default_rng(0)
    y = {"train": np.arange(202) % 3, "test": np.arange(30) % 3}
    x = {k: (rng.integers(0, 120, (len(v), 8, 8)) + 60 * v[:, None, None]).astype(np.uint8)
         for k, v in y.items()}  # fmt: skip
    np.savez(pictures, **{f"x_{k}": v for k, v in x.items()}, **{f"y_{k}": v for k, v in y.items()})
    words = [f"lesson{lesson}", f"--backend={engine}", "--data=few.npz", "--epochs=3"]
    found = {}
    for size in (1, 2, 3, 4):
        status, _, err = running.run(tmp_path, *words, f"--workers={size}", f"--out=w{size}")
        assert (status, err) == (0, "")
        found[size] = running.losses(tmp_path / f"w{size}", lesson)
    gaps = {size: running.gap(found[1], found[size]) for size in (2, 3, 4)}
    print(f"\n{engine} lesson {lesson}: " + ", ".join(f"{n}: {g:.1e}" for n, g in gaps.items()))
    assert max(gaps.values()) <= running.AGREE
