"""What the rows of a backend fetch and need on the disk, stated before they are made."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import kit
from adapters import BACKENDS
from adapters.contract import TriptychError, require
from compare.releases.releases import Release
from course import downloads
from course.downloads import CUDA_MEGABYTES, Size

UNPACKING = 2  # pip needs about twice the space of an environment while it unpacks


def size_of(backend: str) -> Size:
    """Of one environment, in MB. Older PyTorch comes with CUDA, unless an index has CPU builds."""
    size = downloads.size(backend) or Size(0, 0)
    cuda = (
        "torch" in BACKENDS[backend].packages
        and sys.platform == "linux"
        and not kit.torch_build().source
    )
    return Size(*(megabytes + CUDA_MEGABYTES for megabytes in size)) if cuda else size


def announcement(backend: str, releases: list[Release], folder: Path) -> str:
    """What is made and what it takes. Raises TriptychError if the disk is too full for it."""
    size, free = size_of(backend), shutil.disk_usage(folder).free // 10**6
    need = UNPACKING * size.on_disk
    count = f"{len(releases)} release{'s' if len(releases) > 1 else ''}"
    text = (
        f"{count} of {backend}, one environment at a time: up to {size.fetched} MB to fetch for "
        f"each, {size.on_disk} MB on disk until its row is made; {free} MB are free"
    )
    require(free >= need, f"{text}, and pip needs {need} MB: free some disk space", TriptychError)
    return text
