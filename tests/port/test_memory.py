"""A check needs at most twice the memory that the two models need alone, with one forward pass."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.port.real_pairs import missing

ROOT = Path(__file__).resolve().parents[2]
# Of the whole process, at its largest. The check copies both models into float64, which doubles
# their weights, and keeps every value of one pass; measured: 1.7 of ResNet50, 1.9 of BERT.
MOST = 2.0
PROGRAM = """
import resource, sys
import numpy as np, torch
from tests.port import real_pairs as pairs
name, mode = sys.argv[1:]
if name == "BERT":  # of the usual size
    pairs.VOCABULARY, pairs.LAYERS, pairs.HEADS = 30522, 12, 12
    pairs.WIDTH, pairs.HIDDEN, pairs.POSITIONS = 768, 3072, 512
    pairs.BERT.update(num_hidden_layers=12, num_attention_heads=12, hidden_size=768,
                      intermediate_size=3072, max_position_embeddings=512)
a, b, x, x_b = next(pair for pair in pairs.PAIRS if pair.name == name).build()
if mode == "check":
    pairs.port.check(a, b, x, x_b=x_b)
else:
    def tensors(values):
        if isinstance(values, dict):
            return {key: tensors(value) for key, value in values.items()}
        values = torch.as_tensor(values)
        return values.float() if values.is_floating_point() else values
    with torch.no_grad():
        a(tensors(x), training=False)
        b(**tensors(x_b)) if isinstance(x_b, dict) else b(tensors(x_b))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(name, mode):
    """The largest size of a process that builds both models and runs or checks them."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, name, mode], cwd=ROOT, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return int(done.stdout.splitlines()[-1])


@pytest.mark.slow
@pytest.mark.skipif(bool(missing()), reason=f"not installed: {missing()}")
@pytest.mark.skipif(sys.platform != "linux", reason="the size of a process is counted otherwise")
@pytest.mark.parametrize("name", ["ResNet50", "BERT"])
def test_memory(name):
    assert peak(name, "check") <= MOST * peak(name, "alone")
