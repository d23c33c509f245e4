"""A test that leaves a process running fails, and the process is killed."""

from __future__ import annotations

import sys
from multiprocessing import resource_tracker  # loaded here, or each run would have its own
from pathlib import Path
from typing import Protocol

import psutil
import pytest

from tests.waiting import PATIENCE

pytest_plugins = "pytester"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="orphans are adopted on Linux only")

CONFTEST = """
from tests.leftovers import Leftovers

def pytest_configure(config):
    config.pluginmanager.register(Leftovers(moment={moment}))
"""
# Functions that start a sleeping process and write its number to a file.
OPENING = """
import os, subprocess
import pytest

def sleeper(**more):
    process = subprocess.Popen(["sleep", "600"], **more)
    note(process.pid)
    return process

def note(number):
    with open("started", "a") as file:
        print(number, file=file)

def orphan():  # the shell ends, what it has started does not
    note(subprocess.check_output(["sh", "-c", "sleep 600 >/dev/null & echo $!"], text=True).strip())
"""
LEAVES = {
    "a child": "spared = sleeper()",
    "a child in a session of its own": "spared = sleeper(start_new_session=True)",
    "an orphan": "orphan()",
    "an orphan in a session of its own":
        'note(subprocess.check_output(["setsid", "-f", "sh", "-c", "echo $$; exec sleep 600 >&-"],'
        " text=True).strip())",
    "a child that is stopped": "spared = sleeper(); spared.send_signal(19)",
}  # fmt: skip


def gone(folder: Path) -> bool:
    """Whether processes were started, and all have ended."""
    numbers = [int(line) for line in (folder / "started").read_text().split()]
    return bool(numbers) and not any(
        psutil.pid_exists(n) and psutil.Process(n).status() != psutil.STATUS_ZOMBIE for n in numbers
    )


class Tried(Protocol):
    """Runs a text as a file of tests; moment: as of Leftovers, in seconds."""

    def __call__(self, body: str, moment: float = 0) -> pytest.RunResult: ...


@pytest.fixture
def tried(pytester: pytest.Pytester) -> Tried:
    """Run a file of tests in this process, with the Leftovers plugin."""
    # Popen warns of processes that are not waited for, which are the subject of these tests.
    options = ("-q", "-W", "ignore::ResourceWarning", "-p", "no:cacheprovider")

    def tried(body: str, moment: float = 0) -> pytest.RunResult:
        pytester.makeconftest(CONFTEST.format(moment=moment))
        pytester.makepyfile(OPENING + body)
        return pytester.runpytest_inprocess(*options, no_reraise_ctrlc=True)

    return tried


@pytest.mark.parametrize("what", LEAVES)
def test_a_leftover_fails_its_test_and_is_killed(
    what: str, tried: Tried, pytester: pytest.Pytester
) -> None:
    done = tried(f"def test_untidy():\n    {LEAVES[what]}\n\ndef test_tidy():\n    pass\n")
    done.assert_outcomes(passed=2, errors=1)
    done.stdout.fnmatch_lines(["*teardown of test_untidy*", "*left running*", "*sleep 600"])
    assert gone(pytester.path)


def test_a_test_that_fails_has_its_processes_ended(tried: Tried, pytester: pytest.Pytester) -> None:
    done = tried("def test_failing():\n    sleeper(); orphan(); assert 0\n")
    done.assert_outcomes(failed=1, errors=1)
    assert gone(pytester.path)


def test_processes_that_end_soon_are_no_leftovers(tried: Tried) -> None:
    done = tried(
        """
def test_ended():
    process = sleeper()
    process.kill()
    process.wait()

def test_killed_only():
    sleeper().kill()

def test_ends_soon():
    spared = subprocess.Popen(["sleep", "0.3"])
""",
        moment=PATIENCE,
    )
    done.assert_outcomes(passed=3)


def test_a_shared_fixture_may_keep_its_processes_until_it_ends(tried: Tried) -> None:
    done = tried("""
@pytest.fixture(scope="module")
def server():
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(["sh"], text=True, **pipes) as process:
        yield process

def test_one(server):
    server.stdin.write("sleep 600 & echo; wait\\n")  # a descendant of what is shared
    server.stdin.flush()
    server.stdout.readline()  # it has been started

def test_two(server):
    server.kill()
""")
    # The shell's own child is nobody's any more, once the shell has ended.
    done.assert_outcomes(passed=2, errors=1)
    done.stdout.fnmatch_lines(["*ERROR at teardown of test_two*", "*left running*", "*sleep 600"])


def test_a_shared_fixture_that_leaves_its_process_fails_its_last_test(
    tried: Tried, pytester: pytest.Pytester
) -> None:
    done = tried("""
@pytest.fixture(scope="module")
def server():
    return sleeper()

def test_one(server):
    pass

def test_two(server):
    pass
""")
    done.assert_outcomes(passed=2, errors=1)
    done.stdout.fnmatch_lines(["*ERROR at teardown of test_two*"])
    assert gone(pytester.path)


def test_what_a_fixture_starts_later_is_kept_as_long_as_it_says(tried: Tried) -> None:
    done = tried("""
from tests.leftovers import spared

@pytest.fixture(scope="module")
def lazy():
    started = []
    with spared(lambda: [process.pid for process in started]):
        yield started

def test_one(lazy):
    lazy.append(sleeper())

def test_two(lazy):
    pass

def test_three(lazy):
    lazy.clear()
""")
    done.assert_outcomes(passed=3, errors=1)
    done.stdout.fnmatch_lines(["*ERROR at teardown of test_three*"])


def test_the_helpers_of_multiprocessing_stay(tried: Tried) -> None:
    done = tried("""
def test_shared_memory():
    from multiprocessing import resource_tracker as ours
    ours.ensure_running()

def test_later():
    pass
""")
    done.assert_outcomes(passed=2)
    assert psutil.pid_exists(resource_tracker._resource_tracker._pid)


def test_ctrl_c_ends_what_runs(tried: Tried, pytester: pytest.Pytester) -> None:
    tried("def test_stopped():\n    sleeper(); orphan(); raise KeyboardInterrupt\n")
    assert gone(pytester.path)
