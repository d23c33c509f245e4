"""Every adapter has the same tables and methods in the same order; files have limited length.

The files are parsed, not run, so no framework is imported.
"""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

import pytest

from adapters import BACKENDS

ROOT = Path(__file__).parents[2]
ADAPTERS = sorted(backend.module.replace(".", "/") + ".py" for backend in BACKENDS.values())
TABLES = ["DEFAULTS", "configure_device", "ACTIVATIONS", "LOSSES", "OPTIMIZERS", "MODEL"]
ADAPTER_LINES, LESSON_LINES, OTHER_LINES = 270, 270, 300
FOLDERS = (
    "adapters", "benchmarks", "classroom", "compare", "course", "datasets", "docs", "injections",
    "kit.py", "lessons", "spelling.py", "tests", "tools", "triptych",
)  # fmt: skip
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)
NO_CODE = (
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENDMARKER,
)  # fmt: skip


def tables(source: str) -> list[str]:
    """The module's tables, in the order of their definition."""
    names: list[str] = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            names += [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.append(node.target.id)
    return [name for name in names if name in TABLES]


def methods(source: str, base: str = "Model") -> list[str]:
    """The public methods of the class `base`, or of the class that derives from it, in order."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            bases = [b.id for b in node.bases if isinstance(b, ast.Name)]
            if base in bases or node.name == base:
                names = [f.name for f in node.body if isinstance(f, ast.FunctionDef)]
                return [n for n in names if not n.startswith("_") or n == "__init__"]
    raise AssertionError(f"no class of this file derives from {base}")


@pytest.mark.parametrize("path", ADAPTERS)
def test_every_adapter_has_the_same_tables_and_methods(path: str) -> None:
    source = (ROOT / path).read_text(encoding="utf-8")
    contract = methods((ROOT / "adapters/contract.py").read_text(encoding="utf-8"))
    assert tables(source) == TABLES
    assert methods(source) == contract


def test_the_check_can_fail() -> None:
    source = (ROOT / ADAPTERS[0]).read_text(encoding="utf-8")
    names = methods(source)
    assert tables(source.replace("ACTIVATIONS", "FUNCTIONS")) != TABLES
    assert methods(source.replace("def epoch(", "def one_epoch(")) != names
    assert methods(source.replace("def loss(", "def _loss_of(")) != names
    swapped = source.replace("def step(", "def x(").replace("def epoch(", "def step(")
    assert methods(swapped.replace("def x(", "def epoch(")) != names
    with pytest.raises(AssertionError, match="derives from"):
        methods("class Other: pass")


def code_lines(source: str) -> int:
    """The number of lines with code, without blank lines, comments and docstrings."""
    documented: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node) is not None:
            first = node.body[0]
            documented.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    code = {
        line
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in NO_CODE
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(code - documented)


def test_lines_of_code_are_counted() -> None:
    source = '"""What\nit is."""\n\n# why\nx = 1\n\n\ndef f():\n    "Doc."\n    return """a\nb"""\n'
    assert code_lines(source) == 4


def test_files_stay_within_their_limits() -> None:
    for folder in FOLDERS:
        for path in [ROOT / folder] if folder.endswith(".py") else (ROOT / folder).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            if folder == "lessons":
                lines, limit = code_lines(source), LESSON_LINES
            else:
                lines = len(source.splitlines())
                limit = ADAPTER_LINES if path.stem.endswith("_adapter") else OTHER_LINES
            assert lines <= limit, f"{path.relative_to(ROOT)} has {lines} lines, limit {limit}"


def test_contributing_states_the_limits() -> None:
    text = " ".join((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split())
    assert (
        f"adapters up to {ADAPTER_LINES} lines, lessons up to {LESSON_LINES} lines of code, other "
        f"files up to {OTHER_LINES}"
    ) in text
