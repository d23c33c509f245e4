"""The first cells of a notebook: how to run it, which engine, and how the kit comes to be there."""

from __future__ import annotations

import tomllib

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from adapters import ENGINES
from classroom.kernel import ROOT

# myst-nb leaves cells with the second tag out of the site, where there is nothing to set up.
TAGS = ["set-up", "remove-cell"]

HOW = """\
---

**How to use this notebook.** It is a page of text with pieces of Python in it, called *cells*.
Click on a grey cell and press **Shift + Enter**: it runs, its answer appears beneath it, and you are
at the next one. Go from top to bottom, for a cell may need what an earlier one has made. You cannot
break anything. If you are lost, choose *Kernel → Restart Kernel…* and begin again at the top.

The first cell chooses the **engine**, which is the library that does the arithmetic. Leave it as it
is, or put another name between the quotation marks: the numbers will be the same."""

CODE = """\
BACKEND = "{backend}"  # the engine: {engines}

# On a computer that has the course, the rest of this cell does nothing. In Colab it fetches it.
import importlib.util

if importlib.util.find_spec("course") is None:
    import subprocess
    import sys

    subprocess.run(["git", "clone", "--quiet", "--depth=1", "{repository}", "triptych"], check=True)
    subprocess.run([sys.executable, "triptych/classroom/fetched.py", BACKEND], check=True)
    sys.path.insert(0, "triptych")"""


def repository() -> str:
    """Where the kit is published, from the one place that says so."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["urls"]["repository"])


def set_up_cells(backend: str) -> list[NotebookNode]:
    """What stands between a lesson's title and its text."""
    engines = ", ".join(ENGINES)
    code = CODE.format(backend=backend, engines=engines, repository=repository())
    cells = [new_markdown_cell(HOW), new_code_cell(code)]
    for cell in cells:
        cell.metadata.tags = [*TAGS]
    return cells
