"""python -m tools.scaling.measure: time steps of 1 to 4 processes on loopback, into measured.json.

A step is a local gradient of lesson 4's network and an all-reduce by PyTorch (gloo), without the
overlap of the two that DistributedDataParallel has. Every process listens on loopback only. The
fastest and the median of each time are stored, since other processes may use the cores. Steps are
small, because the scheduler always interrupts a step that is longer than its time slice.
"""

from __future__ import annotations

import itertools
import json
import os
import platform
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

FILE = Path(__file__).with_name("measured.json")
LAYERS = (784, 128, 64, 10)  # of lesson 4
ROWS = (16, 24, 32, 48, 64, 96, 128)  # of a worker alone
SIZES = (4, 65_536, 218_772, 437_544)  # bytes; the last is the gradient of these layers
STRONG, WEAK = 96, 32  # rows of all workers together, and of each
MOST = 4  # workers
WARM, TIMES = 3, 40


def worker(rank: int, meeting: str, results: str) -> None:
    """One of the processes; the first writes the results."""
    os.environ["GLOO_SOCKET_IFNAME"] = "lo"
    import torch
    from torch import distributed

    torch.set_num_threads(1)
    distributed.init_process_group(
        "gloo", init_method=f"file://{meeting}", rank=rank, world_size=MOST
    )
    groups = {n: distributed.new_group(list(range(n))) for n in range(1, MOST + 1)}
    pairs = itertools.pairwise(LAYERS)
    parts = [part for pair in pairs for part in (torch.nn.Linear(*pair), torch.nn.ReLU())]
    net = torch.nn.Sequential(*parts[:-1])
    parameters = list(net.parameters())

    def gradient(rows: int) -> Callable[[], Any]:
        x, y = torch.rand(rows, LAYERS[0]), torch.randint(LAYERS[-1], (rows,))
        return lambda: torch.autograd.grad(torch.nn.functional.cross_entropy(net(x), y), parameters)

    def step(workers: int, rows: int) -> Callable[[], Any]:
        local = gradient(rows)

        def work() -> None:
            flat = torch.cat([g.reshape(-1) for g in local()])
            distributed.all_reduce(flat, group=groups[workers])

        return work

    def message(workers: int, size: int) -> Callable[[], Any]:
        numbers = torch.zeros(size // 4)
        return lambda: distributed.all_reduce(numbers, group=groups[workers])

    works: dict[str, tuple[int, Callable[[], Any]]] = {
        f"gradient {rows}": (1, gradient(rows)) for rows in ROWS
    }
    for n in range(1, MOST + 1):
        works[f"strong {n}"] = n, step(n, STRONG // n)
        works[f"weak {n}"] = n, step(n, WEAK)
        if n > 1:
            works |= {f"all_reduce {n} {size}": (n, message(n, size)) for size in SIZES}
    took: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(WARM + TIMES):  # in turn, so that other processes disturb all alike
        for name, (workers, work) in works.items():
            distributed.barrier()
            if rank < workers:
                distributed.barrier(group=groups[workers])  # they begin together
                begin = time.perf_counter()
                work()
                took[name].append(time.perf_counter() - begin)
    if rank == 0:
        seconds = {name: [min(t[WARM:]), median(t[WARM:])] for name, t in took.items()}
        Path(results).write_text(json.dumps(seconds), encoding="utf-8")
    distributed.barrier()
    distributed.destroy_process_group()


def main() -> None:
    """Measure 1 to 4 workers, and write measured.json."""
    import torch
    from torch.multiprocessing.spawn import spawn

    with tempfile.TemporaryDirectory() as folder:
        meeting, results = Path(folder, "meeting"), Path(folder, "results.json")
        spawn(worker, (str(meeting), str(results)), MOST)
        seconds = json.loads(results.read_text(encoding="utf-8"))
    measured = {
        "processor": platform.machine(), "cores": os.cpu_count(), "torch": torch.__version__,
        "layers": LAYERS, "gradient_bytes": SIZES[-1], "rows": ROWS, "sizes": SIZES,
        "strong_rows": STRONG, "weak_rows": WEAK, "workers": MOST, "times": TIMES,
        "seconds": seconds,
    }  # fmt: skip
    FILE.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
