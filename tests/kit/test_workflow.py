"""The example workflow is valid, and what it runs is there to be run."""

import re
from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
WORKFLOW = REPOSITORY / "docs" / "ci" / "github-actions.yml"


@pytest.fixture(scope="module")
def workflow():
    return yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def jobs(workflow):
    return workflow["jobs"]


def commands(job):
    return [step["run"] for step in job["steps"] if "run" in step]


def test_it_has_what_a_workflow_needs(workflow, jobs):
    # YAML 1.1 reads the key `on` as the truth value that it also is.
    assert set(workflow) == {"name", True, "permissions", "jobs"}
    assert set(jobs) == {"test", "compare"}
    for job in jobs.values():
        assert job["runs-on"]
        assert job["timeout-minutes"] <= 120
        assert all(("uses" in step) != ("run" in step) for step in job["steps"])
        assert job["steps"][0]["uses"].startswith("actions/checkout@")


def test_a_push_is_tested_and_a_night_is_compared(workflow, jobs):
    assert {"push", "schedule"} <= set(workflow[True])
    (cron,) = workflow[True]["schedule"]
    assert re.fullmatch(r"\d+ \d+ \* \* \*", cron["cron"])
    assert commands(jobs["test"]) == ["make test"]
    assert commands(jobs["compare"]) == ["make compare JUNIT=results/junit.xml"]


def test_the_comparison_is_kept_even_if_it_failed(jobs):
    upload = jobs["compare"]["steps"][-1]
    assert upload["uses"].startswith("actions/upload-artifact@")
    assert upload["if"] == "always()"
    (command,) = commands(jobs["compare"])
    assert command.split("JUNIT=")[1].startswith(upload["with"]["path"])


def test_it_tests_the_pythons_that_are_supported(jobs):
    import kit

    assert tuple(jobs["test"]["strategy"]["matrix"]["python"]) == kit.PYTHONS


def test_it_is_named_where_people_look():
    named = WORKFLOW.relative_to(REPOSITORY).as_posix()
    assert named in (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
