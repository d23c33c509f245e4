"""Bad input to the commands of a class: checks, grades, rosters, a rehearsal, notebooks."""

from __future__ import annotations

from tests.trust.commands import TAKEN, N
from tests.trust.files import Case, fifo, loop

CASES = [
    Case(
        "check", "a pipe handed in", ["1", N, "--file=a.py"], ("a.py", "is a pipe"), {"a.py": fifo}
    ),
    Case("check", "a link to itself", ["1", N, "--file=a.py"], ("a.py", "links"), {"a.py": loop}),
    Case(
        "check",
        "marks below a file",
        ["1", N, "--file=taken", "--json=taken/x"],
        ("taken/x", "folder"),
        TAKEN,
    ),
    Case(
        "check",
        "a notebook that is a list",
        ["1", N, "--file=a.ipynb"],
        ("a.ipynb", "not a notebook"),
        {"a.ipynb": b"[]"},
    ),
    Case(
        "grade",
        "marks in a folder to be made, of nothing",
        ["nowhere", N, "--csv=new/x.csv"],
        ("nowhere", "no folder"),
    ),
    Case(
        "grade",
        "marks below a file",
        [".", N, "--csv=taken/x.csv"],
        ("taken/x.csv", "folder"),
        TAKEN,
    ),
    Case(
        "grade",
        "a roster that is not there",
        [".", N, "--roster=class.csv"],
        ("class.csv", "--roster", "CSV"),
    ),
    Case(
        "grade",
        "a roster without names",
        [".", N, "--roster=class.csv"],
        ("class.csv", "no column of names"),
        {"class.csv": b"points\n3\n"},
    ),
    Case(
        "grade",
        "a roster of nobody",
        [".", N, "--roster=class.csv"],
        ("class.csv", "names nobody"),
        {"class.csv": b"Name,Email\n"},
    ),
    Case(
        "grade",
        "a roster in another encoding",
        [".", N, "--roster=class.csv"],
        ("class.csv", "UTF-8"),
        {"class.csv": "Name\nZoë\n".encode("latin-1")},
    ),
    Case("grade", "a folder as roster", [".", N, "--roster=."], ("'.'", "--roster")),
    Case("rehearse", "a lesson that is not there", ["--lesson=9"], ("'9'", "from 1 to 8")),
    Case("rehearse", "an unknown backend", ["--backend=numpi"], ("numpi", "numpy")),
    Case("notebooks", "OUT is a file", [N, "--out=taken"], ("taken", "--out"), TAKEN),
    Case("notebooks", "a language with a path", [N, "--language=../nl"], ("../nl", "expected")),
    Case("lab", "OUT below a file", [N, "--dry-run", "--out=taken/x"], ("taken/x", "--out"), TAKEN),
    Case("exercises", "an option too many", ["--check=maybe"], ("--check",)),
]
