"""Fixtures: every backend run once for all tests, and small malformed catalogues."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from triptych.backends import BACKENDS, framework_of, installed
from triptych.differences.processes import observe_all

# They run the snippets of Keras, which `keras` runs too, on the kernels of PyTorch and JAX.
KERAS = [name for name in BACKENDS if name != framework_of(name)]

ENTRY = '''\
"""A title

One gives 1 and the other 2.
"""

kind = "difference"
symptoms = "other numbers"
matters = "It does."
remedy = "Use 3."
sources = ["somewhere"]
lessons = []

observed = {"numpy": 1, "torch": 2}


def numpy():
    """One."""

    def default():
        return 1

    def matched():
        return 3

    return default, matched


def torch():
    """Two."""

    def default():
        return 2

    def matched():
        return 3

    return default, matched
'''


@pytest.fixture(scope="session")
def observed(request: pytest.FixtureRequest) -> dict[str, dict[str, Any]]:
    """The results of the installed backends: {backend: {entry: {"default": …, "matched": …}}}.

    Of the entries whose tests are run, and of the further Keras that is; in `make test` both are
    drawn by the seed.
    """
    cases = [item.callspec for item in request.session.items if hasattr(item, "callspec")]
    names = [case.params["entry"].name for case in cases if "entry" in case.params]
    drawn = {case.params["further_keras"] for case in cases if "further_keras" in case.params}
    return observe_all(installed([b for b in BACKENDS if b in drawn or b not in KERAS]), names)


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """write(name, old="new", …) → the folder of a catalogue with a sound entry, changed so."""

    def written(
        name: str = "some_entry", topic: str = "topic", changes: dict[str, str] | None = None
    ) -> Path:
        text = ENTRY
        for old, new in (changes or {}).items():
            assert old in text
            text = text.replace(old, new)
        file = tmp_path / topic / f"{name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return tmp_path

    return written
