"""Fashion-MNIST: 28×28 grey photographs of ten kinds of clothing (Xiao, Rasul, Vollgraf 2017)."""

from __future__ import annotations

import os
from pathlib import Path

from datasets import committed, idx
from datasets.files import Array, DataError, expanded, show
from datasets.images import Images, checked

CLASS_NAMES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
    "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip

UNPACKED = {  # sha256 of the four unpacked IDX files, the same wherever they come from
    "x_train": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "y_train": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "x_test": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "y_test": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}

DEBIAN_PACKAGE = "dataset-fashion-mnist"
PLACES = (  # where other programs store the whole set, in the order searched
    "/usr/share/datasets/fashion-mnist",  # Debian's and Ubuntu's package
    "~/.keras/datasets/fashion-mnist",  # Keras
    "data/FashionMNIST/raw",  # torchvision, root="data"
    "~/data/FashionMNIST/raw",
)


def fashion10k() -> Images:
    """The committed part: the first 1,000 training and 200 test images of each class.

    x_train (10000, 28, 28), x_test (2000, 28, 28) uint8, in the order of the whole set. Raises
    DataError if the file is damaged. Source: SOURCES.md.
    """
    return checked("fashion10k", committed.read("fashion10k.npz"), CLASS_NAMES)


def fashion_mnist() -> Images:
    """The whole set, from a folder that is already on this machine.

    x_train (60000, 28, 28), x_test (10000, 28, 28) uint8. Raises DataError if no folder has all
    four files (it lists the folders), or if one of them is not the published file.
    """
    folder = find()
    arrays = idx.read_folder(folder)
    verify(folder, arrays)
    return checked("fashion-mnist", arrays, CLASS_NAMES, show(folder))


def find() -> Path:
    """The first folder that has the four files; TRIPTYCH_DATA is searched before PLACES."""
    places = list(PLACES)
    if chosen := os.environ.get("TRIPTYCH_DATA"):
        places = [chosen, f"{chosen}/fashion-mnist", f"{chosen}/FashionMNIST/raw", *places]
    folders = [expanded(place) for place in places]
    for folder in folders:
        if len(idx.find(folder)) == len(idx.FILES):
            return folder
    raise DataError(
        "fashion-mnist, all 70,000 images, is not on this machine; searched "
        f"{', '.join(map(show, folders))}; install it (`apt install {DEBIAN_PACKAGE}`), or name a "
        "folder with its four IDX files (DATA=folder), or use fashion10k, which is always here"
    )


def is_whole(arrays: dict[str, Array]) -> bool:
    """Whether four arrays read from IDX files are Fashion-MNIST itself."""
    smallest_first = sorted(UNPACKED, key=lambda key: arrays[key].size)
    return all(idx.file_sha256(arrays[key]) == UNPACKED[key] for key in smallest_first)


def verify(folder: Path, arrays: dict[str, Array]) -> None:
    """Raise DataError unless every array is that of the published file."""
    for key, expected in UNPACKED.items():
        actual = idx.file_sha256(arrays[key])
        if actual != expected:
            raise DataError(
                f"{show(folder)}: {idx.FILES[key][0]} has sha256 {actual[:12]}… unpacked, expected "
                f"{expected[:12]}…: it is not Fashion-MNIST's, or damaged; fetch it again"
            )
