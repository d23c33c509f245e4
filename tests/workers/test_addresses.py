"""The addresses of workers, and how the rows of a batch are shared out and weighted among them."""

from __future__ import annotations

import socket
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import SettingsError
from adapters.parallel import WorkersLost, World, check_size
from course.workers.addresses import local, machines, nodes_of, of_file, of_scheduler, tasks_of

TWO = "# the small room\n10.0.0.1 2 29400\n\nnode-b.example 1 29500  # the other\n"
TORCHRUN = {"RANK": "1", "WORLD_SIZE": "2", "MASTER_ADDR": "10.0.0.1", "MASTER_PORT": "29400"}
SLURM = {
    "SLURM_PROCID": "2",
    "SLURM_STEP_NUM_TASKS": "3",
    "SLURM_STEP_NODELIST": "node[01-02]",
    "SLURM_STEP_TASKS_PER_NODE": "2,1",
    "SLURM_JOB_ID": "7",
}


def test_local_ports_are_different_free_and_on_loopback() -> None:
    places = local(4)
    assert places.here == (0, 1, 2, 3)
    assert len(set(places.addresses)) == 4
    for address in places.addresses:
        host, port = address.split(":")
        assert host == "127.0.0.1"
        socket.create_server((host, int(port))).close()


def test_a_file_of_hosts(tmp_path: Path) -> None:
    """Ports are numbered upwards on each machine, which starts its own workers."""
    (tmp_path / "hosts").write_text(TWO)
    expected = ("10.0.0.1:29400", "10.0.0.1:29401", "node-b.example:29500")
    here = {None: (), 1: (0, 1), 2: (2,)}
    for host, ranks in here.items():
        places = of_file(str(tmp_path / "hosts"), 3, host)
        assert (places.addresses, places.here) == (expected, ranks)


@pytest.mark.parametrize("size", [2, 4])
def test_a_file_of_another_size_is_refused(size: int, tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text(TWO)
    with pytest.raises(SettingsError, match=rf"WORKERS={size}, but .* has 3"):
        of_file(str(tmp_path / "hosts"), size, 1)


@pytest.mark.parametrize(
    "line",
    ["a", "a 2", "a 0 29400", "a -1 29400", "a 2 80", "a 2 65535", "a 2 x", "a;b 2 29400",
     "a 2 29400 more", "$(x) 1 29400", "é 1 29400", "a 1.5 29400"],
)  # fmt: skip
def test_an_invalid_line_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text(f"a 1 29400\n{line}\n")
    with pytest.raises(SettingsError, match=r"line 2 of .*expected an address"):
        machines(str(tmp_path / "hosts"))


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_named(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "hosts").write_bytes(content)
    with pytest.raises(SettingsError, match=r"HOSTS=.*cannot be read"):
        machines(str(tmp_path / "hosts"))


def test_a_missing_line_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text(TWO)
    with pytest.raises(SettingsError, match=r"HOST=3, but .* has 2 machines"):
        of_file(str(tmp_path / "hosts"), 3, 3)


def test_schedulers() -> None:
    """One worker per task; torchrun's own port is not used, and a plain shell is no scheduler."""
    assert of_scheduler({"PATH": "/bin"}, 2) is None
    assert of_scheduler({"SLURM_PROCID": "0", "SLURM_JOB_ID": "7"}, 2) is None  # a batch script
    torchrun = of_scheduler(TORCHRUN, 2)
    assert torchrun is not None
    assert (torchrun.addresses[0], torchrun.here) == ("10.0.0.1:29401", (1,))
    slurm = of_scheduler(SLURM, 3)
    assert slurm is not None
    assert slurm.addresses == ("node01:20007", "node01:20008", "node02:20007")
    assert slurm.here == (2,)


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        (TORCHRUN | {"WORLD_SIZE": "3"}, "WORKERS=2, but the scheduler has 3"),
        (TORCHRUN | {"RANK": "one"}, "makes no sense"),
        ({"WORLD_SIZE": "2"}, "makes no sense"),
        (SLURM, "WORKERS=2, but the scheduler has 3"),
        (SLURM | {"SLURM_STEP_NODELIST": "a"}, "makes no sense"),
    ],
)
def test_a_contradicting_scheduler_is_refused(environ: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        of_scheduler(environ, 2)


def test_slurms_short_forms() -> None:
    assert nodes_of("a[01-03,7],b") == ["a01", "a02", "a03", "a7", "b"]
    assert nodes_of("gpu1") == ["gpu1"]
    assert tasks_of("2(x3),1") == [2, 2, 2, 1]


SUM = 8 * np.finfo(np.float64).eps  # a sum of at most nine shares, each rounded once


def world(rank: int, size: int, progress: str = "") -> World:
    return World(rank, size, ("127.0.0.1:1",) * size, 1.0, progress)


@given(st.integers(1, 40), st.integers(1, 9))
def test_each_row_counts_once(rows: int, size: int) -> None:
    """The shares sum to 1, each row is in one of them, and every worker has at least one row."""
    shares = [world(rank, size).share(np.arange(rows)) for rank in range(size)]
    assert np.array_equal(np.concatenate([r for r, share in shares if share]), np.arange(rows))
    assert abs(sum(share for _, share in shares) - 1) <= SUM
    for mine, share in shares:
        assert len(mine) >= 1
        assert share in (0, len(mine) / rows)


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=40), st.integers(1, 9))
def test_parts_sum_to_the_mean(losses: list[float], size: int) -> None:
    """Each worker's mean by its share: the sum is the batch's mean, however uneven."""
    parts = []
    for rank in range(size):
        rows, share = world(rank, size).share(np.array(losses))
        parts.append(share * rows.mean())
    assert abs(sum(parts) - np.mean(losses)) <= 9 * len(losses) * SUM


def test_a_mean_of_means_is_another_number() -> None:
    """The reason for the shares: with 3 and 2 rows a plain mean of the workers' means is wrong."""
    losses = np.array([1.0, 1.0, 1.0, 6.0, 6.0])
    means = [world(rank, 2).share(losses)[0].mean() for rank in (0, 1)]
    assert abs(np.mean(means) - losses.mean()) > 0.3


def test_progress_is_odd_inside_and_even_outside(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each worker has its own counter; that of a worker that lost the others stays odd."""
    file = tmp_path_factory.mktemp("job") / "progress"
    file.write_bytes(bytes(16))

    def counts() -> list[int]:
        return np.frombuffer(file.read_bytes(), np.int64).tolist()

    first, second = world(0, 2, str(file)), world(1, 2, str(file))
    with first.collective((RuntimeError,)):
        assert counts() == [1, 0]
        with first.collective((RuntimeError,)):
            assert counts() == [1, 0]
        with first.local():
            assert counts() == [2, 0]
        assert counts() == [3, 0]
    assert counts() == [4, 0]
    with (
        pytest.raises(WorkersLost, match="worker 1 lost the others: gone"),
        second.collective((RuntimeError,)),
    ):
        raise RuntimeError("gone")
    assert counts() == [4, 1]


@pytest.mark.parametrize(("size", "answered"), [(1, 1), (1, 2), (2, 1), (3, 2)])
def test_too_few_or_too_many_are_refused(size: int, answered: int) -> None:
    """A framework that silently trains alone; workers that do not answer."""

    class Model:
        backend, world = "torch", world(0, 2)

        @staticmethod
        def total(values: np.ndarray) -> np.ndarray:
            return values * answered

    message = f"{size} workers of which {answered} answer: expected 2"
    with pytest.raises(WorkersLost, match=message):
        check_size(Model, size)  # type: ignore[arg-type]
    Model.world = world(0, answered)
    check_size(Model, answered)  # type: ignore[arg-type]
