"""Corrections of the theme's HTML that axe asks for: names for landmarks and headings."""

from __future__ import annotations

from pathlib import Path

REPLACEMENTS = {
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Site" lang="en">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="Sections">',
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<th class="head"><p></p></th>': "<td></td>",  # the corner of a table is not a heading
}


def correct(page: Path) -> None:
    """Correct a page; one that is not of the theme stays as it is."""
    text = page.read_text(encoding="utf-8")
    for old, new in REPLACEMENTS.items():
        text = text.replace(old, new)
    page.write_text(text, encoding="utf-8")
