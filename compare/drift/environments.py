"""Build a separate environment for one version of a framework, under .drift in the checkout.

A finished environment is reused as long as the backend's lock does not change; `make clean` removes
all of them.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

import kit
from adapters.contract import SettingsError, TriptychError, require
from compare.drift import resolving
from compare.drift.requirements import (
    COMPANIONS,
    Pin,
    conflicting,
    moved,
    normal,
    read_pins,
    rewritten,
)
from course.environments import remove
from datasets.files import content

HOME = kit.ROOT / ".drift"
PROGRAM = Path("Scripts/python.exe" if kit.WINDOWS else "bin/python")
VERSION = re.compile(r"\d+(\.\d+)*([a-z]+\d+)?(\.(post|dev)\d+)?")
LARGEST_STAMP = 1000  # bytes; it holds a digest and a version
NEWEST = 20  # versions listed in the message about an unknown one
LIST_PACKAGES = (
    "import json; from importlib.metadata import distributions as all_of; "
    "print(json.dumps({d.metadata['Name']: d.version for d in all_of()}))"
)


class BuildError(TriptychError):
    """The environment cannot be built."""


def known_versions(package: str, *options: str) -> list[str]:
    """The versions that pip finds for this Python and machine, newest first; empty if it cannot."""
    done = pip(Path(sys.executable), "index", "versions", package, *options)
    found = re.search(r"^Available versions: (.*)$", done.stdout, re.MULTILINE)
    return found[1].split(", ") if found else []


def check_version(package: str, version: str) -> None:
    """Raise SettingsError, listing the known versions, unless pip has this one for this Python."""
    require(
        VERSION.fullmatch(version) is not None,
        f"{version!r} is not a version: expected one such as 3.12.0",
    )
    known = known_versions(package)
    if not known or version in known:  # without an index, the installation will find out
        return
    choice = f"choose one of {', '.join(known[:NEWEST])}"
    if len(known) > NEWEST:
        choice += f" or one of {len(known) - NEWEST} older ones, down to {known[-1]}"
    # An old release may need an older Python: it declares so, or has files for no other.
    if version in known_versions(package, "--ignore-requires-python"):
        raise SettingsError(f"{package} {version} does not support Python {kit.RUNNING}: {choice}")
    raise SettingsError(
        f"pip finds no {package} {version} for Python {kit.RUNNING} on this machine: {choice}"
    )


def build(
    backend: str, package: str, version: str, beside: Sequence[str] = (),
    fixed: Mapping[str, str] | None = None,
) -> tuple[Path, dict[str, tuple[str, str]]]:  # fmt: skip
    """The environment's Python, and the other packages whose version is not the locked one.

    beside: further packages of the lock of all tools, such as Optax beside JAX; fixed: versions
    that this one needs and does not declare.
    """
    folder = HOME / f"{backend}-{version}"
    python, stamp = folder / PROGRAM, folder / "complete"
    files = [file for file in kit.lock_files(backend) if file.name != COMPANIONS]
    of_all = read_pins(kit.lock_files("dev")) if beside else {}
    pins, fixed = read_pins(files) | {name: of_all[name] for name in beside}, fixed or {}
    state = " ".join([kit.digest(backend) + kit.RUNNING, *beside, *fixed.values()])
    if _stamped(stamp) != state:
        if folder.exists():
            remove(folder)
        folder.mkdir(parents=True)
        start = time.monotonic()
        click.echo(f"building {package} {version} in {folder.relative_to(kit.ROOT)}", err=True)
        base = getattr(sys, "_base_executable", None) or sys.executable
        made = call([base, "-I", "-m", "venv", str(folder)])
        require(made.returncode == 0, f"cannot create {folder}: {last_line(made)}", BuildError)
        install(python, folder, pins, package, version, fixed)
        stamp.write_text(state)
        click.echo(f"built in {time.monotonic() - start:.0f} s", err=True)
    listed = call([str(python), "-I", "-c", LIST_PACKAGES])
    installed = {normal(name): number for name, number in json.loads(listed.stdout).items()}
    tools = {"pip", "setuptools"} - set(pins)
    return python, moved(pins, {k: v for k, v in installed.items() if k not in tools}, package)


def _stamped(stamp: Path) -> str:
    """The stamp of a complete environment; empty if it is not complete."""
    try:
        return content(stamp, LARGEST_STAMP).decode()
    except ValueError:
        return ""


def install(
    python: Path, folder: Path, pins: dict[str, Pin], package: str, version: str,
    fixed: Mapping[str, str],
) -> None:  # fmt: skip
    """Install the lock with one package changed, unpinning packages that conflict with it."""
    options = torch_options(pins, package)
    pins = pins | {name: Pin(name, number) for name, number in fixed.items()}
    if resolving.has_uv():
        problem = resolving.install(python, folder, pins, package, version, options, call, fixed)
        if problem:
            remove(folder)
            raise BuildError(impossible(package, version, folder, problem))
        return
    released: set[str] = set()
    while True:
        requirements = folder / "requirements.txt"
        requirements.write_text(rewritten(pins, package, version, released), encoding="utf-8")
        done = pip(python, "install", "-r", str(requirements), *options)
        if done.returncode == 0:
            return
        more = conflicting(done.stdout, pins, package, released)
        if not more:
            remove(folder)
            raise BuildError(impossible(package, version, folder, last_line(done)))
        for name in sorted(more):
            click.echo(f"{package} {version} conflicts with {name} {pins[name].version}: "
                       "unpinned", err=True)  # fmt: skip
        released |= more


def impossible(package: str, version: str, folder: Path, reason: str) -> str:
    """Why a version cannot be installed; the ledger keeps it, so it names no folder."""
    reason = reason.replace(f"{folder}{os.sep}", "")
    return f"{package} {version} cannot be installed: {reason}"


def torch_options(pins: Iterable[str], package: str) -> list[str]:
    """The index of PyTorch's build, and the pins of its CUDA companions."""
    if "torch" not in pins:
        return []
    index = kit.torch_build().source
    if index:
        return [f"--extra-index-url={index}"]
    # Another PyTorch has other companions.
    return [] if package == "torch" else ["-c", str(kit.LOCKS / COMPANIONS)]


def pip(python: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this Python's pip, without user settings that would install elsewhere."""
    options = ["--disable-pip-version-check", "--no-input"]
    return call([str(python), "-I", "-m", "pip", *options, *arguments])


def call(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; standard output and standard error become one text."""
    return subprocess.run(
        command, text=True, encoding="utf-8", errors="replace", check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=kit.environment(PIP_USER="0"),
    )  # fmt: skip


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    """The last line of a command's output, or its first error."""
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (errors or lines or ["no message"])[0 if errors else -1]
