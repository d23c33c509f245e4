"""Texts of the repository as pages of the site.

A link to a file that is a page of the site is redirected to that page. Any other link to a file is
replaced by its words, since the site must work without a network.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path, PurePosixPath

from classroom.notebooks import exercises_file
from course.lessons import LESSONS
from course.settings import ROOT

LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)")
PICTURE = re.compile(r"!\[[^\]]*\]\((\w+\.png)\)")  # beside the text
TEXTS = {
    "CONTRIBUTING.md": "house/contributing.md",
    "docs/architecture.md": "house/architecture.md",
    "docs/add_a_backend.md": "house/add_a_backend.md",
    "docs/add_to_the_course.md": "house/add_to_the_course.md",
    "datasets/SOURCES.md": "house/data.md",
    "docs/reports/agreement.md": "agreement.md",
    "docs/reports/scaling.md": "scaling.md",
    "docs/reports/divergence.md": "divergence.md",
    "docs/reports/gpu.md": "gpu.md",
    "docs/reports/speed.md": "speed.md",
    "docs/reports/speed_growth.md": "speed_growth.md",
    "docs/workers.md": "workers.md",
    "docs/ledger.md": "ledger.md",
    "docs/reports/faults.md": "faults.md",
    "docs/reports/bad_input.md": "bad_input.md",
    "docs/reports/mutants.md": "mutants.md",
    "docs/reports/coverage.md": "coverage.md",
    "docs/reports/differences_on_versions.md": "differences_on_versions.md",
    "docs/reports/licences.md": "licences.md",
}
GUIDE = ROOT / "docs" / "guide"
INDEX = """\
# {title}

{text}

```{{toctree}}
:maxdepth: 1

{pages}
```
"""


def write(sources: Path) -> None:
    """Copy the texts, with their links redirected to pages of the site."""
    places = {name: place for name, place in TEXTS.items() if (ROOT / name).is_file()}
    for folder, shown in (("docs/decisions", "decisions"), ("docs/guide", "guide")):
        for file in sorted((ROOT / folder).glob("*.md")):
            places[f"{folder}/{file.name}"] = f"{shown}/{file.name}"
    known = places | {n: p for n, p in other_pages().items() if (sources / p).is_file()}
    for name, place in places.items():
        target = sources / place
        target.parent.mkdir(parents=True, exist_ok=True)
        text = (ROOT / name).read_text(encoding="utf-8")
        target.write_text(redirect_links(text, name, place, known), encoding="utf-8")
        for picture in PICTURE.findall(text):
            shutil.copyfile((ROOT / name).parent / picture, target.parent / picture)
    index(sources / "decisions", "Decisions", "What was decided, and why.")
    if (sources / "guide").is_dir() and not (sources / "guide" / "index.md").is_file():
        index(sources / "guide", "The teacher's guide", "A day, from set-up to grades.")
    if not (sources / "guide").is_dir():
        index(sources / "guide", "The teacher's guide", "The guide is not written yet.")


def index(folder: Path, title: str, text: str) -> None:
    """Write a page that lists the pages of a folder."""
    folder.mkdir(exist_ok=True)
    pages = "\n".join(sorted(file.stem for file in folder.glob("*.md")))
    (folder / "index.md").write_text(
        INDEX.format(title=title, text=text, pages=pages), encoding="utf-8"
    )


def other_pages() -> dict[str, str]:
    """The files of the repository that other modules make pages of."""
    pages = {f"lessons/{c.file}": f"lessons/lesson{n}.ipynb" for n, c in LESSONS.items()}
    pages |= {
        f"lessons/exercises/lesson{n}.py": f"exercises/lesson{n}.ipynb"
        for n in LESSONS
        if exercises_file(n).is_file()
    }
    for file in (ROOT / "adapters").glob("*_adapter.py"):
        pages[f"adapters/{file.name}"] = f"backends/{file.name.replace('_adapter.py', '.md')}"
    pages["adapters/contract.py"] = "backends/losses.md"
    pages["triptych/differences"] = "differences/index.md"
    return pages


def redirect_links(text: str, name: str, place: str, known: dict[str, str]) -> str:
    """The text with its links to files of the repository redirected to pages of the site.

    name, place: the text's path in the repository and in the site. known: the same for all pages.
    """

    def redirect(link: re.Match[str]) -> str:
        words, address = link.groups()
        if re.match(r"[a-z]+:", address) or address.startswith("#"):
            return link[0]
        path, _, anchor = address.partition("#")
        file = os.path.normpath(PurePosixPath(name).parent / path)
        if file not in known:
            return words if words.startswith("`") else f"`{words}`"
        page = os.path.relpath(known[file], PurePosixPath(place).parent)
        return f"[{words}]({page}{'#' + anchor if anchor else ''})"

    return LINK.sub(redirect, text)
