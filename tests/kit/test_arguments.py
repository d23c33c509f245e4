"""How kit.py reads its arguments: tab completion, errors, and an unsupported Python."""

import ast
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import kit
from tests.kit import stand_in
from tests.waiting import PATIENCE


@pytest.mark.parametrize(
    "arguments",
    [
        ["lesson1", "--backend", "tensorfow"],
        ["lesson1", "--backend=Torch"],
        ["lesson1", "--backend"],
        ["lesson1", "--backend="],
        ["lesson1", "--backend", "numpy", "--backend", "x; echo hi"],
        ["lesson1", "--backend", "../numpy"],
        ["lesson1", "--backend", "torch.unhashed"],
        ["lesson9"],
        ["lesson", "--backend", "numpy"],
        ["--backend", "numpy"],
        ["setup", "numpy", "jax"],
        ["test", "--backend", "jax"],
        ["compare", "--backends", "numpy jax"],
        ["compare", "--backends=numpy,jax"],
    ],
)
def test_a_wrong_name_is_one_line_and_builds_nothing(run, tree, arguments):
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("kit.py: unknown ")
    assert "expected one of " in line
    assert not (tree / ".venv").exists()


def test_the_error_names_the_value_and_the_expected_names(run):
    done = run("lesson1", "--backend", "tensorfow")
    assert done.stderr == "kit.py: unknown backend 'tensorfow': expected one of numpy, torch\n"
    done = run("lesson1", "--backend", "PyTorch")
    assert "unknown backend 'PyTorch': did you mean torch? expected one of" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["clean", "everything"], ["doctor", "--jsn"], ["clean", "--backend=numpy"]]
)
def test_a_command_without_arguments_refuses_them(run, tree, arguments):
    done = run(*arguments)
    assert done.returncode == 2
    assert (
        done.stderr
        == f"kit.py: {arguments[0]} takes no {arguments[1]!r}: run it without arguments\n"
    )


@pytest.mark.parametrize(
    ("arguments", "backend"),
    [
        ([], ""),
        (["--seed", "1"], ""),
        (["--backend", "numpy"], "numpy"),
        (["--backend=numpy", "--seed=1"], "numpy"),
        (["--backend=numpy", "--backend", "torch"], "torch"),
    ],
)
def test_the_last_backend_counts(kit, arguments, backend):
    assert kit.backend_of(arguments, kit.backends()) == backend


@pytest.mark.parametrize(
    ("arguments", "backends"),
    [
        (["compare"], ["dev"]),
        (["compare", "--backends=torch numpy"], ["torch", "numpy"]),
        (["compare", "--backends", "torch", "--seed=1"], ["torch"]),
        (["compare", "--backends=torch,numpy"], ["torch", "numpy"]),
        (["compare", "--backends=torch", "--executor=dask"], ["dev"]),
        (["compare-records", "old", "new"], ["numpy"]),
        (["differences", "--run"], ["numpy"]),
        (["differences", "--backend=torch"], ["torch"]),
        (["check", "3"], ["torch"]),
        (["check", "3", "--backend=numpy"], ["numpy"]),
        (["lab", "--backend=numpy"], ["numpy", "lab"]),
        (["notebooks", "--backend=torch"], ["lab"]),
        (["site", "--backends=numpy torch"], ["dev"]),
        (["test"], ["dev"]),
        (["test", "--backend=numpy"], ["numpy", "test"]),
    ],
)
def test_a_command_builds_what_it_needs(kit, monkeypatch, arguments, backends):
    built = []
    monkeypatch.setattr(kit, "start", lambda arguments: 0)
    monkeypatch.setattr(kit, "ready", built.append)
    kit.main(arguments)
    assert built == backends


@pytest.mark.parametrize("version", ["3.8", "3.10", "3.14"])
def test_an_unsupported_python_is_an_error(kit, monkeypatch, version):
    monkeypatch.setattr(kit, "RUNNING", version)
    with pytest.raises(kit.Trouble, match=rf"Python {version}: expected 3\.11 or 3\.12 or 3\.13"):
        kit.main(["lesson1"])


@pytest.mark.parametrize(
    "name",
    ["kit.py", "spelling.py"] + [f"course/{name}.py" for name in ("doctor", *stand_in.READ)],
)
def test_an_old_python_can_read_it(name, request):
    text = (request.config.rootpath / name).read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 8))
    assert len(text.splitlines()) <= 300


@pytest.mark.parametrize("arguments", [[], ["--help"], ["help"]])
def test_help_needs_no_environment(run, tree, arguments):
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert "python kit.py lesson3 --backend torch" in done.stdout
    assert not (tree / ".venv").exists()


def test_help_for_a_lesson_installs_the_smallest_backend(kit, monkeypatch):
    monkeypatch.setattr(kit, "start", lambda arguments: 0)
    assert kit.main(["lesson1", "--help"]) == 0
    assert kit.incomplete("numpy") == ""
    assert kit.incomplete("torch") == "not installed"


def test_every_command_starts_a_program(kit, monkeypatch):
    started = []
    monkeypatch.setattr(kit, "start", lambda arguments: started.append(arguments) or 0)
    locks = Path(kit.__file__).parent / "locks"  # `port` runs in the environment of keras-torch
    (locks / "keras-torch.txt").write_bytes((locks / "torch.txt").read_bytes())
    for command in kit.COMMANDS:
        kit.main([command, "--backend=numpy"])
    assert [arguments[-1] for arguments in started] == ["--backend=numpy"] * len(kit.COMMANDS)
    assert kit.incomplete("dev") == ""


REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = (REPOSITORY / "docs" / "commands.md").read_text(encoding="utf-8")

installed = pytest.mark.skipif(
    bool(kit.broken()) or all(kit.incomplete(name) for name in kit.backends()),
    reason="an environment would be built first",
)


def bash(script):
    """Run a script in bash, with the Python of the environment as the page's `python`."""
    path = os.pathsep.join([str(kit.PYTHON.parent), os.environ["PATH"]])
    return subprocess.run(
        ["bash", "--norc", "-c", script], cwd=REPOSITORY, env={**os.environ, "PATH": path},
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


@installed
@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
def test_the_line_of_the_page_completes_an_option():
    (line,) = re.findall(r'`(eval "\$\(.*?completion bash\)")`', PAGE)
    press = "COMP_WORDS=(course lesson3 --ba); COMP_CWORD=2; _course_completion course"
    done = bash(f'{line} && {press} && echo "${{COMPREPLY[@]}}" && course --help')
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("--backend\n")
    assert "python kit.py lesson3 --backend torch" in done.stdout


@installed
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_kit_and_course_print_the_same_completion(shell):
    outputs = [
        subprocess.run(
            [str(kit.PYTHON), *command, "completion", shell], cwd=REPOSITORY, text=True,
            capture_output=True, timeout=PATIENCE, check=True,
        ).stdout
        for command in (["kit.py"], ["-m", "course"])
    ]  # fmt: skip
    assert outputs[0] == outputs[1]
    # `env` can only start a program, and `course` is a function.
    assert len(re.findall(r"-P -m course\)", outputs[0])) == 1
    assert "commands[course]" not in outputs[0]
