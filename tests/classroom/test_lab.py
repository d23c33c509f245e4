"""`make lab`: what it keeps and fetches, and lesson 1 in JupyterLab as a new user sees it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from adapters import BACKENDS
from classroom import install_colab, kernel, lab, notebooks
from classroom.setup_cells import repository
from tests.browser import AT_HOME
from tests.waiting import PATIENCE, until

# `make lab` keeps notebooks that a student has changed, and makes no network requests.


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Run `lab --dry-run` with a temporary cache; return its output."""
    monkeypatch.setenv("TRIPTYCH_CACHE", str(tmp_path / "cache"))

    def run(*options: str) -> str:
        result = CliRunner().invoke(lab.command, ["--dry-run", "--backend=numpy", *options])
        assert result.exit_code == 0, result.output
        return result.output

    return run


def test_it_keeps_notebooks_that_a_student_has_changed(run: object, tmp_path: Path) -> None:
    """It renews the others, even if the lesson has changed since."""
    assert callable(run)
    out = f"--out={tmp_path / 'nb'}"
    assert "kept" not in run(out)
    assert "kept" not in run(out)
    one, two, three = (tmp_path / "nb" / "numpy" / f"lesson{n}.ipynb" for n in (1, 2, 3))
    one.write_text("my own work")
    two.unlink()
    older = "made by an older version"
    lab.renew({"numpy/lesson3.ipynb": older}, tmp_path / "nb")
    assert three.read_text() == older
    output = run(out)
    message = "kept your changes in: numpy/lesson1.ipynb (delete a notebook to get a new one)"
    assert message in output
    assert one.read_text() == "my own work"
    fresh = notebooks.build_all(["numpy"], "en", tmp_path / "nb")
    assert two.read_text(encoding="utf-8") == fresh["numpy/lesson2.ipynb"]
    assert three.read_text(encoding="utf-8") == fresh["numpy/lesson3.ipynb"]
    one.unlink()
    assert "kept" not in run(out)


def test_files_of_another_program_are_not_overwritten(tmp_path: Path) -> None:
    """Without recorded digests, a file with any other content counts as changed."""
    (tmp_path / "a.ipynb").write_text("other")
    (tmp_path / "b.ipynb").write_text("new")
    files = {"a.ipynb": "new", "b.ipynb": "new"}
    assert lab.renew(files, tmp_path) == ["a.ipynb"]
    assert (tmp_path / "a.ipynb").read_text() == "other"


def test_a_missing_backend_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is written."""
    monkeypatch.setitem(BACKENDS, "numpy", BACKENDS["numpy"].__class__("x", ("no_such_module",)))
    result = CliRunner().invoke(lab.command, ["--backend=numpy", "--dry-run"])
    assert "run `python kit.py setup numpy`" in str(result.exception)


def test_jupyterlab_uses_its_own_folders_and_no_news(run: object, tmp_path: Path) -> None:
    """The user's Jupyter folders are neither read nor written."""
    assert callable(run)
    output = run(f"--out={tmp_path / 'nb'}", "--", "--no-browser")
    assert "--LabApp.extension_manager=readonly" in output
    assert "NeverCheckForUpdate" in output
    assert "--no-browser" in output
    (home,) = (tmp_path / "cache" / "jupyter").iterdir()
    environ = lab.lab_environment(home)
    folders = [
        v for k, v in environ.items() if k.startswith("JUPYTER") and k != "JUPYTER_NO_CONFIG"
    ]
    assert len(folders) == 6
    assert all(value.startswith(str(home)) for value in folders)
    assert (home / "kit" / "kernels" / kernel.NAME / "kernel.json").is_file()
    assert '"fetchNews": "false"' in (home / "app" / "overrides.json").read_text()


@pytest.mark.skipif(os.name == "nt", reason="the fake git is a shell script")
def test_the_second_cell_fetches_a_missing_course(tmp_path: Path) -> None:
    """As in Colab: git clones the course, pip installs the backend, then it can be imported."""
    content, stubs = tmp_path / "content", tmp_path / "stubs"
    content.mkdir()
    (stubs / "pip").mkdir(parents=True)
    (stubs / "pip" / "__init__.py").touch()  # else the real pip would be preferred
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
        [sys.executable, "-P", "-c", program],
        cwd=content,
        env=environ,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert f"git clone --quiet --depth=1 {repository()} triptych" in done.stdout
    assert "--require-hashes -r" in done.stdout
    assert "torch.unhashed.txt -c" in done.stdout
    assert done.stdout.endswith("content/triptych/course/__init__.py\n")


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_backend_can_be_fetched(backend: str) -> None:
    """All lock files of the commands exist."""
    for call in install_colab.commands(backend):
        for option, file in pairwise(call):
            assert option not in ("-r", "-c") or Path(file).is_file()


# Lesson 1 in JupyterLab, as a new user sees it: run all cells, move a slider.

LAPTOP = {"width": 1366, "height": 768}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of JupyterLab with new notebooks of the NumPy backend and an empty home."""
    folder = tmp_path_factory.mktemp("lab")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "classroom.lab", "--backend=numpy", f"--out={folder / 'notebooks'}",
        "--", "--no-browser", f"--port={port}", "--ServerApp.port_retries=0", "--ip=127.0.0.1",
        "--IdentityProvider.token=",
    ]  # fmt: skip
    environ = os.environ | {"TRIPTYCH_CACHE": str(folder / "cache"), "HOME": str(folder / "home")}
    log = folder / "log.txt"
    with log.open("wb") as out:
        lab = subprocess.Popen(command, cwd=kernel.ROOT, env=environ, stdout=out, stderr=out)
    try:
        until(lambda: "is running at" in log.read_text() or lab.poll() is not None)
        assert lab.poll() is None, log.read_text()
        yield f"http://127.0.0.1:{port}/lab/tree/numpy/lesson1.ipynb"
    finally:
        lab.send_signal(signal.SIGTERM)
        lab.wait(PATIENCE)
    assert not (folder / "home").exists(), "JupyterLab has written into the user's home"


def test_lesson_1_from_top_to_bottom(browser: Any, address: str) -> None:
    """Every cell runs, every picture is described and fits, a slider works, all without network."""
    context = browser.new_context(viewport=LAPTOP)
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request", lambda r: None if r.url.startswith((*AT_HOME, "ws:")) else wrong.append(r.url)
    )
    page.goto(address)
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_selector("text=Triptych | Idle")
    page.get_by_text("Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).first.click()
    page.wait_for_selector("text=complete: ")
    assert page.locator(".jp-OutputArea-output[data-mime-type*='stderr']").count() == 0
    pictures = page.locator(".jp-OutputArea-output img")
    assert pictures.count() == 10
    for i in range(9):
        assert len(pictures.nth(i).get_attribute("alt")) > 40
        box = pictures.nth(i).bounding_box()
        assert 600 < box["width"] < LAPTOP["width"]
    assert page.locator(".jp-OutputArea-output progress").count() == 0  # no training by epochs
    assert page.locator(".jp-OutputArea-output table").count() >= 2
    assert page.locator(".MathJax, mjx-container").count() == 0  # a price is not a formula
    result = page.get_by_text("half are off by more than").last
    before = result.inner_text().strip()
    assert before.endswith("%")
    page.locator(".noUi-handle").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("before => !document.body.innerText.includes(before)", arg=before)
    context.close()
    assert not wrong, wrong
