"""Wrong input: one clear line, exit status 2, no traceback, and nothing left half-written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from adapters.contract import SettingsError
from course.cli_errors import Parser, check_place, one_of
from course.record import read_record
from course.relay.__main__ import relay
from course.runner import run_seeds
from course.settings import LARGEST_SEED, ROOT, Settings
from course.translation import catalogue
from tests.course.conftest import Course, images
from tests.waiting import PATIENCE

# arguments, and what the one line must say: the value, and what was expected
REFUSED = {
    "an unknown lesson": (["lesson9"], ["lesson9"]),
    "an unknown backend": (["lesson3", "--backend=tenserflow"], ["tenserflow", "numpy", "keras"]),
    "an unknown dtype": (["lesson3", "--dtype=float16"], ["float16", "float32", "float64"]),
    "an unknown device": (["lesson3", "--device=tpu"], ["tpu", "auto", "cpu", "gpu"]),
    "a GPU for NumPy": (["lesson3", "--device=gpu"], ["numpy", "--device=cpu"]),
    "an unknown data set": (["lesson3", "--data=mnits"], ["mnits", "fashion10k"]),
    "houses for an image lesson": (["lesson3", "--data=houses"], ["houses", "images"]),
    "images for a house lesson": (["lesson2", "--data=fashion10k"], ["fashion10k", "houses"]),
    "a negative seed": (["lesson3", "--seed=-1"], ["-1", "0"]),
    "a seed in words": (["lesson3", "--seed=lucky"], ["lucky", "whole number"]),
    "no epochs": (["lesson3", "--epochs=0"], ["0", "1"]),
    "negative epochs": (["lesson3", "--epochs=-3"], ["-3"]),
    "half an epoch": (["lesson3", "--epochs=0.5"], ["0.5", "whole number"]),
    "no seeds": (["lesson3", "--seeds=0"], ["0", "1"]),
    "no threads": (["lesson3", "--threads=0"], ["0", "1"]),
    "no workers": (["lesson4", "--workers=0"], ["0", "1"]),
    "half a worker": (["lesson4", "--workers=1.5"], ["1.5", "whole number"]),
    "a million workers": (["lesson4", "--workers=1000000"], ["1000000", "1024"]),
    **{
        f"workers of {backend}": (
            ["lesson4", f"--backend={backend}", "--workers=2"],
            [backend, "one worker", "torch, tensorflow, keras, keras-jax, jax"],
        )
        for backend in ("numpy", "keras-torch", "pytensor")
    },
    "workers where nothing is split": (["lesson1", "--workers=2"], ["lesson 1", "3 and 4"]),
    "no patience": (["lesson4", "--worker-timeout=0"], ["0", "1"]),
    "hosts without a file": (
        ["lesson4", "--backend=torch", "--workers=2", "--hosts=none"],
        ["--hosts", "read"],
    ),
    "a host of no file": (
        ["lesson4", "--backend=torch", "--workers=2", "--host=1"],
        ["--host", "--hosts"],
    ),
    "workers on a GPU": (
        ["lesson4", "--backend=torch", "--workers=2", "--device=gpu"],
        ["--device=cpu"],
    ),
    "a learning rate of zero": (["lesson3", "--learning-rate=0"], ["'0'", "above 0"]),
    "a learning rate that is none": (["lesson3", "--learning-rate=nan"], ["nan", "above 0"]),
    "a learning rate in words": (["lesson3", "--learning-rate=fast"], ["fast"]),
    "knobs in words": (["lesson1", "--knobs=a b"], ["a b", "numbers"]),
    "too many knobs": (["lesson1", "--knobs=1 2 3 4 5 6 7 8 9"], ["9 numbers"]),
    "knobs where there are none": (["lesson3", "--knobs=1 2"], ["--knobs"]),
    "an unknown option": (["lesson3", "--epoch=1"], ["--epoch"]),
    "a value too many": (["lesson3", "torch"], ["torch"]),
    "an empty data set": (["lesson3", "--data="], ["data"]),
    "hostile data": (["lesson3", "--data=$(touch pwned); `touch pwned` 'ü"], ["pwned"]),
    "out is a file": (["lesson3", "--out=taken"], ["taken", "--out"]),
    "out below a file": (["lesson3", "--out=taken/below"], ["below", "--out"]),
    "out in a system folder": (["lesson3", "--out=/proc/none"], ["/proc/none", "--out"]),
    "out with a null": (["lesson3", "--epochs=1", "--out=a/../taken"], ["taken", "--out"]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str, course: Course, tmp_path: Path) -> None:
    """One line to standard error that names the value and what was expected; nothing written."""
    arguments, words = REFUSED[case]
    (tmp_path / "taken").write_text("here already")
    backend = None if any("--backend" in argument for argument in arguments) else "numpy"
    outcome = course(*arguments, backend=backend)
    assert outcome.status == 2, outcome
    lines = outcome.err.strip().splitlines()
    assert len(lines) == 1, outcome.err
    assert lines[0].startswith("error: ")
    for word in words:
        assert word in lines[0]
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
    assert (tmp_path / "taken").read_text() == "here already"


BROKEN_DATA = {
    "NaN in the data": {"x_train": np.full((60, 8, 8), np.nan)},
    "a label out of range": {"y_test": np.full(30, 7)},
    "a negative label": {"y_train": np.arange(60) % 3 - 1},
    "labels as floats": {"y_train": (np.arange(60) % 3) / 2},
    "fewer labels than images": {"y_train": np.arange(59) % 3},
    "one class": {"y_train": np.zeros(60, int)},
}


@pytest.mark.parametrize("case", BROKEN_DATA)
def test_broken_data(case: str, course: Course, tmp_path: Path) -> None:
    """Data that make no sense are refused before training, and the array is named."""
    path = images(tmp_path, **BROKEN_DATA[case])
    outcome = course("lesson3", f"--data={path}")
    assert outcome.status == 2
    assert len(outcome.err.strip().splitlines()) == 1
    assert next(iter(BROKEN_DATA[case])) in outcome.err
    assert not (tmp_path / "results").exists()


def test_corrupted_file(course: Course, tmp_path: Path) -> None:
    """A file cut short is named, with nothing written."""
    path = images(tmp_path)
    path.write_bytes(path.read_bytes()[:-200])
    outcome = course("lesson3", f"--data={path}")
    assert outcome.status == 2
    assert "mine.npz" in outcome.err
    assert len(outcome.err.strip().splitlines()) == 1
    assert not (tmp_path / "results").exists()


def test_divergence_is_reported_and_recorded(course: Course, tmp_path: Path) -> None:
    """The message has step, rate and remedy, and finished runs are recorded."""
    outcome = course("lesson4", "--learning-rate=1e30", "--epochs=1", f"--data={images(tmp_path)}")
    assert outcome.status == 2
    assert len(outcome.err.strip().splitlines()) == 1
    for word in ("step", "1e+30", "try"):
        assert word in outcome.err
    (folder,) = (tmp_path / "results" / "lesson4").iterdir()
    arrays, card = read_record(folder)
    assert card["status"] == "diverged"
    assert any(name.endswith("/losses") for name in arrays)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("presses", [1, 3])
def test_ctrl_c(presses: int, tmp_path: Path) -> None:
    """Ctrl-C, also an impatient one: one line, status 130, and what was finished is kept."""
    process = subprocess.Popen(
        [sys.executable, "-m", "course", "lesson4", "--backend=numpy", "--epochs=4000",
         f"--data={images(tmp_path)}", "--no-figures"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        if "/4000 epochs" in line and "softmax" not in line:
            break  # the first run is over and kept, and the second under way
    for _ in range(presses):
        process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert err.strip() == "interrupted"
    (folder,) = (tmp_path / "results" / "lesson4").iterdir()
    arrays, card = read_record(folder)
    assert card["status"] == "interrupted"
    assert len(arrays["softmax/losses"]) > 0


UNUSUAL = ["a b", "x; echo hi", "$(touch pwned)", "`touch pwned`", "'\"", "Übung"]


# Figures are drawn, by another process, under all the names in one.
@pytest.mark.parametrize(
    ("out", "more"), [("".join(UNUSUAL), []), *((out, ["--no-figures"]) for out in UNUSUAL)]
)
def test_unusual_names_are_only_names(
    out: str, more: list[str], course: Course, tmp_path: Path
) -> None:
    """Spaces, quotes, shell syntax and Unicode in OUT and DATA are part of the name."""
    data = images(tmp_path).rename(tmp_path / f"{out}.npz")
    outcome = course("lesson3", "--epochs=1", f"--out={out}", f"--data={data}", *more)
    assert outcome.status == 0, outcome.err
    assert bool([*(tmp_path / out / "lesson3").rglob("*.png")]) == (not more)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([out, data.name])


# Checks of a command line before it begins to work, and messages for unknown values.


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("/", "it is a folder"),
        (".", "it is a folder"),
        ("taken/x", "'taken' is not a folder"),
        ("taken/x/y", "'taken' is not a folder"),
    ],
)
def test_a_place_is_checked_before_the_work(
    place: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").touch()
    check_place(Path("taken"))
    check_place(Path("nowhere/x"))
    with pytest.raises(SettingsError) as error:
        check_place(Path(place))
    message = str(error.value).replace(f"{tmp_path}/", "")
    assert message == f"{place!r} cannot be written, {reason}: name another file"


@pytest.mark.parametrize("existing", ["", "marks.json"])
def test_a_place_that_may_not_be_written_to_is_named(
    existing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder, or an existing file; os.access is replaced, because root may write everywhere."""
    file = tmp_path / "marks.json"
    file.touch() if existing else None
    monkeypatch.setattr(os, "access", lambda path, how: Path(path) != tmp_path / existing)
    message = f"{existing}' may not be written to: name another file"
    with pytest.raises(SettingsError, match=message):
        check_place(file)


def test_a_parser_suggests_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    parser = Parser(prog="x")
    parser.add_argument("--device", type=one_of("device", ["auto", "cpu", "gpu"]))
    assert parser.parse_args(["--device=cpu"]).device == "cpu"
    for word, suggestion in (("CPU", "cpu"), ("cuda", "gpu"), ("gp", "gpu")):
        with pytest.raises(SystemExit) as end:
            parser.parse_args([f"--device={word}"])
        assert end.value.code == 2
        line = f"unknown device {word!r}: did you mean {suggestion}? expected one of auto, cpu, gpu"
        assert line in capsys.readouterr().err


@pytest.mark.parametrize(("word", "suggestion"), [("NL", "nl"), ("Dutch", "nl"), ("English", "en")])
def test_the_name_of_a_language_gets_its_code_suggested(word: str, suggestion: str) -> None:
    with pytest.raises(
        SettingsError, match=f"'{word}': did you mean {suggestion}. expected one of en, "
    ):
        catalogue(1, word)


def test_no_seed_is_beyond_the_largest() -> None:
    """The last of several seeds is checked before anything is trained."""
    with pytest.raises(SettingsError, match=f"--seeds=2 ends at seed {LARGEST_SEED + 1}: "):
        run_seeds(1, Settings(backend="numpy", seed=LARGEST_SEED), 2)
    with pytest.raises(Exception, match="is not a whole number from 0 to"):
        relay.main([f"--seed={LARGEST_SEED + 1}"], standalone_mode=False)


def test_a_relay_checks_its_folder_before_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course.relay.__main__.collect", None)
    (tmp_path / "taken").touch()
    with pytest.raises(SettingsError, match=r"taken.* is not a folder"):
        relay.main([f"--out={tmp_path / 'taken'}"], standalone_mode=False)
