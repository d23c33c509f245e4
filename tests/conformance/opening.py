"""Checks of a process after `load`: precision, device, threads, defaults and silence."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from io import StringIO
from typing import Any

import pytest

from adapters import BACKENDS
from adapters.contract import DeviceNotFound, Model
from adapters.laws.cases import ARCHITECTURES, draw
from adapters.laws.comparing import must
from adapters.laws.subject import Subject, everything

Settings = dict[str, tuple[Any, Any]]  # the actual and the requested value

# The framework's defaults: whether rows are shuffled, and the reduction of a loss.
SHUFFLE_AND_REDUCTION = {
    "torch": (False, "mean"),
    "tensorflow": (False, "none"),
    "keras": (True, "sum_over_batch_size"),
    "keras-torch": (True, "sum_over_batch_size"),
    "keras-jax": (True, "sum_over_batch_size"),
    "jax": (False, "none"),
    "pytensor": (False, "none"),
}


def check_settings(subject: Subject) -> None:
    """Configuring again gives the same device, and the framework has the requested settings."""
    law, cls = "a backend has the requested settings", subject.cls
    configure = cls.derivative.__globals__["configure_device"]
    for device in ("auto", cls.device):
        actual = configure(cls.dtype, device, cls.threads)
        must(law, actual == cls.device, f"{device!r} is {actual!r}, not {cls.device!r}")
    if cls.device == "cpu":  # then GPUs are hidden
        try:
            configure(cls.dtype, "gpu", cls.threads)
        except DeviceNotFound:
            pass
        else:
            raise AssertionError(f"{law}: {cls.backend} has found a GPU")
    for name, (got, want) in SETTINGS.get(cls.backend, _none)(cls).items():
        must(law, got == want, f"{name} is {got!r}, not {want!r}")
    if cls.backend == "tensorflow":
        _threads_of_tensorflow(law, cls)
    if cls.backend in SHUFFLE_AND_REDUCTION:
        defaults = (cls.DEFAULTS["shuffle"], cls.DEFAULTS["reduction"])
        expected = SHUFFLE_AND_REDUCTION[cls.backend]
        must(law, defaults == expected, f"DEFAULTS has shuffle and reduction {defaults}")


def check_silence(subject: Subject) -> None:
    """A model prints nothing; only lessons do."""
    case = draw(ARCHITECTURES["line"], subject.dtype, seed=0)
    output = StringIO()
    with redirect_stdout(output), redirect_stderr(output):
        model = subject.fresh(case)
        everything(model, case.x, case.y)
        model.step(case.x, case.y)
        model.epoch(case.x, case.y, case.order, 2)
    must("a model is silent", not output.getvalue(), f"it prints {output.getvalue()[:60]!r}")


def _threads_of_tensorflow(law: str, cls: type[Model]) -> None:
    """They are set only once, because TensorFlow refuses after its runtime has started."""
    threading: Any = import_module("tensorflow").config.threading
    for current, want in ((0, [cls.threads, cls.threads]), (cls.threads, [])):
        calls: list[int] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(threading, "get_intra_op_parallelism_threads", lambda n=current: n)
            for kind in ("intra", "inter"):
                patch.setattr(threading, f"set_{kind}_op_parallelism_threads", calls.append)
            cls.derivative.__globals__["configure_device"](cls.dtype, cls.device, cls.threads)
        must(law, calls == want, f"with {current} threads set it sets {calls}, not {want}")


def _none(cls: type[Model]) -> Settings:
    return {}


def _numpy(cls: type[Model]) -> Settings:
    pools = import_module("threadpoolctl").threadpool_info()
    return {
        "threads": ({pool["num_threads"] for pool in pools} or {cls.threads}, {cls.threads}),
        "the ddof of np.std": (
            cls.DEFAULTS["std_ddof"],
            round(2 - 2 / float(import_module("numpy").std([0.0, 2.0])) ** 2),
        ),
    }


def _torch(cls: type[Model]) -> Settings:
    torch: Any = import_module("torch")
    return {
        "threads": (torch.get_num_threads(), cls.threads),
        "precision": (torch.get_default_dtype(), getattr(torch, cls.dtype)),
        "matmul": (torch.backends.cuda.matmul.fp32_precision, "ieee"),
        "cuDNN": (torch.backends.cudnn.fp32_precision, "ieee"),
    }


def _tensorflow(cls: type[Model]) -> Settings:
    config: Any = import_module("tensorflow").config
    return {
        "threads in an operation": (
            config.threading.get_intra_op_parallelism_threads(), cls.threads,
        ),
        "TF32": (config.experimental.tensor_float_32_execution_enabled(), False),
    }  # fmt: skip


def _keras(cls: type[Model]) -> Settings:
    keras: Any = import_module("keras")
    table = import_module("keras.src.backend.common.dtypes").BIT64_TO_BIT32_DTYPE
    return {
        "Keras's backend": (
            keras.backend.backend(), BACKENDS[cls.backend].environment["KERAS_BACKEND"],
        ),
        "floatx": (keras.config.floatx(), cls.dtype),
        "policy": (keras.config.dtype_policy().compute_dtype, cls.dtype),
        "what Keras makes of float64": (table["float64"], cls.dtype),
    }  # fmt: skip


def _jax(cls: type[Model]) -> Settings:
    config: Any = import_module("jax").config
    return {
        "64 bits": (config.jax_enable_x64, True),
        "matmul": (config.jax_default_matmul_precision, "highest"),
    }


def _pytensor(cls: type[Model]) -> Settings:
    return {"floatX": (import_module("pytensor").config.floatX, cls.dtype)}


SETTINGS: dict[str, Callable[[type[Model]], Settings]] = {
    "numpy": _numpy,
    "torch": _torch,
    "tensorflow": _tensorflow,
    "keras": _keras,
    "keras-torch": _keras,
    "keras-jax": _keras,
    "jax": _jax,
    "pytensor": _pytensor,
}
