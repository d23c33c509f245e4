"""Build the environment that an engine needs, then run the course in it.

    python kit.py lesson3 --backend torch   run a lesson (torch if no backend is named)
    python kit.py lab | notebooks           the lessons in JupyterLab; or as files
    python kit.py check 3 | grade FOLDER    what a student wrote; what a class handed in
    python kit.py compare | compare-records do all engines agree; or two folders of records
    python kit.py differences | diverge     the defaults; where two engines part, and why
    python kit.py bench | bench-growth      the time of an epoch against others; how it grows
    python kit.py check-adapter | drift     your own adapter; another version of a framework
    python kit.py site | slides | exercises what a teacher shows; the students' files, made anew
    python kit.py setup [ENGINE ...]        only build; an engine, lab, or dev for everything
    python kit.py doctor | sbom | audit     is anything amiss; what is installed; is it vulnerable
    python kit.py test | test-all | mutants the tests; the slow ones; would they notice a mistake?
    python kit.py lint | data | lock | clean  ruff, mypy; rebuild data; resolve locks; remove .venv

Standard library only, and syntax that an unsupported Python can still read, to be told so. An
engine is a file locks/NAME.txt; engines add up in one .venv. .venv/kit holds a stamp for each that
is complete, the marker `installing` while a set-up runs, and the log of the last step.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from course import make
from course.commands import COMMANDS, WrongInput, backend, known

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

ROOT = Path(__file__).resolve().parent
LOCKS, VENV, STATE = ROOT / "locks", ROOT / ".venv", ROOT / ".venv" / "kit"
MARKER, LOG = STATE / "installing", STATE / "log.txt"
SETUP_LOCK = ROOT / ".setup.lock"  # outside .venv, which a rebuild empties

WINDOWS = os.name == "nt"
PYTHONS = ("3.11", "3.12", "3.13")  # what torch, TensorFlow and NumPy have in common
RUNNING = "%d.%d" % sys.version_info[:2]
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
PACKAGES = VENV / ("Lib/site-packages" if WINDOWS else "lib/python%s/site-packages" % RUNNING)

EXTRAS = ("lab", "dev")  # the locks that are no engine's
CACHES = (".venv", ".drift", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis")

# A user's settings that would send packages elsewhere, or fetch other ones. Where packages
# come from (index, proxy, certificates, cache) stays the user's choice.
FOREIGN = """PYTHONHOME PYTHONPATH VIRTUAL_ENV __PYVENV_LAUNCHER__ PIP_ABI PIP_DRY_RUN
    PIP_FORCE_REINSTALL PIP_IGNORE_INSTALLED PIP_IMPLEMENTATION PIP_NO_BINARY PIP_NO_DEPS
    PIP_PLATFORM PIP_PREFIX PIP_PYTHON PIP_PYTHON_VERSION PIP_REQUIRE_HASHES
    PIP_REQUIRE_VIRTUALENV PIP_ROOT PIP_TARGET PIP_USER""".split()


class Trouble(Exception):
    """What went wrong and what to do, in one line for a person."""


def say(text: str, end: str = "\n") -> None:
    print(text, end=end, file=sys.stderr, flush=True)


def engines() -> list[str]:
    """The names that --backend takes."""
    locks = {path.stem for path in LOCKS.glob("*.txt") if "." not in path.stem}
    return sorted(locks - {*EXTRAS})


def lessons() -> list[str]:
    return sorted({p.name.split("_")[0] for p in (ROOT / "lessons").glob("lesson*_*.py")})


def lock_files(engine: str) -> list[Path]:
    """The hashed lock and, with torch, its line and the pins of what it brings along."""
    torch = [LOCKS / (engine + ".unhashed.txt"), LOCKS / "torch.companions.txt"]
    return [LOCKS / (engine + ".txt"), *(torch if torch[0].exists() else [])]


def digest(engine: str) -> str:
    return hashlib.sha256(b"\0".join(p.read_bytes() for p in lock_files(engine))).hexdigest()


def installed() -> dict[str, str]:
    """The dist-info folders in the environment, each under its package's name in the locks."""
    folders = [path.name for path in PACKAGES.glob("*.dist-info")]
    return {name.split("-")[0].lower().replace("_", "-"): name for name in folders}


def broken() -> str:
    """Why the environment as a whole cannot be used; empty if it can."""
    if not VENV.exists():
        return "there is none"
    if MARKER.exists():
        return "its last set-up did not finish"
    if not (VENV / "pyvenv.cfg").is_file():
        return "its pyvenv.cfg is missing"
    settings = (VENV / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    version = dict(line.split(" = ", 1) for line in settings if " = " in line).get("version", "?")
    if version.split(".")[:2] != RUNNING.split("."):
        return "it was made by Python %s and this is Python %s" % (version, RUNNING)
    # exists() follows the link, which dangles once a Python was removed or moved.
    return "" if PYTHON.exists() else "its Python is gone"


def incomplete(engine: str) -> str:
    """Why a sound environment still lacks this engine; empty if it has all of it."""
    stamp = STATE / (engine + ".stamp")
    try:  # a pipe in its place would be waited for
        lock, python, *packages = stamp.read_text().splitlines() if stamp.is_file() else []
    except (OSError, ValueError):
        return "not installed"
    if (lock, python) != (digest(engine), RUNNING):
        return "its lock has changed"
    missing = sorted(set(packages) - set(installed().values()))
    return missing[0].replace(".dist-info", "") + " was removed" if missing else ""


def ready(engine: str) -> None:
    """Return at once if the engine is complete, else build what is missing."""
    if broken() or incomplete(engine):
        with one_at_a_time() as held:
            # Asked again, because the set-up we waited for may have done it.
            if broken():
                create(broken(), held)
            if incomplete(engine):
                install(engine, held)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[int]:
    """Hold the set-up lock, which the system releases even if this process is killed."""
    with open(SETUP_LOCK, "a+") as held:
        if not try_lock(held.fileno()):
            say("waiting for another set-up to finish")
            while not try_lock(held.fileno()):
                time.sleep(0.2)
        yield held.fileno()


def try_lock(descriptor: int) -> bool:
    with contextlib.suppress(BlockingIOError, PermissionError):
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def create(reason: str, held: int) -> None:
    """Make .venv anew. The marker comes first and goes last, so a kill in between shows."""
    if STATE.is_dir():
        say(".venv: %s; building it again" % reason)
    elif VENV.exists() and any(VENV.iterdir()):
        raise Trouble(".venv was not made by kit.py: move it away or delete it, then try again")
    STATE.mkdir(parents=True, exist_ok=True)
    MARKER.touch()
    # Emptied rather than removed: .venv may be a link to a larger disk.
    for path in [p for p in VENV.iterdir() if p != STATE] + list(STATE.glob("*.stamp")):
        remove(path)
    # The Python behind this one, which may be the link in .venv that was just removed.
    base = getattr(sys, "_base_executable", None) or sys.executable
    step("making .venv with Python " + RUNNING, [base, "-I", "-m", "venv", str(VENV)], held)
    MARKER.unlink()


def install(engine: str, held: int) -> None:
    """Install one lock exactly, then stamp it; whoever has dev has every engine."""
    hashed, *torch = lock_files(engine)
    pip = [str(PYTHON), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    pip += ["--progress-bar=off", "--only-binary=:all:"]
    MARKER.touch()
    try:
        exactly = ["--no-deps", "--require-hashes", "-r", str(hashed)]  # a lock is complete
        step("installing " + engine, [*pip, *exactly], held)
        if torch:
            index = os.environ.get("TORCH_INDEX", "")
            # Another index has another build of torch, with companions of its own.
            where = ["--index-url=" + index] if index else ["-c", str(torch[1])]
            step("installing PyTorch itself", [*pip, "-r", str(torch[0]), *where], held)
    except (Trouble, KeyboardInterrupt):
        # Before it says so pip only looks and downloads: what was complete still is.
        if b"Installing collected packages" not in LOG.read_bytes():
            MARKER.unlink()
        raise
    for name in [*engines(), *EXTRAS] if engine == "dev" else [engine]:
        lines = [line for path in lock_files(name) for line in path.read_text().splitlines()]
        locked = {line.split("==")[0] for line in lines}
        packages = [folder for package, folder in installed().items() if package in locked]
        (STATE / (name + ".stamp")).write_text("\n".join([digest(name), RUNNING, *packages]))
    MARKER.unlink()


def step(title: str, command: list[str], held: int) -> None:
    """Run one step quietly: one line with its seconds; if it fails, the end of its log."""
    say(title + " … ", end="")
    begun = time.monotonic()
    settings = environment(PIP_USER="0")  # not unset: 0 overrules a configuration file too
    shared = () if WINDOWS else (held,)  # a child that outlives us keeps the set-up lock
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


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def start(arguments: list[str]) -> int:
    """Become the environment's Python, in the user's folder, with this checkout to import."""
    command = [str(PYTHON), "-P", *arguments]  # -P: a course.py in the user's folder is not ours
    variables = environment(PYTHONPATH=str(ROOT))
    if not WINDOWS:
        os.execve(command[0], command, variables)
    with subprocess.Popen(command, env=variables) as child:
        while True:
            with contextlib.suppress(KeyboardInterrupt):  # the child has heard it too
                return child.wait()


def main(arguments: list[str]) -> int:
    os.environ.pop(make.TARGET, None)
    if arguments[:1] == ["make"]:  # what the Makefile says
        arguments, notes = make.words("".join(arguments[1:]), os.environ, engines())
        for note in notes:
            say(note)
    command, rest = (arguments or ["help"])[0], arguments[1:]
    spare = next((n for n in engines() if not incomplete(n)), "numpy")  # where any engine will do
    strange = [word for word in rest if (command, word) != ("doctor", "--json")]
    if command in ("help", "--help", "-h"):
        print(make.listing() if make.TARGET in os.environ else __doc__)
    elif command in ("doctor", "clean") and strange:
        raise Trouble("%s takes no %r: say it alone" % (command, strange[0]))
    elif command == "doctor":  # on any Python, with or without an environment
        from course import doctor

        return doctor.main(rest)
    elif RUNNING not in PYTHONS:
        hint = "try `python3.13 kit.py {0}` or `make {0} PYTHON=python3.13`".format(command)
        raise Trouble("Python %s: expected %s; %s" % (RUNNING, " or ".join(PYTHONS), hint))
    elif command in lessons():
        ready(backend(rest, engines()) or (spare if "--help" in rest else "torch"))
        return start(["-m", "course", command, *rest])
    elif command == "setup":
        for name in [known(name, [*engines(), *EXTRAS]) for name in rest or ["torch"]]:
            ready(name)
    elif command == "clean":
        with one_at_a_time():
            for name in CACHES:
                remove(ROOT / name)
    else:
        known(command, [*lessons(), "setup", "doctor", *COMMANDS, "clean"], "command")
        what, needs = COMMANDS[command].runs, COMMANDS[command].needs
        engine = backend(rest, engines())
        choice = {"ENGINE": engine or "torch", "ANY": engine or spare}
        choice["BACKENDS"] = backend(rest, engines(), "--backends") or "dev"
        if "--executor=dask" in rest:  # which dev has
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
        from course.wording import as_typed  # late: a warm start has no time for it

        hint = "; check rights and disk space, then try again" if isinstance(error, OSError) else ""
        who = "error" if make.TARGET in os.environ else "kit.py"
        say("%s: %s%s" % (who, as_typed(str(error)), hint))
    except KeyboardInterrupt:
        say("\nstopped; the same command goes on from here")
        sys.exit(130)
    sys.exit(2)
