"""The guide's commands exist, its minutes add up, and the names in it are those of the lessons."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import kit
from classroom.limits import Limits
from course import downloads
from course.command_table import targets
from course.variables import VARIABLES

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


MAKEFILE = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
PARTS = [
    "Objectives", "Prerequisites", "Key points", "Minutes", "Two backends side by side",
    "Questions to ask", "Where students stumble", "Exercises", "When time is short",
]  # fmt: skip
SOLVED = sorted((REPOSITORY / "lessons" / "solutions").glob("lesson*.py"))


def make_names():
    """The targets and variables of make."""
    return set(targets()), set(VARIABLES)


def wrong_with(line):
    """Why this command line would fail; empty if it would run."""
    words = shlex.split(line)
    while words and re.match(r"[A-Z_]+=", words[0]):  # PIP_NO_INDEX=1 python3 kit.py …
        words.pop(0)
    if words[:1] == ["make"]:
        targets, values = make_names()
        for word in words[1:]:
            name, sign, value = word.partition("=")
            if name not in (values if sign else targets):
                return f"make knows no {name}"
            if name in ("BACKEND", "A", "B") and value not in ["", *kit.backends(), *kit.EXTRAS]:
                return f"{value} is no backend"
            if name == "BACKENDS" and not set(value.split()) <= set(kit.backends()):
                return f"{value} are no backends"
        return ""
    if words[:2] in (["python", "kit.py"], ["python3", "kit.py"]):
        known = [*kit.lessons(), *kit.COMMANDS, "setup", "doctor", "clean"]
        return "" if words[2] in known else f"kit.py knows no {words[2]}"
    if words[1:4] == ["-m", "pip", "download"]:
        files = [words[i + 1] for i, word in enumerate(words) if word in ("-r", "-c")]
        return "".join(f"no {name}" for name in files if not (REPOSITORY / name).is_file())
    if words[1:3] == ["-m", "course.translation"]:
        return ""
    return "neither make, nor kit.py, nor a command that this test knows"


@pytest.mark.parametrize("page", PAGES)
def test_every_command_exists(page):
    assert [(line, wrong_with(line)) for line in commands(page) if wrong_with(line)] == []


def test_the_guide_has_commands_to_judge():
    assert sum(len(commands(page)) for page in PAGES) > 50


@pytest.mark.parametrize("line", [
    "make lesson9", "make lesson3 BACKENT=torch", "make lesson3 BACKEND=pebble", "rm -r /",
    "python kit.py lesson9", "python3 -m pip download -r locks/theano.txt",
    'make compare BACKENDS="torch pebble"',
])  # fmt: skip
def test_an_unknown_command_is_detected(line):
    assert wrong_with(line)


@pytest.mark.parametrize("rows", [rows for head, rows in tables("index.md") if head[0] == "time"])
def test_the_minutes_of_a_day_add_up(rows):
    clock = [int(row[0].split(":")[0]) * 60 + int(row[0].split(":")[1]) for row in rows]
    for begin, end, (at, length, part) in zip(clock, clock[1:], rows, strict=False):
        assert begin + int(length) == end, f"{at} {part}"
    assert rows[-1][1:] == ["", "end"]


def test_the_day_is_from_nine_to_five():
    full, second, half = [rows for head, rows in tables("index.md") if head[0] == "time"]
    assert (full[0][0], full[-1][0]) == ("9:00", "17:00")
    assert (second[0][0], half[0][0], half[-1][0]) == ("9:00", "9:00", "13:00")


@pytest.mark.parametrize("number", LESSONS)
def test_a_lesson_takes_the_minutes_that_the_plans_give_it(number):
    page = f"lesson{number}.md"
    total = table(page, "section")[-1]
    assert total[0] == "**total**"
    assert total[2] == f"**{minutes(page)}**"
    full, second, _ = [rows for head, rows in tables("index.md") if head[0] == "time"]
    (planned,) = [int(row[1]) for row in [*full, *second] if f"[Lesson {number}]" in row[2]]
    assert planned == minutes(page)


@pytest.mark.parametrize("number", LESSONS)
def test_slides_take_the_minutes_that_the_plans_give_them(number):
    slides, (*later, total) = deck(number), table(f"lesson{number}.md", "slide for later")
    assert [int(row[1]) for row in later] == [slides[row[0]] for row in later]
    assert total[1] == f"**{sum(slides[row[0]] for row in later)}**"
    left = sum(slides.values()) - sum(slides[row[0]] for row in later)
    assert left == minutes(f"lesson{number}.md")
    (week,) = [row for row in table("index.md", "week") if f"[Lesson {number}]" in row[1]]
    assert int(week[2]) == sum(slides.values())
    assert f"deck takes {week[2]} minutes" in text(f"lesson{number}.md")


def test_the_minutes_of_a_week_add_up():
    for row in table("index.md", "week"):
        assert sum(map(int, row[2:5])) == int(row[5]) == 120


@pytest.mark.parametrize("number", LESSONS)
def test_a_lessons_page_has_all_its_parts(number):
    assert re.findall(r"^## (.*)$", text(f"lesson{number}.md"), re.MULTILINE) == PARTS


@pytest.mark.parametrize("number", LESSONS)
def test_sections_and_figures_are_those_of_the_lesson_in_its_order(number):
    rows = table(f"lesson{number}.md", "section")[:-1]
    assert [row[0] for row in rows] == sections(number)
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row[1])]
    assert named == figures(number)


@pytest.mark.parametrize("number", LESSONS)
def test_figures_named_in_running_text_exist(number):
    named = re.findall(r"`([a-z]+(?:_[a-z]+)*)`", text(f"lesson{number}.md"))
    assert set(named) <= set(figures(number))


@pytest.mark.parametrize("solution", SOLVED, ids=lambda path: path.stem)
def test_the_exercises_have_the_names_of_the_solutions(solution):
    heading = r"^# ## \d+ · (.*)\n#\n# \*(\d+|open)\b"
    exercises = re.findall(heading, solution.read_text(encoding="utf-8"), re.MULTILINE)
    assert exercises
    assert [tuple(row[:2]) for row in table(f"{solution.stem}.md", "exercise")] == exercises


@pytest.mark.parametrize("page", PAGES)
def test_every_link_has_a_target(page):
    for target in re.findall(r"\]\(([^)]+)\)", text(page)):
        assert (GUIDE / target).is_file(), target


def test_the_index_links_every_page():
    others = {page for page in PAGES if page != "index.md"}
    assert set(re.findall(r"\]\(([^)]+)\)", text("index.md"))) >= others
    (tree,) = re.findall(r"```\{toctree\}\n:hidden:\n\n(.*?)```", text("index.md"), re.DOTALL)
    assert {f"{name}.md" for name in tree.split()} == others


def test_sizes_are_those_that_a_set_up_reports():
    sizes = {row[0]: row[1:] for row in table("install.md", "")}
    more = downloads.SIZES["lab"].on_disk - downloads.SIZES["numpy"].on_disk
    for name, backend, cuda in (
        ("NumPy only", "numpy", 0), ("PyTorch, CPU build", "torch", 0),
        ("PyTorch, CUDA build", "torch", downloads.CUDA_MEGABYTES),
        ("TensorFlow, or Keras on it", "tensorflow", 0),
    ):  # fmt: skip
        size = downloads.SIZES[backend].on_disk + cuda
        assert sizes[name] == [f"{size:,}", f"{size + more:,}"]


def test_limits_are_those_of_the_check():
    limits = Limits()
    seconds = [text for _, text in table("grade.md", "limit")]
    numbers = [int(number) for text in seconds[:3] for number in re.findall(r"\d+", text)]
    assert numbers == [limits.call, limits.loading, limits.backend, limits.total]
    assert limits.memory <= int(seconds[3].split()[0]) * 1024**3
