"""Writing catalogues with Babel, which only translators need.

Equal lessons give equal bytes: the files have no dates, line numbers or tool versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from course.translation.catalogues import LARGEST
from course.translation.message import Message
from datasets.files import content

WIDTH = 100
# Babel's other header fields change from day to day.
HEADER = ("Project-Id-Version", "Language", "Plural-Forms", "MIME-Version", "Content-T")


def write_template(file: Path, messages: Mapping[str, Message]) -> None:
    """Write a .pot with these messages, in their order."""
    template = Catalog(header_comment="", charset="utf-8")
    for text, message in messages.items():
        template.add(text, auto_comments=[_hint(message)])
    _write(template, file)


def merge(template: Path, file: Path) -> None:
    """Update a .po from its template; messages that resemble an older one are marked fuzzy."""
    new = read_po(BytesIO(content(template, LARGEST)))
    catalogue = read_po(BytesIO(content(file, LARGEST)), locale=file.parent.name)
    catalogue.update(new)
    catalogue.header_comment = ""
    _write(catalogue, file)


def _hint(message: Message) -> str:
    """A translator's comment: the kind of message, and the parts that must stay."""
    parts = message.keeps(message.text)
    return f"{message.kind}; keep {'  '.join(parts)}" if parts else message.kind


def _write(catalogue: Catalog, file: Path) -> None:
    catalogue.fuzzy, catalogue.project, catalogue.version = False, "triptych", "lessons"
    for message in catalogue:  # Babel takes "24% of" for a Python format
        message.flags -= {"python-format", "python-brace-format"}
    buffer = BytesIO()
    write_po(buffer, catalogue, width=WIDTH)
    lines = buffer.getvalue().decode().strip().splitlines()
    start, end = lines.index('msgid ""'), lines.index("")
    header = [line for line in lines[start + 2 : end] if line[1:].startswith(HEADER)]
    text = "\n".join(['msgid ""', 'msgstr ""', *header, *lines[end:]])
    file.write_text(text.rstrip() + "\n", encoding="utf-8")
