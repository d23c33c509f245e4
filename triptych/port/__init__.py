"""Why does my own model differ? Two models of one user, compared layer by layer and step by step.

    from triptych import port
    result = port.check(keras_model, torch_module, x)
    print(result)

PyTorch, Keras on its torch backend, and SciPy have to be installed: `pip install "triptych[port]"`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from triptych.port.result import Result


def check(a: Any, b: Any, x: Any, **options: Any) -> Result:
    """Compare two models on a batch; the models given are not changed.

    See `triptych.port.api.check` for the options. Nothing heavy is imported before this is called.
    """
    from triptych.port import api

    return api.check(a, b, x, **options)


__all__ = ["check"]
