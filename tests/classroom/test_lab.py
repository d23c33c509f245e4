"""`make lab` keeps what a student has changed, and asks nobody on the network."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from adapters import BACKENDS
from classroom import install_colab, kernel, lab, notebooks
from classroom.setup_cells import repository


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """What `lab --dry-run` says, with a cache of its own."""
    monkeypatch.setenv("TRIPTYCH_CACHE", str(tmp_path / "cache"))

    def run(*options: str) -> str:
        result = CliRunner().invoke(lab.command, ["--dry-run", "--backend=numpy", *options])
        assert result.exit_code == 0, result.output
        return result.output

    return run


def test_it_keeps_what_a_student_has_changed(run: object, tmp_path: Path) -> None:
    """And renews what nobody has touched, also where the lesson itself has changed since."""
    assert callable(run)
    out = f"--out={tmp_path / 'nb'}"
    assert "kept" not in run(out)
    assert "kept" not in run(out)
    one, two, three = (tmp_path / "nb" / "numpy" / f"lesson{n}.ipynb" for n in (1, 2, 3))
    one.write_text("my own work")
    two.unlink()
    older = "as an older kit made it"
    lab.renew({"numpy/lesson3.ipynb": older}, tmp_path / "nb")
    assert three.read_text() == older
    said = run(out)
    assert "kept as you changed them: numpy/lesson1.ipynb (delete one to get it anew)" in said
    assert one.read_text() == "my own work"
    fresh = notebooks.made(["numpy"], "en", tmp_path / "nb")
    assert two.read_text(encoding="utf-8") == fresh["numpy/lesson2.ipynb"]
    assert three.read_text(encoding="utf-8") == fresh["numpy/lesson3.ipynb"]
    one.unlink()
    assert "kept" not in run(out)


def test_a_folder_that_somebody_else_has_filled_is_theirs(tmp_path: Path) -> None:
    """Without our list of digests, a file that is not ours word for word is not ours."""
    (tmp_path / "a.ipynb").write_text("theirs")
    (tmp_path / "b.ipynb").write_text("ours")
    files = {"a.ipynb": "ours", "b.ipynb": "ours"}
    assert lab.renew(files, tmp_path) == ["a.ipynb"]
    assert (tmp_path / "a.ipynb").read_text() == "theirs"


def test_a_backend_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is written."""
    monkeypatch.setitem(BACKENDS, "numpy", BACKENDS["numpy"].__class__("x", ("no_such_module",)))
    result = CliRunner().invoke(lab.command, ["--backend=numpy", "--dry-run"])
    assert "run `python kit.py setup numpy`" in str(result.exception)


def test_homes_are_ours_and_news_are_off(run: object, tmp_path: Path) -> None:
    """Nothing of the user's Jupyter takes part, and nothing is written there."""
    assert callable(run)
    said = run(f"--out={tmp_path / 'nb'}", "--", "--no-browser")
    assert "--LabApp.extension_manager=readonly" in said
    assert "NeverCheckForUpdate" in said
    assert "--no-browser" in said
    (home,) = (tmp_path / "cache" / "jupyter").iterdir()
    environ = lab.lab_environment(home)
    ours = [v for k, v in environ.items() if k.startswith("JUPYTER") and k != "JUPYTER_NO_CONFIG"]
    assert len(ours) == 6
    assert all(value.startswith(str(home)) for value in ours)
    assert (home / "kit" / "kernels" / kernel.NAME / "kernel.json").is_file()
    assert '"fetchNews": "false"' in (home / "app" / "overrides.json").read_text()


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for git is a shell script")
def test_the_second_cell_fetches_the_kit_where_there_is_none(tmp_path: Path) -> None:
    """As in Colab: git brings the kit, pip what the backend needs, and then it can be imported."""
    here, stubs = tmp_path / "content", tmp_path / "stubs"
    here.mkdir()
    (stubs / "pip").mkdir(parents=True)
    (stubs / "pip" / "__init__.py").touch()  # or the real one would be preferred
    (stubs / "pip" / "__main__.py").write_text("import sys\nprint('pip', *sys.argv[1:])\n")
    git = stubs / "git"
    git.write_text(
        f'#!/bin/sh\necho git "$@"\nfor last; do :; done\nln -s "{kernel.ROOT}" "$last"\n'
    )
    git.chmod(0o755)
    cells = [c.source for c in notebooks.notebook(1, "torch").cells if c.cell_type == "code"][:2]
    program = "\n".join([*cells, "import course", "print('the kit is', course.__file__)"])
    environ = {"PATH": f"{stubs}:{os.environ['PATH']}", "PYTHONPATH": str(stubs)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], cwd=here, env=environ, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert f"git clone --quiet --depth=1 {repository()} triptych" in done.stdout
    assert "--require-hashes -r" in done.stdout
    assert "torch.unhashed.txt -c" in done.stdout
    assert done.stdout.endswith("content/triptych/course/__init__.py\n")


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_backend_can_be_fetched(backend: str) -> None:
    """The locks that pip is given are there."""
    for call in install_colab.commands(backend):
        for option, file in pairwise(call):
            assert option not in ("-r", "-c") or Path(file).is_file()
