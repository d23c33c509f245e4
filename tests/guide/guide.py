"""Parse a page of the teacher's guide: tables, commands, links, names."""

import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
GUIDE = REPOSITORY / "docs" / "guide"
PAGES = sorted(path.name for path in GUIDE.glob("*.md"))
LESSONS = sorted(int(path.name[6]) for path in (REPOSITORY / "lessons").glob("lesson*_*.py"))


def text(page):
    return (GUIDE / page).read_text(encoding="utf-8")


def lesson(number):
    """The text of a lesson."""
    (path,) = (REPOSITORY / "lessons").glob(f"lesson{number}_*.py")
    return path.read_text(encoding="utf-8")


def tables(page):
    """Each table of a page: the cells of its header, and of each row."""
    found = []
    for block in re.findall(r"(?:^\|.*\|\n)+", text(page), re.MULTILINE):
        cells = [[cell.strip() for cell in line[1:-1].split("|")] for line in block.splitlines()]
        assert all(re.fullmatch("-+", cell) for cell in cells[1]), f"{page}: {block}"
        assert all(len(row) == len(cells[0]) for row in cells), f"{page}: a row of other length"
        found.append((cells[0], cells[2:]))
    return found


def table(page, first):
    """The rows of the one table whose header begins with that word."""
    (rows,) = [rows for header, rows in tables(page) if header[0] == first]
    return rows


def commands(page):
    """The lines of the code blocks and the commands in running text."""
    blocks = re.findall(r"^```(?:console)?\n(.*?)^```", text(page), re.MULTILINE | re.DOTALL)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    prose = re.sub(r"^```.*?^```", "", text(page), flags=re.MULTILINE | re.DOTALL)
    inline = re.findall(r"`((?:make|python3? kit\.py) [^`]*)`", prose)
    return [" ".join(line.split()) for line in lines + inline if line.strip()]


def figures(number):
    """The names of the figures that a lesson shows."""
    names = re.findall(
        r"lesson\.show\(\s*(?:row_by_column\(A, B\)|figure), \"(\w+)\"", lesson(number)
    )
    assert len(names) == lesson(number).count("lesson.show(")
    return names


def sections(number):
    """The headings of a lesson before its closing lists."""
    found = re.findall(r"^# ## (.*)$", lesson(number), re.MULTILINE)
    return [name for name in found if name not in ("What to notice", "Exercises")]


def minutes(page):
    """The minutes that the sections of a lesson take, added up."""
    return sum(int(row[2]) for row in table(page, "section") if row[0] != "**total**")


def deck(number):
    """The minutes of each slide of a lesson, by its title, from the notes."""
    source = (REPOSITORY / "docs" / "slides" / f"lesson{number}.md").read_text(encoding="utf-8")
    pairs = re.findall(r"^##? (.*)\n(?:(?!##? ).*\n)*?:+\{notes\} (\d+)", source, re.MULTILINE)
    assert len(pairs) == source.count("{notes}")
    return {title: int(length) for title, length in pairs}
