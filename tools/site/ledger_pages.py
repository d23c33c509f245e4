"""The ledger of releases: its page, and a link to it below the title of its text."""

from __future__ import annotations

from pathlib import Path

from compare.releases.page import write as write_page
from triptych.ledger.rows import folder

PAGE = "releases.html"
LINK = """
<p><a class="call" href="{page}">Every release, with its changes and causes</a></p>

It answers at once: <a href="{page}?find=adam">since when does Adam differ?</a>
"""


def write(sources: Path, extra: Path) -> None:
    """Write the page, and the link into the text, which `text_pages` has written before."""
    write_page(folder(), extra / PAGE)
    text = sources / "ledger.md"
    title, _, rest = text.read_text(encoding="utf-8").partition("\n")
    text.write_text(f"{title}\n{LINK.format(page=PAGE)}{rest}", encoding="utf-8")
