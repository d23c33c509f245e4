"""A small site, built once: one lesson in two languages on two backends, compared, and two topics
of the catalogue, one of them drawn by the seed.

`make test-all` builds the whole site, which takes far longer.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.browser import Open, silent_pages
from tools.site.build import Plan, build
from triptych.differences.reading import read_all

BACKENDS = ("numpy", "torch")
SHOWN = "optimizers"  # a topic that the tests look at
TOPICS = sorted({entry.topic for entry in read_all()} - {SHOWN})


def quick(seed: int) -> Plan:
    """One job at a time: each process would import the notebooks' machinery for seconds."""
    drawn = random.Random(f"{seed} site").choice(TOPICS)
    return Plan(BACKENDS, 1, jobs=1, lessons=(1,), compared=(1,), topics=(SHOWN, drawn))


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site."""
    out = tmp_path_factory.mktemp("site") / "site"
    build(quick(request.config.getoption("--seed")), out, lambda line: None)
    return out


@pytest.fixture
def open_site(browser: Any, site: Path) -> Iterator[Open]:
    """open_site(page, width, theme) → that page, from disk, without a network."""
    with silent_pages(browser) as opened:

        def open_it(page: str, *how: Any, **more: Any) -> Any:
            name, _, rest = page.partition("?")
            address = f"{(site / name).with_suffix('.html').as_uri()}{'?' * bool(rest)}{rest}"
            return opened(address, *how, **more)

        yield open_it


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without logging."""

    def log_message(self, *words: Any) -> None:
        pass


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    """The address of the site on a server of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
