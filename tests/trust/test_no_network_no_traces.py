"""A lesson does not use the network, and writes only to OUT and to triptych's cache folder."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.trust.sandboxes import Place, environ, lesson, need_sandbox, record, sandboxed, start

# PyTorch takes ten seconds on busy cores: sandboxed below, and here only in `make test-all`.
RUNS = [(1, "numpy"), (3, "numpy")]
RUNS += [pytest.param(number, "torch", marks=pytest.mark.slow) for number in (1, 3)]
OURS = ("home/.cache/triptych", "out")  # what a run may write to, below its own folders
TEMPORARY = "tmp"  # files there are removed at the end
ASKS = {
    "connects": "socket.create_connection(('127.0.0.1', {port}))",
    "asks for a name": "socket.getaddrinfo('localhost', 80)",
    "listens": "socket.socket().bind(('127.0.0.1', 0))",
    "sends": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {port}))",
    "local": "socket.socket(socket.AF_UNIX).connect('/tmp/nobody')",
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, str], bytes]:
    """The record of a lesson that runs normally."""

    @cache
    def run(number: int, backend: str) -> bytes:
        place = Place(tmp_path_factory.mktemp("plain") / "run")
        done = start(lesson(number, backend, place), place, environ(place, hooked=False))
        assert done.returncode == 0, done.stderr
        return record(place)

    return run


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("number", "backend"), RUNS)
def test_sockets_refused_and_every_file_watched(
    number: int, backend: str, tmp_path: Path, plain: Callable[[int, str], bytes]
) -> None:
    place = Place(tmp_path / "run")
    before = place.listing()
    done = start(lesson(number, backend, place), place, environ(place, hooked=True))
    assert done.returncode == 0, done.stderr
    assert record(place) == plain(number, backend)
    assert place.logged("socket") == []
    assert any("course.figure_writer" in words for words in place.logged("process"))  # children too
    new = {path for path in place.listing() - before if not _ours(path)}
    assert new <= {"home/.cache"}  # the parent of our cache folder, empty but for it
    beside = {path for path in place.logged("write") if not _may_write(path, place)}
    assert beside == set()


def _ours(path: str) -> bool:
    return any(path == allowed or path.startswith(allowed + "/") for allowed in OURS)


def _may_write(path: str, place: Place) -> bool:
    if path == "/dev/null" or path == str(place.home / ".cache"):
        return True
    if not path.startswith(f"{place.top}/"):
        return False
    inside = str(Path(path).relative_to(place.top))
    return _ours(inside) or inside.split("/")[0] == TEMPORARY


# A read-only home, a missing home, and cache folders that cannot be created in them.
HOMES = {
    "read-only home": ("home", ""),
    "no home": ("nowhere", ""),
    "caches in a read-only home": ("home", "home/xdg"),
    "caches in no home": ("nowhere", "nowhere/xdg"),
}
# The most different cases; `make test-all` runs all of them, also with PyTorch.
QUICK = [
    (1, "numpy", "read-only home"), (3, "numpy", "caches in no home"),
    (3, "torch", "caches in a read-only home"),
]  # fmt: skip
EVERY = [(n, backend, home) for backend in ("numpy", "torch") for n in (1, 3) for home in HOMES]
SANDBOXED = [
    pytest.param(*run, marks=() if run in QUICK else pytest.mark.slow, id="-".join(map(str, run)))
    for run in EVERY
]


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("number", "backend", "home"), SANDBOXED)
def test_an_empty_network_and_a_home_that_cannot_be_written(
    number: int, backend: str, home: str, tmp_path: Path, plain: Callable[[int, str], bytes]
) -> None:
    need_sandbox()
    place = Place(tmp_path / "run")
    where, folder = HOMES[home]
    caches = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME") if folder else ()
    changes = dict.fromkeys(caches, str(place.top / folder))
    variables = environ(place, hooked=True, HOME=str(place.top / where), **changes)
    before = place.listing()
    prefix = sandboxed(place.out, place.tmp, place.hook)
    done = start(lesson(number, backend, place), place, variables, prefix)
    assert done.returncode == 0, done.stderr
    assert record(place) == plain(number, backend)
    assert place.logged("socket") == []
    # No permanent cache folder was possible, so a temporary one was used and removed.
    assert {path for path in place.listing() - before if not path.startswith("out/")} == set()


def test_no_home_at_all_and_no_such_user(tmp_path: Path) -> None:
    """As in a container that runs as a numeric user."""
    need_sandbox()
    place = Place(tmp_path / "run")
    variables = environ(place, hooked=False)
    del variables["HOME"]
    user = ["--unshare-user", "--uid", "54321", "--gid", "54321"]
    done = start(
        lesson(1, "numpy", place), place, variables, [*sandboxed(place.out, place.tmp), *user]
    )
    assert done.returncode == 0, done.stderr
    assert list(place.tmp.iterdir()) == []


def test_an_empty_cache_variable_is_ignored(tmp_path: Path) -> None:
    place = Place(tmp_path / "run")
    variables = environ(place, hooked=False, XDG_CACHE_HOME="", TRIPTYCH_CACHE="")
    ask = "from adapters.environment import cache_folder; print(cache_folder())"
    done = start(["-P", "-c", ask], place, variables)
    assert done.stdout.strip() == str(place.home / ".cache" / "triptych")
    assert list(place.cwd.iterdir()) == []


# ---- that these tests can fail ----


@pytest.mark.parametrize("way", ASKS)
def test_the_hook_refuses_and_logs(way: str, tmp_path: Path) -> None:
    place = Place(tmp_path / "run")
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = ASKS[way].format(port=server.getsockname()[1])
        swallowed = f"import socket\ntry:\n    {code}\nexcept OSError: print('refused')"
        done = start(["-c", swallowed], place, environ(place, hooked=True))
    assert done.stdout == "refused\n", done.stderr
    assert len(place.logged("socket")) == 1


def test_the_hook_logs_writing(tmp_path: Path) -> None:
    place = Place(tmp_path / "run")
    code = "import os; open('a', 'w'); os.mkdir('b'); os.rename('a', 'b/c'); open('b/c')"
    done = start(["-W", "ignore", "-c", code], place, environ(place, hooked=True))
    assert done.returncode == 0, done.stderr
    written = {str(Path(path).relative_to(place.cwd)) for path in place.logged("write")}
    assert written == {"a", "b", "b/c"}
    assert not any(_may_write(path, place) for path in place.logged("write"))


def test_the_sandbox_works(tmp_path: Path) -> None:
    need_sandbox()
    place = Place(tmp_path / "run")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        for code, fails in {
            f"open({str(place.out / 'x')!r}, 'w')": False,
            f"open({str(place.home / 'x')!r}, 'w')": True,
            "open('/var/tmp/triptych-wall', 'w')": True,
            f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)": True,
        }.items():
            words = ["-W", "ignore", "-c", code]
            done = start(words, place, environ(place, hooked=False), sandboxed(place.out))
            assert (done.returncode != 0) == fails, code
            outside = start(words, place, environ(place, hooked=False))
            assert outside.returncode == 0 or "/var/tmp" in code
    Path("/var/tmp/triptych-wall").unlink(missing_ok=True)


def test_nothing_of_a_lesson_runs_outside_python() -> None:
    """The hook sees Python only; with `unshare` the same holds for whatever else is started."""
    need_sandbox()
    done = subprocess.run(
        [*sandboxed(), "cat", "/proc/net/dev"], capture_output=True, text=True, check=True
    )
    interfaces = [line.split(":")[0].strip() for line in done.stdout.splitlines() if ":" in line]
    assert interfaces == ["lo"]
