"""The data sets themselves: their numbers are the published ones."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import datasets
from datasets import DataError, Houses, Images, committed, files, load

ROOT = committed.FOLDER.parent


@pytest.fixture(scope="module")
def clothing() -> Images:
    data = load("fashion10k")
    assert isinstance(data, Images)
    return data


@pytest.fixture(scope="module")
def sales() -> Houses:
    data = load("houses")
    assert isinstance(data, Houses)
    return data


def test_the_images_have_the_published_hashes(clothing: Images) -> None:
    """The four published hashes, computed over plain bytes without our helpers."""
    found = {
        "x_train": clothing.x_train,
        "y_train": clothing.y_train.astype(np.uint8),
        "x_test": clothing.x_test,
        "y_test": clothing.y_test.astype(np.uint8),
    }
    shas = {key: hashlib.sha256(array.tobytes()).hexdigest() for key, array in found.items()}
    assert shas == {
        "x_train": "e1427044c614fabc29feeff0f27e6b68f88a9ee2f2cfe7d783b9157159864883",
        "y_train": "2c02745d4ad8b4511333d0eca662ac5664a371860abaa4588b1670e7be59fbdf",
        "x_test": "96315b1732ab731e68b8def3c284f34b605f7deb7a61e683c7d786265c827c83",
        "y_test": "b2095bc797d1201e84da76c94012c02d0e6f07af0938df4e00120a3b42d1aa4c",
    }


def test_the_images_have_the_documented_form(clothing: Images) -> None:
    assert clothing.name == "fashion10k"
    assert (clothing.x_train.shape, clothing.x_train.dtype.name) == ((10_000, 28, 28), "uint8")
    assert (clothing.x_test.shape, clothing.x_test.dtype.name) == ((2_000, 28, 28), "uint8")
    assert clothing.y_train.dtype == clothing.y_test.dtype == np.int64
    assert clothing.n_classes == len(clothing.class_names) == 10
    assert clothing.class_names[1] == "Trouser"
    assert clothing.class_names[8] == "Bag"
    assert np.bincount(clothing.y_train).tolist() == [1_000] * 10
    assert np.bincount(clothing.y_test).tolist() == [200] * 10


def test_the_order_of_the_whole_set_is_kept(clothing: Images) -> None:
    """The whole set begins so; sorted by class, or shuffled, the part would not."""
    assert clothing.y_train[:12].tolist() == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5, 0, 9]
    assert clothing.y_test[:12].tolist() == [9, 2, 1, 1, 6, 1, 4, 6, 5, 7, 4, 5]


def test_no_image_is_in_both_parts(clothing: Images) -> None:
    images = {x.tobytes() for x in (*clothing.x_train, *clothing.x_test)}
    assert len(images) == 12_000


def test_pixels_are_rows_between_zero_and_one(clothing: Images) -> None:
    x = clothing.pixels("test")
    assert (x.shape, x.dtype.name) == ((2_000, 784), "float64")
    assert x.min() == 0.0
    assert x.max() == 1.0
    assert x[5, 300] == clothing.x_test[5].ravel()[300] / 255
    with pytest.raises(DataError, match="unknown split 'valid': expected 'train' or 'test'"):
        clothing.pixels("valid")  # type: ignore[arg-type]


def test_the_houses_have_the_documented_form(sales: Houses) -> None:
    assert tuple(sales.columns) == (
        "bedrooms", "bathrooms", "living_area", "latitude", "longitude", "year_built",
    )  # fmt: skip
    assert all(c.shape == (21_599,) and c.dtype == np.float64 for c in sales.columns.values())
    assert sales.price.shape == (21_599,)
    assert sales.price.dtype == np.float64
    assert (sales.price.min(), np.median(sales.price), sales.price.max()) == (75e3, 450e3, 7.7e6)
    first = sales.table(*sales.columns)[0]
    assert first.tolist() == [3, 1.0, 1180, 47.511, -122.257, 1955]
    assert sales.price[0] == 221_900


def test_no_house_has_0_or_33_bedrooms(sales: Houses) -> None:
    assert (sales.columns["bedrooms"].min(), sales.columns["bedrooms"].max()) == (1, 11)


@pytest.mark.parametrize("name", ["latitude", "longitude"])
def test_coordinates_are_no_finer_than_three_decimals(sales: Houses, name: str) -> None:
    column = sales.columns[name]
    assert np.array_equal(column, np.round(column, 3))


def test_a_table_has_the_columns_in_the_requested_order(sales: Houses) -> None:
    table = sales.table("latitude", "bedrooms")
    assert table.shape == (21_599, 2)
    assert table.dtype == np.float64
    assert np.array_equal(table[:, 0], sales.columns["latitude"])
    with pytest.raises(DataError, match="no column 'zip'; it has bedrooms, bathrooms"):
        sales.table("latitude", "zip")
    with pytest.raises(DataError, match="needs a column's name; it has bedrooms"):
        sales.table()


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("bedrooms", "latitude", "longitude"), 0.332),
        (("bedrooms", "latitude", "longitude", "bathrooms", "living_area", "year_built"), 0.674),
    ],
)
def test_the_columns_explain_as_much_as_documented(
    sales: Houses, names: tuple[str, ...], expected: float
) -> None:
    """R² of the log price, least squares, mean of 5 folds of shuffled rows."""
    x, y = sales.table(*names), np.log(sales.price)
    x = np.column_stack([np.ones(len(y)), (x - x.mean(0)) / x.std(0)])  # (n, 1 + k)
    scores = []
    for fold in np.array_split(np.random.default_rng(0).permutation(len(y)), 5):
        rest = np.setdiff1d(np.arange(len(y)), fold)
        w = np.linalg.lstsq(x[rest], y[rest], rcond=None)[0]
        scores.append(1 - np.sum((y[fold] - x[fold] @ w) ** 2) / (len(fold) * y[fold].var()))
    assert np.mean(scores) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("name", ["fashion10k", "houses", "alice"])
def test_a_digest_is_the_same_each_time_and_differs_between_sets(name: str) -> None:
    assert load(name).digest == load(name).digest
    assert len({load(n).digest for n in ("fashion10k", "houses", "alice")}) == 3


def test_a_digest_depends_on_values_names_shapes_and_dtypes_but_not_layout() -> None:
    a = np.arange(6, dtype=np.int64).reshape(2, 3)
    same: list[Any] = [a, np.asfortranarray(a), a.astype(">i8"), np.repeat(a, 2, axis=1)[:, ::2]]
    others: list[Any] = [a + 1, a.reshape(3, 2), a.view(np.uint64), a.T]
    assert len({files.digest({"a": array}) for array in same}) == 1
    assert len({files.digest({"a": array}) for array in [a, *others]}) == 5
    assert files.digest({"a": a}) != files.digest({"b": a})


@pytest.mark.parametrize("file", list(committed.HASHES))
def test_committed_files_carry_no_date(file: str) -> None:
    with zipfile.ZipFile(ROOT / "datasets" / file) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


# -- damage ----------------------------------------------------------------------------------------


def test_every_changed_byte_is_noticed_or_harmless(tmp_path: Path) -> None:
    """Single bytes changed all over the file: an error that says how to restore, or no effect."""
    sound = (ROOT / "datasets" / "houses.npz").read_bytes()
    expected = files.digest(committed.read("houses.npz"))
    rng = np.random.default_rng(0)
    ends = np.arange(len(sound) - 60, len(sound), 2)  # the end of a zip is its table of contents
    messages = []
    for at in np.concatenate([rng.integers(0, len(sound), 270), ends]):
        damaged = bytearray(sound)
        damaged[at] ^= int(rng.integers(1, 256))
        (tmp_path / "houses.npz").write_bytes(damaged)
        try:
            assert files.digest(committed.read("houses.npz", tmp_path)) == expected
        except DataError as error:
            messages.append(str(error))
    assert all("`git checkout -- datasets/houses.npz`" in message for message in messages)
    assert len(messages) > 260  # the rest fell on dates and other fields that say nothing


def test_wrong_numbers_in_a_sound_file_are_named(tmp_path: Path) -> None:
    arrays: dict[str, Any] = committed.read("houses.npz")
    arrays["price"][0] += 1
    np.savez_compressed(tmp_path / "houses.npz", **arrays)
    with pytest.raises(DataError, match=r"houses.npz is missing or corrupted: price has sha256"):
        committed.read("houses.npz", tmp_path)


def test_load_verifies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail: with another expected hash, load() itself must refuse."""
    for file in committed.HASHES:
        monkeypatch.setitem(committed.HASHES, file, dict.fromkeys(committed.HASHES[file], "0" * 64))
    for name in ("fashion10k", "houses"):
        with pytest.raises(DataError, match="restore it with"):
            load(name)


def test_a_missing_file_is_reported_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"cannot be read .No such file.*git checkout -- datasets/fashion10k.npz"
    ):
        committed.read("fashion10k.npz", tmp_path)


# -- the house -------------------------------------------------------------------------------------


def test_a_name_wins_over_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "houses").mkdir()
    monkeypatch.chdir(tmp_path)
    assert load("houses").name == "houses"
    with pytest.raises(DataError, match="has no train-images-idx3-ubyte"):
        load("./houses")


@pytest.mark.parametrize(
    "name",
    ["mnist", "", "Houses", "a" * 9000, "no\nsuch", "\0", "~nobody-has-this-name/x", 3, None],
)
def test_an_unknown_name_is_answered_by_the_list(name: Any) -> None:
    with pytest.raises(
        DataError, match=r"unknown data set .*fashion10k, fashion-mnist, houses, alice, or"
    ):
        load(name)


def test_errors_are_one_line() -> None:
    assert str(DataError("two\nlines \t and more")) == "two lines and more"
    assert isinstance(DataError(""), ValueError)


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        ("datasets", ["datasets", "numpy", "spelling"]),
        ("datasets, pluggy", ["datasets", "numpy", "pluggy", "spelling"]),
    ],
    ids=["the package", "the check can fail"],
)
def test_importing_needs_only_numpy(imports: str, expected: list[str]) -> None:
    code = (
        f"import sys; before = set(sys.modules); import {imports}; "
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}; "
        "print(*sorted(new - set(sys.stdlib_module_names)))"
    )
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == expected


def test_the_names_are_those_that_load_takes() -> None:
    assert datasets.NAMES == ("fashion10k", "fashion-mnist", "houses", "alice")
