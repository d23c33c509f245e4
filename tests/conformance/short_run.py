"""A short training run and the digest of all its numbers: `python -m tests.conformance.short_run`.

test_environment.py runs it in a poisoned process and compares the digest with a clean one's.
"""

from __future__ import annotations

import hashlib
import sys

import numpy as np

from adapters import Model, load
from adapters.laws.cases import ARCHITECTURES, draw

NAMES = ("softmax", "mixed")  # momentum, Adam and L2; every activation but a hidden tanh


def digest(cls: type[Model]) -> str:
    """Every loss, weight, slot and gradient of a few epochs, to the last bit."""
    numbers = hashlib.sha256()
    for name in NAMES:
        case = draw(ARCHITECTURES[name], cls.dtype, seed=11, rows=40, t=0)
        model = cls(case.net, case.params, case.optimizer)
        arrays = [model.epoch(case.x, case.y, np.arange(40), 8) for _ in range(2)]
        arrays += [*model.state().values(), *model.gradients(case.x, case.y)]
        for array in arrays:
            numbers.update(str(array.dtype).encode() + np.ascontiguousarray(array).tobytes())
    return numbers.hexdigest()


if __name__ == "__main__":
    backend, dtype, device, threads = sys.argv[1:]
    print(digest(load(backend, dtype=dtype, device=device, threads=int(threads))))
