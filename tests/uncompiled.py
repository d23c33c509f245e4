"""A plugin of pytest: TensorFlow runs its functions line by line, so that lines can be counted."""

from __future__ import annotations

import sys


def pytest_runtest_setup() -> None:
    """After the backend was loaded, whenever that is: setting it again is harmless."""
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None:
        tensorflow.config.run_functions_eagerly(True)
