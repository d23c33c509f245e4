"""One worker for all mutants that these tests try: its imports are paid once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.leftovers import spared
from tests.mutation.workers import Worker, copied_tree


@pytest.fixture(scope="session")
def worker() -> Iterator[Worker]:
    """A process in a copy of the tree that forks for each mutant."""
    with (
        copied_tree() as tree,
        closing(Worker("tests.mutation.forked", tree=tree)) as started,
        spared(lambda: [started.process.process.pid] if started.process else []),
    ):
        yield started
