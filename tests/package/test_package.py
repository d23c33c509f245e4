"""The installed package: what it brings, and its command."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import triptych
from tests.waiting import PATIENCE
from triptych import __main__ as command
from triptych.backends import BACKENDS, OPTIONAL
from triptych.differences import command as differences
from triptych.differences.entry import FRAMEWORKS

ROOT = Path(__file__).parents[2]
PROGRAMS = "Scripts" if os.name == "nt" else "bin"
LIST = """
from importlib.metadata import files
print(*sorted({file.parts[0] for file in files("triptych")}), sep="\\n")
"""


def test_only_the_package_is_packed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["triptych"]
    assert all(place.startswith("triptych/data/") for place in wheel["force-include"].values())
    assert project["tool"]["hatch"]["version"]["path"] == "triptych/__init__.py"


@pytest.mark.slow
def test_installed_outside_the_checkout(tmp_path: Path) -> None:
    """It needs a package index: a build fetches its tools from there."""
    home, here = tmp_path / "environment", tmp_path / "here"
    here.mkdir()

    def run(*command: str | Path) -> str:
        environ = {key: text for key, text in os.environ.items() if key != "PYTHONPATH"}
        done = subprocess.run(
            list(map(str, command)), cwd=here, env=environ, text=True, capture_output=True,
            check=False, timeout=PATIENCE,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(sys.executable, "-m", "venv", home)
    python = home / PROGRAMS / "python"
    before = sorted(path.name for path in ROOT.iterdir())
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ROOT)
    assert sorted(path.name for path in ROOT.iterdir()) == before  # nothing is left in the checkout
    tops = set(run(python, "-c", LIST).split())
    assert tops == {"triptych", f"triptych-{triptych.__version__}.dist-info", ".."}  # .. is bin/
    run(python, "-c", "import triptych")
    # A native program, copied to an empty folder, finds its data in the package.
    copy = here / "cell.py"
    copy.write_bytes((ROOT / "lessons" / "native" / "lesson3_numpy.py").read_bytes())
    assert run(python, copy).startswith("accuracy 0.8")
    command = home / PROGRAMS / "triptych"
    assert run(command, "--version") == f"triptych {triptych.__version__}\n"
    assert "Adam's epsilon" in run(command, "differences", "adam_epsilon")
    assert "numpy: done" in run(command, "differences", "adam_epsilon", "--run")


PACKAGE = Path(__file__).parents[2] / "triptych"
OURS = {"triptych", "numpy", "rich"}
OF_PORT = {*OURS, "jinja2", "keras", "pytest", "scipy", "torch"}  # its extra; and its plugin's host


def imports(source: str) -> Iterator[tuple[str, bool]]:
    """The top-level packages that a file imports, and whether at import time."""
    tree = ast.parse(source)
    at_once = set(map(id, tree.body))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            name = "." if node.level else str(node.module).split(".")[0]
            yield name, id(node) in at_once
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.split(".")[0], id(node) in at_once


IN_ENTRIES = (*FRAMEWORKS, *OPTIONAL)


def strangers(file: Path, source: str) -> set[str]:
    """What a file of the package may not import."""
    allowed = OF_PORT if PACKAGE / "port" in file.parents else OURS
    is_entry = file.parent.parent == PACKAGE / "differences"
    return {
        name
        for name, at_once in imports(source)
        if name not in sys.stdlib_module_names
        and (name not in IN_ENTRIES or at_once if is_entry else name not in allowed)
    }


FILES = sorted(PACKAGE.rglob("*.py"))


def test_every_file_imports_what_it_may() -> None:
    findings = {file: strangers(file, file.read_text(encoding="utf-8")) for file in FILES}
    assert len(findings) > 150
    assert {str(file): names for file, names in findings.items() if names} == {}


def test_import_triptych_imports_nothing() -> None:
    assert list(imports((PACKAGE / "__init__.py").read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("file", "source", "names"),
    [
        ("errors.py", "from adapters.contract import require", {"adapters"}),
        ("errors.py", "def late():\n    import course.settings", {"course"}),
        ("differences/command.py", "import torch", {"torch"}),
        ("differences/losses/entry.py", "import torch", {"torch"}),
        ("differences/losses/entry.py", "def torch():\n    import torch", set()),
        ("differences/losses/entry.py", "def jax():\n    import optax.losses", set()),
        ("differences/losses/entry.py", "import optax", {"optax"}),
        ("differences/losses/entry.py", "def torch():\n    import datasets", {"datasets"}),
        ("differences/losses/entry.py", "from . import other", {"."}),
    ],
)
def test_the_check_can_fail(file: str, source: str, names: set[str]) -> None:
    assert strangers(PACKAGE / file, source) == names


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """call("differences", …) → exit status, standard output, standard error."""

    def called(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["triptych", *arguments])
        try:
            status = command.main()
        except SystemExit as ended:  # argparse's --help and --version
            status = int(ended.code or 0)
        output, errors = capsys.readouterr()
        return status, output, errors

    return called


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "a command is missing: expected differences, ledger or port (see"),
        (["diferences"], "unknown command 'diferences': did you mean differences?"),
        (["--verison"], "unrecognized arguments: --verison (see triptych --help)"),
        (["differences", "adam_epsilon", "zzz"], "no entry has anything like 'zzz': leave it out"),
        (["differences", "--topic=loses"], "unknown topic 'loses': did you mean losses?"),
        (["differences", "--topic"], "argument --topic: expected one argument"),
        (["differences", "--backend=pytorch"], "unknown backend 'pytorch': did you mean torch?"),
        (["differences", "--backend=keras[jax]"], "did you mean keras-jax?"),
        (["differences", "--ru"], "unrecognized arguments: --ru (see triptych differences --help)"),
    ],
)
def test_a_mistake_is_one_line(call: Any, arguments: list[str], message: str) -> None:
    status, output, errors = call(*arguments)
    (line,) = errors.splitlines()
    assert (status, output) == (2, "")
    assert line.startswith("error: ")
    assert message in line


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--version"], f"triptych {triptych.__version__}\n"),
        (["--help"], "differences   framework defaults, where"),
        (["differences", "--help"], "triptych differences adam_epsilon --run"),
        (["differences"], " nesterov_form "),
        (
            ["differences", "epsilon"],
            "`triptych differences adam_epsilon_default` shows an entry in full",
        ),
        (["differences", "adam_epsylon"], " adam_epsilon "),  # the nearest, in place of nothing
        (["differences", "optimisers"], " rmsprop_decay "),
        (["differences", "losses"], " label_smoothing "),
        (
            ["differences", "adam_epsilon", "nesterov_form"],
            "(optimizers/nesterov_form, agreement)",
        ),
        (["differences", "optimizers/adam_epsilon"], "Adam's epsilon: after the correction"),
    ],
)
def test_what_it_prints(call: Any, arguments: list[str], text: str) -> None:
    status, output, errors = call(*arguments)
    assert (status, errors) == (0, "")
    assert text in output or text in " ".join(output.split())


def test_nothing_to_run_is_one_line(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(differences, "installed", lambda backends: [])
    status, _, errors = call("differences", "adam_epsilon", "--run", "--backend=torch")
    assert (status, errors) == (2, "error: not installed: torch\n")


def test_ctrl_c_ends_quietly(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(differences, "observe_all", interrupted)
    status, _, errors = call("differences", "gelu_form", "--run", "--backend=numpy")
    assert (status, errors) == (130, "interrupted\n")


def test_the_package_alone_in_an_empty_folder(tmp_path: Path) -> None:
    """Only the package is on the path, beside files with misleading names."""
    shutil.copytree(ROOT / "triptych", tmp_path / "site" / "triptych")
    here = tmp_path / "here"
    here.mkdir()
    for name in ("numpy.py", "triptych.py", "adapters.py"):
        (here / name).write_text("raise SystemExit('not this one')\n")
    environ = {key: text for key, text in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "triptych", "differences", "gelu_form", "adam_epsilon",
         "--run", "--backend=numpy"],
        cwd=here, env=environ | {"PYTHONPATH": str(tmp_path / "site")}, text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:2] == ["2 entries on numpy", "  numpy: running"]
    assert lines[-1] == "2 entries: every backend that ran gives the values of its entry"


@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_are_named_in_the_help(call: Any, backend: str) -> None:
    assert backend in call("differences", "--help")[1]
