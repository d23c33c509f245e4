"""The catalogue of differences: a page for each topic, and the page with filters.

The pages by topic are found by the site's search; `make differences PAGE=` writes the other one.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby
from pathlib import Path

from compare.differences.page import write as write_filtered
from triptych.differences.entry import TITLES, Entry
from triptych.differences.reading import read_all

FILTERED = "differences.html"
INDEX = """\
# What frameworks do by default

{differ} differences between frameworks, and {agree} things that are widely believed to differ but
do not. The tests run the code of each entry, so an entry that is no longer true is noticed at once.

<p><a class="call" href="../{file}">All {count} on one page, with a search and filters</a></p>

The search there answers as `triptych differences` does, to words such as *loss is 64 times larger*.

```{{toctree}}
:maxdepth: 1

symptoms
{topics}
```
"""
SYMPTOMS = """\
# From a symptom to its difference

Error texts, names in every framework, and complaints, as users write them. Each line leads to its
entry; the <a href="../{file}">page with a search</a> ranks them for words of your own.
"""


def write(sources: Path, extra: Path, shown: Collection[str] = ()) -> None:
    """Write the pages of all topics, or of those shown, their index, and the page with filters."""
    folder = sources / "differences"
    folder.mkdir()
    entries = [entry for entry in read_all() if not shown or entry.topic in shown]
    write_filtered(entries, extra / FILTERED)
    topics = []
    for topic, group in groupby(entries, key=lambda entry: entry.topic):
        (folder / f"{topic}.md").write_text(page(topic, list(group), folder), encoding="utf-8")
        topics.append(topic)
    differ = sum(entry.kind == "difference" for entry in entries)
    index = INDEX.format(
        differ=differ, agree=len(entries) - differ, count=len(entries), file=FILTERED,
        topics="\n".join(topics),
    )  # fmt: skip
    (folder / "index.md").write_text(index, encoding="utf-8")
    (folder / "symptoms.md").write_text(symptoms(entries), encoding="utf-8")


def symptoms(entries: list[Entry]) -> str:
    """The symptoms of every entry, by topic, each with a link to it."""
    lines = [SYMPTOMS.format(file=FILTERED)]
    for topic, group in groupby(entries, key=lambda entry: entry.topic):
        lines.append(f"## {topic.capitalize()}\n")
        lines += [f"- {safe(e.symptoms)}: {{ref}}`{e.name}`" for e in group]
        lines.append("")
    return "\n".join(lines)


def page(topic: str, entries: list[Entry], folder: Path) -> str:
    """The entries of a topic; their code is copied beside the page."""
    return "\n\n".join([f"# {topic.capitalize()}", *(section(e, folder) for e in entries)]) + "\n"


def section(entry: Entry, folder: Path) -> str:
    """An entry: explanation, each framework's value, why it matters, the remedy, and the code."""
    sign = "≠ a difference" if entry.kind == "difference" else "= no difference"
    parts = [f"({entry.name})=\n## {safe(entry.title)}", safe(entry.summary)]
    rows = [f"| {safe(who)} | `{value}` |" for who, value in entry.values()]
    parts.append("\n".join([f"| {sign} | by default |", "|---|---|", *rows]))
    parts.append(f"**Symptoms.** {safe(entry.symptoms)}")
    parts.append(f"**Why it matters.** {safe(entry.matters)}")
    if entry.remedy:
        parts.append(f"**Remedy.** {safe(entry.remedy)}")
    tabs = ["::::{tab-set}", ":sync-group: backend", ""]
    for framework, snippet in entry.snippets.items():
        file = folder / "source" / entry.name / f"{framework}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{snippet.text}\n", encoding="utf-8")
        tabs += [f":::{{tab-item}} {TITLES[framework]}", f":sync: {framework}", "",
                 f"```{{literalinclude}} source/{entry.name}/{file.name}", ":language: python",
                 "```", ":::", ""]  # fmt: skip
    parts.append("\n".join([*tabs, "::::"]))
    sources = "\n".join(f"- {safe(source)}" for source in entry.sources)
    parts.append(f":::{{dropdown}} Sources, and how to run it\n{sources}\n"
                 f"- `make differences NAME={entry.name} RUN=yes`\n:::")  # fmt: skip
    return "\n\n".join(parts)


def safe(text: str) -> str:
    """Text with markup characters escaped, except in backticks."""
    parts = text.split("`")
    for i in range(0, len(parts), 2):
        for sign in "\\*_[]<>{}|#":
            parts[i] = parts[i].replace(sign, f"\\{sign}")
    return "`".join(parts)
