"""Which build of PyTorch a set-up installs, how many MB it downloads and takes on the disk.

Standard library only, in syntax that an unsupported Python can still read.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from course.command_table import WrongInput


class Size(NamedTuple):
    """Megabytes of an environment with one backend: downloaded by pip, and on the disk.

    Measured on Linux with Python 3.11 and PyTorch's CPU build. While pip unpacks, a set-up needs
    about twice the space.
    """

    fetched: int
    on_disk: int


SIZES = {
    "numpy": Size(90, 416),
    "torch": Size(292, 1284),
    "tensorflow": Size(705, 2438),
    "keras": Size(705, 2438),
    "keras-torch": Size(300, 1334),
    "keras-jax": Size(187, 845),
    "jax": Size(179, 796),
    "pytensor": Size(153, 637),
    "lab": Size(138, 630),
    "test": Size(96, 452),
    "dev": Size(1145, 5226),
}
# Additional size of PyTorch's CUDA build on the disk; its wheels are compressed and smaller.
CUDA_MEGABYTES = 3821

PYPI = "https://pypi.org/simple"
CPU_BUILDS = "https://download.pytorch.org/whl/cpu"
INDEX_SETTINGS = ("index-url", "extra-index-url", "find-links", "no-index")


class Build(NamedTuple):
    """A build of PyTorch: its name for messages, and the index that has it."""

    name: str
    source: str = ""  # empty: the index that pip is configured to use
    cuda: bool = False

    def options(self, companions: Path) -> list[str]:
        """Options of pip. Only builds of PyPI have the companions that the lock pins."""
        pins = [] if self.source and not _is_pypi(self.source) else ["-c", str(companions)]
        return ["--index-url=" + self.source, *pins] if self.source else pins


def build(python: str, variables: Mapping[str, str]) -> Build:
    """The build of PyTorch that a set-up installs on this machine.

    python: the Python whose pip settings count; variables: its environment. TORCH_INDEX, unless
    empty, overrides everything else. Raises WrongInput if it is not an index.
    """
    index = variables.get("TORCH_INDEX", "")
    if index:
        if "://" not in index and not Path(index).is_dir():
            raise WrongInput(
                f"TORCH_INDEX={index}: expected the address of an index, "
                f"as in TORCH_INDEX={CPU_BUILDS}"
            )
        cuda = "/cu" in index or (_is_pypi(index) and sys.platform == "linux")
        return Build("PyTorch from TORCH_INDEX=" + index, index, cuda)
    if has_other_index(pip_settings(python, variables)):
        return Build("PyTorch from the index of your pip settings (sizes of its CPU build)")
    if sys.platform != "linux":
        return Build("PyTorch's build for this system")
    if has_driver():
        return Build("PyTorch's CUDA build, for the NVIDIA driver of this machine", cuda=True)
    return Build("PyTorch's CPU build, because this machine has no NVIDIA driver", CPU_BUILDS)


def has_driver() -> bool:
    """Whether this Linux has a driver for NVIDIA GPUs."""
    return Path("/proc/driver/nvidia").exists() or shutil.which("nvidia-smi") is not None


def pip_settings(python: str, variables: Mapping[str, str]) -> str:
    """The output of `pip config list`, which covers configuration files and variables.

    Without pip, only the variables, in the same format: a system's Python may lack pip before it
    has made an environment.
    """
    command = [python, "-I", "-m", "pip", "--disable-pip-version-check", "config", "list"]
    try:
        run = subprocess.run(
            command, env=dict(variables), stdin=subprocess.DEVNULL, capture_output=True,
            encoding="utf-8", errors="replace", timeout=60,
        )  # fmt: skip
        if run.returncode == 0:
            return run.stdout
    except (OSError, subprocess.TimeoutExpired):
        pass
    names = {"PIP_" + name.upper().replace("-", "_"): name for name in INDEX_SETTINGS}
    settings = [(name, variables.get(key, "")) for key, name in names.items()]
    return "\n".join(f":env:.{name}={value!r}" for name, value in settings)


def has_other_index(settings: str) -> bool:
    """Whether the settings of pip name any source of packages besides PyPI."""
    pattern = rf"^(?:global|install|:env:)\.({'|'.join(INDEX_SETTINGS)})='(.*)'$"
    matches = re.findall(pattern, settings, re.MULTILINE)
    return any(value and not (name == "index-url" and _is_pypi(value)) for name, value in matches)


def size(backend: str, cuda: bool = False) -> Size | None:
    """The size of a backend, with CUDA an upper bound; None for a backend that is not in SIZES."""
    known = SIZES.get(backend)
    if known is None or not cuda or backend not in ("torch", "keras-torch", "dev"):
        return known
    return Size(*(megabytes + CUDA_MEGABYTES for megabytes in known))


def packages(locks: Iterable[Path]) -> set[str]:
    """The names of all packages in these locks."""
    lines = [line for path in locks for line in path.read_text(encoding="utf-8").splitlines()]
    return {line.split("==")[0] for line in lines if "==" in line and not line.startswith("#")}


def announcement(backend: str, complete: Sequence[str], torch: Build | None, locks: Path) -> str:
    """The first line of a set-up: what is installed, and its size.

    complete: the backends that are installed already; torch: the build, if the backend needs it.
    """
    what = backend + (": " + torch.name if torch else "")
    whole = size(backend, bool(torch and torch.cuda))
    if whole is None:
        return "setting up " + what
    # All locks come from one resolution, so packages of a smaller lock are not fetched again.
    needed = _locked(locks, backend)
    subsets = [size(n, bool(torch and torch.cuda)) for n in complete if _locked(locks, n) <= needed]
    largest = max([subset for subset in subsets if subset], default=None)
    if largest is None and not complete and not (torch and torch.cuda):
        return f"setting up {what}; {whole.fetched} MB to fetch, {whole.on_disk} MB on disk"
    largest = largest or Size(0, 0)
    fetched, on_disk = whole.fetched - largest.fetched, whole.on_disk - largest.on_disk
    return f"setting up {what}; up to {fetched} MB to fetch, {on_disk} MB more on disk"


def _locked(locks: Path, backend: str) -> set[str]:
    paths = [locks / (backend + ".txt"), locks / (backend + ".unhashed.txt")]
    return packages(path for path in paths if path.exists())


def _is_pypi(index: str) -> bool:
    return index.rstrip("/") == PYPI
