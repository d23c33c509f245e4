"""The settings of a process: environment variables, caches and threads.

Frameworks read their environment when they are imported, often silently: a `keras.json` with floatx
float16, a forgotten `TF_ENABLE_ONEDNN_OPTS` or `OMP_NUM_THREADS` changes numbers. So a lesson's
process inherits only a list of allowed variables, and the frameworks' configuration and caches are
kept in triptych's cache folder. This module uses the standard library only, because it runs before
anything else is imported.
"""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path

# The variables that a lesson's process may inherit: user and folders, language and terminal, GPUs,
# and a scheduler's task. OPENBLAS_CORETYPE selects the BLAS kernels that are known to be sound on a
# machine.
ALLOWED = """
    PATH HOME USER LOGNAME SHELL PWD TMPDIR TEMP TMP LANG LANGUAGE TZ TERM COLORTERM COLUMNS LINES
    NO_COLOR FORCE_COLOR CI PYTHONPATH PYTHONUNBUFFERED PYTHONDONTWRITEBYTECODE PYTHONUTF8
    PYTHONIOENCODING VIRTUAL_ENV XDG_CACHE_HOME TRIPTYCH_CACHE TRIPTYCH_DATA
    TRIPTYCH_BROWSER TRIPTYCH_SANDBOX TRIPTYCH_TARGET
    RANK WORLD_SIZE MASTER_ADDR MASTER_PORT SLURM_PROCID SLURM_JOB_ID SLURM_STEP_NUM_TASKS
    SLURM_STEP_NODELIST SLURM_STEP_TASKS_PER_NODE
    CUDA_VISIBLE_DEVICES LD_LIBRARY_PATH OPENBLAS_CORETYPE _COURSE_COMPLETE COMP_WORDS COMP_CWORD
    SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT USERPROFILE USERNAME HOMEDRIVE HOMEPATH APPDATA
    LOCALAPPDATA PROGRAMDATA PROGRAMFILES NUMBER_OF_PROCESSORS PROCESSOR_ARCHITECTURE OS
    """.split()  # noqa: SIM905 - a list of fifty quoted names would fill a page
ALLOWED_PREFIXES = ("LC_",)
STDOUT, STDERR = 1, 2

# Variables that can make a framework or its libraries compute other numbers. They are removed even
# where the rest of the environment stays, as in a notebook.
FRAMEWORK_PREFIXES = (
    "KERAS_", "TF_", "TORCH_", "PYTORCH_", "JAX_", "XLA_", "PYTENSOR_", "THEANO", "NUMBA_",
    "OMP_", "GOMP_", "KMP_", "MKL_", "BLIS_", "VECLIB_", "OPENBLAS_", "GOTO_", "NPY_", "CUBLAS_",
    "CUDNN_", "NVIDIA_TF32_OVERRIDE", "MATPLOTLIBRC",
)  # fmt: skip

# No compiler: graphs run operation by operation, inner graphs too (see the adapter). No fusion,
# because without a compiler a fused loop would run in Python, number by number.
PYTENSOR = "linker=py,optimizer_excluding=fusion,cxx="

# By default TensorFlow takes a GPU's whole memory and JAX three quarters of it, so two backends
# side by side would run out. XLA tries several kernels and takes the fastest; the next process
# chose another one and computed other digits. cuBLAS chooses by its workspace. TF32 keeps 10 bits
# of the mantissa.
ON_A_GPU = {
    "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
    "TF_FORCE_GPU_ALLOW_GROWTH": "true",
    "XLA_FLAGS": "--xla_gpu_autotune_level=0 --xla_gpu_exclude_nondeterministic_ops=true",
    "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
    "NVIDIA_TF32_OVERRIDE": "0",
}


def allowed(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of an environment that a lesson's process may inherit."""
    return {
        k: v
        for k, v in environ.items()
        if k.upper() in ALLOWED or k.upper().startswith(ALLOWED_PREFIXES)
    }


def cache_folder() -> Path:
    """Triptych's cache folder, created if need be; a temporary one if no home is writable."""
    try:
        folder = _preferred_cache()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except (OSError, RuntimeError):  # Path.home() of a user whom the system does not know
        return _temporary_cache()


def _preferred_cache() -> Path:
    if chosen := os.environ.get("TRIPTYCH_CACHE"):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "triptych"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "triptych"


def _temporary_cache() -> Path:
    """A fresh private folder for this process and its children, removed when the process ends."""
    folder, owner = Path(tempfile.mkdtemp(prefix="triptych-")), os.getpid()
    os.environ["TRIPTYCH_CACHE"] = str(folder)

    def remove() -> None:
        if os.getpid() == owner:  # and not a fork of it
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    return folder


@contextmanager
def without_chatter(stream: int = STDERR) -> Iterator[None]:
    """Suppress a framework's C++ output to a stream; it is shown if the block fails.

    TensorFlow reports the absence of CUDA drivers before it reads its own log level.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    with tempfile.TemporaryFile() as captured:
        real = os.dup(stream)
        os.dup2(captured.fileno(), stream)
        try:
            yield
        except BaseException:
            captured.seek(0)
            os.write(real, captured.read())
            raise
        finally:
            os.dup2(real, stream)
            os.close(real)


@contextmanager
def without_packages(names: Iterable[str]) -> Iterator[None]:
    """Let imports in this block find none of these packages, unless they are imported already.

    TensorFlow imports Keras, Keras scikit-learn and Matplotlib, and both JAX, where they are there:
    half the time of their own import, for what no lesson uses. They do without if it is missing.
    """
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: not to be found
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


def configure(
    device: str, threads: int, extra: Mapping[str, str], environ: MutableMapping[str, str]
) -> None:
    """Set the variables that frameworks read at import, the same for every run.

    device: auto, cpu or gpu; extra: the backend's own variables; environ: changed in place.
    """
    for name in [k for k in environ if k.upper().startswith(FRAMEWORK_PREFIXES)]:
        if name.upper() not in ALLOWED:
            del environ[name]
    # Each model is a new graph, so TensorFlow warns of retracing; here that is intended.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    cache = cache_folder()
    graphs = cache / "pytensor"
    settings = {
        "OMP_NUM_THREADS": str(threads),
        "MKL_NUM_THREADS": str(threads),
        "OPENBLAS_NUM_THREADS": str(threads),
        "NPROC": str(threads),  # XLA reads it as the number of cores
        "KERAS_HOME": str(cache / "keras"),
        "MPLCONFIGDIR": str(cache / "matplotlib"),
        "NUMBA_CACHE_DIR": str(cache / "numba"),
        "TORCHINDUCTOR_CACHE_DIR": str(cache / "torchinductor"),  # created at import
        "PYTENSOR_FLAGS": f"{PYTENSOR},base_compiledir={graphs}",
        "PYTENSORRC": os.devnull,
        "TF_NUM_INTRAOP_THREADS": str(threads),
        "TF_NUM_INTEROP_THREADS": str(threads),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        **extra,
    }
    environ.update(settings)
    if device == "cpu":
        environ["CUDA_VISIBLE_DEVICES"] = "-1"  # hides every GPU
    else:
        environ.update(ON_A_GPU)
