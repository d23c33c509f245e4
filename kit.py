"""Build the environment that a backend needs, then run the course in it.

    python kit.py lesson3 --backend torch     run a lesson (torch if no backend is named)
    python kit.py lab | notebooks             the lessons in JupyterLab; or as files
    python kit.py check 3 | grade FOLDER      check your answers; grade those of a class
    python kit.py compare | compare-records   do all backends agree; compare two folders of records
    python kit.py differences | diverge       defaults; where two backends differ, and why
    python kit.py bench | bench-growth        the time of an epoch; how it grows with the data
    python kit.py check-adapter | drift       test your own adapter, another version of a framework
    python kit.py site | slides | exercises   material for a teacher; rebuild the students' files
    python kit.py setup [BACKEND ...]         only build: a backend, lab, test, or dev for all
    python kit.py doctor | sbom | audit       diagnose; list what is installed; vulnerabilities
    python kit.py test | test-all | mutants   the tests; the slow ones; do they notice a mistake?
    python kit.py lint | data | lock | clean  ruff, mypy; rebuild data; resolve locks; remove .venv

Standard library only, in syntax that an unsupported Python can still read, so that it can print an
error. A backend is a file locks/NAME.txt. All backends share one .venv (.venv-3.12 where another
Python made .venv). .venv/kit holds a stamp for each complete backend, the log of the last step and,
during a set-up, the files described in course/environments.py.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from course import downloads, environments, make
from course.command_table import COMMANDS, WrongInput, backend_of, known
from course.environments import remove, try_lock

ROOT = Path(__file__).resolve().parent
WINDOWS = os.name == "nt"
PYTHONS = ("3.11", "3.12", "3.13")  # supported by torch, TensorFlow and NumPy alike
RUNNING = "%d.%d" % sys.version_info[:2]

LOCKS, VENV = ROOT / "locks", environments.chosen(ROOT, RUNNING)
STATE, MARKER = VENV / "kit", environments.marker(VENV)
LOG = STATE / "log.txt"
SETUP_LOCK = ROOT / ".setup.lock"  # outside the environments, which are removed and remade
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
PACKAGES = VENV / ("Lib/site-packages" if WINDOWS else "lib/python%s/site-packages" % RUNNING)

EXTRAS = ("lab", "test", "dev")  # locks that are not backends
CACHES = (".venv", ".drift", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis")

# Settings of the user that would install packages elsewhere, or install other ones. The source
# of packages (index, proxy, certificates, cache) stays the user's choice.
FOREIGN = """PYTHONHOME PYTHONPATH VIRTUAL_ENV __PYVENV_LAUNCHER__ PIP_ABI PIP_DRY_RUN
    PIP_FORCE_REINSTALL PIP_IGNORE_INSTALLED PIP_IMPLEMENTATION PIP_NO_BINARY PIP_NO_DEPS
    PIP_PLATFORM PIP_PREFIX PIP_PYTHON PIP_PYTHON_VERSION PIP_REQUIRE_HASHES
    PIP_REQUIRE_VIRTUALENV PIP_ROOT PIP_TARGET PIP_USER""".split()


# The doctor imports this file, which therefore only starts it, away from the user's own modules.
DOCTOR = """import sys; sys.path[0] = sys.argv.pop(1)
from course import doctor; sys.exit(doctor.main(sys.argv[1:]))"""


class Trouble(Exception):
    """What went wrong and what to do, in one line."""


def say(text: str, end: str = "\n") -> None:
    print(text, end=end, file=sys.stderr, flush=True)


def backends() -> list[str]:
    """The names that --backend takes."""
    locks = {path.stem for path in LOCKS.glob("*.txt") if "." not in path.stem}
    return sorted(locks - {*EXTRAS})


def lessons() -> list[str]:
    return sorted({p.name.split("_")[0] for p in (ROOT / "lessons").glob("lesson*_*.py")})


def lock_files(backend: str) -> list[Path]:
    """The hashed lock and, with torch, its unhashed line and the pins of its companions."""
    torch = [LOCKS / (backend + ".unhashed.txt"), LOCKS / "torch.companions.txt"]
    return [LOCKS / (backend + ".txt"), *(torch if torch[0].exists() else [])]


def digest(backend: str) -> str:
    return hashlib.sha256(b"\0".join(p.read_bytes() for p in lock_files(backend))).hexdigest()


def installed() -> dict[str, str]:
    """The dist-info folders of the environment, by the names that the locks use."""
    folders = [path.name for path in PACKAGES.glob("*.dist-info")]
    return {name.split("-")[0].lower().replace("_", "-"): name for name in folders}


def broken() -> str:
    """Why the environment cannot be used at all; empty if it can."""
    if MARKER.exists():
        return "its last set-up did not finish"
    if not (VENV / "pyvenv.cfg").is_file():
        return "its pyvenv.cfg is missing" if STATE.is_dir() else "there is none"
    version = environments.made_by(VENV)
    if version.split(".")[:2] != RUNNING.split("."):
        return "it was made by Python %s and this is Python %s" % (version or "?", RUNNING)
    # exists() follows the link, which is broken after its Python was removed or moved.
    return "" if PYTHON.exists() else "its Python is gone"


def incomplete(backend: str) -> str:
    """Why a sound environment lacks this backend; empty if the backend is complete."""
    stamp = STATE / (backend + ".stamp")
    try:  # is_file, because reading a named pipe would block
        lock, python, *packages = stamp.read_text().splitlines() if stamp.is_file() else []
    except (OSError, ValueError):
        return "not installed"
    if (lock, python) != (digest(backend), RUNNING):
        return "its lock has changed"
    missing = sorted(set(packages) - set(installed().values()))
    return missing[0].replace(".dist-info", "") + " was removed" if missing else ""


def ready(backend: str) -> None:
    """Build what the backend lacks; return at once if it is complete."""
    if broken() or incomplete(backend):
        with one_at_a_time() as lock_fd:
            # Check again: another set-up may have finished while this one waited.
            if environments.chosen(ROOT, RUNNING) != VENV:
                raise Trouble("another Python has just made %s: run the command again" % VENV.name)
            what, remedy = environments.in_the_way(VENV)
            if what:
                raise Trouble("%s is %s: %s, then try again" % (VENV.name, what, remedy))
            if environments.recover(VENV):
                say("%s: its last set-up did not finish; the one before is restored" % VENV.name)
            if broken() or incomplete(backend):
                build(backend, broken(), lock_fd)


def build(backend: str, reason: str, lock_fd: int) -> None:
    """Install a backend completely or not at all; reason: why the environment is made anew."""
    anew = bool(reason)
    torch = torch_build() if lock_files(backend)[1:] else None
    say(downloads.announcement(backend, [] if anew else complete(), torch, LOCKS))
    if anew and not any(STATE.glob("*.stamp")):  # keep it even if pip fails
        with environments.changing(VENV):
            create(reason, lock_fd)
        anew = False
    with environments.changing(VENV):
        if anew:
            create(reason, lock_fd)
        install(backend, lock_fd)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[int]:
    """Hold the set-up lock; the system releases it even if this process is killed."""
    if os.path.lexists(SETUP_LOCK) and not SETUP_LOCK.is_file():  # opening a pipe would block
        raise Trouble("%s is no regular file: move it away, then try again" % SETUP_LOCK.name)
    with open(SETUP_LOCK, "a+") as lock_fd:
        if not try_lock(lock_fd.fileno()):
            say("waiting for another set-up to finish")
            while not try_lock(lock_fd.fileno()):
                time.sleep(0.2)
        yield lock_fd.fileno()


def create(reason: str, lock_fd: int) -> None:
    """Make a new environment without any backend."""
    if reason != "there is none":
        say("%s: %s; building it again" % (VENV.name, reason))
    for path in environments.contents(VENV):  # not VENV itself: it may link to a larger disk
        remove(path)
    # Not sys.executable, which may be a link in the environment that was just removed.
    base = getattr(sys, "_base_executable", None) or sys.executable
    command = [base, "-I", "-m", "venv", str(VENV.resolve())]  # venv refuses a link
    step("making %s with Python %s" % (VENV.name, RUNNING), command, lock_fd)


def install(backend: str, lock_fd: int) -> None:
    """Install one lock exactly, then stamp it; dev includes every backend."""
    hashed, *torch = lock_files(backend)
    pip = [str(PYTHON), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    pip += ["--progress-bar=off", "--only-binary=:all:"]
    exactly = ["--no-deps", "--require-hashes", "-r", str(hashed)]  # a lock is complete
    step("installing " + backend, [*pip, *exactly], lock_fd)
    if torch:
        where = torch_build().options(torch[1])
        step("installing PyTorch itself", [*pip, "-r", str(torch[0]), *where], lock_fd)
    for name in [*backends(), *EXTRAS] if backend == "dev" else [backend]:
        locked = downloads.packages(lock_files(name))
        packages = [folder for package, folder in installed().items() if package in locked]
        stamp = STATE / (name + ".stamp")
        remove(stamp)  # never overwrite it: the backup is a hard link to the same file
        stamp.write_text("\n".join([digest(name), RUNNING, *packages]))


def torch_build() -> downloads.Build:
    """The build of PyTorch that a set-up would install now, and its source."""
    python = sys.executable if broken() and not PYTHON.exists() else str(PYTHON)
    return downloads.build(python, environment())


def complete() -> list[str]:
    """The backends and extras that are completely installed."""
    return [] if broken() else [name for name in [*backends(), *EXTRAS] if not incomplete(name)]


def step(title: str, command: list[str], lock_fd: int) -> None:
    """Run one step and print its seconds; if it fails, print the end of its log."""
    say(title + " … ", end="")
    begun = time.monotonic()
    settings = environment(PIP_USER="0")  # 0 also overrides a configuration file
    shared = () if WINDOWS else (lock_fd,)  # a child that outlives kit.py keeps the lock
    remove(LOG)  # opening a named pipe would block
    with open(LOG, "wb") as log:
        run = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=settings, pass_fds=shared
        )
    if run.returncode:
        lines = LOG.read_text(encoding="utf-8", errors="replace").split("\n")
        say("\n    ".join(["failed", *[line for line in lines if line.strip()][-5:]]))
        raise Trouble(title + " failed, see above; check network and disk space, then try again")
    say("%.1f s" % (time.monotonic() - begun))


def environment(**changes: str) -> dict[str, str]:
    return {**{key: text for key, text in os.environ.items() if key not in FOREIGN}, **changes}


def start(arguments: list[str]) -> int:
    """Replace this process by the environment's Python, which can import this checkout."""
    command = [str(PYTHON), "-P", *arguments]  # -P: do not import course.py of the user's folder
    variables = environment(PYTHONPATH=str(ROOT))
    if not WINDOWS:
        os.execve(command[0], command, variables)
    with subprocess.Popen(command, env=variables) as child:
        while True:
            with contextlib.suppress(KeyboardInterrupt):  # the child receives it as well
                return child.wait()


def main(arguments: list[str]) -> int:
    os.environ.pop(make.TARGET, None)
    if arguments[:1] == ["make"]:  # called by the Makefile
        arguments, notes = make.words("".join(arguments[1:]), os.environ, backends())
        for note in notes:
            say(note)
    command, rest = (arguments or ["help"])[0], arguments[1:]
    spare = next((n for n in backends() if not incomplete(n)), "numpy")  # where any backend does
    unexpected = [word for word in rest if (command, word) != ("doctor", "--json")]
    if command in ("help", "--help", "-h"):
        print(make.help_text(*rest) if make.TARGET in os.environ else __doc__)
    elif command in ("doctor", "clean") and unexpected:
        raise Trouble("%s takes no %r: run it without arguments" % (command, unexpected[0]))
    elif command == "doctor":  # on any Python, with or without an environment
        return subprocess.call([sys.executable, "-c", DOCTOR, str(ROOT), *rest])
    elif RUNNING not in PYTHONS:
        hint = "try `python3.13 kit.py {0}` or `make {0} PYTHON=python3.13`".format(command)
        raise Trouble("Python %s: expected %s; %s" % (RUNNING, " or ".join(PYTHONS), hint))
    elif command in lessons():
        ready(backend_of(rest, backends()) or (spare if "--help" in rest else "torch"))
        return start(["-m", "course", command, *rest])
    elif command == "setup":
        for name in [known(name, [*backends(), *EXTRAS]) for name in rest or ["torch"]]:
            ready(name)
    elif command == "clean":
        with one_at_a_time():
            for path in [*(ROOT / name for name in CACHES), *ROOT.glob(".venv-*")]:
                remove(path)
    else:
        known(command, [*lessons(), "setup", "doctor", *COMMANDS, "clean"], "command")
        what, needs = COMMANDS[command].runs, COMMANDS[command].needs
        backend = backend_of(rest, backends())
        choice = {"BACKEND": backend or "torch", "ANY": backend or spare}
        choice["TESTED"] = backend + " test" if backend else "dev"
        choice["BACKENDS"] = backend_of(rest, backends(), "--backends") or "dev"
        if "--executor=dask" in rest:  # only dev includes Dask
            choice["BACKENDS"] = "dev"
        for name in " ".join(choice.get(need, need) for need in needs.split()).split():
            ready(name)
        words = [str(ROOT / word) if word.endswith(".py") else word for word in what.split()]
        return start(words + rest)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (Trouble, WrongInput, OSError) as error:
        from course.wording import as_typed  # only needed here, and slow to import

        hint = "; check rights and disk space, then try again" if isinstance(error, OSError) else ""
        who = "error" if make.TARGET in os.environ else "kit.py"
        say("%s: %s%s" % (who, as_typed(str(error)), hint))
    except KeyboardInterrupt:
        say("\nstopped; the same command goes on from here")
        sys.exit(130)
    sys.exit(2)
