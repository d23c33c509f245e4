"""The committed data files in this folder; every array is verified whenever it is read.

The hashes are of the arrays and not of the files, because two versions of zlib pack the same arrays
into different bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from datasets import npz
from datasets.files import Array, DataError, sha256

FOLDER = Path(__file__).resolve().parent

HASHES = {  # file: {array: sha256 of its values, C order, little-endian}
    "fashion10k.npz": {
        "x_train": "e1427044c614fabc29feeff0f27e6b68f88a9ee2f2cfe7d783b9157159864883",
        "y_train": "2c02745d4ad8b4511333d0eca662ac5664a371860abaa4588b1670e7be59fbdf",
        "x_test": "96315b1732ab731e68b8def3c284f34b605f7deb7a61e683c7d786265c827c83",
        "y_test": "b2095bc797d1201e84da76c94012c02d0e6f07af0938df4e00120a3b42d1aa4c",
    },
    "houses.npz": {
        "bedrooms": "31b0c01ec0b6d954a3a8c3d76025dfc5999567887922158525aa219f00aa763f",
        "bathrooms": "ee011f04102e390084b1e422638d0a561176d463bb300eef7a544f8cf5a484d4",
        "living_area": "15ea22281da70f464d50e0e974e2ff1a50e4df105e561e02f2ded53e1a102c19",
        "latitude": "aeec42a896e99d606237dc6850dd0f77b69448152513631727885c0d81d2113f",
        "longitude": "72726ab14e3652626281d69ccc51a7b8c94d656766da8cbda74437c673dff221",
        "year_built": "15747a8737c7e5cfaf3992d1b4431a6a4359e28df3fa54d41422469d210ef388",
        "price": "35da78e051f37918326556e568a24d773b1bb470ed6b9da0e853b2c0192ebde8",
    },
    "alice.npz": {"text": "9a129eb12de41be39ecfc7137f0e2986a1b0a3460ddcb41845f58d7c37634298"},
}


def read(file: str, folder: Path | None = None) -> dict[str, Array]:
    """Read a committed file, such as "fashion10k.npz", from FOLDER or another folder.

    Returns {name: array} as stored. Raises DataError, with a way to restore the file, if it is
    missing, damaged, or has other numbers.
    """
    try:
        arrays = npz.read((folder or FOLDER) / file, tuple(HASHES[file]))
        verify(file, arrays)
    except DataError as error:
        raise DataError(
            f"datasets/{file} is missing or corrupted: {error}; restore it with "
            f"`git checkout -- datasets/{file}` or rebuild it with `make data`"
        ) from error
    return arrays


def verify(file: str, arrays: Mapping[str, Array]) -> None:
    """Raise DataError unless every array of a committed file has its hash."""
    for key, expected in HASHES[file].items():
        actual = sha256(arrays[key])
        if actual != expected:
            raise DataError(f"{key} has sha256 {actual[:12]}…, expected {expected[:12]}…")
