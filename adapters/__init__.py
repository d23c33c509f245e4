"""One interface to every backend: `load("torch")` returns the backend's model class.

Only the chosen framework is imported, when `load` is called. In Keras and JAX precision, device and
threads are settings of the whole process, so they are here too: `load` sets them before it imports
the framework, and a process cannot change them afterwards.
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
    """The module of a backend's adapter, and the packages and environment it needs."""

    module: str
    packages: tuple[str, ...]  # must be importable; the card records their versions
    environment: Mapping[str, str] = field(default_factory=dict)
    shares_kernels_with: str | None = None  # agreement with it is not independent evidence
    workers: str | None = None  # the module for training on several workers, if there is one
    unused: tuple[str, ...] = ()  # packages that it imports if they are there, and can do without

    @property
    def missing(self) -> list[str]:
        """The packages that are not installed; nothing is imported to find out."""
        return [package for package in self.packages if find_spec(package) is None]


UNUSED_BY_KERAS = ("sklearn", "matplotlib")

BACKENDS: dict[str, Backend] = {
    "numpy": Backend("adapters.numpy_adapter", ("numpy",)),
    "torch": Backend(
        "adapters.torch_adapter", ("torch",), workers="adapters.parallel.torch_workers"
    ),
    "tensorflow": Backend(
        "adapters.tensorflow_adapter", ("tensorflow",),
        workers="adapters.parallel.tensorflow_workers", unused=("keras", "jax"),
    ),
    "keras": Backend(
        "adapters.keras_adapter", ("keras", "tensorflow"), {"KERAS_BACKEND": "tensorflow"},
        shares_kernels_with="tensorflow", workers="adapters.parallel.keras_workers",
        unused=("jax", *UNUSED_BY_KERAS),
    ),
    "keras-torch": Backend(
        "adapters.keras_adapter", ("keras", "torch"), {"KERAS_BACKEND": "torch"},
        shares_kernels_with="torch", unused=("jax", *UNUSED_BY_KERAS),
    ),
    "keras-jax": Backend(
        "adapters.keras_adapter", ("keras", "jax"),
        # On a GPU JAX would multiply in TF32, which keeps 10 bits of the mantissa.
        {"KERAS_BACKEND": "jax", "JAX_ENABLE_X64": "1", "JAX_DEFAULT_MATMUL_PRECISION": "highest"},
        shares_kernels_with="jax", workers="adapters.parallel.keras_jax_workers",
        unused=UNUSED_BY_KERAS,
    ),
    "jax": Backend("adapters.jax_adapter", ("jax",), workers="adapters.parallel.jax_workers"),
    "pytensor": Backend(
        "adapters.pytensor_adapter", ("pytensor",), shares_kernels_with="numpy"
    ),
}  # fmt: skip

# One on every machine, for three reasons: the last bits of a sum depend on the number of threads;
# the lessons' matrices are small; and where several backends share the cores, threads that wait for
# each other made NumPy six times slower than a single thread.
DEFAULT_THREADS = 1

_process_settings: dict[str, object] = {}  # dtype, device and threads; empty before the first load
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
    """The module that trains a backend on several workers; SettingsError if it has none."""
    supported = [other for other, backend in BACKENDS.items() if backend.workers]
    module = BACKENDS[name].workers
    if module is None:
        raise SettingsError(
            f"{name} trains on one worker here: WORKERS= works with {', '.join(supported)}"
        )
    return module


def load(
    name: str,
    *,
    dtype: str = "float32",
    device: str = "auto",
    threads: int | None = None,
    world: World | None = None,
) -> type[Model]:
    """Return a backend's model class, after setting precision, device and threads of the process.

    name: a key of BACKENDS; dtype: float32 or float64; device: auto (a CUDA GPU if the backend sees
    one), cpu or gpu; threads: at least 1, by default 1; world: for one of several workers, its rank
    and the addresses of all.
    Raises UnknownBackend, BackendNotInstalled, DeviceNotFound, and SettingsError for an invalid
    value or one that contradicts an earlier load in this process.
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
    requested: dict[str, object] = {"dtype": dtype, "device": device, "threads": threads}
    others = [loaded for loaded in _loaded if loaded != name]
    require(
        name == "numpy" or not others,
        f"this process already runs {', '.join(others)}: start a new one for {name}, since each "
        "framework changes the threads and memory of the other",
    )
    # NumPy on the CPU may be the reference for a backend on a GPU.
    shared = {key: requested[key] for key in requested if name != "numpy" or key != "device"}
    require(
        not _process_settings or shared.items() <= _process_settings.items(),
        f"this process already runs with {_process_settings}: start a new one for {requested}",
    )
    if not _process_settings:
        environment.configure(device, threads, backend.environment, os.environ)
    elif name != "numpy" and not _loaded:  # NumPy was loaded first, and set all other variables
        os.environ.update(backend.environment)
    with environment.without_chatter(), environment.without_packages(backend.unused):
        adapter = import_module(module)
        cls: type[Model] = adapter.MODEL
        cls.device = adapter.configure_device(dtype, device, threads, *rest)
    cls.dtype, cls.threads = dtype, threads  # type: ignore[assignment]
    if not _process_settings:  # only now: a load that fails for lack of a GPU sets nothing
        _process_settings.update(requested)
    if name != "numpy" and name not in _loaded:
        _loaded.append(name)
    return cls
