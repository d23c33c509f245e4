"""The mutants of every backend, by its name."""

from __future__ import annotations

from tests.meta.loading import Mutant
from tests.meta.mutants_jax import JAX
from tests.meta.mutants_keras import KERAS, LEAKS, SHUFFLED
from tests.meta.mutants_numpy import NUMPY
from tests.meta.mutants_pytensor import PYTENSOR
from tests.meta.mutants_tensorflow import TENSORFLOW
from tests.meta.mutants_torch import TORCH

MUTANTS: dict[str, list[Mutant]] = {
    "numpy": NUMPY,
    "torch": TORCH,
    "tensorflow": TENSORFLOW,
    "keras": KERAS,
    "keras-torch": [SHUFFLED, *(m for m in KERAS if m not in LEAKS)],
    "keras-jax": [SHUFFLED, *(m for m in KERAS if m not in LEAKS)],
    "jax": JAX,
    "pytensor": PYTENSOR,
}
