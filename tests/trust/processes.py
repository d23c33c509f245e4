"""One bad input to every command, given as from a shell."""

from __future__ import annotations

from tests.trust.files import Case

# As from a shell: what ends a process, and what is printed by whom, is only seen there.
MODULES = {
    "course": ["-m", "course", "lesson9"],
    "compare": ["-m", "compare", "--lesson=9"],
    "compare-records": ["-m", "compare.compare_records", "9", "9"],
    "diverge": ["-m", "compare.diverge", "--lesson=9"],
    "differences": ["-m", "compare.differences", "9"],
    "check-adapter": ["-m", "compare.check_adapter", "9"],
    "drift": ["-m", "compare.drift", "--backend=9"],
    "check": ["-m", "classroom.check", "9"],
    "grade": ["-m", "classroom.grade", "9"],
    "notebooks": ["-m", "classroom.notebooks", "--backend=9"],
    "lab": ["-m", "classroom.lab", "--backend=9"],
    "exercises": ["-m", "classroom.build_exercises", "9"],
    "site": ["-m", "tools.site", "--epochs=9x"],
    "slides": ["-m", "tools.slides", "--out=9/x"],
    "translations": ["-m", "course.translation", "check", "--language=9"],
    "kit.py": ["kit.py", "lesson9"],
}
PROCESSES = [
    Case(
        name,
        "a 9 where none is, as from a shell",
        words,
        ("9",),
        {"9": b""} if name == "slides" else {},
        True,
    )
    for name, words in MODULES.items()
]
