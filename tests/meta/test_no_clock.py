"""No test compares wall-clock time with a limit or gives up before PATIENCE: slowness is no defect.

Speed is measured by `make bench`. This test searches the text of every test file for comparisons
with a wall clock, comparisons of seconds with a number, and short time limits. Processor time is
allowed: on a busy machine a process waits, but hardly computes more.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import PATIENCE

TESTS = Path(__file__).resolve().parent.parent
CLOCKS = ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns")
SECONDS = ("seconds", "elapsed", "took", "duration")
# Functions whose first argument is a time limit; a keyword `timeout` is one in any call.
WAITING = (
    "wait",
    "join",
    "communicate",
    "settimeout",
    "wait_for",
    "timeout",
    "set_default_timeout",
)
EXEMPT = {
    "waiting.py": "defines PATIENCE",
    "leftovers.py": "waits for what it has killed; what is left is killed again",
    "mutation/forked.py": "ends a mutant on the wall, long after its limit of processor time",
}


def offences(text: str) -> list[str]:
    """The places where a file would fail on a slow machine: line, kind and expression."""
    tree = ast.parse(text)
    result: set[tuple[int, str]] = set()
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            result |= set(_clock_comparisons(function))
    result |= {*_seconds_comparisons(tree), *_short_limits(tree)}
    return [f"{line}: {what}" for line, what in sorted(result)]


def _clock_comparisons(function: ast.AST) -> Iterator[tuple[int, str]]:
    """Comparisons with a clock, or with a variable that was computed from one."""
    made: set[str] = set()
    if not _reads(function, made):
        return
    nodes = list(ast.walk(function))
    for _ in range(3):  # also variables that were computed from such variables
        for node in nodes:
            if isinstance(node, ast.Assign):
                for target, value in _pairs(node.targets[0], node.value):
                    if isinstance(target, ast.Name) and _reads(value, made):
                        made.add(target.id)
    for node in nodes:
        if isinstance(node, ast.Compare) and _orders(node) and _reads(node, made):
            yield node.lineno, f"a clock is compared: {ast.unparse(node)}"


def _orders(node: ast.Compare) -> bool:
    return any(isinstance(sign, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for sign in node.ops)


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return list(zip(target.elts, value.elts, strict=False))
    return [(target, value)]


def _reads(node: ast.AST, made: set[str]) -> bool:
    """Whether an expression calls a clock or uses one of the names."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in made:
            return True
        if isinstance(part, ast.Call):
            holder = getattr(getattr(part.func, "value", None), "id", "time")
            name = getattr(part.func, "attr", getattr(part.func, "id", ""))
            if name in CLOCKS and holder == "time":
                return True
    return False


def _seconds_comparisons(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """`x.seconds < 5` and `x["seconds"] < 5`, but not comparisons with 0 or by ==."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and _orders(node):
            sides = [node.left, *node.comparators]
            numbers = [s for s in sides if isinstance(s, ast.Constant) and s.value != 0]
            names = [
                getattr(s, "attr", "") or getattr(getattr(s, "slice", None), "value", "")
                for s in sides
            ]
            if numbers and set(names) & set(SECONDS):
                yield node.lineno, f"seconds are compared: {ast.unparse(node)}"


def _short_limits(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Time limits below PATIENCE, as a number or by a constant of the same file."""
    named = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            limits = [word.value for word in node.keywords if word.arg == "timeout"]
            limits += node.args[:1] if name in WAITING else []
            for limit in limits:
                value = getattr(named.get(getattr(limit, "id", ""), limit), "value", None)
                if isinstance(value, int | float) and 0 < value < PATIENCE:
                    yield node.lineno, f"gives up soon: {ast.unparse(node.func)}({value})"


def test_no_test_fails_on_a_slow_machine() -> None:
    lines = {
        file.relative_to(TESTS).as_posix(): offences(file.read_text(encoding="utf-8"))
        for file in sorted(TESTS.rglob("*.py"))
        if file.name != "hostile.py"  # submissions, not tests
    }
    assert {name: bad for name, bad in lines.items() if bad and name not in EXEMPT} == {}
    assert [name for name in EXEMPT if not lines[name]] == [], "exempt without need"


@pytest.mark.parametrize(
    "line",
    [
        "assert time.perf_counter() - start < 2.5",
        "began = time.monotonic(); work(); assert time.monotonic() - began < BOUND",
        "took = perf_counter() - start; assert took <= 3",
        "begun, other = time.time(), 3; late = begun + 5; assert now() < late",
        "while not there() and time.monotonic() < deadline: pass",
        "assert done.seconds < 4",
        "assert 5 <= told['seconds'] < 5 + 600",
        "process.communicate(timeout=20)",
        "process.wait(SHORT)",
        "socket.settimeout(5)",
    ],
)
def test_offences_are_found(line: str) -> None:
    assert offences(f"SHORT = 20\n\ndef test():\n    {line}\n")


@pytest.mark.parametrize(
    "line",
    [
        "token = f'{time.monotonic_ns()}'; assert found(token) == []",
        "assert done.seconds > 0",
        "assert process.seconds == 1.5",
        "assert len(begun) < 3",
        "process.communicate(timeout=PATIENCE)",
        "process.wait(timeout=7200)",
        "cost = time.process_time() - start; assert cost < LIMIT",
        "', '.join(names)",
        "server.settimeout(0)",
    ],
)
def test_other_code_is_no_offence(line: str) -> None:
    assert not offences(f"def test():\n    {line}\n")
