"""The environment of a process, its cache folder, and the suppression of output."""

from __future__ import annotations

import atexit
import importlib
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters import environment
from adapters.contract import DeviceNotFound
from adapters.introspection import choose_device, defaults_of


def test_only_allowed_variables_are_inherited() -> None:
    environ = {
        "PATH": "a",
        "path": "b",
        "LC_ALL": "c",
        "lc_time": "d",
        "KERAS_BACKEND": "e",
        "X": "f",
    }
    assert "".join(environment.allowed(environ).values()) == "abcd"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("TRIPTYCH_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("platform", "variable", "place"),
    [
        ("linux", None, ".cache/triptych"),
        ("linux", "XDG_CACHE_HOME", "elsewhere/triptych"),
        ("linux", "LOCALAPPDATA", ".cache/triptych"),
        ("linux", "TRIPTYCH_CACHE", "elsewhere"),
        ("win32", None, "triptych"),
        ("win32", "LOCALAPPDATA", "elsewhere/triptych"),
        ("win32", "XDG_CACHE_HOME", "triptych"),
    ],
)
def test_where_the_caches_are(
    home: Path, monkeypatch: pytest.MonkeyPatch, platform: str, variable: str | None, place: str
) -> None:
    monkeypatch.setattr(environment.sys, "platform", platform)
    if variable:
        monkeypatch.setenv(variable, str(home / "elsewhere"))
    for _ in range(2):  # the second time it is there already
        assert environment.cache_folder() == home / place
    assert (home / place).is_dir()


@pytest.mark.parametrize("error", [RuntimeError, PermissionError])
def test_a_user_without_a_home_gets_a_temporary_cache(
    home: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    at_exit: list[Callable[[], None]] = []

    def nowhere() -> Path:
        raise error

    monkeypatch.setattr(Path, "home", nowhere)
    monkeypatch.setattr(atexit, "register", at_exit.append)
    folder = environment.cache_folder()
    monkeypatch.setenv("TRIPTYCH_CACHE", os.environ["TRIPTYCH_CACHE"])  # taken away at the end
    assert folder.is_dir()
    assert environment.cache_folder() == folder  # children find it by the variable
    (remove,) = at_exit
    (folder / "file").mkdir()
    with monkeypatch.context() as fork:
        fork.setattr(os, "getpid", lambda: -1)
        remove()
    assert folder.is_dir(), "a fork took its parent's cache away"
    remove()
    assert not folder.exists()
    remove()  # it may be gone already
    shutil.rmtree(folder, ignore_errors=True)


def write_and_fail(error: type[BaseException]) -> None:
    os.write(2, b"the reason")
    raise error


def test_output_is_suppressed_unless_the_block_fails(capfd: pytest.CaptureFixture[str]) -> None:
    with environment.without_chatter():
        os.write(2, b"chatter")
        os.write(1, b"an answer")
    os.write(2, b"after")
    assert capfd.readouterr() == ("an answer", "after")
    with environment.without_chatter(environment.STDOUT):
        os.write(1, b"chatter")
        os.write(2, b"heard")
    assert capfd.readouterr() == ("", "heard")
    for error in (ValueError, KeyboardInterrupt):
        with pytest.raises(error), environment.without_chatter():
            write_and_fail(error)
        assert capfd.readouterr().err == "the reason"
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


def test_no_descriptor_is_left_open() -> None:
    lowest = os.dup(0)
    os.close(lowest)
    with environment.without_chatter():
        pass
    again = os.dup(0)
    os.close(again)
    assert again == lowest


@pytest.mark.parametrize(("device", "seen"), [("cpu", "-1"), ("auto", "0"), ("gpu", "0")])
def test_the_variables_that_are_set(home: Path, device: str, seen: str) -> None:
    environ = {"KERAS_BACKEND": "torch", "omp_num_threads": "7", "OPENBLAS_CORETYPE": "Haswell",
               "TF_USE": "x", "OWN": "kept", "CUDA_VISIBLE_DEVICES": "0"}  # fmt: skip
    environment.configure(device, 3, {"EXTRA": "1"}, environ)
    cache = home / ".cache/triptych" if environment.sys.platform != "win32" else home / "triptych"
    threads = ("OMP", "MKL", "OPENBLAS")
    assert environ == {
        **{f"{name}_NUM_THREADS": "3" for name in threads},
        "NPROC": "3",
        "KERAS_HOME": str(cache / "keras"),
        "MPLCONFIGDIR": str(cache / "matplotlib"),
        "NUMBA_CACHE_DIR": str(cache / "numba"),
        "TORCHINDUCTOR_CACHE_DIR": str(cache / "torchinductor"),
        "PYTENSOR_FLAGS": f"{environment.PYTENSOR},base_compiledir={cache / 'pytensor'}",
        "PYTENSORRC": os.devnull,
        "TF_NUM_INTRAOP_THREADS": "3",
        "TF_NUM_INTEROP_THREADS": "3",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "EXTRA": "1",
        "OPENBLAS_CORETYPE": "Haswell",
        "OWN": "kept",
        "CUDA_VISIBLE_DEVICES": seen,
        **({} if device == "cpu" else environment.ON_A_GPU),
    }


@pytest.mark.parametrize(
    ("device", "gpu_found", "expected"),
    [("auto", True, "gpu"), ("auto", False, "cpu"), ("cpu", True, "cpu"), ("cpu", False, "cpu"),
     ("gpu", True, "gpu")],
)  # fmt: skip
def test_which_device(device: str, gpu_found: bool, expected: str) -> None:
    assert choose_device("a backend", device, gpu_found) == expected


def test_a_missing_gpu_is_refused() -> None:
    with pytest.raises(DeviceNotFound, match="a backend has no CUDA GPU here"):
        choose_device("a backend", "gpu", gpu_found=False)


def test_defaults_are_plain_or_text() -> None:
    def function(a: Any, b: Any = 1, *, c: Any = (0.9, 0.999), d: Any = Path("x"), e: Any = None):
        return a, b, c, d, e

    assert defaults_of(function) == {"b": 1, "c": (0.9, 0.999), "d": "x", "e": None}


def test_a_package_is_hidden_in_the_block_only() -> None:
    """One that is imported already stays as it is."""
    unused, used = "xml.sax.expatreader", "json"
    sys.modules.pop(unused, None)
    with environment.without_packages([unused, used]):
        assert importlib.import_module(used) is json
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module(unused)
    assert importlib.import_module(unused).__name__ == unused
    with pytest.raises(ZeroDivisionError), environment.without_packages(["no_such_package"]):
        1 / 0  # noqa: B018
    assert "no_such_package" not in sys.modules
