"""A separate environment for one version of a framework, under .drift in the checkout.

A finished one is kept and used again while the backend's lock stays what it was; `make clean`
removes them all.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import click

import kit
from adapters.contract import SettingsError, TriptychError, require
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
LARGEST_STAMP = 1000  # bytes; it has a digest and a version
NEWEST = 20  # versions named where one is unknown
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
    """Raise SettingsError, with what there is, unless pip knows this version for this Python."""
    require(
        VERSION.fullmatch(version) is not None,
        f"{version!r} is not a version: expected one such as 3.12.0",
    )
    known = known_versions(package)
    if not known or version in known:  # without an index to ask, the installation will tell
        return
    choice = f"choose one of {', '.join(known[:NEWEST])}"
    if len(known) > NEWEST:
        choice += f" or one of {len(known) - NEWEST} older ones, down to {known[-1]}"
    # An old release may want an older Python: by its own word, or by having files for no other.
    if version in known_versions(package, "--ignore-requires-python"):
        raise SettingsError(f"{package} {version} refuses Python {kit.RUNNING}: {choice}")
    raise SettingsError(
        f"pip knows no {package} {version} for Python {kit.RUNNING} on this machine: {choice}"
    )


def build(backend: str, package: str, version: str) -> tuple[Path, dict[str, tuple[str, str]]]:
    """The environment's Python, and what else in it is of another version than locked."""
    folder = HOME / f"{backend}-{version}"
    python, stamp = folder / PROGRAM, folder / "complete"
    files = [file for file in kit.lock_files(backend) if file.name != COMPANIONS]
    pins = read_pins(files)
    if _stamped(stamp) != kit.digest(backend) + kit.RUNNING:
        if folder.exists():
            remove(folder)
        folder.mkdir(parents=True)
        start = time.monotonic()
        click.echo(f"building {package} {version} in {folder.relative_to(kit.ROOT)}", err=True)
        base = getattr(sys, "_base_executable", None) or sys.executable
        made = call([base, "-I", "-m", "venv", str(folder)])
        require(made.returncode == 0, f"no environment: {last_line(made)}", BuildError)
        install(python, folder, pins, package, version)
        stamp.write_text(kit.digest(backend) + kit.RUNNING)
        click.echo(f"built in {time.monotonic() - start:.0f} s", err=True)
    listed = call([str(python), "-I", "-c", LIST_PACKAGES])
    installed = {normal(name): number for name, number in json.loads(listed.stdout).items()}
    tools = {"pip", "setuptools"} - set(pins)
    return python, moved(pins, {k: v for k, v in installed.items() if k not in tools}, package)


def _stamped(stamp: Path) -> str:
    """What an environment that was completed is for; empty where it was not."""
    try:
        return content(stamp, LARGEST_STAMP).decode()
    except ValueError:
        return ""


def install(python: Path, folder: Path, pins: dict[str, Pin], package: str, version: str) -> None:
    """Install the lock with the one package changed, releasing what pip cannot keep beside it."""
    released: set[str] = set()
    while True:
        requirements = folder / "requirements.txt"
        requirements.write_text(rewritten(pins, package, version, released), encoding="utf-8")
        done = pip(python, "install", "-r", str(requirements), *torch_options(pins, package))
        if done.returncode == 0:
            return
        more = conflicting(done.stdout, pins, package) - released
        if not more:
            remove(folder)
            raise BuildError(f"{package} {version} cannot be installed: {last_line(done)}")
        for name in sorted(more):
            click.echo(f"{package} {version} does not go with {name} {pins[name].version}: "
                       "released", err=True)  # fmt: skip
        released |= more


def torch_options(pins: Iterable[str], package: str) -> list[str]:
    """Where PyTorch comes from, and the pins of what its CUDA build brings along."""
    if "torch" not in pins:
        return []
    index = kit.torch_build().source
    if index:
        return [f"--extra-index-url={index}"]
    # Another PyTorch brings along others.
    return [] if package == "torch" else ["-c", str(kit.LOCKS / COMPANIONS)]


def pip(python: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pip of this Python, without the user's settings that would send packages elsewhere."""
    options = ["--disable-pip-version-check", "--no-input"]
    return call([str(python), "-I", "-m", "pip", *options, *arguments])


def call(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; standard output and error are one text."""
    return subprocess.run(
        command, text=True, encoding="utf-8", errors="replace", check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=kit.environment(PIP_USER="0"),
    )  # fmt: skip


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    """What a command said last, or the first error that it named."""
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (errors or lines or ["it said nothing"])[0 if errors else -1]
