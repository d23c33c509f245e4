"""The backends: the packages each one needs, and the environment in which its snippets run.

Frameworks read environment variables and configuration files when they are imported: a forgotten
TF_ENABLE_ONEDNN_OPTS or a keras.json with floatx float16 changes what they compute. The process of
a backend therefore starts with a short list of variables, on one thread of the CPU, and every
framework gets an empty home folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path


@dataclass(frozen=True)
class Backend:
    """A way to run a framework: `keras-torch` is Keras on PyTorch."""

    packages: tuple[str, ...]  # they must be importable
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        """The packages that are not installed. Imports nothing."""
        return not_installed(self.packages)


BACKENDS: dict[str, Backend] = {
    "numpy": Backend(("numpy",)),
    "torch": Backend(("torch",)),
    "tensorflow": Backend(("tensorflow",)),
    "keras": Backend(("keras", "tensorflow"), {"KERAS_BACKEND": "tensorflow"}),
    "keras-torch": Backend(("keras", "torch"), {"KERAS_BACKEND": "torch"}),
    "keras-jax": Backend(("keras", "jax"), {"KERAS_BACKEND": "jax"}),
    "jax": Backend(("jax",)),
    "pytensor": Backend(("pytensor",)),
}

# What some snippets import beside their framework. Without it, the framework's other snippets run.
OPTIONAL = ("flax", "optax")

# The variables that a process inherits: the user's, those that locate programs, and the encoding.
# OPENBLAS_CORETYPE selects the kernels that the owner of a machine knows to be sound on it.
INHERITED = """
    PATH HOME USER LOGNAME SHELL PWD TMPDIR TEMP TMP LANG LANGUAGE TZ PYTHONPATH
    PYTHONDONTWRITEBYTECODE PYTHONUTF8 VIRTUAL_ENV LD_LIBRARY_PATH OPENBLAS_CORETYPE
    SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT USERPROFILE USERNAME HOMEDRIVE HOMEPATH APPDATA
    LOCALAPPDATA PROGRAMDATA PROGRAMFILES NUMBER_OF_PROCESSORS PROCESSOR_ARCHITECTURE OS
    """.split()  # noqa: SIM905 - forty quoted names would fill a page


def framework_of(backend: str) -> str:
    """The framework that a backend runs: keras for keras-torch."""
    return backend.partition("-")[0]


def installed(backends: Iterable[str]) -> list[str]:
    """The backends that can run in this Python."""
    return [backend for backend in backends if not BACKENDS[backend].missing]


def not_installed(packages: Iterable[str]) -> list[str]:
    """The packages that this Python cannot import. Imports nothing."""
    return [package for package in packages if not _is_installed(package)]


def process_environment(
    backend: str, home: Path, environ: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """The environment variables of the process that runs a backend's snippets.

    home: an existing folder for the frameworks' own files.
    """
    inherited = {
        name: value
        for name, value in environ.items()
        if name.upper() in INHERITED or name.upper().startswith("LC_")
    }
    return {
        **inherited,
        "CUDA_VISIBLE_DEVICES": "-1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "NPROC": "1",  # XLA's number of cores
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "KERAS_HOME": str(home / "keras"),
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "NUMBA_CACHE_DIR": str(home / "numba"),
        "TORCHINDUCTOR_CACHE_DIR": str(home / "torchinductor"),
        "PYTENSORRC": os.devnull,
        # No C compiler: graphs run operation by operation.
        "PYTENSOR_FLAGS": "linker=py,optimizer_excluding=fusion,cxx=,"
        f"base_compiledir={home / 'pytensor'}",
        **BACKENDS[backend].environment,
    }


def _is_installed(package: str) -> bool:
    spec = find_spec(package)
    return spec is not None and spec.origin is not None  # the origin of an empty folder is None
