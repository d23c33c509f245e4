"""Every source file keeps the rules: an adapter its shape, a file its length, a name its view."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters import BACKENDS
from adapters.contract import Model
from course.settings import ROOT

# Every adapter has the same tables and methods in the same order; files have limited length.
#
# The files are parsed, not run, so no framework is imported.

ADAPTERS = sorted(backend.module.replace(".", "/") + ".py" for backend in BACKENDS.values())
TABLES = ["DEFAULTS", "configure_device", "LOSSES", "OPTIMIZERS", "MODEL"]
# Of a file of layers, in the order in which every framework's has them.
KINDS = ["Dense", "Conv2D", "Pool2D", "Flatten", "Reshape", "Embedding", "Positions", "LayerNorm",
         "Attention", "Residual", "Mean"]  # fmt: skip
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


def methods_expected(own: list[str]) -> list[str]:
    """The contract's methods, in order, of an adapter that has these.

    All of them, but for those that the contract gives by itself and that the adapter leaves to it.
    """
    contract = methods((ROOT / "adapters/contract.py").read_text(encoding="utf-8"))
    return [name for name in contract if name in own or name in Model.__abstractmethods__]


@pytest.mark.parametrize("path", ADAPTERS)
def test_every_adapter_has_the_same_tables_and_methods(path: str) -> None:
    source = (ROOT / path).read_text(encoding="utf-8")
    assert tables(source) == TABLES
    assert methods(source) == methods_expected(methods(source))


@pytest.mark.parametrize(
    "file", sorted((ROOT / "adapters").glob("*_layers.py")), ids=lambda f: f.name
)
def test_every_file_of_layers_has_the_same_table(file: Path) -> None:
    assert kinds(file.read_text(encoding="utf-8")) == KINDS


def kinds(source: str) -> list[str]:
    """The layers in the table LAYERS, in its order."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "LAYERS":
            assert isinstance(node.value, ast.Dict)
            return [ast.unparse(key) for key in node.value.keys if key is not None]
    return []


def test_the_check_can_fail() -> None:
    source = (ROOT / ADAPTERS[0]).read_text(encoding="utf-8")
    names = methods(source)
    assert tables(source.replace("LOSSES", "FUNCTIONS")) != TABLES
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


# No comprehension binds a name that another one of its function takes from the module.
#
# Python 3.12.0 and 3.12.1 take the second for a local variable that has no value yet (an
# UnboundLocalError); later ones do not.

SEARCHED = """adapters benchmarks classroom compare course datasets docs injections lessons tests
    tools triptych"""
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp)  # a generator has a frame of its own
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
MISTAKE = "def f(a):\n    b = [size for size in a]\n    return [size(x) for x in b]\n"


def hidden(source: str) -> Iterator[str]:
    """Each function with such a name, and the name."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, FUNCTIONS):
            bound, free = set[str](), set[str]()
            for node in ast.iter_child_nodes(function):
                _collect(node, frozenset(), bound, free)
            if bound & free:
                name = getattr(function, "name", "a lambda")
                yield from (f"{name}: {each}" for each in sorted(bound & free - _own(function)))


def _collect(node: ast.AST, own: frozenset[str], bound: set[str], free: set[str]) -> None:
    """The names that comprehensions bind, and those that stand in one without being bound in it."""
    if isinstance(node, FUNCTIONS):
        return
    if isinstance(node, (*COMPREHENSIONS, ast.GeneratorExp)):
        targets = {
            name.id
            for generator in node.generators
            for name in ast.walk(generator.target)
            if isinstance(name, ast.Name)
        }
        bound |= targets if isinstance(node, COMPREHENSIONS) else set()
        own |= targets | {""}  # "": inside of a comprehension
    elif isinstance(node, ast.Name) and own and node.id not in own:
        free.add(node.id)
    for child in ast.iter_child_nodes(node):
        _collect(child, own, bound, free)


def _own(function: ast.AST) -> set[str]:
    """The function's parameters, and the variables that it sets outside of comprehensions."""
    names = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    inside = {
        id(name)
        for node in ast.walk(function)
        if isinstance(node, (*COMPREHENSIONS, ast.GeneratorExp))
        for name in ast.walk(node)
    }
    return names | {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in inside
    }


@pytest.mark.parametrize("folder", SEARCHED.split())
def test_no_name_is_hidden(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in Path(ROOT / folder).rglob("*.py")
        for name in hidden(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_one_that_is_hidden_is_found() -> None:
    """The control; and that whoever sets the name, or takes it as a parameter, is let be."""
    assert [*hidden(MISTAKE)] == ["f: size"]
    assert [*hidden(MISTAKE.replace("f(a)", "f(a, size)"))] == []
    assert [*hidden(MISTAKE.replace("    return", "    size = len\n    return"))] == []
    assert [*hidden(MISTAKE.replace("size(x)", "x"))] == []
