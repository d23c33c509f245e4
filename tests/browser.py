"""Pages in the machine's own Chromium, which must not report errors or leave the machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.waiting import PATIENCE
from tools.slides.printing import BROWSERS

NO_BROWSER = "no Chromium: the pages were NOT tested; install chromium"
REQUIRED = "TRIPTYCH_BROWSER"  # set to `required`, a missing browser is a failure
AT_HOME = ("file:", "data:", "blob:", "http://127.0.0.1:", "http://localhost:")

Open = Callable[..., Any]


@contextmanager
def chromium() -> Iterator[Any]:
    """The Chromium of this machine; Playwright downloads none."""
    from playwright.sync_api import sync_playwright

    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        if os.environ.get(REQUIRED) == "required":
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            timeout=PATIENCE * 1000,
            executable_path=executable,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield launched
        launched.close()


@contextmanager
def silent_pages(browser: Any) -> Iterator[Open]:
    """open(address, width, theme) → the page; at the end, assert that no page made noise.

    Noise is a console message, a script's error, or a request that leaves the machine.
    """
    contexts, noise = [], []

    def listen(page: Any) -> None:
        page.on("console", lambda message: noise.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: noise.append(f"error: {error}"))
        page.on(
            "request",
            lambda r: None if r.url.startswith(AT_HOME) else noise.append(f"asked for {r.url}"),
        )

    def open_it(
        address: str, width: int = 1280, theme: str = "light", *, height: int = 900,
        script: bool = True, offline: bool = True,
    ) -> Any:  # fmt: skip
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme,
            java_script_enabled=script, offline=offline,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        page = context.new_page()
        listen(page)
        page.goto(address)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert not noise, noise
