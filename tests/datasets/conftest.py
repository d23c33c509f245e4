"""A tiny data set, and functions that write it; no test here needs other files."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from datasets import idx
from tests.datasets.mistaken import Arrays, pictures


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
