"""Every engine observed once for all tests, and small catalogues that are wrong on purpose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters import ENGINES
from compare.differences.running import installed, observe_all

TOML = """\
title = "A title"
kind = "difference"
says = "One says 1 and the other 2."
matters = "It does."
remedy = "Say 3."
sources = ["somewhere"]
lessons = []

[observed]
numpy = 1
torch = 2
"""
SNIPPET = '''"""Says {}."""


def default():
    return {}


def matched():
    return {}
'''


@pytest.fixture(scope="session")
def observed() -> dict[str, dict[str, Any]]:
    """What every installed engine does: {engine: {entry: {"default": …, "matched": …}}}."""
    return observe_all(installed(list(ENGINES)))


Plant = Callable[..., Path]


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """plant(name, old="new", …) → the folder of a catalogue with a sound entry, changed so."""

    def planted(
        name: str = "some_entry", topic: str = "topic", changes: dict[str, str] | None = None,
        numpy: str | None = None, torch: str | None = None,
    ) -> Path:  # fmt: skip
        folder = tmp_path / topic / name
        folder.mkdir(parents=True)
        text = TOML
        for old, new in (changes or {}).items():
            assert old in text
            text = text.replace(old, new)
        (folder / "entry.toml").write_text(text, encoding="utf-8")
        for framework, value, given in (("numpy", 1, numpy), ("torch", 2, torch)):
            code = SNIPPET.format(value, value, 3) if given is None else given
            if code:
                (folder / f"{framework}.py").write_text(code, encoding="utf-8")
        return tmp_path

    return planted
