"""A missing package, or one of another version: reported in one line, and nothing is lost.

Nothing is uninstalled. A hook hides a package from a run's processes, at import and in the
metadata; another version is metadata that is found before the real one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from course.settings import ROOT
from tests.trust.faults.bench import ONE_LINE, RIGHT, WRONG, Bench, Done, Outcome

GONE = ("numpy", "click", "rich", "matplotlib", "safetensors", "scipy", "threadpoolctl", "torch")
CHANGED = ("a checkpoint of another version", "the card names the version", "doctor names it")
ROWS = (*(f"dependency gone: {name}" for name in GONE), *(f"version changed: {w}" for w in CHANGED))
OTHER = "0.0.1"

HIDE = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == {name!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Hidden())
"""
ANOTHER = "import sys\nsys.path.insert(0, {folder!r})\n"
DOCTOR = """
import sys
from pathlib import Path
import kit
from course import doctor
kit.VENV = Path(sys.argv[1])
kit.STATE, kit.PACKAGES, kit.MARKER = kit.VENV / "kit", kit.VENV / "packages", kit.VENV / "no"
kit.PYTHON = Path(sys.executable)
sys.exit(doctor.main([]))
"""


def tried(bench: Bench) -> Iterator[Outcome]:
    """Each package, with the backend that needs it; and each place where a version is asked for."""
    for name in GONE if bench.full else ("matplotlib", "torch"):
        yield _gone(bench, name)
    yield from _changed(bench)
    yield _doctor(bench)


def _gone(bench: Bench, name: str) -> Outcome:
    """One line that names it, with nothing made and nothing lost; or the record, without it."""
    out = bench.out()
    words = bench.words(out, "--checkpoint=1")
    if name == "torch":
        words = [word.replace("=numpy", "=torch") for word in words]
    done = bench.run(words, HIDE.format(name=name))
    row = f"dependency gone: {name}"
    if done.status == 0:
        return bench.judge(row, done, out)
    wrong = bench.find_damage(out)
    if not wrong and not (done.one_line and name in done.err):
        wrong = f"status {done.status}: {done.err[-300:]!r}"
    if not wrong and sorted(p for p in out.rglob("*")) != [
        out / p.relative_to(bench.earlier) for p in sorted(bench.earlier.rglob("*"))
    ]:
        wrong = "something is left"
    return Outcome(row, WRONG if wrong else ONE_LINE, wrong)


def _changed(bench: Bench) -> Iterator[Outcome]:
    """Checkpoints of NumPy as it is, gone on with under another version; and the card of a run."""
    from tests.trust.faults.together import DIES

    folder, out = bench.fresh(), bench.out()
    (folder / f"numpy-{OTHER}.dist-info").mkdir()
    text = f"Metadata-Version: 2.1\nName: numpy\nVersion: {OTHER}\n"
    (folder / f"numpy-{OTHER}.dist-info" / "METADATA").write_text(text, encoding="utf-8")
    hook = ANOTHER.format(folder=str(folder))
    killed = bench.run(bench.words(out, "--checkpoint=90steps"), DIES)
    before = set(out.glob("lesson*/checkpoints/*/*/step-*"))
    done = bench.run(bench.words(out, "--resume=auto"), hook)
    reason = f"was made with versions numpy {version('numpy')}, and this run has {OTHER}"
    wrong = bench.find_damage(out)
    if killed.status >= 0 or not done.one_line or reason not in done.err:
        wrong = wrong or f"status {done.status}: {done.err[-300:]!r}"
    if not wrong and before - set(out.rglob("*")):
        wrong = f"gone: {before - set(out.rglob('*'))}"
    yield Outcome(f"version changed: {CHANGED[0]}", WRONG if wrong else ONE_LINE, wrong)
    done = bench.run(bench.words(out), hook)
    cards = [json.loads(p.read_bytes()) for p in out.glob("lesson*/*seed1*/card.json")]
    named = [card["versions"]["numpy"] for card in cards] == [OTHER]
    failure = "" if named and done.status == 0 else done.err[-300:] or "unnamed"
    wrong = bench.find_damage(out) or failure
    yield Outcome(f"version changed: {CHANGED[1]}", WRONG if wrong else RIGHT, wrong)


def _doctor(bench: Bench) -> Outcome:
    """An environment in which a package has another version than the set-up has left."""
    import kit

    venv = bench.fresh()
    locked = next(line.split("==")[1].split()[0] for line in
                  Path(ROOT / "locks" / "numpy.txt").read_text(encoding="utf-8").splitlines()
                  if line.startswith("numpy=="))  # fmt: skip
    for folder in ("kit", f"packages/numpy-{OTHER}.dist-info"):
        (venv / folder).mkdir(parents=True)
    (venv / "pyvenv.cfg").write_text(f"version = {kit.RUNNING}.1\n", encoding="utf-8")
    stamp = [kit.digest("numpy"), kit.RUNNING, f"numpy-{locked}.dist-info"]
    (venv / "kit" / "numpy.stamp").write_text("\n".join(stamp), encoding="utf-8")
    done: Done = bench.run([sys.executable, "-c", DOCTOR, str(venv)])
    expected = f"{OTHER}, {locked} is locked: numpy-{locked} was removed"
    fine = expected in done.out and "→ the next run repairs it" in done.out and not done.err
    why = "" if fine else f"{done.out[-500:]} {done.err[-300:]}"
    return Outcome(f"version changed: {CHANGED[2]}", ONE_LINE if fine else WRONG, why)
