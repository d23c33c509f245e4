"""Finding and verifying the whole of Fashion-MNIST, replaced here by a tiny set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from datasets import DataError, Images, fashion, idx, load


@pytest.fixture
def places(tmp_path: Path, tiny: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose Fashion-MNIST is the tiny set, and which has it nowhere yet."""
    monkeypatch.setattr(fashion, "PLACES", (str(tmp_path / "debian"), "~/.keras/fashion-mnist"))
    monkeypatch.setattr(
        fashion, "UNPACKED", {key: idx.file_sha256(array) for key, array in tiny().items()}
    )
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.delenv("TRIPTYCH_DATA", raising=False)
    return tmp_path


def test_not_found_lists_the_places_and_the_remedies(places: Path) -> None:
    expected = r"searched '.*debian', '.*home.*keras.*'; install it \(`apt install dataset-fashion"
    with pytest.raises(DataError, match=expected) as error:
        load("fashion-mnist")
    assert "DATA=folder" in str(error.value)
    assert "fashion10k" in str(error.value)


@pytest.mark.parametrize("place", ["debian", "home/.keras/fashion-mnist"])
@pytest.mark.parametrize("ending", ["", ".gz"])
def test_it_is_found_where_other_programs_store_it(
    places: Path, tiny: Any, write_idx: Any, place: str, ending: str
) -> None:
    write_idx(places / place, tiny(), ending)
    data = load("fashion-mnist")
    assert isinstance(data, Images)
    assert data.class_names == fashion.CLASS_NAMES
    assert np.array_equal(data.x_train, tiny()["x_train"])


@pytest.mark.parametrize("inside", ["", "fashion-mnist", "FashionMNIST/raw"])
def test_the_users_folder_comes_first(
    places: Path, tiny: Any, write_idx: Any, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    write_idx(places / "debian", tiny())
    chosen = write_idx(places / "chosen" / inside, tiny())
    monkeypatch.setenv("TRIPTYCH_DATA", str(places / "chosen"))
    assert fashion.find() == chosen


def test_an_incomplete_folder_is_passed_over(places: Path, tiny: Any, write_idx: Any) -> None:
    folder = write_idx(places / "debian", tiny())
    (folder / "t10k-labels-idx1-ubyte").unlink()
    other = write_idx(places / "home/.keras/fashion-mnist", tiny())
    assert fashion.find() == other


@pytest.mark.parametrize("key", ["x_train", "y_train", "x_test", "y_test"])
def test_a_copy_that_differs_is_refused(places: Path, tiny: Any, write_idx: Any, key: str) -> None:
    arrays = tiny()
    arrays[key].flat[0] ^= 1
    write_idx(places / "debian", arrays)
    expected = f"debian': {idx.FILES[key][0]} has sha256 .* it is not Fashion-MNIST's, or damaged"
    with pytest.raises(DataError, match=expected):
        load("fashion-mnist")


def test_a_folder_with_the_whole_set_gets_the_names_of_its_classes(
    places: Path, tiny: Any, write_idx: Any
) -> None:
    arrays = tiny()
    known = load(str(write_idx(places / "known", arrays)))
    arrays["x_train"][0, 0, 0] ^= 1  # all the rest is Fashion-MNIST's still
    other = load(str(write_idx(places / "other", arrays)))
    assert isinstance(known, Images)
    assert isinstance(other, Images)
    assert known.class_names == fashion.CLASS_NAMES
    assert other.class_names == ("0", "1", "2")
