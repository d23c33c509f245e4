"""The workflows are valid, their commands exist, and they skip no test."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import kit
from course.command_table import ALWAYS, targets
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
    assert runs("test", "test")[-1] == "make test"
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
