"""Measurements in a file that is complete at every moment, so that a run can be continued."""

from __future__ import annotations

import json
import os
import platform
from datetime import date
from pathlib import Path
from typing import Any

import click

from adapters import BACKENDS
from course.card import versions
from datasets.atomic_files import write_whole
from datasets.files import LARGEST, Unreadable, content


def machine(threads: int) -> dict[str, Any]:
    """The properties that the numbers depend on, without the machine's name or folders."""
    packages = {p for backend in BACKENDS.values() if not backend.missing for p in backend.packages}
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "threads": threads,
        "platform": f"{platform.system()} {platform.machine()}",
        "versions": versions({*packages, "numpy", "scikit-learn"}),
    }


def _cpu() -> str:
    """The processor's model, as far as the system says."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def busy() -> float | None:
    """The mean number of runnable processes in the last minute; None if the system has none."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


class ResultsStore:
    """Measurements by name, each written to the file at once."""

    def __init__(self, file: Path, threads: int, resume: bool) -> None:
        self.file, self.card = file, machine(threads)
        self.measured: dict[str, Any] = {}
        self.seconds, self.resumed = 0.0, False
        if resume and os.path.lexists(file):
            self._load(file)
        self.card |= {"date": f"{date.today():%Y-%m-%d}", "busy_before": busy()}

    def _load(self, file: Path) -> None:
        """Load the measurements of the same machine with the same versions."""
        try:
            before = json.loads(content(file, LARGEST))
            if all(before["card"].get(key) == value for key, value in self.card.items()):
                sound = {k: v for k, v in before["measured"].items() if "failed" not in v}
                self.measured, self.seconds, self.resumed = sound, before["seconds"], bool(sound)
        except Unreadable as error:
            click.echo(f"not used: {error}", err=True)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            click.echo(f"not used: {str(file)!r} is not a file of measurements", err=True)

    def __contains__(self, name: str) -> bool:
        return name in self.measured

    def store(self, name: str, value: dict[str, Any], seconds: float) -> None:
        """Add a measurement; the file is replaced in one step."""
        self.measured[name] = value
        self.seconds += seconds
        whole = {"card": self.card, "seconds": round(self.seconds, 1), "measured": self.measured}
        write_whole(self.file, f"{json.dumps(whole, indent=1)}\n".encode())
