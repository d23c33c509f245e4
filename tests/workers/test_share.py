"""How the rows of a batch are shared out and weighted, for any number of rows and workers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.parallel import WorkersLost, World, check_size

SUM = 8 * np.finfo(np.float64).eps  # a sum of at most nine shares, each rounded once


def world(rank: int, size: int, progress: str = "") -> World:
    return World(rank, size, ("127.0.0.1:1",) * size, 1.0, progress)


@given(st.integers(1, 40), st.integers(1, 9))
def test_each_row_counts_once(rows: int, size: int) -> None:
    """The shares sum to 1, each row is in one of them, and every worker has at least one row."""
    shares = [world(rank, size).share(np.arange(rows)) for rank in range(size)]
    assert np.array_equal(np.concatenate([r for r, share in shares if share]), np.arange(rows))
    assert abs(sum(share for _, share in shares) - 1) <= SUM
    for mine, share in shares:
        assert len(mine) >= 1
        assert share in (0, len(mine) / rows)


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=40), st.integers(1, 9))
def test_parts_sum_to_the_mean(losses: list[float], size: int) -> None:
    """Each worker's mean by its share: the sum is the batch's mean, however uneven."""
    parts = []
    for rank in range(size):
        rows, share = world(rank, size).share(np.array(losses))
        parts.append(share * rows.mean())
    assert abs(sum(parts) - np.mean(losses)) <= 9 * len(losses) * SUM


def test_a_mean_of_means_is_another_number() -> None:
    """The reason for the shares: with 3 and 2 rows a plain mean of the workers' means is wrong."""
    losses = np.array([1.0, 1.0, 1.0, 6.0, 6.0])
    means = [world(rank, 2).share(losses)[0].mean() for rank in (0, 1)]
    assert abs(np.mean(means) - losses.mean()) > 0.3


def test_progress_is_odd_inside_and_even_outside(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each worker has its own counter; that of a worker that lost the others stays odd."""
    file = tmp_path_factory.mktemp("job") / "progress"
    file.write_bytes(bytes(16))

    def counts() -> list[int]:
        return np.frombuffer(file.read_bytes(), np.int64).tolist()

    first, second = world(0, 2, str(file)), world(1, 2, str(file))
    with first.collective((RuntimeError,)):
        assert counts() == [1, 0]
        with first.collective((RuntimeError,)):
            assert counts() == [1, 0]
        with first.local():
            assert counts() == [2, 0]
        assert counts() == [3, 0]
    assert counts() == [4, 0]
    with (
        pytest.raises(WorkersLost, match="worker 1 lost the others: gone"),
        second.collective((RuntimeError,)),
    ):
        raise RuntimeError("gone")
    assert counts() == [4, 1]


@pytest.mark.parametrize(("size", "answered"), [(1, 1), (1, 2), (2, 1), (3, 2)])
def test_too_few_or_too_many_are_refused(size: int, answered: int) -> None:
    """A framework that silently trains alone; workers that do not answer."""

    class Model:
        backend, world = "torch", world(0, 2)

        @staticmethod
        def total(values: np.ndarray) -> np.ndarray:
            return values * answered

    message = f"{size} workers of which {answered} answer: expected 2"
    with pytest.raises(WorkersLost, match=message):
        check_size(Model, size)  # type: ignore[arg-type]
    Model.world = world(0, answered)
    check_size(Model, answered)  # type: ignore[arg-type]
