"""Variables and operations are on the device asked for: proven on a second CPU."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.meta.process import python

# First as it is; then changed, and what is said then.
RUN = """
import sys
from pathlib import Path
from adapters import load
from tests.conformance.placement import look_at_all, main
from tests.meta.loading import load_changed
backend, dtype, folder, *change = sys.argv[1:]
main(backend, dtype)
real = load(backend, dtype=dtype, device="cpu", threads=1)
try:
    look_at_all(load_changed(real, Path(folder), *change))
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
def test_everything_is_on_the_device_and_a_planted_stray_is_caught(
    backend: str, tmp_path: Path
) -> None:
    """Both in one process: to import and to compile takes longest."""
    said = python(RUN, backend, "float32", str(tmp_path), *STRAYS[backend])
    assert re.search(r"strayed to|incompatible devices", said)
