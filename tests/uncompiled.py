"""A pytest plugin: TensorFlow runs its functions line by line, so that coverage can count lines."""

from __future__ import annotations

import sys


def pytest_runtest_setup() -> None:
    """Before each test, because the backend is loaded at an unknown time."""
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None:
        tensorflow.config.run_functions_eagerly(True)
