"""Variables and operations are on the requested device: tested with a second CPU."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.meta.loading import python

# First the unchanged adapter, then a changed one, whose error is printed.
RUN = """
import sys
from pathlib import Path
from adapters import load
from tests.conformance.placement import check_all, main
from tests.meta.loading import load_changed
backend, dtype, folder, *change = sys.argv[1:]
main(backend, dtype)
real = load(backend, dtype=dtype, device="cpu", threads=1)
try:
    check_all(load_changed(real, Path(folder), *change))
except (AssertionError, ValueError) as error:
    print(error)
"""
STRAYS = {
    "tensorflow": (
        "self._t = tf.Variable(0, dtype=tf.int64)",
        "pass\n        with tf.device('/CPU:0'):\n"
        "            self._t = tf.Variable(0, dtype=tf.int64)",
    ),
    "jax": (
        "map(self._tensors, in_batches(",
        "map(lambda part: jax.device_put(part, jax.devices()[0]), in_batches(",
    ),
    "keras": (
        "with keras.device(DEVICES[self.device]):\n            penalty",
        "if True:\n            penalty",
    ),
    "keras-jax": (
        "with keras.device(DEVICES[self.device]):\n            self.model.fit",
        "if True:\n            self.model.fit",
    ),
}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("backend", STRAYS)
def test_everything_is_on_the_device_and_an_injected_stray_is_caught(
    backend: str, tmp_path: Path
) -> None:
    """Both in one process, because importing and compiling take longest."""
    output = python(RUN, backend, "float32", str(tmp_path), *STRAYS[backend])
    assert re.search(r"strayed to|incompatible devices", output)
