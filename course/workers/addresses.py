"""The addresses of the workers: all local, of the machines in a hosts file, or of a scheduler.

A hosts file (HOSTS=) has a line for each machine: its address, the number of its workers, and the
first of as many ports; `#` begins a comment.

    10.0.0.1  2  29400
    10.0.0.2  2  29400

Under a scheduler each task is one worker. The variables of srun (SLURM_PROCID and others) and of
torchrun (RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT) are read only if WORKERS= asks for several
workers. If they contradict WORKERS=, the run is refused.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from adapters.contract import SettingsError, require
from datasets.files import Unreadable, content, expanded

LOOPBACK = "127.0.0.1"
FIRST_PORT, LAST_PORT = 1024, 65_535
LARGEST_FILE = 1_000_000  # bytes


@dataclass(frozen=True)
class Machine:
    """One line of a hosts file."""

    address: str
    workers: int
    port: int


@dataclass(frozen=True)
class Places:
    """The address of every worker, and the ranks of those to start on this machine."""

    addresses: tuple[str, ...]
    here: tuple[int, ...]


def local(size: int) -> Places:
    """All workers on this machine, on free ports of the loopback interface."""
    servers = [socket.create_server((LOOPBACK, 0)) for _ in range(size)]
    ports = [server.getsockname()[1] for server in servers]
    for server in servers:
        server.close()
    return Places(tuple(f"{LOOPBACK}:{port}" for port in ports), tuple(range(size)))


def machines(file: str) -> list[Machine]:
    """The machines of a hosts file; a SettingsError names the line that is wrong."""
    try:
        text = content(expanded(file), LARGEST_FILE).decode()
    except Unreadable as error:
        raise SettingsError(f"HOSTS={file!r}: {error.reason}: name a hosts file") from None
    except ValueError:
        raise SettingsError(f"HOSTS={file!r} cannot be read (it is not text)") from None
    result = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        fits = re.fullmatch(r"[\w.:-]+ \d{1,4} \d{1,5}", " ".join(words), re.ASCII)
        address, workers, port = words if fits else ("", "0", "0")
        require(
            int(workers) >= 1 and FIRST_PORT <= int(port) <= LAST_PORT - int(workers),
            f"line {number} of {file} is {line.strip()[:60]!r}: expected an address, a number of "
            f"workers and a port, such as '10.0.0.1 2 29400'",
        )
        result.append(Machine(address, int(workers), int(port)))
    return result


def of_file(file: str, size: int, host: int | None) -> Places:
    """The workers of a hosts file. host: this machine's line, from 1; None if it is in none."""
    lines = machines(file)
    total = sum(machine.workers for machine in lines)
    require(total == size, f"WORKERS={size}, but {file} has {total}: make them agree")
    require(
        host is None or 1 <= host <= len(lines),
        f"HOST={host}, but {file} has {len(lines)} machines",
    )
    addresses: list[str] = []
    here: tuple[int, ...] = ()
    for number, machine in enumerate(lines, 1):
        first = len(addresses)
        addresses += [f"{machine.address}:{machine.port + i}" for i in range(machine.workers)]
        if number == host:
            here = tuple(range(first, len(addresses)))
    return Places(tuple(addresses), here)


def of_scheduler(environ: Mapping[str, str], size: int) -> Places | None:
    """The addresses and rank that srun or torchrun gives; None without a scheduler."""
    try:
        if "SLURM_STEP_NUM_TASKS" in environ:
            addresses, rank = _slurm(environ), int(environ["SLURM_PROCID"])
        elif "WORLD_SIZE" in environ:
            addresses, rank = _torchrun(environ), int(environ["RANK"])
        else:
            return None
    except (KeyError, ValueError) as error:
        raise SettingsError(f"the scheduler's environment makes no sense: {error}") from None
    require(
        len(addresses) == size,
        f"WORKERS={size}, but the scheduler has {len(addresses)}: make them agree",
    )
    return Places(addresses, (rank,))


def _torchrun(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Ports above MASTER_PORT, which torchrun uses; only the first worker's host is certain."""
    port = int(environ["MASTER_PORT"]) + 1
    return tuple(f"{environ['MASTER_ADDR']}:{port + i}" for i in range(int(environ["WORLD_SIZE"])))


def _slurm(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Tasks fill one node after the other, which is srun's default (--distribution=block)."""
    nodes = nodes_of(environ["SLURM_STEP_NODELIST"])
    tasks = tasks_of(environ["SLURM_STEP_TASKS_PER_NODE"])
    port = 20_000 + int(environ["SLURM_JOB_ID"]) % 20_000
    pairs = zip(nodes, tasks, strict=True)
    return tuple(f"{node}:{port + i}" for node, count in pairs for i in range(count))


def nodes_of(text: str) -> list[str]:
    """`a[01-03,7],b` as a01, a02, a03, a7 and b."""
    nodes = []
    for name, ranges in re.findall(r"([^,\[]+)(?:\[([^\]]*)\])?", text):
        for part in ranges.split(",") if ranges else [""]:
            low, _, high = part.partition("-")
            numbers = range(int(low), int(high) + 1) if high else [low]
            nodes += [f"{name}{str(number).zfill(len(low))}" for number in numbers]
    return nodes


def tasks_of(text: str) -> list[int]:
    """`2(x3),1` as 2, 2, 2 and 1."""
    groups = re.findall(r"(\d+)(?:\(x(\d+)\))?", text)
    return [int(count) for count, times in groups for _ in range(int(times or 1))]
