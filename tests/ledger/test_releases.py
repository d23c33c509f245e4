"""Which releases are measured, from an index that is made up."""

from __future__ import annotations

import pytest

from adapters.contract import TriptychError
from compare.releases import size
from compare.releases.releases import Release, minors_since, named
from compare.releases.size import announcement

KNOWN = ["3.2.0rc1", "3.1.1", "3.1.0", "3.0.5+cpu", "3.0.5", "3.0.4", "2.9.1", "2.9.1.post1", "2.0"]
DAYS = {"3.1.1": "2025-02-01", "3.1.0": "2025-01-09", "3.0.5": "2024-03-01", "3.0.4": "2023-12-01",
        "2.9.1": "2023-05-05", "2.0": "2020-01-01"}  # fmt: skip


def minors(since: str) -> list[Release]:
    return minors_since("keras", since, lambda package: KNOWN, lambda package: DAYS)


def test_the_newest_patch_of_each_minor_release_is_chosen() -> None:
    assert minors("2023-01") == [Release(v, DAYS[v]) for v in ("2.9.1", "3.0.5", "3.1.1")]


def test_the_first_month_counts() -> None:
    assert [one.version for one in minors("2025-02")] == ["3.1.1"]
    assert [one.version for one in minors("2025-02-01")] == ["3.1.1"]
    assert minors("2025-03") == []


def test_named_releases_are_sorted_and_may_have_no_day() -> None:
    found = named("keras", ["3.10.0", "3.9.2", "3.9.2"], lambda package: {"3.9.2": "2025-04-02"})
    assert found == [Release("3.9.2", "2025-04-02"), Release("3.10.0", "")]


@pytest.mark.parametrize("version", ["3.12.0; touch x", "--pre", "3", "3.1.0rc1", "latest"])
def test_a_wrong_name_is_an_error(version: str) -> None:
    with pytest.raises(TriptychError, match="is not a release: expected one such as"):
        named("keras", [version], lambda package: {})


@pytest.mark.parametrize(("known", "days"), [([], DAYS), (KNOWN, {})])
def test_without_an_index_the_versions_have_to_be_named(
    known: list[str], days: dict[str, str]
) -> None:
    with pytest.raises(TriptychError, match='name them, as in VERSIONS="3'):
        minors_since("keras", "2024-01", lambda package: known, lambda package: days)


class Disk:
    free = 3_000_000_000  # bytes


def test_the_size_is_stated_and_a_full_disk_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr(size.shutil, "disk_usage", lambda folder: Disk)
    monkeypatch.setattr(size.kit, "torch_build", lambda: size.downloads.Build("", "cpu"))
    two = [Release("1.0"), Release("1.1")]
    text = announcement("numpy", two, tmp_path)  # type: ignore[arg-type]
    assert text.startswith("2 releases of numpy, one environment at a time: up to 90 MB to fetch")
    assert "416 MB on disk" in text
    with pytest.raises(TriptychError, match="3000 MB are free, and pip needs 4876 MB"):
        announcement("tensorflow", two, tmp_path)  # type: ignore[arg-type]


def test_older_pytorch_is_announced_with_cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(size.sys, "platform", "linux")
    monkeypatch.setattr(size.kit, "torch_build", lambda: size.downloads.Build(""))
    assert size.size_of("torch").on_disk > 5000
    assert size.size_of("keras").on_disk < 3000
