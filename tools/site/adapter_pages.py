"""Pages that show the source of the adapters: each whole file, and all side by side by idea.

The rows, and the lines that belong to each, are those of the page of a comparison.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from compare.page.source_table import rows
from compare.page.sources import Chunk, Source, read_sources
from course.settings import ROOT

TITLES = {
    "numpy": "NumPy, the reference", "torch": "PyTorch", "tensorflow": "TensorFlow",
    "keras": "Keras", "jax": "JAX", "pytensor": "PyTensor",
}  # fmt: skip


def write(sources: Path) -> None:
    """Write a page for each adapter and one with all side by side; copy the sources they show."""
    folder = sources / "backends"
    (folder / "source").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / "adapters" / "contract.py", folder / "source" / "contract.py")
    adapters = read_sources()
    for adapter in adapters:
        for file in adapter.files:
            shutil.copyfile(file, folder / "source" / file.name)
        (folder / f"{adapter.name}.md").write_text(whole(adapter), encoding="utf-8")
    (folder / "side_by_side.md").write_text(side_by_side(adapters), encoding="utf-8")


def whole(adapter: Source) -> str:
    """The page of one adapter."""
    serves = ", ".join(f"`{backend}`" for backend in adapter.backends)
    parts = [f"# {TITLES[adapter.name]}", f"The whole adapter, for {serves}."]
    parts += [
        f"## {file.name}\n\n```{{literalinclude}} source/{file.name}\n"
        ":language: python\n:lineno-start: 1\n```"
        for file in adapter.files
    ]
    return "\n\n".join(parts) + "\n"


def side_by_side(adapters: list[Source]) -> str:
    """The page where each idea has a tab for each adapter."""
    parts = [
        "# The same ideas, adapter by adapter",
        "Every adapter does the same things in the same order, each in its framework's own idiom. "
        "Choose a backend once, and the whole page shows it.",
    ]
    for title, ideas in rows(adapters):
        parts.append(f"## {title}")
        for row in ideas:
            tabs = [
                tab(adapter.name, adapter.chunks[key])
                for adapter in adapters
                for key in [_key(adapter, row.heading)]
                if key
            ]
            if tabs and row.heading not in ("imports", "MODEL"):
                parts.append(f"### {_plain(row.heading)}")
                parts += [f"<p>{row.thought}</p>"] * bool(row.thought)
                parts.append(
                    "\n".join(["::::{tab-set}", ":sync-group: backend", "", *tabs, "::::"])
                )
    return "\n\n".join(parts) + "\n"


def tab(name: str, chunks: tuple[Chunk, ...]) -> str:
    """One adapter's lines for an idea."""
    parts = [f":::{{tab-item}} {name}", f":sync: {name}", ""]
    for chunk in chunks:
        dedent = 4 if chunk.key.startswith(".") else 0
        parts += [
            f"```{{literalinclude}} source/{chunk.file.name}",
            ":language: python",
            f":lines: {chunk.first}-{chunk.first + chunk.text.count(chr(10))}",
            f":dedent: {dedent}",
            f":caption: {chunk.place}",
            "```",
        ]
    return "\n".join([*parts, ":::", ""])


def _key(adapter: Source, heading: str) -> str:
    """The name of an adapter's chunk for a row's heading: `.loss` for `loss(x, y)`."""
    bare = heading.split("(")[0]
    names = {"the class": "class"}.get(bare, bare)
    return next((key for key in (f".{bare}", names) if key in adapter.chunks), "")


def _plain(heading: str) -> str:
    return f"`{heading}`" if heading not in ("what to know", "the class") else heading
