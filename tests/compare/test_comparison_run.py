"""`python -m compare` as a user runs it, with backends that agree, are missing or crash."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from compare import cli  # noqa: F401 - once here, and not in each copy of this process
from compare.backends import Plan
from compare.comparison import STAGES, Comparison
from compare.comparison_run import compare_recorded
from course.settings import ROOT
from tests.compare.conftest import compare, data_of
from tests.forked import module
from tests.waiting import PATIENCE, until

QUICK = ("--epochs=1", "--no-figures")


@pytest.fixture(scope="module")
def torch(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess]:
    """Lesson 3 by NumPy and PyTorch, with everything that can be written."""
    out = tmp_path_factory.mktemp("torch")
    files = (f"--junit={out / 'new' / 'j.xml'}", f"--json={out / 'c.json'}")
    done = compare("--lesson=3", "--backends=torch", *QUICK, *data_of(3), f"--out={out}", *files)
    return out, done


def test_torch_agrees_with_numpy(torch: tuple[Path, subprocess.CompletedProcess]) -> None:
    out, done = torch
    assert (done.returncode, done.stderr) == (0, "")
    comparison = Comparison.read(out / "lesson3" / "comparison.json")
    assert [(o.backend, o.status) for o in comparison.outcomes] == [
        ("numpy", "complete"),
        ("torch", "complete"),
    ]
    stages = {f.stage for f in comparison.outcomes[1].findings}
    assert stages == set(STAGES)
    # Two backends, not one compared with itself.
    assert comparison.outcomes[1].worst("gradient").gap > 0
    for o in comparison.outcomes:
        assert (o.folder / "record.npz").exists()
        assert o.seconds > 0


def test_records_alone_are_judged_as_their_runs_were(
    torch: tuple[Path, subprocess.CompletedProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison = Comparison.read(torch[0] / "lesson3" / "comparison.json")
    monkeypatch.setattr(subprocess, "Popen", None)  # nothing runs
    folders = {o.backend: o.folder for o in comparison.outcomes}
    again = compare_recorded(Plan(3, epochs=1), folders)
    assert [o.backend for o in again.outcomes] == ["numpy", "torch"]
    assert again.agrees
    assert again.outcomes[1].findings == comparison.outcomes[1].findings
    assert again.noise == []


def test_the_noise_is_shown_beside_the_gap(torch: tuple[Path, subprocess.CompletedProcess]) -> None:
    out, done = torch
    comparison = Comparison.read(out / "lesson3" / "comparison.json")
    twice, seed, dtype = comparison.noise
    assert (twice.what, twice.losses, twice.weights) == ("numpy twice", 0, 0)
    assert comparison.largest.losses < dtype.losses * 100 < seed.losses
    assert "numpy, seed 1 for seed 0" in done.stdout
    # The noise runs leave no record in the user's folder.
    folders = [path.name for path in (out / "lesson3").iterdir() if path.is_dir()]
    assert sorted(name.split("-")[0] for name in folders) == ["numpy", "torch"]


def test_json_and_junit_are_written(torch: tuple[Path, subprocess.CompletedProcess]) -> None:
    out, _ = torch
    (suite,) = ET.parse(out / "new" / "j.xml").getroot()
    assert (suite.get("failures"), suite.get("errors")) == ("0", "0")
    (plain,) = json.loads((out / "c.json").read_text())
    assert plain["outcomes"][1]["backend"] == "torch"
    assert (out / "lesson3" / "report.html").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--lesson=9",), "unknown lesson '9'"),
        (("--backends=torch tensorfow",), "tensorfow"),
        (("--backends= ",), "names no backend"),
        (("--dtype=float16",), "float16"),
        (("--seeds=0",), "--seeds"),
        (("--noise=loud",), "loud"),
        (("--executor=ray",), "ray"),
        (("--resume=never",), "never"),
        (("--backends=numpy", "--data=/nowhere.npz", "--no-noise"), "/nowhere.npz"),
        (("--backends=numpy", "--device=gpu", "--no-noise"), "no CUDA GPU"),
    ],
)
def test_wrong_input_is_one_line(arguments: tuple[str, ...], words: str, tmp_path: Path) -> None:
    done = module("compare", ["--lesson=3", f"--out={tmp_path / 'out'}", *arguments], tmp_path)
    assert done.status == 2
    (line,) = done.err.splitlines()
    assert line.startswith("error: ")
    assert words in line


# A checkout with a missing framework or a broken adapter.


def run_in(checkout: Path, *arguments: str) -> tuple[Comparison, subprocess.CompletedProcess]:
    out = checkout.parent / "out"
    common = (*QUICK, *data_of(3), "--no-noise", f"--out={out}")
    done = compare("--lesson=3", *common, *arguments, root=checkout)
    return Comparison.read(out / "lesson3" / "comparison.json"), done


def test_what_is_not_installed_is_not_run_and_not_passed(checkout: Path) -> None:
    table = checkout / "adapters" / "__init__.py"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace('("torch",)', '("torch_is_missing",)'), encoding="utf-8")
    comparison, done = run_in(checkout, "--backends=torch", f"--junit={checkout / 'j.xml'}")
    assert done.returncode == 0
    torch = comparison.outcomes[1]
    assert (torch.backend, torch.status, torch.agrees) == ("torch", "not run", False)
    assert "torch_is_missing" in torch.reason
    assert "not run" in done.stdout
    (suite,) = ET.parse(checkout / "j.xml").getroot()
    cases = [case for case in suite if case.get("classname") == "lesson3.torch"]
    assert len(cases) == len(STAGES)
    assert all(case.find("skipped") is not None for case in cases)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("backend", ["torch", "numpy"])
def test_a_crash_is_named_and_stops_no_other_backend(checkout: Path, backend: str) -> None:
    adapter = checkout / "adapters" / f"{backend}_adapter.py"
    adapter.write_text("raise RuntimeError('it fell over')\n", encoding="utf-8")
    comparison, done = run_in(checkout, "--backends=torch")
    assert done.returncode == 1
    status = {o.backend: (o.status, o.reason) for o in comparison.outcomes}
    assert status[backend] == ("failed", "RuntimeError: it fell over")
    if backend == "numpy":  # without a reference no backend can agree
        assert status["torch"] == ("failed", "it cannot be judged without numpy, the reference")
    else:
        assert status["numpy"][0] == "complete"
    assert "it fell over" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ending_the_comparison_ends_its_children(number: int, status: int, tmp_path: Path) -> None:
    """Ctrl-C, or a CI system's timeout: it ends at once, and no lesson continues alone."""
    command = [sys.executable, "-m", "compare", "--lesson=4", "--backends=numpy", "--epochs=300"]
    process = subprocess.Popen(
        [*command, f"--out={tmp_path}", "--no-noise"], text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    while "numpy: running" not in process.stdout.readline():
        pass
    until(lambda: list((tmp_path / "lesson4").glob(".unfinished-*")))  # the lesson has begun
    process.send_signal(number)
    _, complaint = process.communicate(timeout=PATIENCE)
    assert process.returncode == status
    assert complaint.strip() == ("interrupted" if number == signal.SIGINT else "")
    assert not list((tmp_path / "lesson4").glob(".unfinished-*"))
