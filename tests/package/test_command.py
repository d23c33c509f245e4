"""The command `triptych`: its output, its exit status, and one line for every error."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import triptych
from triptych import __main__ as command
from triptych.backends import BACKENDS
from triptych.differences import command as differences

ROOT = Path(__file__).parents[2]


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
        ([], "a command is missing: expected differences (see triptych --help)"),
        (["diferences"], "unknown command 'diferences': did you mean differences?"),
        (["--verison"], "unrecognized arguments: --verison (see triptych --help)"),
        (
            ["differences", "adam_epsylon"],
            "unknown entry 'adam_epsylon': did you mean adam_epsilon?",
        ),
        (["differences", "adam_epsilon", "zzz"], "unknown entry 'zzz': leave it out"),
        (["differences", "optimisers"], "unknown entry 'optimisers': did you mean optimizers?"),
        (["differences", "--topic=loses"], "unknown topic 'loses': did you mean losses?"),
        (["differences", "--topic"], "argument --topic: expected one argument"),
        (["differences", "--backend=pytorch"], "unknown backend 'pytorch': did you mean torch?"),
        (["differences", "--backend=keras[jax]"], "did you mean keras-jax?"),
        (["differences", "--find=no such words"], "no entry matches all conditions"),
        (["differences", "--ru"], "unrecognized arguments: --ru (see triptych differences --help)"),
        (["differences", "a\nb"], "unknown entry 'a\\nb'"),
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
            "`triptych differences batchnorm_epsilon` shows an entry in full",
        ),
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
