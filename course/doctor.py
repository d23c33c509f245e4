"""Say what is installed, on what machine, and what to do about anything amiss.

Standard library only, and it imports no framework: it looks at files, so it also works where
nothing is installed or everything is broken. It exits 0 if lessons can run, else 1. What
kit.py repairs by itself, a missing or half-finished environment say, is a remark, no obstacle.
"""

from __future__ import annotations

import importlib.util
import io
import json
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass

import kit
from course import downloads, environments

SUPPORTED = "Linux x86-64, Windows x64 and macOS 14 or newer on Apple silicon"


@dataclass
class Finding:
    """One line of the report; a remedy where something is amiss."""

    name: str
    text: str
    remedy: str = ""
    obstacle: bool = False  # lessons cannot run until it is removed


def machine() -> Finding:
    """The platforms that all backends publish builds for."""
    system, chip = platform.system(), platform.machine().lower()
    text = "%s %s" % (system, chip)
    unsupported = ""
    if sys.maxsize < 2**32:
        unsupported = "a 32-bit Python"
    elif system == "Darwin" and chip != "arm64":
        unsupported = "an Intel Mac, or a Python for Intel on Apple silicon"
    elif system == "Darwin" and int(platform.mac_ver()[0].split(".")[0] or 0) < 14:
        unsupported = "macOS " + platform.mac_ver()[0]
    elif system in ("Linux", "Windows") and chip not in ("x86_64", "amd64"):
        unsupported = "%s on %s" % (system, chip)
    elif system == "Linux" and platform.libc_ver()[0] != "glibc":
        unsupported = "a Linux without glibc"
    elif system not in ("Darwin", "Linux", "Windows"):
        unsupported = system
    if unsupported:
        return Finding("machine", "%s: not supported" % unsupported, "use " + SUPPORTED, True)
    return Finding("machine", text + ": supported")


def python() -> Finding:
    """The Python that set-ups would use: the one that runs this."""
    text = "%s at %s" % (platform.python_version(), sys.executable)
    if kit.RUNNING not in kit.PYTHONS:
        wanted = " or ".join(kit.PYTHONS)
        remedy = "install Python %s, then say `make PYTHON=python3.13 …`" % wanted
        return Finding("Python", text + ": no backend supports it", remedy, True)
    if importlib.util.find_spec("ensurepip") is None:
        remedy = "install your system's package for it, such as python%s-venv" % kit.RUNNING
        return Finding("Python", text + ": it cannot make environments", remedy, True)
    return Finding("Python", text + ": supported by every backend")


def environment() -> Finding:
    name = kit.VENV.name
    what, remedy = environments.in_the_way(kit.VENV)
    if what:
        return Finding(name, what, remedy, True)
    if not kit.VENV.exists():
        return Finding(name, "none yet; the first lesson builds it")
    if kit.broken():
        remedy = "the next lesson mends it, or now: python kit.py setup"
        return Finding(name, kit.broken(), remedy)
    return Finding(name, "sound, %d packages" % len(kit.installed()))


def pinned(backend: str) -> str:
    """The version of the backend's own package in its lock; empty if it is not there."""
    for path in kit.lock_files(backend):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith(backend + "=="):
                return line.split("==")[1].split()[0]
    return ""


def version(backend: str) -> str:
    """The version that is installed; empty if it is not."""
    folder = kit.installed().get(backend, "")
    return folder[len(backend) + 1 : -len(".dist-info")]


def backend(name: str, torch: downloads.Build) -> Finding:
    reason = "not installed" if kit.broken() else kit.incomplete(name)
    here, locked = version(name), pinned(name)
    if not reason:
        return Finding(name, (here + ", " if here else "") + "complete")
    if reason == "not installed":
        makes = {"dev": "test", "lab": "lab", "test": "test BACKEND=numpy"}
        first = {extra: "`make %s` installs it" % target for extra, target in makes.items()}
        what = first.get(name, "a lesson installs " + locked)
        size = downloads.size(name, torch.cuda)
        much = (
            ": %s%d MB to fetch, %d MB on disk"
            % ("up to " if torch.cuda or kit.complete() else "", *size)
            if size
            else ""
        )
        return Finding(name, "not installed; " + what + much)
    remedy = "the next run repairs it, or now: python kit.py setup " + name
    text = "%s, %s is locked: %s" % (here or "not there", locked, reason) if locked else reason
    return Finding(name, text, remedy)


def graphics() -> list[Finding]:
    """The NVIDIA GPUs, and whether what is installed can use them."""
    query = ["nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader"]
    try:
        run = subprocess.run(query, capture_output=True, text=True, timeout=3)
    except FileNotFoundError:
        return [Finding("GPU", "none (no NVIDIA driver); everything runs on the CPU")]
    except (OSError, subprocess.TimeoutExpired):
        return [Finding("GPU", "nvidia-smi does not answer", "check the NVIDIA driver")]
    if run.returncode or not run.stdout.strip():
        why = (run.stdout + run.stderr).strip().split("\n")[0] or "nvidia-smi lists none"
        return [Finding("GPU", why, "check the NVIDIA driver, or go on with DEVICE=cpu")]
    found = [Finding("GPU", line) for line in run.stdout.strip().splitlines()]
    if version("torch").endswith("+cpu"):
        remedy = "make clean, then set up without TORCH_INDEX, or with the index of a CUDA build"
        found.append(Finding("torch", "a build without CUDA: it cannot use the GPU", remedy))
    if version("tensorflow") and "nvidia-cudnn-cu12" not in kit.installed():
        remedy = "%s -m pip install 'tensorflow[and-cuda]==%s'" % (
            kit.PYTHON,
            version("tensorflow"),
        )
        if kit.WINDOWS:
            remedy = "use WSL2; TensorFlow has no CUDA on Windows itself"
        found.append(Finding("tensorflow", "no CUDA libraries: it cannot use the GPU", remedy))
    return found


def memory() -> int:
    """Bytes of memory in this machine."""
    if sys.platform == "win32":
        import ctypes

        kilobytes = ctypes.c_ulonglong()
        ctypes.windll.kernel32.GetPhysicallyInstalledSystemMemory(ctypes.byref(kilobytes))
        return kilobytes.value * 1024
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def resources(torch: downloads.Build) -> list[Finding]:
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    gigabytes = memory() / 2**30
    found = [Finding("cores", str(cores)), Finding("memory", "%.1f GiB" % gigabytes)]
    if 0 < gigabytes < 3.5:
        found[1].remedy = "close other programs; lesson 4 with TensorFlow needs about 2 GiB free"
    folder = kit.VENV if kit.VENV.exists() else kit.ROOT
    free = shutil.disk_usage(folder).free // 2**20
    short = {name: need for name, need in needs(torch).items() if need > free}
    disk = Finding("disk", "%d MB free" % free)
    if short:
        listed = ", ".join("%s %d" % item for item in short.items())
        disk.remedy = "free some: setting up takes, in MB, " + listed
        # A backend that is complete needs no more room.
        disk.obstacle = "numpy" in short and not any(map(usable, kit.backends()))
    return [*found, disk]


def needs(torch: downloads.Build) -> dict[str, int]:
    """Megabytes to set up each backend that is not complete: pip unpacks beside what it fetched."""
    names = [name for name in downloads.SIZES if not usable(name)]
    return {name: 2 * on_disk(name, torch) for name in names}


def on_disk(name: str, torch: downloads.Build) -> int:
    size = downloads.size(name, torch.cuda)
    return size.on_disk if size else 0


def pytorch(torch: downloads.Build) -> Finding:
    """Which build is installed, else which would be."""
    here = version("torch")
    if not here:
        return Finding("PyTorch", "a set-up takes " + torch.name)
    cuda = any(name.startswith("nvidia-") for name in kit.installed()) and "+cpu" not in here
    return Finding("PyTorch", "%s, its %s build" % (here, "CUDA" if cuda else "CPU"))


def classroom(torch: downloads.Build) -> Finding:
    """What a teacher has to count on at each student's place."""
    notebooks = on_disk("lab", torch) - on_disk("numpy", torch)
    names = ("numpy", "torch")
    listed = ", ".join("%s %d" % (name, on_disk(name, torch) + notebooks) for name in names)
    return Finding("a class", "MB on each machine with the notebooks: %s; twice to set up" % listed)


def usable(name: str) -> bool:
    return not (kit.broken() or kit.incomplete(name))


def tools() -> list[Finding]:
    purposes = {
        "make": "without it say `python kit.py lesson3` for `make lesson3`",
        "git": "install it, to fetch new lessons and to contribute",
        "chromium": "install it, for `make slides PDF=yes` and to test pages; no lesson needs it",
    }
    names = {"chromium": ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge"]}
    found = []
    for name, purpose in purposes.items():
        path = next(filter(None, map(shutil.which, names.get(name, [name]))), "")
        found.append(Finding(name, path or "not found", "" if path else purpose))
    return found


def walls() -> Finding:
    """What `make grade` confines each submission with: tried, since a system may forbid it."""
    trust = "; without walls: `make grade TRUST=yes`, once you have read every file"
    if platform.system() != "Linux":
        return Finding("bwrap", "for Linux only; `make grade` refuses here" + trust)
    path = shutil.which("bwrap")
    if not path:
        return Finding("bwrap", "not found", "install bubblewrap, for `make grade`" + trust)
    trial = [path, "--unshare-all", "--ro-bind", "/", "/", sys.executable, "-I", "-c", ""]
    try:
        run = subprocess.run(trial, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return Finding("bwrap", path + " does not answer", "install bubblewrap again")
    if run.returncode:
        why = (run.stderr.strip().splitlines() or ["it says nothing"])[-1]
        remedy = "let users make namespaces, or grade on another machine" + trust
        return Finding("bwrap", "%s cannot build walls: %s" % (path, why), remedy)
    return Finding("bwrap", path + ", and its walls stand: for `make grade`")


def examine() -> list[Finding]:
    torch = kit.torch_build()
    packages = [backend(name, torch) for name in [*kit.backends(), *kit.EXTRAS]]
    about = [machine(), python(), environment(), *packages, pytorch(torch), *graphics()]
    return [*about, *resources(torch), classroom(torch), *tools(), walls()]


def main(arguments: list[str]) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a file or console without the arrow
    found = examine()
    fine = not any(finding.obstacle for finding in found)
    if "--json" in arguments:
        report = {"lessons_can_run": fine, "findings": [asdict(finding) for finding in found]}
        print(json.dumps(report, indent=2))
        return 0 if fine else 1
    for finding in found:
        print("%-11s %s" % (finding.name, finding.text))
        if finding.remedy:
            print("%-11s → %s" % ("", finding.remedy))
    print("\nlessons can run" if fine else "\nlessons cannot run yet: see the arrows")
    return 0 if fine else 1
