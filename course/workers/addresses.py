"""Where the workers are: all here, on the machines of a file, or where a scheduler has put us.

A file of HOSTS= has a line for each machine: its address, how many workers it runs, and the first
of as many ports; `#` begins a comment.

    10.0.0.1  2  29400
    10.0.0.2  2  29400

Under a scheduler each task is one worker. Its environment is looked at only where WORKERS= asks for
several: srun's (SLURM_PROCID and others) and torchrun's (RANK, WORLD_SIZE, MASTER_ADDR and
MASTER_PORT). Where they contradict WORKERS=, the run is refused.
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
    """One line of a file of hosts."""

    address: str
    workers: int
    port: int


@dataclass(frozen=True)
class Places:
    """The address of every worker, and which of them are to be started here."""

    addresses: tuple[str, ...]
    here: tuple[int, ...]


def local(size: int) -> Places:
    """All workers here, on ports of the loopback interface that are free now."""
    doors = [socket.create_server((LOOPBACK, 0)) for _ in range(size)]
    ports = [door.getsockname()[1] for door in doors]
    for door in doors:
        door.close()
    return Places(tuple(f"{LOOPBACK}:{port}" for port in ports), tuple(range(size)))


def machines(file: str) -> list[Machine]:
    """The machines of a file of hosts; SettingsError names the line that is none."""
    try:
        text = content(expanded(file), LARGEST_FILE).decode()
    except Unreadable as error:
        raise SettingsError(f"HOSTS={file!r}: {error.reason}: name a file of hosts") from None
    except ValueError:
        raise SettingsError(f"HOSTS={file!r} cannot be read (it is no text)") from None
    found = []
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
        found.append(Machine(address, int(workers), int(port)))
    return found


def of_file(file: str, size: int, host: int | None) -> Places:
    """The workers of a file of hosts, of which `host` (from 1) is this machine; None: no line."""
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
    """What srun or torchrun says of this process; None where neither has started it."""
    try:
        if "SLURM_STEP_NUM_TASKS" in environ:
            found, rank = _slurm(environ), int(environ["SLURM_PROCID"])
        elif "WORLD_SIZE" in environ:
            found, rank = _torchrun(environ), int(environ["RANK"])
        else:
            return None
    except (KeyError, ValueError) as error:
        raise SettingsError(f"the scheduler's environment makes no sense: {error}") from None
    require(
        len(found) == size, f"WORKERS={size}, but the scheduler has {len(found)}: make them agree"
    )
    return Places(found, (rank,))


def _torchrun(environ: Mapping[str, str]) -> tuple[str, ...]:
    """torchrun keeps MASTER_PORT for itself; only the first address is known to be right."""
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
    found = re.findall(r"(\d+)(?:\(x(\d+)\))?", text)
    return [int(count) for count, times in found for _ in range(int(times or 1))]
