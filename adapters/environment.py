"""The settings that belong to a process: environment variables, caches and threads.

Frameworks read their environment when they are imported, often silently: a `keras.json` with floatx
float16, a forgotten `TF_ENABLE_ONEDNN_OPTS` or `OMP_NUM_THREADS` changes numbers. So a lesson's
process starts from a list of allowed variables, and the frameworks keep their homes in a folder of
ours. Standard library only: this runs before anything else is imported.
"""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path

# What a lesson's process may inherit: who and where the user is, how to show text, which GPUs are
# theirs, which of a scheduler's tasks they are. CORETYPE picks the BLAS kernels that a machine's
# owner knows to be sound on it.
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

# Variables by which a framework or its libraries can be made to compute other numbers. They are
# removed also where the rest of the environment is the user's own, as in a notebook.
FRAMEWORK_PREFIXES = (
    "KERAS_", "TF_", "TORCH_", "PYTORCH_", "JAX_", "XLA_", "PYTENSOR_", "THEANO", "NUMBA_",
    "OMP_", "GOMP_", "KMP_", "MKL_", "BLIS_", "VECLIB_", "OPENBLAS_", "GOTO_", "NPY_", "CUBLAS_",
    "CUDNN_", "NVIDIA_TF32_OVERRIDE", "MATPLOTLIBRC",
)  # fmt: skip

# No compiler: graphs are run operation by operation, also those that operations hold; what would be
# fused into one loop would then run in Python, number by number (see the adapter).
PYTENSOR = "linker=py,optimizer_excluding=fusion,cxx="

# By itself TensorFlow takes a GPU's whole memory and JAX three quarters of it, so that two backends
# side by side would leave each other none. XLA tries several kernels and takes the fastest, which
# was another one in the next process, and with it other digits; cuBLAS chooses by its workspace.
# TF32 keeps 10 bits of the mantissa.
ON_A_GPU = {
    "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
    "TF_FORCE_GPU_ALLOW_GROWTH": "true",
    "XLA_FLAGS": "--xla_gpu_autotune_level=0 --xla_gpu_exclude_nondeterministic_ops=true",
    "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
    "NVIDIA_TF32_OVERRIDE": "0",
}


def allowed(environ: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that a lesson's process may start from."""
    return {
        k: v
        for k, v in environ.items()
        if k.upper() in ALLOWED or k.upper().startswith(ALLOWED_PREFIXES)
    }


def cache_folder() -> Path:
    """Our own cache folder, made if need be; one that passes where there is no writable home."""
    try:
        chosen = _chosen_cache()
        chosen.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=chosen):
            return chosen
    except (OSError, RuntimeError):  # Path.home() of a user whom the system does not know
        return _passing_cache()


def _chosen_cache() -> Path:
    if chosen := os.environ.get("TRIPTYCH_CACHE"):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "triptych"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "triptych"


def _passing_cache() -> Path:
    """A folder that nobody else can have made, for this process and its children; it goes too."""
    folder, owner = Path(tempfile.mkdtemp(prefix="triptych-")), os.getpid()
    os.environ["TRIPTYCH_CACHE"] = str(folder)

    def remove() -> None:
        if os.getpid() == owner:  # and not a fork of it
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    return folder


@contextmanager
def without_chatter(stream: int = STDERR) -> Iterator[None]:
    """Hold back what a framework's C++ writes to a stream; it comes out if the block fails.

    TensorFlow reports the absence of CUDA drivers before its own log level is read.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    with tempfile.TemporaryFile() as held:
        real = os.dup(stream)
        os.dup2(held.fileno(), stream)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(real, held.read())
            raise
        finally:
            os.dup2(real, stream)
            os.close(real)


def settle(
    device: str, threads: int, extra: Mapping[str, str], environ: MutableMapping[str, str]
) -> None:
    """Put the variables that frameworks read at import into the state every run is measured in."""
    for name in [k for k in environ if k.upper().startswith(FRAMEWORK_PREFIXES)]:
        if name.upper() not in ALLOWED:
            del environ[name]
    # Each model is a new graph, so TensorFlow warns of retracing: here that is no mistake.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    cache = cache_folder()
    graphs = cache / "pytensor"
    settings = {
        "OMP_NUM_THREADS": str(threads),
        "MKL_NUM_THREADS": str(threads),
        "OPENBLAS_NUM_THREADS": str(threads),
        "NPROC": str(threads),  # what XLA takes for the number of cores
        "KERAS_HOME": str(cache / "keras"),
        "MPLCONFIGDIR": str(cache / "matplotlib"),
        "NUMBA_CACHE_DIR": str(cache / "numba"),
        "TORCHINDUCTOR_CACHE_DIR": str(cache / "torchinductor"),  # made when torch is imported
        "PYTENSOR_FLAGS": f"{PYTENSOR},base_compiledir={graphs}",
        "PYTENSORRC": os.devnull,
        "TF_NUM_INTRAOP_THREADS": str(threads),
        "TF_NUM_INTEROP_THREADS": str(threads),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        **extra,
    }
    environ.update(settings)
    if device == "cpu":
        environ["CUDA_VISIBLE_DEVICES"] = "-1"  # a GPU that is not seen cannot be used by slip
    else:
        environ.update(ON_A_GPU)
