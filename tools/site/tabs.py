"""Additions to Sphinx: tabs of backends, sizes of pictures, languages, docstrings as they are."""

from __future__ import annotations

import re
import struct
from itertools import groupby
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx_design.shared import create_component

# Docstrings as reStructuredText: equations and columns become literal blocks.

# Lines that are not prose: an update with an arrow, or columns.
LITERAL = re.compile(r"←|\S {3,}\S")

STARTS_ANEW = ("Raises ", "Returns ")


def literal_blocks(
    app: Any, what: str, name: str, thing: Any, options: Any, lines: list[str]
) -> None:
    """Turn each paragraph with columns or equations into a literal block."""
    lines[:] = blocks(lines)


def blocks(lines: list[str]) -> list[str]:
    """The same lines, with such paragraphs as literal blocks."""
    done: list[str] = []
    for paragraph in "\n".join(lines).split("\n\n"):
        own = paragraph.split("\n")
        if any(LITERAL.search(line) for line in own) or own[0].startswith("    "):
            done += [".. code-block:: none", "", *(f"    {line}" for line in own), ""]
        else:
            for line in own:
                done += ["", line] if line.startswith(STARTS_ANEW) else [line]
            done.append("")
    return done


# Additions to Sphinx: tabs of backends, sizes of pictures, the language of a page.
#
# The cells that `lesson_pages.py` makes are put behind the tabs of sphinx-design, which switches
# all tabs of one group together, on a page and from page to page.

GROUP = "backend"
EQUAL = {
    "en": ("= the same on every backend, to the byte",
           "≈ not the same on every backend: look behind the tabs"),
    "nl": ("= op elke backend hetzelfde, tot op de byte",
           "≈ niet op elke backend hetzelfde: kijk achter de tabs"),
}  # fmt: skip
IMAGE = re.compile(r'<img (?![^>]*\bloading=)([^>]*?src="[^"]*?_images/([^"/]+)"[^>]*)>')


class BackendsBehindTabs(SphinxTransform):
    """Put neighbouring cells of several backends behind tabs, one for each backend."""

    default_priority = 800

    def apply(self, **kwargs: Any) -> None:
        language = language_of(self.env.docname)
        for parent in list(self.document.findall(nodes.Element)):
            if not any(map(backend_of, parent.children)):
                continue
            children: list[nodes.Node] = []
            for is_output, group in groupby(parent.children, key=lambda c: bool(backend_of(c))):
                own = list(group)
                children += tab_set(own, language) if is_output else own
            parent.children = []
            parent.extend(children)


def backend_of(node: nodes.Node) -> str:
    """The backend whose output this cell is; empty for everything else."""
    metadata = node.get("cell_metadata", {}) if isinstance(node, nodes.container) else {}
    return str(metadata.get("triptych", {}).get("backend", ""))


def tab_set(cells: list[nodes.Node], language: str) -> list[nodes.Node]:
    """A set of tabs, one for each backend, and below it whether all outputs are equal."""
    items = []
    for backend, own in groupby(cells, key=backend_of):
        label = nodes.rubric(backend, "", nodes.Text(backend), classes=["sd-tab-label"])
        label["sync_id"], label["sync_group"] = backend, GROUP
        content = create_component("tab-content", classes=["sd-tab-content"], children=list(own))
        items.append(create_component("tab-item", classes=["sd-tab-item"], selected=False,
                                      children=[label, content]))  # fmt: skip
    made: list[nodes.Node] = [create_component("tab-set", classes=["sd-tab-set"], children=items)]
    equal = cells[0]["cell_metadata"]["triptych"]["equal"]
    if len(items) > 1 and equal is not None:
        words = EQUAL[language][0 if equal else 1]
        kind = "equal" if equal else "unequal"
        made.append(nodes.paragraph(words, words, classes=["backends-agree", kind]))
    return made


def language_of(page: str) -> str:
    """The language of a page, by its folder: lessons/nl/ is in Dutch."""
    folders = page.split("/")[:-1]
    return next((name for name in EQUAL if name in folders), "en")


def with_sizes(app: Sphinx, html: str) -> str:
    """The page with pictures that load lazily and have a size, so that the text does not move."""
    files = {name: Path(app.srcdir) / path for path, (_, name) in app.env.images.items()}

    def sized(image: re.Match[str]) -> str:
        head = files[image[2]].read_bytes()[:24]
        size = ""
        if head.startswith(b"\x89PNG"):
            width, height = struct.unpack(">II", head[16:24])
            size = f' width="{width}" height="{height}"'
        return f'<img loading="lazy"{size} {image[1]}>'

    return IMAGE.sub(sized, html)


def on_page(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Set the language and the sizes of pictures of a finished page."""
    context["language"] = language_of(page)
    if "body" in context:
        context["body"] = with_sizes(app, context["body"])


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the transform and the event handlers."""
    app.add_transform(BackendsBehindTabs)
    app.connect("html-page-context", on_page)
    app.connect("autodoc-process-docstring", literal_blocks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
