"""`triptych port` as a process: its exit status, its files, and one line for wrong use."""

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr
from pathlib import Path

import keras
import numpy as np
import pytest

from adapters import BACKENDS
from course.make import GIVEN, GOALS, TARGET, words
from triptych.__main__ import main as command_line
from triptych.errors import TriptychError
from triptych.port.command import EXAMPLE, main

ROOT = Path(__file__).resolve().parents[2]
KERAS = """
import keras
from keras import layers

def build(epsilon=1e-3):
    return keras.Sequential([
        keras.Input((6, 6, 2)), layers.Conv2D(4, 3, padding="same"),
        layers.BatchNormalization(epsilon=epsilon), layers.ReLU(), layers.Flatten(),
        layers.Dense(3, activation="softmax"),
    ])

def adam():
    return keras.optimizers.Adam(1e-3)

def breaks():
    raise ValueError("no weights here\\nsecond line")
"""
TORCH = """
import torch
from torch import nn

def net(eps=1e-3):
    return nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4, eps=eps, momentum=0.01), nn.ReLU(),
        nn.Flatten(), nn.Linear(144, 3), nn.Softmax(1),
    )

def wrong():
    return net(1e-5)

def adam(parameters):
    return torch.optim.Adam(parameters, lr=1e-3, eps=1e-7)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A user's folder with two files and a batch."""
    place = tmp_path_factory.mktemp("models")
    (place / "a.py").write_text(KERAS)
    (place / "b.py").write_text(TORCH)
    rng = np.random.default_rng(0)
    np.savez(place / "batch.npz", x=rng.normal(size=(5, 6, 6, 2)), y=rng.integers(0, 3, 5))
    (place / "pickled.npz").write_bytes(b"\x80\x04K\x01.")
    return place


def run(folder, *arguments):
    """The command in the user's folder, whose own Keras runs on TensorFlow."""
    return subprocess.run(
        [sys.executable, "-m", "triptych", "port", *arguments], cwd=folder, text=True, check=False,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "KERAS_BACKEND": "tensorflow"},
    )  # fmt: skip


def test_same_and_training(folder):
    done = run(
        folder, "a.py:build", "b.py:net", "--data=batch.npz", "--loss=crossentropy",
        "--optimizer-a=adam", "--optimizer-b=adam", "--json=r.json",
    )  # fmt: skip
    stated = json.loads((folder / "r.json").read_text())
    assert all(cause["frameworks_differ"] for cause in stated["causes"]), done.stdout
    assert {stage["name"]: stage["ok"] for stage in stated["stages"]}["gradients"] is True
    assert done.returncode == 1  # the frameworks' own differences are differences, too


def test_differs_and_writes(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    models = ["a.py:build", "b.py:wrong", "--input=6x6x2"]
    keras.utils.clear_session()  # layers are numbered as in a process of their own
    assert main([*models, "--page=p.html", "--write-map=m.toml", "--junit=r.xml"]) == 1
    assert "epsilon is 0.001 in A, 1e-05 in B" in capsys.readouterr().out
    assert "<svg" in (folder / "p.html").read_text()
    assert "<failure" in (folder / "r.xml").read_text()
    keras.utils.clear_session()
    assert main([*models, "--map=m.toml"]) == 1


WRONG = {
    ("a.py:build",): EXAMPLE,
    ("--a=a.py:build",): EXAMPLE,
    ("a.py:bild", "--b=b.py:net", "--input=6x6x2"): "a.py has no bild",
    ("a.py:build", "b.py:net"): "--input",
    ("a.py:bild", "b.py:net", "--input=6x6x2"): "a.py has no bild",
    ("none.py:x", "b.py:net", "--input=6x6x2"): "there is no file none.py",
    ("a.py:build", "b.py:net", "--input=6xy"): "is no shape",
    ("a.py:breaks", "b.py:net", "--input=6x6x2"): "ValueError: no weights here",
    ("a.py:build", "b.py:net", "--input=6x6x3"): "A raised",
    ("a.py:build", "b.py:net", "--data=none.npz"): "there is no file none.npz",
    ("a.py:build", "b.py:net", "--data=pickled.npz"): "pickled.npz",
    ("a.py:build", "b.py:net", "--input=6x6x2", "--page=no/p.html"): "no folder",
    ("a.py:build", "b.py:net", "--input=6x6x2", "--map=a.py"): "is no map",
    ("a.py:build", "b.py:net", "--input=6x6x2", "--optimizer-a=adam"): "--optimizer-b",
}
NUMBERS = ("--seed=-1", "--seed=x", "--below=0", "--clip-norm=0", "--clip-norm=nan")
WRONG |= {
    ("a.py:build", "b.py:net", "--input=6x6x2", number):
        "argument {}: '{}' is no".format(*number.split("="))
    for number in NUMBERS
}  # fmt: skip


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_wrong_use_is_one_line(folder, monkeypatch, arguments):
    """The command prints such an error as one line, and ends with status 2."""
    monkeypatch.chdir(folder)
    with pytest.raises(TriptychError) as raised:
        main(list(arguments))
    assert WRONG[arguments] in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"A": "a.py:build"}, "two models are needed: A=my_keras.py:build B=my_torch.py:Net"),
        ({"A": "none.py:x", "B": "b.py:net"}, "give either INPUT=, a shape"),
        ({"A": "none.py:x", "B": "b.py:net", "INPUT": "6x6x2"}, "there is no file none.py"),
        ({"A": "none.py:x", "B": "b.py:net", "INPUT": "6xy"}, "there is no file none.py"),
        ({"A": "a.py:build", "B": "b.py:net", "INPUT": "6x6x2", "OPTIMIZER_A": "adam"},
         "give both OPTIMIZER_A= and OPTIMIZER_B="),
        ({"A": "a.py:build", "B": "b.py:net", "INPUT": "6", "DTYPE": "float16"},
         "argument DTYPE=: invalid choice: 'float16'"),
    ],
)  # fmt: skip
def test_make_hands_over_its_variables_and_errors_speak_of_them(
    folder, monkeypatch, given, message
):
    monkeypatch.chdir(folder)
    monkeypatch.setenv(TARGET, "port")
    _, *options = words("port", {**given, GIVEN: " ".join(given), GOALS: "port"}, BACKENDS)[0]
    monkeypatch.setattr(sys, "argv", ["triptych", "port", *options])
    printed = io.StringIO()
    with redirect_stderr(printed):
        assert command_line() == 2
    assert message in printed.getvalue()
    assert printed.getvalue().count("\n") == 1


def test_wrong_use_ends_with_status_2(folder):
    done = run(folder, "a.py:breaks", "b.py:net", "--input=6x6x2")
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr.startswith("error: ")
    assert len(done.stderr.splitlines()) == 1
