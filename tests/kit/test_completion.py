"""Tab completion with the line that the documentation gives."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import kit
from tests.waiting import PATIENCE

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = (REPOSITORY / "docs" / "commands.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.skipif(
    bool(kit.broken()) or all(kit.incomplete(name) for name in kit.backends()),
    reason="an environment would be built first",
)


def bash(script):
    """Run a script in bash, with the Python of the environment as the page's `python`."""
    path = os.pathsep.join([str(kit.PYTHON.parent), os.environ["PATH"]])
    return subprocess.run(
        ["bash", "--norc", "-c", script], cwd=REPOSITORY, env={**os.environ, "PATH": path},
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
def test_the_line_of_the_page_completes_an_option():
    (line,) = re.findall(r'`(eval "\$\(.*?completion bash\)")`', PAGE)
    press = "COMP_WORDS=(course lesson3 --ba); COMP_CWORD=2; _course_completion course"
    done = bash(f'{line} && {press} && echo "${{COMPREPLY[@]}}" && course --help')
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("--backend\n")
    assert "python kit.py lesson3 --backend torch" in done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_kit_and_course_print_the_same_completion(shell):
    outputs = [
        subprocess.run(
            [str(kit.PYTHON), *command, "completion", shell], cwd=REPOSITORY, text=True,
            capture_output=True, timeout=PATIENCE, check=True,
        ).stdout
        for command in (["kit.py"], ["-m", "course"])
    ]  # fmt: skip
    assert outputs[0] == outputs[1]
    # `env` can only start a program, and `course` is a function.
    assert len(re.findall(r"-P -m course\)", outputs[0])) == 1
    assert "commands[course]" not in outputs[0]
