"""Report what is installed, on which machine, and how to fix what is wrong.

Standard library only; it imports no framework and only looks at files, so it works even where
nothing is installed or everything is broken. The exit status is 0 if lessons can run, else 1.
Problems that kit.py repairs by itself, such as a half-finished environment, are no obstacles.
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
    """One line of the report, with a remedy if something is wrong."""

    name: str
    text: str
    remedy: str = ""
    obstacle: bool = False  # whether it prevents lessons from running


def machine() -> Finding:
    """Whether all backends publish builds for this platform."""
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
    """The running Python, which a set-up would use."""
    text = "%s at %s" % (platform.python_version(), sys.executable)
    if kit.RUNNING not in kit.PYTHONS:
        wanted = " or ".join(kit.PYTHONS)
        remedy = "install Python %s, then run `make PYTHON=python3.13 …`" % wanted
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
        remedy = "the next lesson repairs it, or now: python kit.py setup"
        return Finding(name, kit.broken(), remedy)
    return Finding(name, "sound, %d packages" % len(kit.installed()))


def pinned(backend: str) -> str:
    """The locked version of the backend's own package; empty if its lock has no such package."""
    for path in kit.lock_files(backend):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith(backend + "=="):
                return line.split("==")[1].split()[0]
    return ""


def version(backend: str) -> str:
    """The installed version of the backend's own package; empty if there is none."""
    folder = kit.installed().get(backend, "")
    return folder[len(backend) + 1 : -len(".dist-info")]


def backend(name: str, torch: downloads.Build) -> Finding:
    reason = "not installed" if kit.broken() else kit.incomplete(name)
    present, locked = version(name), pinned(name)
    if not reason:
        return Finding(name, (present + ", " if present else "") + "complete")
    if reason == "not installed":
        targets = {"dev": "test", "lab": "lab", "test": "test BACKEND=numpy"}
        commands = {extra: "`make %s` installs it" % target for extra, target in targets.items()}
        how = commands.get(name, "a lesson installs " + locked)
        size = downloads.size(name, torch.cuda)
        megabytes = (
            ": %s%d MB to fetch, %d MB on disk"
            % ("up to " if torch.cuda or kit.complete() else "", *size)
            if size
            else ""
        )
        return Finding(name, "not installed; " + how + megabytes)
    remedy = "the next run repairs it, or now: python kit.py setup " + name
    text = "%s, %s is locked: %s" % (present or "missing", locked, reason) if locked else reason
    return Finding(name, text, remedy)


def graphics() -> list[Finding]:
    """The NVIDIA GPUs, and whether the installed packages can use them."""
    query = ["nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader"]
    try:
        run = subprocess.run(query, capture_output=True, text=True, timeout=3)
    except FileNotFoundError:
        return [Finding("GPU", "none (no NVIDIA driver); everything runs on the CPU")]
    except (OSError, subprocess.TimeoutExpired):
        return [Finding("GPU", "nvidia-smi does not answer", "check the NVIDIA driver")]
    if run.returncode or not run.stdout.strip():
        why = (run.stdout + run.stderr).strip().split("\n")[0] or "nvidia-smi lists none"
        return [Finding("GPU", why, "check the NVIDIA driver, or use DEVICE=cpu")]
    findings = [Finding("GPU", line) for line in run.stdout.strip().splitlines()]
    if version("torch").endswith("+cpu"):
        remedy = "make clean, then set up without TORCH_INDEX, or with the index of a CUDA build"
        findings.append(Finding("torch", "a build without CUDA: it cannot use the GPU", remedy))
    if version("tensorflow") and "nvidia-cudnn-cu12" not in kit.installed():
        remedy = "%s -m pip install 'tensorflow[and-cuda]==%s'" % (
            kit.PYTHON,
            version("tensorflow"),
        )
        if kit.WINDOWS:
            remedy = "use WSL2; TensorFlow has no CUDA on Windows itself"
        findings.append(Finding("tensorflow", "no CUDA libraries: it cannot use the GPU", remedy))
    return findings


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
    findings = [Finding("cores", str(cores)), Finding("memory", "%.1f GiB" % gigabytes)]
    if 0 < gigabytes < 3.5:
        findings[1].remedy = "close other programs; lesson 4 with TensorFlow needs about 2 GiB free"
    folder = kit.VENV if kit.VENV.exists() else kit.ROOT
    free = shutil.disk_usage(folder).free // 2**20
    short = {name: need for name, need in needs(torch).items() if need > free}
    disk = Finding("disk", "%d MB free" % free)
    if short:
        listed = ", ".join("%s %d" % item for item in short.items())
        disk.remedy = "free some space: a set-up takes, in MB, " + listed
        # A complete backend needs no more space.
        disk.obstacle = "numpy" in short and not any(map(usable, kit.backends()))
    return [*findings, disk]


def needs(torch: downloads.Build) -> dict[str, int]:
    """Megabytes to set up each incomplete backend; pip keeps downloads while it unpacks them."""
    names = [name for name in downloads.SIZES if not usable(name)]
    return {name: 2 * on_disk(name, torch) for name in names}


def on_disk(name: str, torch: downloads.Build) -> int:
    size = downloads.size(name, torch.cuda)
    return size.on_disk if size else 0


def pytorch(torch: downloads.Build) -> Finding:
    """The installed build, or else the one that a set-up would install."""
    installed = version("torch")
    if not installed:
        return Finding("PyTorch", "a set-up installs " + torch.name)
    cuda = any(name.startswith("nvidia-") for name in kit.installed()) and "+cpu" not in installed
    return Finding("PyTorch", "%s, its %s build" % (installed, "CUDA" if cuda else "CPU"))


def classroom(torch: downloads.Build) -> Finding:
    """The disk space that each student of a class needs."""
    notebooks = on_disk("lab", torch) - on_disk("numpy", torch)
    names = ("numpy", "torch")
    listed = ", ".join("%s %d" % (name, on_disk(name, torch) + notebooks) for name in names)
    return Finding(
        "a class", "MB on each machine with the notebooks: %s; twice that to set up" % listed
    )


def usable(name: str) -> bool:
    return not (kit.broken() or kit.incomplete(name))


def tools() -> list[Finding]:
    purposes = {
        "make": "without it use `python kit.py lesson3` for `make lesson3`",
        "git": "install it, to fetch new lessons and to contribute",
        "chromium": "install it, for `make slides PDF=yes` and to test pages; no lesson needs it",
    }
    names = {"chromium": ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge"]}
    findings = []
    for name, purpose in purposes.items():
        path = next(filter(None, map(shutil.which, names.get(name, [name]))), "")
        findings.append(Finding(name, path or "not found", "" if path else purpose))
    return findings


def sandbox() -> Finding:
    """Whether bubblewrap, the sandbox of `make grade`, works: a system may forbid namespaces."""
    trust = "; without a sandbox: `make grade TRUST=yes`, once you have read every file"
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
        why = (run.stderr.strip().splitlines() or ["no message"])[-1]
        remedy = "allow user namespaces, or grade on another machine" + trust
        return Finding("bwrap", "%s cannot build a sandbox: %s" % (path, why), remedy)
    return Finding("bwrap", path + " works, for `make grade`")


def examine() -> list[Finding]:
    torch = kit.torch_build()
    packages = [backend(name, torch) for name in [*kit.backends(), *kit.EXTRAS]]
    about = [machine(), python(), environment(), *packages, pytorch(torch), *graphics()]
    return [*about, *resources(torch), classroom(torch), *tools(), sandbox()]


def main(arguments: list[str]) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # an encoding may lack the arrow
    findings = examine()
    fine = not any(finding.obstacle for finding in findings)
    if "--json" in arguments:
        report = {"lessons_can_run": fine, "findings": [asdict(finding) for finding in findings]}
        print(json.dumps(report, indent=2))
        return 0 if fine else 1
    for finding in findings:
        print("%-11s %s" % (finding.name, finding.text))
        if finding.remedy:
            print("%-11s → %s" % ("", finding.remedy))
    print("\nlessons can run" if fine else "\nlessons cannot run yet: see the arrows")
    return 0 if fine else 1
