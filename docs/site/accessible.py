"""What axe finds in the theme's own HTML, mended: names for what a screen reader jumps between."""

from __future__ import annotations

from pathlib import Path

MENDED = {
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Site" lang="en">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="Sections">',
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<th class="head"><p></p></th>': "<td></td>",  # a table's corner is no heading
}


def mend(page: Path) -> None:
    """Change a page of the theme; others have nothing of this."""
    text = page.read_text(encoding="utf-8")
    for old, new in MENDED.items():
        text = text.replace(old, new)
    page.write_text(text, encoding="utf-8")
