"""Variables and operations are on the device asked for: proven on a second CPU."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.meta.process import python

RUN = "import sys; from tests.conformance.placement import main; main(*sys.argv[1:])"
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
def test_everything_is_on_the_device(backend: str) -> None:
    python(RUN, backend, "float32")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("backend", STRAYS)
def test_a_planted_stray_is_caught(backend: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"strayed to|incompatible devices"):
        python(RUN, backend, "float32", str(tmp_path), *STRAYS[backend])
