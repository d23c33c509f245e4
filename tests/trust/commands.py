"""Bad input to every command; what other tests already ask of one is not asked again here."""

from __future__ import annotations

from tests.trust.files import A_CARD, Case, bomb, fifo, folder, idx, loop, npz

# command: its module, and the name of its click command in it
COMMANDS = {
    "course": ("course.cli", "cli"),
    "compare": ("compare.cli", "cli"),
    "compare-records": ("compare.compare_records", "cli"),
    "diverge": ("compare.diverge.__main__", "diverge"),
    "differences": ("compare.differences.__main__", "differences"),
    "check-adapter": ("compare.check_adapter.__main__", "check_adapter"),
    "drift": ("compare.drift.__main__", "drift"),
    "check": ("classroom.check", "check"),
    "grade": ("classroom.grade", "grade"),
    "rehearse": ("classroom.rehearse", "rehearse"),
    "notebooks": ("classroom.notebooks", "command"),
    "lab": ("classroom.lab", "command"),
    "exercises": ("classroom.build_exercises", "exercises"),
    "site": ("tools.site.__main__", "main"),
    "translations": ("course.translation.__main__", "translation"),
}
TAKEN = {"taken": b"here already"}
BIG = "9" * 40
N = "--backend=numpy"
L3 = ["lesson3", N, "--no-figures"]
RECORD = {"old/a/card.json": A_CARD + b"}", "new/a/card.json": A_CARD + b"}"}
BOTH = ["old", "new"]


def data(what: str, content: object, *says: str) -> Case:
    """A lesson on a file of one's own."""
    return Case(
        "course", what, [*L3, "--data=mine.npz"], ("mine.npz", *says), {"mine.npz": content}
    )


ENDLESS = RECORD | {"old/a/card.json": b"[" * 50_000}
CASES = [
    Case(
        "course",
        "a seed that no name can hold",
        [*L3, f"--seed={BIG}"],
        (BIG[:9], "is not a whole number from 0"),
    ),
    Case(
        "course",
        "more epochs than a life has",
        [*L3, f"--epochs={BIG}"],
        (BIG[:9], "is not a whole number from 1"),
    ),
    Case(
        "course",
        "more threads than there are",
        [*L3, f"--threads={BIG}"],
        (BIG[:9], "from 1 to 1024"),
    ),
    Case("course", "no checkpoints", [*L3, "--checkpoint=0"], ("'0'", "from 1 to")),
    Case("course", "fewer than none", [*L3, "--checkpoint=-2"], ("'-2'", "100steps")),
    Case("course", "half a checkpoint", [*L3, "--checkpoint=1.5"], ("'1.5'", "100steps")),
    Case("course", "checkpoints by minutes", [*L3, "--checkpoint=5min"], ("'5min'", "100steps")),
    Case("course", "steps without a number", [*L3, "--checkpoint=steps"], ("'steps'", "100steps")),
    Case("course", "foreign digits", [*L3, "--checkpoint=٣steps"], ("٣steps", "100steps")),
    Case("course", "endless steps", [*L3, f"--checkpoint={BIG}steps"], (BIG, "from 1 to")),
    Case("course", "an infinite knob", ["lesson1", N, "--knobs=1 inf 2"], ("inf", "numbers")),
    Case(
        "course", "a knob that is no number", ["lesson1", N, "--knobs=nan 1 2"], ("nan", "numbers")
    ),
    Case("course", "a language with a path", [*L3, "--language=../nl"], ("../nl", "expected")),
    Case(
        "course", "a path with ..", [*L3, "--data=../../nowhere/.."], ("../../nowhere", "expected")
    ),
    Case("course", "bytes that are no text", [*L3, "--data=\udcff\udcfe"], ("udcff", "expected")),
    Case("course", "a name without end", [*L3, "--data=" + "x" * 5000], ("xxx", "expected")),
    Case(
        "course",
        "a folder without data",
        [*L3, "--data=mine"],
        ("mine", "expected"),
        {"mine": folder},
    ),
    data("a pipe in place of the file", fifo, "not a regular file"),
    data("a link to itself", loop, "cannot be read"),
    data("a zip bomb", bomb(), "claims", "allowed"),
    data("an empty file", b"", "is empty"),
    Case(
        "course",
        "an IDX file cut short",
        [*L3, "--data=mnist"],
        ("train-images", "ends early"),
        idx(x_train=b"\0\0\x08\x03\0\0\0\x06\0\0\0\x02\0\0\0\x02\x01"),
    ),
    Case(
        "compare",
        "OUT is a file",
        ["--lesson=3", "--backends=numpy", "--out=taken"],
        ("taken", "--out"),
        TAKEN,
    ),
    Case(
        "compare",
        "JSON below a file",
        ["--lesson=3", "--backends=numpy", "--json=taken/x"],
        ("taken/x", "folder"),
        TAKEN,
    ),
    Case(
        "compare", "an enormous seed", [f"--seed={BIG}"], (BIG[:9], "is not a whole number from 0")
    ),
    Case("compare", "an unknown executor", ["--executor=ray"], ("'ray'", "dask")),
    Case(
        "compare",
        "a scheduler for nobody",
        ["--scheduler=tcp://127.0.0.1:1"],
        ("tcp://127.0.0.1:1", "--executor=dask"),
    ),
    Case(
        "compare",
        "a scheduler that is no address",
        ["--executor=dask", "--scheduler=$(reboot)"],
        ("$(reboot)", "tcp://"),
    ),
    Case(
        "compare",
        "an enormous port",
        ["--executor=dask", f"--scheduler=tcp://127.0.0.1:{BIG}"],
        (BIG, "tcp://"),
    ),
    Case("compare", "both dtypes and a third", ["--dtype=float32 float16"], ("float16", "float64")),
    Case("compare", "a backend with a space", ["--backends=numpy, ,no such"], ("'no'", "numpy")),
    Case(
        "compare-records",
        "a pipe for a card",
        BOTH,
        ("card.json", "regular file"),
        {"old/a/card.json": fifo, "new/x": b""},
    ),
    Case(
        "compare-records",
        "a card that is a list",
        BOTH,
        ("card.json", "JSON object"),
        RECORD | {"old/a/card.json": b"[]"},
    ),
    Case("compare-records", "a card of endless brackets", BOTH, ("card.json",), ENDLESS),
    Case(
        "compare-records",
        "a lesson in words",
        BOTH,
        ("card.json", "three"),
        RECORD
        | {"old/a/card.json": (A_CARD + b"}").replace(b'"lesson": 3', b'"lesson": ["three"]')},
    ),
    Case("compare-records", "no arrays", BOTH, ("record.npz", "cannot be read"), RECORD),
    Case(
        "compare-records",
        "a zip bomb for arrays",
        BOTH,
        ("record.npz", "claims"),
        RECORD | {"old/a/record.npz": bomb()},
    ),
    Case(
        "compare-records",
        "a pipe for arrays",
        BOTH,
        ("record.npz", "regular file"),
        RECORD | {"old/a/record.npz": fifo},
    ),
    Case(
        "compare-records",
        "cards without runs",
        BOTH,
        ("lesson wrote", "KeyError"),
        RECORD | {f"{n}/a/record.npz": npz() for n in BOTH},
    ),
    Case(
        "compare-records",
        "JUNIT is a folder",
        [*BOTH, "--junit=old/a/x/y"],
        ("not a folder",),
        RECORD | {"old/a/x": b""},
    ),
    Case(
        "diverge",
        "a pipe for a trace",
        ["-a", "a.npz", "-b", "numpy"],
        ("a.npz", "regular file"),
        {"a.npz": fifo},
    ),
    Case(
        "diverge",
        "a zip bomb for a trace",
        ["-a", "a.npz", "-b", "numpy"],
        ("a.npz", "claims"),
        {"a.npz": bomb("card")},
    ),
    Case(
        "diverge",
        "images for a trace",
        ["-a", "a.npz", "-b", "numpy"],
        ("a.npz", "trace"),
        {"a.npz": npz()},
    ),
    Case(
        "diverge",
        "OUT is a file",
        ["-b", "numpy", "-a", "torch", "--out=taken"],
        ("taken", "--out"),
        TAKEN,
    ),
    Case(
        "diverge",
        "JSON below a file",
        ["-b", "numpy", "-a", "torch", "--json=taken/x"],
        ("taken/x",),
        TAKEN,
    ),
    Case(
        "differences",
        "a page below a file",
        ["--page=taken/page.html"],
        ("taken/page.html", "folder"),
        TAKEN,
    ),
    Case("differences", "a name with a path", ["../../etc"], ("../../etc", "no entry has")),
    Case(
        "check-adapter",
        "a folder for a file",
        ["mine:Model"],
        ("mine", "is a folder"),
        {"mine": folder},
    ),
    Case(
        "check-adapter",
        "a pipe for a file",
        ["mine.py:Model"],
        ("mine.py", "is a pipe"),
        {"mine.py": fifo},
    ),
    Case(
        "check-adapter",
        "a class that is no name",
        ["mine.py:a b"],
        ("a b", "expected"),
        {"mine.py": b""},
    ),
    Case("drift", "a version with a path", [N, "--version=../1"], ("../1", "expected")),
    Case("drift", "OUT is a file", [N, "--version=1.0", "--out=taken"], ("taken",), TAKEN),
    Case("site", "OUT below a file", ["--out=taken/x"], ("taken/x", "--out"), TAKEN),
    Case("site", "an unknown backend", ["--backends=numpi"], ("numpi", "numpy")),
    Case(
        "translations",
        "a language that climbs out",
        ["update", "--language=../../evil", "--lesson=1"],
        ("../../evil", "expected"),
    ),
    Case(
        "translations", "no language", ["update", "--language=", "--lesson=1"], ("''", "expected")
    ),
]
