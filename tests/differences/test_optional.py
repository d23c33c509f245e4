"""A snippet whose further package is not installed is reported as not run, and nothing else is."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.differences.conftest import Write
from triptych.backends import OPTIONAL, framework_of, not_installed
from triptych.differences import command, observe
from triptych.differences.judge import judge, not_run
from triptych.differences.processes import observe_all
from triptych.differences.reading import read_all
from triptych.errors import TriptychError

ENTRIES = read_all()
ABSENT = [(), *((package,) for package in OPTIONAL), OPTIONAL]
NEEDS = '    """One."""\n'

# A finder that says of each package what find_spec says of one that is not installed.
HIDDEN = """\
import sys
from importlib.machinery import ModuleSpec


class Hide:
    def find_spec(self, name, path=None, target=None):
        return ModuleSpec(name, None) if name.partition(".")[0] in {absent!r} else None


sys.meta_path.insert(0, Hide())
"""


@pytest.fixture
def without(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Any:
    """without("optax"): the processes of the snippets cannot import it."""

    def hide(*absent: str) -> None:
        folder = tmp_path_factory.mktemp("hidden")
        (folder / "sitecustomize.py").write_text(HIDDEN.replace("{absent!r}", repr(absent)))
        inherited = os.environ.get("PYTHONPATH", "")
        monkeypatch.setenv("PYTHONPATH", f"{folder}{os.pathsep}{inherited}")

    return hide


@pytest.fixture
def home(write: Write) -> Path:
    """A catalogue of two entries, one of which imports optax."""
    write("plain_entry")
    return write(changes={NEEDS: f"{NEEDS}\n    import optax.losses\n"})


@pytest.mark.parametrize("absent", ABSENT, ids=lambda names: "+".join(names) or "none")
def test_what_does_not_run_is_what_needs_an_absent_package(
    absent: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the whole catalogue, on every backend; what is imported is read in another way here."""
    by_file = {entry.file: entry for entry in ENTRIES}

    def load(file: Path, framework: str) -> tuple[Any, ...]:
        return tuple(lambda: 1 for _ in by_file[file].snippets[framework].returns)

    monkeypatch.setattr(observe, "not_installed", lambda names: [n for n in names if n in absent])
    monkeypatch.setattr(observe, "load", load)
    lacking = 0
    for entry in ENTRIES:
        for backend in entry.backends:
            lines = entry.snippets[framework_of(backend)].text.splitlines()
            imports = [line.split()[1] for line in lines if line.startswith(("import ", "from "))]
            needed = [name for name in absent if any(i.split(".")[0] == name for i in imports)]
            found = observe.run(backend, entry)
            assert found.get("missing", []) == needed, (entry.name, backend)
            assert ("default" in found) == (not needed), (entry.name, backend)
            lacking += bool(needed)
    assert (lacking > 0) == bool(absent)


def test_every_optional_package_is_needed_by_snippets_of_jax() -> None:
    snippets = [(f, s) for entry in ENTRIES for f, s in entry.snippets.items() if s.optional]
    assert {framework for framework, _ in snippets} == {"jax"}
    assert {name for _, snippet in snippets for name in snippet.optional} == {*OPTIONAL}


@pytest.mark.parametrize(
    ("imports", "needed"),
    [
        (["import optax"], ["optax"]),
        (["import optax.losses as losses"], ["optax"]),
        (["from optax import adam"], ["optax"]),
        (["from flax import linen as nn"], ["flax"]),
        (["from flax.linen import Dense"], ["flax"]),
        (["import numpy, optax", "import flax.linen as nn"], ["flax", "optax"]),
        (["import optaxes as optax  # optax"], []),
        (["from os import path as flax"], []),
    ],
)
def test_what_a_snippet_needs_is_what_it_imports(
    imports: list[str], needed: list[str], write: Write
) -> None:
    text = "\n".join(f"    {line}" for line in imports)
    (entry,) = read_all(write(changes={NEEDS: f"{NEEDS}\n{text}\n"}))
    assert entry.snippets["numpy"].optional == needed
    assert entry.snippets["torch"].optional == []


def test_what_is_not_installed_is_found_without_an_import() -> None:
    assert not_installed(["numpy", "optaxes"]) == ["optaxes"]


def test_an_absent_package_is_named_and_is_no_finding(home: Path, without: Any) -> None:
    without("optax")
    observed = observe_all(["numpy"], home=home)
    assert observed["numpy"]["some_entry"] == {"missing": ["optax"]}
    assert observed["numpy"]["plain_entry"] == {"default": 1, "matched": 3}
    assert judge(read_all(home), observed) == []
    assert not_run(read_all(home), observed) == {"optax": ["some_entry on numpy"]}


def test_an_agreement_is_judged_by_those_that_ran(write: Write) -> None:
    home = write(changes={
        '"difference"': '"agreement"', '"torch": 2': '"torch": 1',
        "return default, matched": "return default",
    })  # fmt: skip
    missing, other = {"missing": ["optax"]}, {"default": 2}
    of_both = {"numpy": {"some_entry": missing}, "torch": {"some_entry": other}}
    (finding,) = judge(read_all(home), of_both)
    assert str(finding) == "some_entry on torch: expected 1, now 2"


def run(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *names: str
) -> tuple[int, str]:
    """Status and output of `triptych differences NAMES --run`, where only NumPy is installed."""
    monkeypatch.setattr(command, "read_all", lambda: read_all(home))
    monkeypatch.setattr(command, "observe_all", partial(observe_all, home=home))
    monkeypatch.setattr(command, "installed", lambda backends: ["numpy"])
    status = command.main([*names, "--run"])
    return status, capsys.readouterr().out


def test_the_command_says_what_to_install(
    home: Path, without: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without("optax")
    status, output = run(home, monkeypatch, capsys, "some_entry", "plain_entry")
    assert status == 0
    assert "ModuleNotFoundError" not in output
    assert (
        "not run, because not installed: optax, for some_entry on numpy; run `pip install optax`\n"
    ) in output


def test_where_nothing_ran_no_value_is_called_right(
    home: Path, without: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without("optax")
    with pytest.raises(TriptychError, match="not installed: optax; run `pip install optax`"):
        run(home, monkeypatch, capsys, "some_entry")
