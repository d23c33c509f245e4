"""A pytest plugin: `def test_port(assert_same_model): assert_same_model(keras_model, net, x)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def assert_same_model() -> Callable[..., Any]:
    """A function that takes what `triptych.port.check` takes, and fails with the report as text.

    Differences of the frameworks that no port can avoid do not fail it. It returns the result.
    """

    def check(a: Any, b: Any, x: Any, **options: Any) -> Any:
        from triptych import port

        result = port.check(a, b, x, **options)
        if not result.is_port_right:
            pytest.fail(str(result), pytrace=False)
        return result

    return check
