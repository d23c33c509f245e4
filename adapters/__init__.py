"""One interface, every backend: `load("torch")` gives the class that speaks it.

Only the chosen framework is imported, and only here. Precision, device and threads belong to the
whole process in Keras and JAX, so they do here: they are settled before the framework is imported,
and a process that has settled cannot be turned into another one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, get_args

from adapters import environment
from adapters.contract import (
    SGD,
    Activation,
    Adam,
    BackendNotInstalled,
    Dense,
    DeviceNotFound,
    DType,
    Loss,
    Model,
    Net,
    NotFinite,
    Optimizer,
    Params,
    SettingsError,
    ShapeError,
    State,
    TriptychError,
    UnknownBackend,
    is_count,
    require,
)
from spelling import unknown

if TYPE_CHECKING:
    from adapters.parallel import World

__all__ = [
    "BACKENDS",
    "SGD",
    "Activation",
    "Adam",
    "Backend",
    "BackendNotInstalled",
    "DType",
    "Dense",
    "DeviceNotFound",
    "Loss",
    "Model",
    "Net",
    "NotFinite",
    "Optimizer",
    "Params",
    "SettingsError",
    "ShapeError",
    "State",
    "TriptychError",
    "UnknownBackend",
    "load",
    "require_installed",
    "require_workers",
]  # fmt: skip


@dataclass(frozen=True)
class Backend:
    """Where a backend's adapter is, and what it needs."""

    module: str
    packages: tuple[str, ...]  # what must be importable, and whose versions the card records
    environment: Mapping[str, str] = field(default_factory=dict)
    shares_kernels_with: str | None = None  # agreement with that backend is no independent evidence
    workers: str | None = None  # where the backend's own way to train on several workers is

    @property
    def missing(self) -> list[str]:
        """The packages that are not installed; nothing is imported to find out."""
        return [package for package in self.packages if find_spec(package) is None]


BACKENDS: dict[str, Backend] = {
    "numpy": Backend("adapters.numpy_adapter", ("numpy",)),
    "torch": Backend(
        "adapters.torch_adapter", ("torch",), workers="adapters.parallel.torch_workers"
    ),
    "tensorflow": Backend(
        "adapters.tensorflow_adapter", ("tensorflow",),
        workers="adapters.parallel.tensorflow_workers",
    ),
    "keras": Backend(
        "adapters.keras_adapter", ("keras", "tensorflow"), {"KERAS_BACKEND": "tensorflow"},
        shares_kernels_with="tensorflow", workers="adapters.parallel.keras_workers",
    ),
    "keras-torch": Backend(
        "adapters.keras_adapter", ("keras", "torch"), {"KERAS_BACKEND": "torch"},
        shares_kernels_with="torch",
    ),
    "keras-jax": Backend(
        "adapters.keras_adapter", ("keras", "jax"),
        # On a GPU JAX would multiply in TF32, which keeps 10 bits of the mantissa.
        {"KERAS_BACKEND": "jax", "JAX_ENABLE_X64": "1", "JAX_DEFAULT_MATMUL_PRECISION": "highest"},
        shares_kernels_with="jax", workers="adapters.parallel.keras_jax_workers",
    ),
    "jax": Backend("adapters.jax_adapter", ("jax",), workers="adapters.parallel.jax_workers"),
    "pytensor": Backend(
        "adapters.pytensor_adapter", ("pytensor",), shares_kernels_with="numpy"
    ),
}  # fmt: skip

# One, on every machine: a number of threads that follows the machine makes the last bits of a sum
# follow it too; the lessons' matrices are small; and where several backends share the cores, threads
# that wait for each other made NumPy six times slower than one.
DEFAULT_THREADS = 1

_settled: dict[str, object] = {}  # dtype, device and threads of this process, once it has them
_loaded: list[str] = []  # the frameworks that this process has imported


def require_installed(name: str) -> None:
    """Raise UnknownBackend or BackendNotInstalled unless a backend of this name can be loaded."""
    require(
        isinstance(name, str) and name in BACKENDS,
        unknown("backend", name, BACKENDS),
        UnknownBackend,
    )
    missing = BACKENDS[name].missing
    require(
        not missing,
        f"{name} is not installed here ({', '.join(missing)} is missing): "
        f"run `python kit.py setup {name}`",
        BackendNotInstalled,
    )


def require_workers(name: str) -> str:
    """The module by which a backend trains on several workers; SettingsError if it has none."""
    able = [other for other, backend in BACKENDS.items() if backend.workers]
    module = BACKENDS[name].workers
    if module is None:
        raise SettingsError(f"{name} trains on one worker here: WORKERS= is for {', '.join(able)}")
    return module


def load(
    name: str,
    *,
    dtype: str = "float32",
    device: str = "auto",
    threads: int | None = None,
    world: World | None = None,
) -> type[Model]:
    """The model class of a backend, with precision, device and threads settled for this process.

    name: a key of BACKENDS; dtype: float32 or float64; device: auto (a CUDA GPU if the backend sees
    one), cpu or gpu; threads: at least 1, by default one; world: which of several workers this
    process is, where it is one.
    Raises UnknownBackend, BackendNotInstalled, DeviceNotFound, and SettingsError for a value that
    does not exist or that contradicts what the process already runs.
    """
    require_installed(name)
    dtypes, devices = get_args(DType), ("auto", "cpu", "gpu")
    require(isinstance(dtype, str) and dtype in dtypes, unknown("dtype", dtype, dtypes))
    require(device in devices, unknown("device", device, devices))
    threads = DEFAULT_THREADS if threads is None else threads
    require(
        is_count(threads) and threads >= 1,
        f"threads is {threads!r}: it must be a whole number, at least 1",
    )
    backend = BACKENDS[name]
    module = backend.module if world is None else require_workers(name)
    rest = () if world is None else (world,)
    wanted: dict[str, object] = {"dtype": dtype, "device": device, "threads": threads}
    others = [loaded for loaded in _loaded if loaded != name]
    require(
        name == "numpy" or not others,
        f"this process already runs {', '.join(others)}: start a new one for {name}, since each "
        "framework changes the threads and memory of the other",
    )
    # NumPy may be the reference, on the CPU, of a backend on a GPU.
    shared = {key: wanted[key] for key in wanted if name != "numpy" or key != "device"}
    require(
        not _settled or shared.items() <= _settled.items(),
        f"this process has settled on {_settled}: start a new one for {wanted}",
    )
    if not _settled:
        environment.settle(device, threads, backend.environment, os.environ)
    elif name != "numpy" and not _loaded:
        os.environ.update(backend.environment)  # NumPy settled this process; the framework joins it
    with environment.without_chatter():
        adapter = import_module(module)
        cls: type[Model] = adapter.MODEL
        cls.device = adapter.configure_device(dtype, device, threads, *rest)
    cls.dtype, cls.threads = dtype, threads  # type: ignore[assignment]
    if not _settled:  # only now: a GPU that was not there has settled nothing
        _settled.update(wanted)
    if name != "numpy" and name not in _loaded:
        _loaded.append(name)
    return cls
