"""The cache of the site: by content, whole, and never believed blindly."""

from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from nbformat import NotebookNode

from adapters import BACKENDS
from course import digests
from course.settings import ROOT
from tools.site import comparisons, dependencies, outputs, result_cache

RUNS_LESSON_1 = """
import json, sys
from classroom import notebooks
cells = [c.source for c in notebooks.notebook(1, "numpy").cells if c.cell_type == "code"]
exec("\\n".join(cells), {"__name__": "__main__"})
files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
print(json.dumps([file for file in files if file]))
"""


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """An empty cache, and no digests of other tests."""
    monkeypatch.setenv("TRIPTYCH_CACHE", str(tmp_path / "cache"))
    forget()
    yield tmp_path / "cache" / "site"
    forget()


def forget() -> None:
    """Forget the digests of this process, as a new one would."""
    outputs.surroundings.cache_clear()
    comparisons.comparison_surroundings.cache_clear()


@pytest.fixture
def checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A copy of the sources, which a test may change."""
    top = tmp_path / "checkout"
    for folder in (
        "adapters",
        "classroom",
        "compare",
        "course",
        "datasets",
        "injections",
        "lessons",
    ):
        shutil.copytree(ROOT / folder, top / folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(digests, "ROOT", top)
    return top


def change(file: Path) -> None:
    """Change a file as an author would; its time moves on, however fast this machine is."""
    before = file.stat().st_mtime_ns
    file.write_text(file.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    os.utime(file, ns=(before + 10**9, before + 10**9))
    forget()


def test_every_module_that_a_lesson_imports_is_among_its_dependencies(tmp_path: Path) -> None:
    """Otherwise a change of one would leave an old page."""
    done = subprocess.run(
        [sys.executable, "-c", RUNS_LESSON_1], cwd=tmp_path, stdout=subprocess.PIPE, text=True,
        check=True, env=os.environ | {"PYTHONPATH": str(ROOT), "BACKEND": "numpy"},
    )  # fmt: skip
    files = {Path(file) for file in json.loads(done.stdout.splitlines()[-1])}
    rooms = [ROOT / name for name in ("adapters", "classroom", "course", "datasets", "injections")]
    loaded = {file for file in files if any(room in file.parents for room in rooms)}
    modules = [*outputs.RUNS, "lessons.lesson1_perceptron", BACKENDS["numpy"].module]
    assert len(loaded) > 40
    assert loaded - dependencies.imported(modules) == set()


def test_a_change_concerns_those_that_import_it(checkout: Path) -> None:
    def state() -> dict[str, str]:
        found = {
            f"{n} {b}": outputs.surroundings(n, b, "en") for n in (1, 2) for b in ("numpy", "torch")
        }
        return found | {f"compared {n}": comparisons.comparison_surroundings(n) for n in (1, 2)}

    def changed(name: str) -> set[str]:
        before = state()
        change(checkout / name)
        after = state()
        return {key for key in after if after[key] != before[key]}

    assert changed("lessons/lesson2_gradient_descent.py") == {"2 numpy", "2 torch", "compared 2"}
    assert changed("adapters/torch_adapter.py") == {
        "1 torch",
        "2 torch",
        "compared 1",
        "compared 2",
    }
    assert changed("compare/page/page.css") == {"compared 1", "compared 2"}
    assert changed("course/training.py") == set(state())
    assert changed("classroom/grade.py") == set()
    assert changed("lessons/exercises/lesson1.py") == set()
    assert changed("lessons/native/lesson1_torch.py") == {"compared 1"}
    before = state()
    data = checkout / "datasets" / "houses.npz"
    data.write_bytes(data.read_bytes() + b"x")
    forget()
    assert not set(before.values()) & set(state().values()), "all depend on the data"


def test_a_translation_depends_on_its_catalogue_only(checkout: Path) -> None:
    before = [outputs.surroundings(1, "numpy", language) for language in ("en", "nl")]
    change(checkout / "lessons/locale/nl/lesson1.po")
    after = [outputs.surroundings(1, "numpy", language) for language in ("en", "nl")]
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, False]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[NotebookNode]:
    """The notebooks that were executed instead of taken from the cache."""
    done: list[NotebookNode] = []

    def run(node: NotebookNode, timeout: int) -> NotebookNode:
        done.append(copy.deepcopy(node))
        return node

    monkeypatch.setattr(outputs.notebooks, "execute", run)
    return done


def test_outputs_are_cached_until_something_changes(
    runs: list[NotebookNode], monkeypatch: pytest.MonkeyPatch
) -> None:
    for job in (outputs.Job(1, "torch"), outputs.Job(1, "torch"), outputs.Job(1, "torch", 2)):
        outputs.one(job)
    assert len(runs) == 2, "other epochs are another run"
    monkeypatch.setattr(dependencies, "packages", lambda: ["numpy==9.9"])
    forget()
    outputs.one(outputs.Job(1, "torch"))
    outputs.one(outputs.Job(1, "torch"))
    assert len(runs) == 3, "another version of a package is another run"


def test_a_record_for_the_comparison_changes_nothing_in_the_cached_notebook(
    runs: list[NotebookNode], tmp_path: Path
) -> None:
    plain, _ = outputs.one(outputs.Job(1, "numpy", 1))
    result_cache.clear()
    out = tmp_path / "records" / "numpy"
    job = outputs.Job(1, "numpy", 1)
    recorded, _ = outputs.run(job, outputs.entry(job), out)
    asked = [cell.source for cell in runs[-1].cells]
    assert any(f"out={str(out)!r}, probes=True" in source for source in asked)
    assert recorded.cells == plain.cells
    assert outputs.cached(outputs.entry(job)) == recorded


def test_a_lesson_runs_again_where_a_record_is_missing(tmp_path: Path) -> None:
    """A cached notebook leaves none, and a page with the measured noise needs more runs."""
    for backend in ("numpy", "torch"):
        (tmp_path / backend / "lesson1" / "record").mkdir(parents=True)
        (tmp_path / backend / "lesson1" / "record" / "card.json").touch()
    quick = comparisons.Compared(("torch", "numpy"), (1,), 1, None)
    found = quick.records_in(tmp_path)
    assert found["torch"] == tmp_path / "torch" / "lesson1" / "record"
    assert quick.suffices(found)
    assert not quick.suffices({"torch": tmp_path})
    assert not replace(quick, epochs=None).suffices(found)
    assert not replace(quick, backends=("torch", "jax")).suffices(found)
    assert quick.records_in(None) == {}


def test_a_lesson_is_compared_once_all_its_notebooks_have_left_records(
    tmp_path: Path, cache: Path
) -> None:
    """While other notebooks run; once, though more notebooks of the lesson end later."""

    def leave_record(backend: str) -> None:
        (tmp_path / backend / "lesson1" / "record").mkdir(parents=True)
        (tmp_path / backend / "lesson1" / "record" / "card.json").touch()

    quick = comparisons.Compared(("torch", "numpy"), (1,), 1, None)
    assert quick.from_notebooks(1, None, print) == []
    leave_record("numpy")
    assert quick.from_notebooks(1, tmp_path, print) == []
    leave_record("torch")
    (call,) = quick.from_notebooks(1, tmp_path, print)
    assert call.function is comparisons.from_records
    assert quick.from_notebooks(1, tmp_path, print) == []
    lines: list[str] = []
    assert not quick.on_end(1, lines.append, (b"page", 2.0))
    assert (quick.missing, lines) == ([], ["lesson 1, the backends compared: 2.0 s"])
    (tmp_path / "extra").mkdir()
    quick.write(tmp_path, tmp_path / "extra", lines.append)
    assert lines[1:] == ["0 of 1 comparisons from the cache"]
    again = comparisons.Compared(("torch", "numpy"), (1,), 1, None)
    assert again.from_notebooks(1, tmp_path, print) == []


def test_a_damaged_entry_is_not_used(runs: list[NotebookNode], cache: Path) -> None:
    outputs.one(outputs.Job(1, "torch"))
    (file,) = cache.iterdir()
    whole = file.read_bytes()
    for damaged in (whole[:-5], b"", whole.replace(b"cells", b"cellz"), b"{}"):
        file.write_bytes(damaged)
        node, seconds = outputs.one(outputs.Job(1, "torch"))
        assert seconds > 0
        assert node.cells
        assert file.read_bytes() == whole, "it is mended"
    assert len(runs) == 5
    file.unlink()
    file.mkdir()
    assert result_cache.load(file) is None


def test_two_builds_at_once_leave_one_whole_entry(cache: Path) -> None:
    file = result_cache.entry("1-torch-en", ["x"])
    content = b"x" * 200_000

    def build(_: int) -> bytes | None:
        result_cache.store(file, content)
        return result_cache.load(file)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(build, range(40))) == {content}
    assert [entry.name for entry in cache.iterdir()] == [file.name]


def test_only_the_newest_entries_stay(cache: Path) -> None:
    for i in range(5):
        file = result_cache.entry("1-torch-en", i)
        result_cache.store(file, b"{}")
        os.utime(file, (i, i))
    result_cache.store(result_cache.entry("1-torch-nl", 0), b"{}")
    left = [entry.name.rpartition("-")[0] for entry in cache.iterdir()]
    assert sorted(left) == ["1-torch-en"] * result_cache.MOST + ["1-torch-nl"]
    assert file.is_file(), "the newest one was removed"


def test_clearing_removes_everything_and_may_find_nothing(
    runs: list[NotebookNode], cache: Path
) -> None:
    outputs.one(outputs.Job(1, "torch"))
    (cache / "of-an-earlier-release.ipynb").write_text("{}")
    result_cache.clear()
    assert not cache.exists()
    result_cache.clear()
    outputs.one(outputs.Job(1, "torch"))
    assert len(runs) == 2
