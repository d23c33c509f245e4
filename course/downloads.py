"""What a set-up fetches: which build of PyTorch, how many megabytes, and how many they become.

Standard library only, and syntax that an unsupported Python can still read.
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
    """Megabytes of an environment with one backend: what pip fetches, and what stands on the disk.

    Measured on Linux with Python 3.11 and PyTorch's CPU build. Setting up takes about as much again
    while pip unpacks.
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
    "dev": Size(1104, 4730),
}
# What the CUDA build of PyTorch adds on the disk; its wheels, which are compressed, fetch less.
CUDA_MEGABYTES = 3821

PYPI = "https://pypi.org/simple"
CPU_BUILDS = "https://download.pytorch.org/whl/cpu"
INDEX_SETTINGS = ("index-url", "extra-index-url", "find-links", "no-index")


class Build(NamedTuple):
    """A build of PyTorch: what a person calls it, and where pip finds it."""

    name: str
    source: str = ""  # empty: wherever pip looks
    cuda: bool = False

    def options(self, companions: Path) -> list[str]:
        """What pip is told; a build that is not PyPI's has companions that ours do not pin."""
        pins = [] if self.source and not _is_pypi(self.source) else ["-c", str(companions)]
        return ["--index-url=" + self.source, *pins] if self.source else pins


def build(python: str, variables: Mapping[str, str]) -> Build:
    """The build of PyTorch that a set-up takes on this machine.

    python: the one whose pip is asked where it looks; variables: its environment. TORCH_INDEX
    decides where it is not empty. Raises WrongInput where that is no index.
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
    if own_index(pip_settings(python, variables)):
        return Build("PyTorch from where your pip is set to look (sizes of its CPU build)")
    if sys.platform != "linux":
        return Build("PyTorch's build for this system")
    if has_driver():
        return Build("PyTorch's CUDA build, for the NVIDIA driver that is here", cuda=True)
    return Build("PyTorch's CPU build, as there is no NVIDIA driver here", CPU_BUILDS)


def has_driver() -> bool:
    """Whether this Linux has a driver for NVIDIA GPUs."""
    return Path("/proc/driver/nvidia").exists() or shutil.which("nvidia-smi") is not None


def pip_settings(python: str, variables: Mapping[str, str]) -> str:
    """What `pip config list` prints, of files and variables alike; only the variables, without pip.

    A system's Python may have no pip before it has made an environment.
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
    found = [(name, variables.get(key, "")) for key, name in names.items()]
    return "\n".join(f":env:.{name}={value!r}" for name, value in found)


def own_index(settings: str) -> bool:
    """Whether pip's settings send it anywhere but to PyPI, or to more than that."""
    pattern = rf"^(?:global|install|:env:)\.({'|'.join(INDEX_SETTINGS)})='(.*)'$"
    found = re.findall(pattern, settings, re.MULTILINE)
    return any(value and not (name == "index-url" and _is_pypi(value)) for name, value in found)


def size(backend: str, cuda: bool = False) -> Size | None:
    """The megabytes of a backend; with CUDA the most that may be fetched. None for a new backend."""
    known = SIZES.get(backend)
    if known is None or not cuda or backend not in ("torch", "keras-torch", "dev"):
        return known
    return Size(*(megabytes + CUDA_MEGABYTES for megabytes in known))


def packages(locks: Iterable[Path]) -> set[str]:
    """The packages that some locks name."""
    lines = [line for path in locks for line in path.read_text(encoding="utf-8").splitlines()]
    return {line.split("==")[0] for line in lines if "==" in line and not line.startswith("#")}


def announced(backend: str, have: Sequence[str], torch: Build | None, locks: Path) -> str:
    """The first line of a set-up: what is installed, how much is fetched, and what that becomes.

    have: the backends that are complete; torch: the build, if the backend takes PyTorch.
    """
    what = backend + (": " + torch.name if torch else "")
    whole = size(backend, bool(torch and torch.cuda))
    if whole is None:
        return "setting up " + what
    # Locks are parts of one resolution: what a smaller one has brought is not fetched again.
    wanted = _locked(locks, backend)
    inside = [size(n, bool(torch and torch.cuda)) for n in have if _locked(locks, n) <= wanted]
    there = max([one for one in inside if one], default=None)
    if there is None and not have and not (torch and torch.cuda):
        return f"setting up {what}; {whole.fetched} MB to fetch, {whole.on_disk} MB on disk"
    there = there or Size(0, 0)
    fetched, on_disk = whole.fetched - there.fetched, whole.on_disk - there.on_disk
    return f"setting up {what}; up to {fetched} MB to fetch, {on_disk} MB more on disk"


def _locked(locks: Path, backend: str) -> set[str]:
    paths = [locks / (backend + ".txt"), locks / (backend + ".unhashed.txt")]
    return packages(path for path in paths if path.exists())


def _is_pypi(index: str) -> bool:
    return index.rstrip("/") == PYPI
