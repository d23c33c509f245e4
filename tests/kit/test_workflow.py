"""The workflows are valid and skip no test, and CI finds the newest supported Python."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

import kit
from course.command_table import targets
from course.variables import ALWAYS
from tests.browser import REQUIRED as BROWSER
from tests.classroom.sandboxed import REQUIRED as SANDBOX

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = {
    file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in FOLDER.glob("*.yml")
}
JOBS = [(name, job) for name, each in WORKFLOWS.items() for job in each["jobs"]]
# Hosted runners end a job after six hours, whatever its own limit.
LONGEST = 360


def steps(workflow: str, job: str) -> list[dict[str, Any]]:
    return WORKFLOWS[workflow]["jobs"][job]["steps"]


def runs(workflow: str, job: str) -> list[str]:
    return [step["run"] for step in steps(workflow, job) if "run" in step]


def calls(text: str) -> list[tuple[str, list[str]]]:
    """The targets of make in a shell script, with the names of their variables."""
    matches = re.findall(r"\bmake ([a-z][a-z0-9-]*)((?: +[A-Z_]+=\S+)*)", text)
    return [(target, re.findall(r"([A-Z_]+)=", rest)) for target, rest in matches]


def unknown(text: str) -> list[str]:
    """The targets and variables in a shell script that make does not know."""
    wrong = []
    for target, variables in calls(text):
        command = targets().get(target)
        if command is None:
            wrong.append(target)
        else:
            known = {*command.takes.split(), *ALWAYS}
            wrong += [f"{target} {name}" for name in variables if name not in known]
    return wrong


def environment(workflow: str, job: str) -> dict[str, str]:
    whole = WORKFLOWS[workflow]
    return {**whole.get("env", {}), **whole["jobs"][job].get("env", {})}


def test_there_is_one_for_a_push_one_for_the_night_and_one_for_the_notebooks() -> None:
    assert set(WORKFLOWS) == {"test", "nightly", "publish-notebooks"}
    # YAML 1.1 reads the key `on` as the truth value that it also is.
    assert {"push", "pull_request"} <= set(WORKFLOWS["test"][True])
    assert runs("test", "test")[-2:] == ["make test", "make lint"]
    (cron,) = WORKFLOWS["nightly"][True]["schedule"]
    assert re.fullmatch(r"\d+ \d+ \* \* \*", cron["cron"])


@pytest.mark.parametrize(("workflow", "job"), JOBS)
def test_a_job_has_what_it_needs(workflow: str, job: str) -> None:
    settings = WORKFLOWS[workflow]["jobs"][job]
    assert WORKFLOWS[workflow]["permissions"]
    assert settings["runs-on"]
    assert settings["timeout-minutes"] <= LONGEST
    assert all(("uses" in step) != ("run" in step) for step in settings["steps"])
    assert set(settings.get("needs", "").split()) <= set(WORKFLOWS[workflow]["jobs"])
    if job != "seed":  # it needs no checkout
        assert settings["steps"][0]["uses"].startswith("actions/checkout@")


@pytest.mark.parametrize(("workflow", "job"), JOBS)
def test_make_knows_every_target_and_variable(workflow: str, job: str) -> None:
    assert [unknown(run) for run in runs(workflow, job)] == [[] for _ in runs(workflow, job)]
    for run in runs(workflow, job):
        for path in re.findall(r"\.ci/\w+", run):
            assert (ROOT / path).is_file()


def test_an_unknown_target_or_variable_is_found() -> None:
    assert unknown("make tset") == ["tset"]
    assert unknown('make compare SEED="$SEED" EPOCH=1 && make test LESSON=3') == [
        "compare EPOCH", "test LESSON",
    ]  # fmt: skip


def test_every_push_is_tested_on_every_supported_python() -> None:
    job = WORKFLOWS["test"]["jobs"]["test"]
    assert tuple(job["strategy"]["matrix"]["python"]) == kit.PYTHONS
    for workflow, name in JOBS:
        for step in steps(workflow, name):
            version = step.get("with", {}).get("python-version")
            assert version in (None, "${{ matrix.python }}", *kit.PYTHONS)


@pytest.mark.parametrize(("workflow", "job"), [("test", "test"), ("nightly", "test-all")])
def test_browser_and_sandbox_are_installed_and_required(workflow: str, job: str) -> None:
    ran = runs(workflow, job)
    assert ran.index(".ci/tools") < len(ran) - 1
    variables = environment(workflow, job)
    assert (variables[BROWSER], variables[SANDBOX]) == ("required", "required")


def test_a_night_draws_a_seed_that_can_be_repeated() -> None:
    assert "seed" in WORKFLOWS["nightly"][True]["workflow_dispatch"]["inputs"]
    (draw,) = steps("nightly", "seed")
    assert draw["env"] == {"ASKED": "${{ inputs.seed }}"}
    assert draw["run"].startswith("seed=${ASKED:-$(shuf ")
    for job, target in (("test-all", "test-all"), ("compare", "compare")):
        assert WORKFLOWS["nightly"]["jobs"][job]["needs"] == "seed"
        assert environment("nightly", job)["SEED"] == "${{ needs.seed.outputs.seed }}"
        assert f'make {target} SEED="$SEED"' in runs("nightly", job)[-1]


def test_input_is_never_part_of_a_script() -> None:
    for workflow, job in JOBS:
        assert not [run for run in runs(workflow, job) if "${{" in run]


def test_a_failed_comparison_is_uploaded_too() -> None:
    upload = steps("nightly", "compare")[-1]
    assert upload["uses"].startswith("actions/upload-artifact@")
    assert upload["if"] == "always()"
    (command,) = runs("nightly", "compare")
    assert command.split("JUNIT=")[1].startswith(upload["with"]["path"])


def test_contributing_names_every_workflow() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for name in WORKFLOWS:
        assert f".github/workflows/{name}.yml" in text


has_shell = pytest.mark.skipif(os.name == "nt", reason="the fake Pythons are shell scripts")

Put = Callable[..., Path]


@pytest.fixture
def search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, on a machine that only has Python 3.11."""
    spec = importlib.util.spec_from_file_location("newest_python", ROOT / ".ci/newest_python.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "path", sys.path.copy())
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "RUNNING", "3.11")
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    return module


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Write a fake Python: a shell script with one line."""

    def put(path: str, script: str) -> Path:
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        file.chmod(0o755)
        return file

    return put


@has_shell
def test_none_is_newer(search: ModuleType, put: Put) -> None:
    assert search.newest() == ""
    put("bin/python3.11", "echo 3.11")
    put("bin/python3.14", "echo 3.14")  # not supported by the backends yet
    assert search.newest() == ""


@has_shell
def test_the_newest_on_the_path(search: ModuleType, put: Put) -> None:
    put("bin/python3.12", "echo 3.12")
    newest = put("bin/python3.13", "echo 3.13")
    assert search.newest() == str(newest)


@pytest.mark.parametrize("home", ["home/.pyenv", "elsewhere"])
@has_shell
def test_a_python_of_pyenv(
    home: str, search: ModuleType, put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if home == "elsewhere":
        put("bin/pyenv", f"echo {tmp_path / home}")
    put("bin/python3.12", "echo 3.12")
    put("bin/python3.13", "exit 127")  # a shim of pyenv without its Python
    newest = put(f"{home}/versions/3.13.7/bin/python", "echo 3.13")
    assert search.newest() == str(newest)


@has_shell
def test_a_broken_python_is_ignored(search: ModuleType, put: Put) -> None:
    put("bin/python3.13", "echo no module named ensurepip >&2; exit 1")
    older = put("bin/python3.12", "echo 3.12")
    assert search.newest() == str(older)


@has_shell
def test_the_newest_python_does_not_search(
    search: ModuleType, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("bin/python3.13", "echo 3.13")
    monkeypatch.setattr(search, "RUNNING", "3.13")
    assert search.newest() == ""


@has_shell
def test_the_scripts_of_ci_are_valid_and_test_the_newest_python() -> None:
    for name in ("run", "tools"):
        assert subprocess.run(["bash", "-n", ROOT / ".ci" / name], check=False).returncode == 0
    text = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    assert text.index(".ci/tools") < text.index("\nmake test\n") < text.index("newest_python.py")
    assert 'make test BACKEND=numpy PYTHON="$newest"' in text
