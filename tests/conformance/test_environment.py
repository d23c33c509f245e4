"""The user's own settings change no number: a run in a poisoned process has the same bits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from adapters.contract import Model
from adapters.laws.subject import Subject

ROOT = Path(__file__).parents[2]

# Each of these changes numbers, or breaks the import, in a process that reads it.
POISON = {
    "KERAS_BACKEND": "torch",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_CPP_MIN_LOG_LEVEL": "0",
    "TF_USE_LEGACY_KERAS": "1",
    "TF_XLA_FLAGS": "--tf_xla_auto_jit=2 --tf_xla_cpu_global_jit",
    "XLA_FLAGS": "--xla_cpu_enable_fast_math=true",
    "OMP_NUM_THREADS": "7",
    "MKL_NUM_THREADS": "7",
    "OPENBLAS_NUM_THREADS": "7",
    "NVIDIA_TF32_OVERRIDE": "1",
    "PYTENSOR_FLAGS": "floatX=float16",
    "JAX_ENABLE_X64": "0",
}
KERAS_JSON = {
    "floatx": "float16",
    "epsilon": 0.1,
    "backend": "torch",
    "image_data_format": "channels_first",
}


def test_a_poisoned_home_and_environment_change_no_bit(subject: Subject, tmp_path: Path) -> None:
    for folder in (tmp_path / ".keras", tmp_path / "elsewhere"):
        folder.mkdir()
        (folder / "keras.json").write_text(json.dumps(KERAS_JSON), encoding="utf-8")
    poison = POISON | {"HOME": str(tmp_path), "KERAS_HOME": str(tmp_path / "elsewhere")}
    assert run(subject.cls, poison) == run(subject.cls, {}), "the poison changed the run"


def run(cls: type[Model], variables: dict[str, str]) -> str:
    """The digest of a short run in a process of its own, as these tests compile JAX otherwise."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TRIPTYCH")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.conformance.short_run",
         cls.backend, cls.dtype, cls.device, str(cls.threads)],
        cwd=ROOT, env=clean | variables | {"PYTHONPATH": str(ROOT)},
        text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
