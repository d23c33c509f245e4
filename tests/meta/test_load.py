"""`load` refuses what cannot be, with the error's own name and a line that says what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from adapters import BACKENDS, load
from adapters.contract import DeviceNotFound, SettingsError, TriptychError, UnknownBackend
from tests.meta.conftest import OPENED_ALONE, Opened
from tests.meta.loading import python

CODE = """
import sys
from adapters import TriptychError, load
for call in sys.argv[1:]:
    try:
        eval(call)
        print("accepted")
    except TriptychError as error:
        print(type(error).__name__, error)
"""


def outcomes(*calls: str, path: str = "") -> list[str]:
    """The outcome of each call of `load`, one after the other in one process."""
    return python(CODE, *calls, path=path).splitlines()


@pytest.mark.parametrize(
    ("error", "values"),
    [
        (UnknownBackend, {"name": "theano"}),
        (UnknownBackend, {"name": ""}),
        (SettingsError, {"name": "numpy", "dtype": "float16"}),
        (SettingsError, {"name": "numpy", "device": "tpu"}),
        (SettingsError, {"name": "numpy", "threads": 0}),
        (SettingsError, {"name": "numpy", "threads": -1}),
        (SettingsError, {"name": "numpy", "threads": 1.5}),
    ],
)
def test_unknown_values(error: type[TriptychError], values: dict[str, object]) -> None:
    with pytest.raises(error, match=r"expected one of|must be") as caught:
        load(**values)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


def test_the_message_names_the_choices() -> None:
    with pytest.raises(UnknownBackend) as caught:
        load("theano")
    assert all(name in str(caught.value) for name in BACKENDS)


def test_settings_belong_to_the_process() -> None:
    first, again, reference, other_dtype, other_threads, other_device = outcomes(
        "load('torch', dtype='float64', device='auto', threads=1)",
        "load('torch', dtype='float64', device='auto', threads=1)",
        "load('numpy', dtype='float64', device='cpu', threads=1)",
        "load('numpy', dtype='float32', device='cpu', threads=1)",
        "load('torch', dtype='float64', device='auto', threads=2)",
        "load('torch', dtype='float64', device='cpu', threads=1)",
    )
    assert first == again == reference == "accepted"
    for refused in (other_dtype, other_threads, other_device):
        assert refused.startswith("SettingsError")
        assert "start a new one" in refused


def test_one_framework_a_process() -> None:
    torch, numpy, tensorflow = outcomes("load('torch')", "load('numpy')", "load('tensorflow')")
    assert torch == numpy == "accepted"  # the reference may always join
    assert tensorflow.startswith("SettingsError")
    assert "torch" in tensorflow


@pytest.mark.parametrize("backend", OPENED_ALONE)
def test_a_gpu_that_is_not_there(backend: str, opened: Callable[[str], Opened]) -> None:
    """The failed call sets nothing, so the CPU can still be used."""
    message = opened(backend).refusal
    assert message.startswith(DeviceNotFound.__name__)
    assert "DEVICE" in message


@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != "numpy"])
def test_a_backend_that_is_not_installed(backend: str, tmp_path: Path) -> None:
    package = BACKENDS[backend].packages[-1]
    hide = f"""
import importlib.util as u
real = u.find_spec
u.find_spec = lambda name, *rest: None if name == {package!r} else real(name, *rest)
"""
    (message,) = python(hide + CODE, f"load({backend!r})").splitlines()
    assert message.startswith("BackendNotInstalled")
    assert package in message
    assert f"setup {backend}" in message
