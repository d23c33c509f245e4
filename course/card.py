"""The metadata of a record (card.json): backend, versions, settings, hashes and results."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from adapters import BACKENDS
from adapters.contract import SGD, Array, Dense, Model, Net
from course.digests import digest
from course.lesson_view import LessonView
from course.networks import as_json
from course.training import Run


def of(lesson: LessonView, headline: str | None, status: str) -> dict[str, Any]:
    """The complete card, as plain JSON values; null where there is no such number."""
    settings, runs = lesson.settings, lesson.runs.values()
    backend = BACKENDS[settings.backend]
    details = {run.name: _run(run, lesson.accuracies.get(run.name)) for run in runs}
    sources = {detail["update"] for detail in details.values()}
    sources = sources or {_source_of_sgd(lesson.Model)}
    return {
        "lesson": lesson.number,
        "status": status,
        "engine": settings.backend,
        "shares_kernels_with": backend.shares_kernels_with,
        "versions": versions({*backend.packages, "numpy"}),
        "platform": f"{platform.system()} {platform.machine()}",
        "device": lesson.Model.device,
        "dtype": settings.dtype,
        "seed": lesson.seed,
        "threads": lesson.Model.threads,
        "workers": settings.world.size if settings.world else 1,
        "data": lesson.chosen["data"][0] if "data" in lesson.chosen else None,
        "doubts": lesson.doubts,
        "epochs": lesson.chosen["epochs"][0] if "epochs" in lesson.chosen else None,
        "settings": {name: value for name, (value, _) in lesson.chosen.items()},
        "hashes": {
            "data": digest(d.encode() for d in lesson.data_digests),
            "batch_order": digest(d["hashes"]["batch_order"].encode() for d in details.values()),
            "initial_weights": digest(
                d["hashes"]["initial_weights"].encode() for d in details.values()
            ),
        },
        "update": "ours" if "ours" in sources else "framework",
        "seconds": round(time.perf_counter() - lesson.start, 3),
        "peak_memory_mb": peak_memory_mb(),
        "accuracy": lesson.accuracies.get(headline) if headline else None,
        "measures": lesson.measures,
        "runs": details,
        "figures": lesson.figures,
    }


def digest_of_arrays(arrays: Iterable[Array]) -> str:
    """The sha256 over arrays: their shapes, and their values as little-endian bytes."""
    parts = []
    for array in arrays:
        array = np.ascontiguousarray(array)
        parts += [str(array.shape).encode(), array.astype(array.dtype.newbyteorder("<")).tobytes()]
    return digest(parts)


def _run(run: Run, accuracy: float | None) -> dict[str, Any]:
    steps = len(run.losses)
    final = float(run.losses[-1]) if steps else None
    return {
        "status": run.status,
        **as_json(run.net),
        "optimizer": {"name": type(run.optimizer).__name__, **vars(run.optimizer)},
        "lower_by": run.lower_by,
        "update": run.model.optimizer_source if run.model else "ours",
        "epochs": run.epochs,
        "batch_size": run.batch_size,
        "steps": steps,
        "final_loss": final if final is not None and np.isfinite(final) else None,
        "accuracy": accuracy,
        "seconds": round(run.seconds, 3),
        "hashes": {
            "batch_order": digest_of_arrays(run.order(epoch) for epoch in range(run.epochs)),
            "initial_weights": digest_of_arrays(run.initial),
        },
    }


def _source_of_sgd(backend: type[Model]) -> str:
    """The optimizer source of a lesson that calls `step` itself, as the perceptron's does."""
    weights = [np.zeros((1, 1)), np.zeros(1)]
    return backend(Net((Dense(1, 1),), "perceptron"), weights, SGD(1.0)).optimizer_source


def versions(packages: Iterable[str]) -> dict[str, str]:
    """The version of Python, and of each of these packages."""
    result = {"python": platform.python_version()}
    for package in sorted(packages):
        try:
            result[package] = version(package)
        except PackageNotFoundError:  # a build under another name, such as tensorflow-cpu
            result[package] = str(getattr(sys.modules.get(package), "__version__", "unknown"))
    return result


def peak_memory_mb() -> float | None:
    """The largest memory use of this process so far, in MB; None where it is not available."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10), 1)
