"""No test holds a clock against a number or gives up before PATIENCE: to be slow is no defect.

What costs time belongs to `make bench`. Looked for in the text of every file of tests: comparisons
with what a clock on the wall has said, comparisons of seconds with a number, and limits of waiting.
Processor time is no such clock: a busy machine makes a process wait, but hardly makes it do more.
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
# What waits for so long: by a keyword of its name, or the first argument of such a call.
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
    "waiting.py": "where PATIENCE is kept",
    "leftovers.py": "waits for what it has killed; what is left is killed again",
    "mutation/forked.py": "ends a mutant on the wall, long after its limit of processor time",
}


def offences(text: str) -> list[str]:
    """What makes a file fail where a machine is slow: line, kind and expression."""
    tree = ast.parse(text)
    found: set[tuple[int, str]] = set()
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            found |= set(_compared(function))
    found |= {*_told(tree), *_impatient(tree)}
    return [f"{line}: {what}" for line, what in sorted(found)]


def _compared(function: ast.AST) -> Iterator[tuple[int, str]]:
    """Comparisons with a clock, or with a name that holds what was made of its answer."""
    made: set[str] = set()
    if not _reads(function, made):
        return
    nodes = list(ast.walk(function))
    for _ in range(3):  # names that are made of such names, too
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
    """Whether a clock is asked, or one of the names used."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in made:
            return True
        if isinstance(part, ast.Call):
            holder = getattr(getattr(part.func, "value", None), "id", "time")
            name = getattr(part.func, "attr", getattr(part.func, "id", ""))
            if name in CLOCKS and holder == "time":
                return True
    return False


def _told(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """`x.seconds < 5` and `x["seconds"] < 5`; to be some, or exactly so many, is another thing."""
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


def _impatient(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Limits below PATIENCE, as a number or by the name of one in the same file."""
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
    found = {
        file.relative_to(TESTS).as_posix(): offences(file.read_text(encoding="utf-8"))
        for file in sorted(TESTS.rglob("*.py"))
        if "hostile" not in file.parts  # what is handed in, and no test
    }
    assert {name: lines for name, lines in found.items() if lines and name not in EXEMPT} == {}
    assert [name for name in EXEMPT if not found[name]] == [], "exempt without need"


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
def test_the_search_sees_it(line: str) -> None:
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
def test_the_search_lets_be(line: str) -> None:
    assert not offences(f"def test():\n    {line}\n")
