"""Lesson 1 in JupyterLab, as a new user sees it: run all cells, move a slider."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from classroom import kernel
from tests.browser import AT_HOME
from tests.waiting import PATIENCE, until

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
    assert pictures.count() == 9
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
