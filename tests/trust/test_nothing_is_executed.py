"""No module executes the files it reads: checked in the source, and with files that try it."""

from __future__ import annotations

import ast
import io
import pickle
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

import datasets
from course.record import read_record
from course.settings import ROOT

BUILTINS = {"eval", "exec", "compile", "__import__"}
CALLS = {
    "runpy.run_path", "runpy.run_module", "os.system", "os.popen", "subprocess.getoutput",
    "subprocess.getstatusoutput", "asyncio.create_subprocess_shell", "tempfile.mktemp",
    "torch.load", "torch.save", "torch.jit.load", "keras.models.load_model",
    "keras.saving.load_model", "yaml.load", "yaml.unsafe_load", "yaml.full_load",
    "numpy.lib.format.read_array", "numpy.fromfile", "shutil.unpack_archive",
    "importlib.util.spec_from_file_location",
}  # fmt: skip
MODULES = {
    "pickle", "_pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "h5py",
}  # fmt: skip
SAFE_WITH = {"numpy.load": "allow_pickle", "numpy.lib.format.read_array": "allow_pickle"}
# By file and name: what is executed, and why it is not untrusted data.
ALLOWED = {
    ("classroom/worker.py", "exec"): "a student's file, in a sandbox when it is graded",
    ("classroom/worker.py", "compile"): "the same file",
    ("course/runner.py", "exec"): "a lesson of this checkout",
    ("course/runner.py", "compile"): "the same lesson, with another language's strings",
    ("course/figure_writer.py", "pickle"): "figures, by a pipe from the lesson that started it",
    ("compare/native/run.py", "runpy.run_path"): "a native program of this checkout",
    ("benchmarks/cold_start.py", "runpy.run_path"): "the same",
    ("benchmarks/native_program.py", "compile"): "the same, cut at its loop over the epochs",
    ("benchmarks/native_program.py", "eval"): "what that loop goes through",
    ("benchmarks/native_program.py", "exec"): "the rest of it, turn by turn",
    ("compare/check_adapter/loading.py", "importlib.util.spec_from_file_location"): "the adapter"
    " that the user has written and names",
    ("triptych/port/loading.py", "importlib.util.spec_from_file_location"): "the user's models",
    ("triptych/differences/observe.py", "importlib.util.spec_from_file_location"): "an entry of the"
    " catalogue",
}  # fmt: skip


def sources() -> Iterator[Path]:
    """Every Python file of the checkout that is no test."""
    rooms = [p for p in ROOT.iterdir() if p.is_dir() and p.name.split("-")[0] not in NO_ROOMS]
    yield from sorted(ROOT.glob("*.py"))
    for room in sorted(rooms):
        yield from sorted(room.rglob("*.py"))


NO_ROOMS = {
    "tests", ".venv", ".drift", ".git", "results", "build", "notebooks", ".mypy_cache",
    ".ruff_cache", ".pytest_cache", ".hypothesis",
}  # fmt: skip


def found(text: str) -> set[str]:
    """What a program calls or imports that can run, or be made to run, what it is given."""
    tree, names = ast.parse(text), {}
    bad: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                whole, top = alias.name, alias.name.split(".")[0]
                names[alias.asname or top] = whole if alias.asname else top
                bad |= MODULES & {top}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
            bad |= MODULES & {node.module.split(".")[0]}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            bad |= _of_call(node, names)
    return bad


def _of_call(node: ast.Call, names: dict[str, str]) -> set[str]:
    name = _dotted(node.func, names)
    given = {word.arg: word.value for word in node.keywords}
    if name.startswith("subprocess.") and not _is_false(given.get("shell", ast.Constant(False))):
        return {"shell=True"}
    if name in SAFE_WITH:
        return set() if _is_false(given.get(SAFE_WITH[name])) else {name}
    return {name} & (CALLS | BUILTINS)


def _dotted(node: ast.expr, names: dict[str, str]) -> str:
    """`numpy.load` for np.load, by what the file imports; empty for what has no such name."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value, names)
        return f"{before}.{node.attr}" if before else ""
    return ""


def _is_false(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def test_no_module_can_execute_what_it_reads() -> None:
    seen = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in sources()
        for name in found(path.read_text(encoding="utf-8"))
    }
    assert seen - ALLOWED.keys() == set()
    assert ALLOWED.keys() - seen == set(), "no longer there: take it off the list"


def test_all_folders_are_searched() -> None:
    looked_at = {path.relative_to(ROOT).parts[0] for path in sources()}
    rooms = {
        "adapters",
        "classroom",
        "compare",
        "course",
        "datasets",
        "docs",
        "injections",
        "lessons",
        "tools",
    }
    assert {*rooms, "kit.py", ".ci"} <= looked_at


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import pickle", "pickle"),
        ("from pickle import loads as harmless", "pickle"),
        ("import joblib.numpy_pickle as j", "joblib"),
        ("import numpy as np\nnp.load(f)", "numpy.load"),
        ("import numpy as np\nnp.load(f, allow_pickle=True)", "numpy.load"),
        ("import numpy as np\nnp.load(f, allow_pickle=not safe)", "numpy.load"),
        ("from numpy import load as read\nread(f)", "numpy.load"),
        ("import torch as t\nt.save(a, f)", "torch.save"),
        ("from torch import load\nload(f)", "torch.load"),
        ("eval('1')", "eval"),
        ("exec(text)", "exec"),
        ("compile(text, 'a', 'exec')", "compile"),
        ("import subprocess\nsubprocess.run('ls', shell=True)", "shell=True"),
        ("from subprocess import Popen\nPopen('ls', shell=yes)", "shell=True"),
        ("import os\nos.system('ls')", "os.system"),
        ("import yaml\nyaml.load(f)", "yaml.load"),
        ("import tempfile\ntempfile.mktemp()", "tempfile.mktemp"),
        ("import runpy\nrunpy.run_path(f)", "runpy.run_path"),
    ],
)
def test_each_way_is_found(text: str, name: str) -> None:
    assert found(text) == {name}


def test_similar_code_is_not_reported() -> None:
    harmless = "import re, numpy as np, subprocess, yaml\nre.compile('a'); model.eval(); "
    harmless += "model.compile('sgd'); np.load(f, allow_pickle=False); yaml.safe_load(f); "
    assert found(harmless + "subprocess.run(['ls'])") == set()


# ---- files that were made to run something when they are read ----


class Trap:
    """Whoever unpickles this makes the file that it names."""

    def __init__(self, sprung: Path) -> None:
        self.sprung = sprung

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self.sprung,)


def objects(trap: Trap) -> bytes:
    """An .npy that holds an object."""
    content = io.BytesIO()
    np.lib.format.write_array(content, np.array([trap], dtype=object), allow_pickle=True)
    return content.getvalue()


def packed(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


TRAPS: dict[str, Callable[[Trap], bytes]] = {
    "an npz with an object": lambda trap: packed(
        **{f"{name}.npy": objects(trap) for name in ("x_train", "y_train", "x_test", "y_test")}
    ),
    "an npy with an object": objects,
    "a bare pickle": pickle.dumps,
    # As torch.save writes it.
    "a checkpoint of PyTorch": lambda trap: packed(
        **{"archive/data.pkl": pickle.dumps(trap), "archive/version": b"3\n"}
    ),
}


def read_as_data(file: Path) -> object:
    return datasets.load(str(file))


def read_as_record(file: Path) -> object:
    (file.parent / "record.npz").write_bytes(file.read_bytes())
    (file.parent / "card.json").write_text("{}")
    return read_record(file.parent)


def read_as_looks(file: Path) -> object:
    np.savez(file.parent / "record.npz", a=np.zeros(1))
    (file.parent / "looks.npz").write_bytes(file.read_bytes())
    (file.parent / "card.json").write_text("{}")
    return read_record(file.parent, probes=True)


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize("read", [read_as_data, read_as_record, read_as_looks])
def test_a_trap_is_refused_and_not_executed(
    trap: str, read: Callable[[Path], object], tmp_path: Path
) -> None:
    sprung, file = tmp_path / "sprung", tmp_path / "mine.npz"
    file.write_bytes(TRAPS[trap](Trap(sprung)))
    with pytest.raises((datasets.DataError, ValueError, TypeError, AttributeError)):
        read(file)
    assert not sprung.exists()


@pytest.mark.parametrize("trap", TRAPS)
def test_the_traps_work(trap: str, tmp_path: Path) -> None:
    """Whoever does allow pickles springs them."""
    sprung = tmp_path / "sprung"
    content = TRAPS[trap](Trap(sprung))
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = archive.read(archive.namelist()[0])
    if content.startswith(b"\x93NUMPY"):
        np.load(io.BytesIO(content), allow_pickle=True)
    else:
        pickle.loads(content)
    assert sprung.exists()
