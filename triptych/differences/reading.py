"""Read entries from their files by parsing them; nothing is run, no framework is imported."""

from __future__ import annotations

import ast
import math
from dataclasses import MISSING, fields
from pathlib import Path
from textwrap import dedent
from typing import Any

from triptych.differences.entry import FRAMEWORKS, Entry, EntryError, Snippet, faults
from triptych.errors import require

HOME = Path(__file__).parent
NUMBERS = {"inf": math.inf, "nan": math.nan}  # the two names that a literal may contain
READ = {"file", "title", "summary", "snippets"}  # the fields that are not assignments
FACTS = {field.name: field.default is MISSING for field in fields(Entry) if field.name not in READ}


def read_all(home: Path = HOME) -> list[Entry]:
    """Every entry, by topic and name. Raises EntryError for a malformed entry."""
    entries = [read(file) for file in sorted(home.glob("*/*.py"))]
    by_name: dict[str, Entry] = {}
    for entry in entries:
        other = by_name.setdefault(entry.name, entry)
        message = f"{entry.name} is both in {other.topic} and {entry.topic}"
        require(other is entry, message, EntryError)
    return entries


def read(file: Path) -> Entry:
    """Read one entry. Raises EntryError with its first fault."""
    name = f"{file.parent.name}/{file.stem}"
    try:
        text = file.read_text(encoding="utf-8")
        tree = ast.parse(text, filename=file.name)
        facts, snippets = _contents(tree, text.splitlines())
    except (SyntaxError, ValueError) as error:
        raise EntryError(f"{name} cannot be read: {error}") from None
    missing = [fact for fact, needed in FACTS.items() if needed and fact not in facts]
    unexpected = [fact for fact in facts if fact not in FACTS]
    require(not missing, f"{name} lacks {', '.join(missing)}", EntryError)
    require(not unexpected, f"{name} has unknown facts: {', '.join(unexpected)}", EntryError)
    title, _, summary = (ast.get_docstring(tree) or "").partition("\n")
    entry = Entry(file=file, title=title, summary=_one_line(summary), snippets=snippets, **facts)
    for fault in faults(entry):
        raise EntryError(f"{name}: {fault}")
    return entry


def _contents(tree: ast.Module, lines: list[str]) -> tuple[dict[str, Any], dict[str, Snippet]]:
    """The facts and the snippets of a file. Raises ValueError for a line that is neither."""
    facts, snippets = {}, {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]):
                facts[name] = _one_line(_literal(node.value))
            case ast.FunctionDef(name=name) if name in FRAMEWORKS:
                snippets[name] = _snippet(node, lines)
            case ast.Expr(value=ast.Constant(value=str())) | ast.ImportFrom(module="math"):
                pass
            case _:
                frameworks = ", ".join(FRAMEWORKS)
                raise ValueError(f"line {node.lineno} is neither a fact nor one of {frameworks}")
    order = [framework for framework in FRAMEWORKS if framework in snippets]
    return facts, {framework: snippets[framework] for framework in order}


def _snippet(function: ast.FunctionDef, lines: list[str]) -> Snippet:
    """The body of a function as a program of its own, without its return statement."""
    last = function.body[-1]
    returned = last.value if isinstance(last, ast.Return) else None
    names = returned.elts if isinstance(returned, ast.Tuple) else [returned]
    defined = {node.name for node in function.body if isinstance(node, ast.FunctionDef)}
    returns = tuple(n.id if isinstance(n, ast.Name) and n.id in defined else "" for n in names)
    text = "\n".join(lines[function.lineno : last.lineno - 1])
    return Snippet(dedent(text).strip(), returns)


def _literal(node: ast.expr) -> Any:
    """The value of a literal, which may contain nan and inf."""
    for name in [n for n in ast.walk(node) if isinstance(n, ast.Name)]:
        if name.id not in NUMBERS:
            raise ValueError(f"line {node.lineno} is not a literal: it contains {name.id}")
    return ast.literal_eval(_Numbers().visit(node))


class _Numbers(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.Constant:
        return ast.copy_location(ast.Constant(NUMBERS[node.id]), node)


def _one_line(value: Any) -> Any:
    """A text on one line; any other value as it is."""
    return " ".join(value.split()) if isinstance(value, str) else value
