"""A child process answers each line with a line, and whatever ends it is told in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.json_process import JsonProcess, ProcessFailed
from course.settings import ROOT

CHILD = f"""
import sys, time
sys.path.insert(0, {str(ROOT)!r})
from course.json_process import answer_channel, requests
answer = answer_channel()
print("printed after")
for request in requests():
    if request["do"] == "leave":
        sys.exit("what it says last\\n")
    if request["do"] == "sleep":
        time.sleep(600)
    answer({{"echo": request["text"]}})
"""


@pytest.fixture
def process(tmp_path: Path) -> JsonProcess:
    (tmp_path / "child.py").write_text(CHILD, encoding="utf-8")
    return JsonProcess("child", root=tmp_path)


@pytest.mark.parametrize("text", ["", "é → 漢", "two\nlines", "x" * 100_000])
def test_an_answer_is_that_to_the_request(process: JsonProcess, text: str) -> None:
    with process:
        for each in (text, "again"):
            assert process.ask({"do": "echo", "text": each}) == {"echo": each}
    assert process.process.returncode is not None


def test_its_last_line_is_the_reason(process: JsonProcess) -> None:
    with process:
        with pytest.raises(ProcessFailed, match=r"^what it says last$"):
            process.ask({"do": "leave"})
        with pytest.raises(ProcessFailed, match=r"^what it says last$"):
            process.ask({"do": "echo", "text": "x"})  # into the broken pipe


def test_a_slow_answer_is_none(process: JsonProcess) -> None:
    with process:
        assert process.ask({"do": "echo", "text": "up"})  # its start is not counted
        process.patience = 0.01
        with pytest.raises(ProcessFailed):
            process.ask({"do": "sleep"})


def test_an_unknown_module_is_named() -> None:
    with JsonProcess("no_such_module") as process, pytest.raises(ProcessFailed, match="no_such"):
        process.answer()
