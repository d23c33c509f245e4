"""`load` with fake backends: the settings that it makes, and the calls that it refuses."""

from __future__ import annotations

import dataclasses
import inspect
import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import adapters
from adapters import Backend, environment, load
from adapters.contract import BackendNotInstalled, DeviceNotFound, SettingsError, UnknownBackend
from adapters.parallel import World


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """A process without a loaded backend, fake frameworks, and the calls that they get."""
    recorded: list[tuple[Any, ...]] = []

    def configure(device: str, threads: int, extra: Any, environ: Any) -> None:
        recorded.append(("configure", device, threads, dict(extra)))

    def play(name: str) -> Backend:
        module = ModuleType(f"played_{name}")

        def configure_device(dtype: str, device: str, threads: int) -> str:
            recorded.append((name, dtype, device, threads))
            if device == "gpu":
                raise DeviceNotFound(f"{name} has no GPU")
            return "cpu"

        module.MODEL = type("Played", (), {"backend": name})  # type: ignore[attr-defined]
        module.configure_device = configure_device  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)
        return Backend(module.__name__, ("json",), {f"{name.upper()}_SET": "yes"})

    backends = {name: play(name) for name in ("numpy", "one", "two")}
    backends["absent"] = Backend("none", ("json", "no_such_package"))
    monkeypatch.setattr(adapters, "BACKENDS", backends)
    monkeypatch.setattr(adapters, "_process_settings", {})
    monkeypatch.setattr(adapters, "_loaded", [])
    monkeypatch.setattr(environment, "configure", configure)
    for name in backends:
        monkeypatch.delenv(f"{name.upper()}_SET", raising=False)
    return recorded


def test_default_settings(calls: list[tuple[Any, ...]]) -> None:
    cls = load("one")
    assert calls == [("configure", "auto", 1, {"ONE_SET": "yes"}), ("one", "float32", "auto", 1)]
    assert (cls.dtype, cls.device, cls.threads) == ("float32", "cpu", 1)
    assert adapters._process_settings == {"dtype": "float32", "device": "auto", "threads": 1}
    assert adapters._loaded == ["one"]


def test_requested_settings_are_passed_on(calls: list[tuple[Any, ...]]) -> None:
    cls = load("one", dtype="float64", device="cpu", threads=3)
    assert calls[1] == ("one", "float64", "cpu", 3)
    assert (cls.dtype, cls.threads) == ("float64", 3)


def test_one_of_several_workers_gets_its_world(
    calls: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = ModuleType("played_many")
    many.MODEL = type("Many", (), {})  # type: ignore[attr-defined]
    many.configure_device = lambda *args: calls.append(args) or "cpu"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, many.__name__, many)
    able = dataclasses.replace(adapters.BACKENDS["one"], workers=many.__name__)
    monkeypatch.setitem(adapters.BACKENDS, "one", able)
    world = World(1, 2, ("127.0.0.1:1024", "127.0.0.1:1025"), 5.0)
    assert load("one", world=world).__name__ == "Many"
    assert calls[-1] == ("float32", "auto", 1, world)
    message = "two trains on one worker here: WORKERS= works with one"
    with pytest.raises(SettingsError, match=message):
        load("two", world=world)


def test_loading_again_changes_no_settings(calls: list[tuple[Any, ...]]) -> None:
    assert load("one") is load("one")
    assert [call[0] for call in calls] == ["configure", "one", "one"]
    assert adapters._loaded == ["one"]


def test_other_settings_are_refused(calls: list[tuple[Any, ...]]) -> None:
    load("one", device="cpu")
    for other in ({"dtype": "float64"}, {"threads": 2}, {"device": "auto"}):
        with pytest.raises(SettingsError, match="already runs with"):
            load("one", **{"device": "cpu"} | other)


def test_numpy_may_be_loaded_second_on_any_device_but_in_the_same_precision(
    calls: list[tuple[Any, ...]],
) -> None:
    load("one", device="auto")
    assert load("numpy", device="cpu").device == "cpu"
    assert adapters._loaded == ["one"]
    with pytest.raises(SettingsError, match="already runs with"):
        load("numpy", dtype="float64", device="cpu")


def test_a_framework_may_be_loaded_after_numpy(
    calls: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNTOUCHED", "yes")
    load("numpy")
    load("one")
    assert [call[0] for call in calls] == ["configure", "numpy", "one"]
    assert adapters.os.environ.pop("ONE_SET") == "yes"  # its own variables are set
    load("one")
    load("numpy")
    assert "ONE_SET" not in adapters.os.environ  # but only once
    assert "NUMPY_SET" not in adapters.os.environ


def test_a_second_framework_is_refused(calls: list[tuple[Any, ...]]) -> None:
    load("one")
    with pytest.raises(SettingsError, match="already runs one: start a new one for two"):
        load("two")
    assert adapters._loaded == ["one"]


def test_a_missing_gpu_changes_no_settings(calls: list[tuple[Any, ...]]) -> None:
    with pytest.raises(DeviceNotFound):
        load("one", device="gpu")
    assert (adapters._process_settings, adapters._loaded) == ({}, [])
    assert load("two", dtype="float64").dtype == "float64"


@pytest.mark.parametrize("name", [["one"], 3, None, "three"])
def test_unknown_names_are_refused(calls: list[tuple[Any, ...]], name: Any) -> None:
    with pytest.raises(UnknownBackend, match="expected one of numpy, one, two, absent"):
        load(name)


def test_a_backend_that_is_not_installed_names_what_is_missing(
    calls: list[tuple[Any, ...]],
) -> None:
    assert adapters.BACKENDS["absent"].missing == ["no_such_package"]
    with pytest.raises(BackendNotInstalled, match=r"\(no_such_package is missing\)"):
        load("absent")


@pytest.mark.parametrize("dtype", [float, "float16", ["float32"]])
def test_unknown_dtypes_are_refused(calls: list[tuple[Any, ...]], dtype: Any) -> None:
    with pytest.raises(SettingsError, match="expected one of float32, float64"):
        load("one", dtype=dtype)


@pytest.mark.parametrize("threads", [0, -1, True, 1.5, "2"])
def test_invalid_numbers_of_threads_are_refused(calls: list[tuple[Any, ...]], threads: Any) -> None:
    with pytest.raises(SettingsError, match="at least 1"):
        load("one", threads=threads)


def test_numpy_integers_are_accepted(calls: list[tuple[Any, ...]]) -> None:
    threads: Any = np.int64(2)
    assert load("one", threads=threads).threads == 2


def test_settings_are_named_and_backends_cannot_be_changed() -> None:
    name, *settings = (p.kind for p in inspect.signature(load).parameters.values())
    assert name == inspect.Parameter.POSITIONAL_OR_KEYWORD
    assert set(settings) == {inspect.Parameter.KEYWORD_ONLY}
    with pytest.raises(dataclasses.FrozenInstanceError):
        adapters.BACKENDS["numpy"].module = "another"  # type: ignore[misc]
