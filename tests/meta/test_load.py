"""`load` refuses what cannot be, imports one framework only, and puts all on its device."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from adapters import BACKENDS, load
from adapters.contract import DeviceNotFound, SettingsError, TriptychError, UnknownBackend
from tests.meta.loading import python

# keras-jax has the same adapter, and on these two the import alone takes ten seconds.
SAME_ADAPTER = ("keras", "keras-torch")
OPENED_ALONE = [
    pytest.param(name, marks=[pytest.mark.slow] * (name in SAME_ADAPTER)) for name in BACKENDS
]
OPEN = """
import os, sys
from adapters import TriptychError, load
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
try:
    load(sys.argv[1], device="gpu")
except TriptychError as error:
    print(type(error).__name__, error)
load(sys.argv[1])
print(*sys.modules)
"""


@dataclass(frozen=True)
class Opened:
    """The error of `load` for a missing GPU, and the modules that it then imported on the CPU."""

    refusal: str
    modules: frozenset[str]


@pytest.fixture(scope="module")
def opened() -> Callable[[str], Opened]:
    """opened(backend) loads one of OPENED_ALONE in a process of its own, once for all tests."""

    @cache
    def alone(backend: str) -> Opened:
        refusal, modules = python(OPEN, backend).splitlines()
        return Opened(refusal, frozenset(modules.split()))

    return alone


# `load` refuses what cannot be, with the error's own name and a line that says what to do.

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


AS_FIRST = "dtype='float64', device='auto', threads=1"
LATER = (
    f"load('torch', {AS_FIRST})",
    "load('numpy', dtype='float64', device='cpu', threads=1)",
    f"load('tensorflow', {AS_FIRST})",
    "load('numpy', dtype='float32', device='cpu', threads=1)",
    "load('torch', dtype='float64', device='auto', threads=2)",
    "load('torch', dtype='float64', device='cpu', threads=1)",
)


@pytest.fixture(scope="module")
def after_torch() -> list[str]:
    """The outcomes of LATER in one process in which PyTorch has been loaded."""
    first, *later = outcomes(f"load('torch', {AS_FIRST})", *LATER)
    assert first == "accepted"
    return later


def test_settings_belong_to_the_process(after_torch: list[str]) -> None:
    again, reference, _, other_dtype, other_threads, other_device = after_torch
    assert again == reference == "accepted"
    for refused in (other_dtype, other_threads, other_device):
        assert refused.startswith("SettingsError")
        assert "start a new one" in refused


def test_one_framework_a_process(after_torch: list[str]) -> None:
    torch, numpy, tensorflow, *_ = after_torch
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


# Only the chosen framework is imported in a process, and only when it is loaded.

FRAMEWORKS = {"torch", "tensorflow", "keras", "jax", "pytensor"}
# The frameworks that each needs: Keras the one it runs on.
BRINGS: dict[str, set[str]] = {
    "numpy": set(),
    "torch": {"torch"},
    "tensorflow": {"tensorflow"},
    "keras": {"keras", "tensorflow"},
    "keras-torch": {"keras", "torch"},
    "keras-jax": {"keras", "jax"},
    "jax": {"jax"},
    "pytensor": {"pytensor"},
}
LIST_IMPORTED = "import sys; {}; print(*sorted({} & set(sys.modules)))"


def imported(statement: str, heavy: set[str], path: str = "") -> set[str]:
    """Those of these packages that a statement imports in a fresh process."""
    return set(python(LIST_IMPORTED.format(statement, heavy), path=path).split())


@pytest.mark.parametrize("backend", OPENED_ALONE)
def test_an_adapter_imports_its_own_framework_only(
    backend: str, opened: Callable[[str], Opened]
) -> None:
    """TensorFlow imports Keras, and both JAX, where they are installed; not for a lesson."""
    assert opened(backend).modules & (FRAMEWORKS | {"sklearn", "matplotlib"}) == BRINGS[backend]


@pytest.mark.parametrize(
    "module",
    [
        "adapters",
        "adapters.contract",
        "adapters.environment",
        "adapters.laws.registry",
        "datasets",
        "course",
        "compare.cli",
        "compare.compare_records",
        "triptych.__main__",
        "triptych.differences.command",
    ],
)
def test_importing_our_modules_imports_nothing_heavy(module: str) -> None:
    assert imported(f"import {module}", FRAMEWORKS | {"matplotlib", "sklearn"}) == set()


def test_the_check_can_fail(tmp_path: Path) -> None:
    (tmp_path / "eager.py").write_text("from helper import anything\n", encoding="utf-8")
    (tmp_path / "helper.py").write_text("import keras\nanything = 1\n", encoding="utf-8")
    (tmp_path / "keras.py").write_text("", encoding="utf-8")  # stands in for the framework
    assert imported("import eager", FRAMEWORKS, path=str(tmp_path)) == {"keras"}


def test_the_laws_need_no_package_of_the_tests() -> None:
    """Whoever checks an adapter of their own has the packages of a backend, and no others."""
    modules = "compare.check_adapter.__main__, compare.check_adapter.trial"
    assert imported(f"import {modules}", {"pytest", "hypothesis", "_pytest", "psutil"}) == set()


def test_importing_adapters_does_not_import_the_laws() -> None:
    assert imported("import adapters, course.cli", {"adapters.laws.registry"}) == set()


# Variables and operations are on the requested device: tested with a second CPU.

# First the unchanged adapter, then a changed one, whose error is printed.
RUN = """
import sys
from pathlib import Path
from adapters import load
from tests.conformance.placement import check_all, main
from tests.meta.loading import load_changed
backend, dtype, folder, *change = sys.argv[1:]
main(backend, dtype)
real = load(backend, dtype=dtype, device="cpu", threads=1)
try:
    check_all(load_changed(real, Path(folder), *change))
except (AssertionError, ValueError) as error:
    print(error)
"""
STRAYS = {
    "tensorflow": (
        "self._t = tf.Variable(0, dtype=tf.int64)",
        "pass\n        with tf.device('/CPU:0'):\n"
        "            self._t = tf.Variable(0, dtype=tf.int64)",
    ),
    "jax": (
        "map(self._tensors, parts)",
        "map(lambda part: jax.device_put(part, jax.devices()[0]), parts)",
    ),
    "keras": (
        "with keras.device(DEVICES[self.device]):\n            penalty",
        "if True:\n            penalty",
    ),
    "keras-jax": (
        "with keras.device(DEVICES[self.device]):\n            self.model.fit",
        "if True:\n            self.model.fit",
    ),
}


@pytest.mark.sampled(1)
@pytest.mark.parametrize("backend", STRAYS)
def test_everything_is_on_the_device_and_an_injected_stray_is_caught(
    backend: str, tmp_path: Path
) -> None:
    """Both in one process, because importing and compiling take longest."""
    output = python(RUN, backend, "float32", str(tmp_path), *STRAYS[backend])
    assert re.search(r"strayed to|incompatible devices", output)
