"""A tiny data set, functions that write it, and functions that make a mistake in it."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from datasets import Images, idx
from datasets.images import checked


@pytest.fixture(scope="session")
def tiny() -> Callable[[], Arrays]:
    """Twelve and six images of 4×3 in three classes, fresh at every call."""

    def make() -> Arrays:
        rng = np.random.default_rng(0)
        return {
            "x_train": rng.integers(0, 256, (12, 4, 3), dtype=np.uint8),
            "y_train": np.arange(12, dtype=np.uint8) % 3,
            "x_test": rng.integers(0, 256, (6, 4, 3), dtype=np.uint8),
            "y_test": np.arange(6, dtype=np.uint8) % 3,
        }

    return make


@pytest.fixture(scope="module")
def sound() -> Arrays:
    """200 and 80 noisy pictures of four classes, no two alike."""
    return pictures()


@pytest.fixture(scope="session")
def idx_bytes() -> Callable[[Any], bytes]:
    return lambda array: idx.header(array.shape) + array.tobytes()


@pytest.fixture(scope="session")
def write_idx(idx_bytes: Callable[[Any], bytes]) -> Callable[..., Path]:
    """write_idx(folder, arrays, ending="" or ".gz", dot="-" or "."): four IDX files in a folder."""

    def write(folder: Path, arrays: Arrays, ending: str = "", dot: str = "-") -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for key, (name, _) in idx.FILES.items():
            data = idx_bytes(arrays[key])
            path = folder / (name.replace("-idx", f"{dot}idx") + ending)
            path.write_bytes(gzip.compress(data) if ending else data)
        return folder

    return write


@pytest.fixture(scope="session")
def little_memory() -> Callable[[], AbstractContextManager[None]]:
    """A block whose peak memory is at most 8 MiB, eight times the readers' CHUNK."""

    @contextmanager
    def block() -> Iterator[None]:
        tracemalloc.start()
        try:
            yield
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < 8 << 20, f"{peak} bytes at the peak"

    return block


Arrays = dict[str, np.ndarray[Any, Any]]
CLASSES = 4


def pictures() -> Arrays:
    """200 and 80 noisy images, 8×8, uint8, with a bright area for each of four classes."""
    rng = np.random.default_rng(0)
    lit = np.zeros((CLASSES, 8, 8))
    for c in range(CLASSES):
        lit[c, c : c + 3, 1:7] = 160  # nothing in it is the same when transposed
    arrays = {}
    for split, n in (("train", 200), ("test", 80)):
        y = np.arange(n) % CLASSES
        x = lit[y] + rng.integers(0, 90, (n, 8, 8))
        arrays |= {f"x_{split}": x.astype(np.uint8), f"y_{split}": y}
    return arrays


def both(change: Callable[[Any], Any], of: str = "x") -> Callable[[Arrays], Arrays]:
    """A change of training and test arrays."""
    return lambda a: {key: change(a[key]) for key in (f"{of}_train", f"{of}_test")}


def scaled(x: Any) -> Any:
    return (x / 255).astype(np.float32)


def images(arrays: Arrays, change: Callable[[Arrays], Arrays]) -> Images:
    return checked("mine", {**arrays, **change(arrays)})
