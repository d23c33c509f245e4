"""Checks of a loaded backend: its settings, its silence, and the idioms of its framework."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from io import StringIO
from typing import Any

import numpy as np
import pytest

from adapters import BACKENDS
from adapters.contract import Array, DeviceNotFound, Model
from adapters.laws.cases import ARCHITECTURES, draw
from adapters.laws.comparing import must
from adapters.laws.subject import Subject, everything

# Checks of a process after `load`: precision, device, threads, defaults and silence.

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


# Idioms of each framework: compile once, run an epoch in one piece, record no needless graph.
#
# They change no number, so no law can detect them, but they determine how fast an epoch is.

LAW = "an adapter uses its framework's idioms"
MANY = 10**6  # batches; no lesson's epoch has as many


def check_idioms(subject: Subject) -> None:
    """Run the check of the backend under test, if there is one."""
    check = CHECKS.get(subject.cls.backend)
    if check is not None:
        check(subject)


def _model(subject: Subject) -> Any:
    return subject.fresh(draw(ARCHITECTURES["line"], subject.dtype, seed=0))


def _idioms_of_tensorflow(subject: Subject) -> None:
    """Each computation is a graph, which is not traced again for every number of rows.

    Each is tried on a new model, because a graph traced by another computation would be reused.
    """
    rng = np.random.default_rng(0)
    calls: dict[str, Callable[[Any, Array, Array], Any]] = {
        "_layers": lambda model, x, y: model.forward(x),
        "_loss": lambda model, x, y: model.loss(x, y),
        "_loss_and_gradients": lambda model, x, y: model.gradients(x, y),
        "_step": lambda model, x, y: model.step(x, y),
        "_epoch": lambda model, x, y: model.epoch(x, y, np.arange(len(x)), 2),
    }
    for name, call in calls.items():
        model = _model(subject)
        for rows in (1, 2, 3, 5, 8, 13, 21):
            call(model, *(rng.normal(size=(rows, n)).astype(subject.dtype) for n in (4, 1)))
        function = getattr(model, name)
        must(LAW, hasattr(function, "experimental_get_tracing_count"), f"{name} is not a graph")
        traces = function.experimental_get_tracing_count()
        # Once for the first shape, once for any number of rows; epochs once more, for any batch.
        most = 3 if name == "_epoch" else 2
        must(LAW, traces <= most, f"{name} was traced {traces} times for 7 numbers of rows")


def _idioms_of_jax(subject: Subject) -> None:
    """Each function of the module that computes is compiled as a whole."""
    names = subject.cls.derivative.__globals__
    for name in ("layers", "mean_loss", "loss_and_gradients", "step", "steps"):
        must(LAW, hasattr(names[name], "lower"), f"{name} is not compiled by jit")
    x, y = np.ones((11, 4)), np.ones((11, 1))  # a number of rows that no law uses
    model = _model(subject)
    model.loss(x, y)
    model.epoch(x, y, np.arange(11), 11)
    from adapters.parallel.jax_workers import BLOCK, blocks

    for size in (100, BLOCK + 1):  # workers get at most BLOCK rows at once, or one batch
        parts = list(blocks(np.arange(3 * BLOCK), size))
        for rows in parts:
            must(LAW, rows.size <= max(BLOCK, size), f"{rows.size} rows at once, not {BLOCK}")
        must(LAW, sum(rows.size for rows in parts) == 3 * BLOCK, "a block is lost")


def _idioms_of_torch(subject: Subject) -> None:
    """`activations` and `loss` record no graph, because no backward pass follows."""
    model = _model(subject)
    recorded: list[bool] = []
    hook = model.layers[0].register_forward_hook(
        lambda layer, inputs, output: recorded.append(output.requires_grad)
    )
    model.activations(np.ones((2, 4)))
    model.loss(np.ones((2, 4)), np.ones((2, 1)))
    hook.remove()
    must(LAW, recorded == [False, False], "activations or loss record a graph")


def _idioms_of_keras(subject: Subject) -> None:
    """An epoch is one execution, except on PyTorch; only on JAX is it compiled by XLA.

    On TensorFlow batches come from tf.data. `fit` shows the last loss, and the room for all losses
    is reused.
    """
    backend = subject.cls.backend
    model = _model(subject).model
    steps = int(model.steps_per_execution)
    expected = steps == 1 if backend == "keras-torch" else steps > MANY
    must(LAW, expected, f"{steps} steps in an execution")
    must(LAW, model.jit_compile == (backend == "keras-jax"), f"jit_compile={model.jit_compile}")
    rng = np.random.default_rng(0)
    x, y = (rng.normal(size=(5, n)).astype(subject.dtype) for n in (4, 1))
    batches = subject.cls.derivative.__globals__["batched"](x, y, np.arange(5), 2)
    own = type(batches).__module__.startswith("tensorflow")
    must(LAW, own == (backend == "keras"), f"batches come as {type(batches).__name__}")
    model.make_room(3)
    history = model.history_of_losses
    shown = model.fit(batches, shuffle=False, verbose=0).history["loss"]
    must(LAW, shown == [float(model.last_losses(3)[-1])], f"fit shows {shown}")
    model.make_room(3)
    must(LAW, model.history_of_losses is history, "room is made again although it suffices")


CHECKS: dict[str, Callable[[Subject], None]] = {
    "tensorflow": _idioms_of_tensorflow,
    "jax": _idioms_of_jax,
    "torch": _idioms_of_torch,
    "keras": _idioms_of_keras,
    "keras-torch": _idioms_of_keras,
    "keras-jax": _idioms_of_keras,
}
