"""The addresses of workers: local ports, hosts files and schedulers."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from adapters.contract import SettingsError
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
