"""From the sources in page/ to one HTML file that needs no network.

The scripts are ES modules, each a file with one idea. Every module becomes a function that is
called once and returns what it exports, and comes after those that it imports. So a browser needs
only the one file, also from disk, where it would refuse to load a module. The same sources always
give the same bytes.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from adapters.contract import TriptychError, require

PAGE = Path(__file__).resolve().parent / "page"
ENTRY = "main.js"
IMPORT = re.compile(r'^import \{([^}]+)\} from "(\.{1,2}/[^"]+)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?:const|class|function\*?) (\w+)", re.MULTILINE)
INCLUDE = re.compile(r"^<!-- include (\S+) -->$", re.MULTILINE)


def playground(folder: Path = PAGE) -> str:
    """The whole page as text. Raises TriptychError if modules import in a circle."""
    text = INCLUDE.sub(lambda found: _read(folder, found[1]).rstrip(), _read(folder, "index.html"))
    script = bundled(folder)
    require("</script" not in script, "a script holds the end of a script", TriptychError)
    styles = "".join(_read(folder, name) for name in ("style.css", "pieces.css"))
    return text.replace("/* STYLE */", styles).replace("/* SCRIPT */", script)


def bundled(folder: Path) -> str:
    """All modules that the entry needs, as one script."""
    return '"use strict";\n' + "\n".join(
        _as_function(name, _read(folder, name)) for name in in_order(folder)
    )


def in_order(folder: Path, entry: str = ENTRY) -> list[str]:
    """The modules that the entry needs, each after those that it imports; the entry is last."""
    done: list[str] = []

    def visit(name: str, on_the_way: tuple[str, ...]) -> None:
        circle = " → ".join((*on_the_way, name))
        require(name not in on_the_way, f"modules import in a circle: {circle}", TriptychError)
        if name not in done:
            for _, path in IMPORT.findall(_read(folder, name)):
                visit(_resolved(name, path), (*on_the_way, name))
            done.append(name)

    visit(entry, ())
    return done


def _as_function(name: str, text: str) -> str:
    """A module as a constant that holds its exports."""
    text = IMPORT.sub(
        lambda found: (
            f"const {{{found[1].replace(' as ', ': ')}}} = {_constant(_resolved(name, found[2]))};"
        ),
        text,
    )
    names = ", ".join(EXPORT.findall(text))
    text = EXPORT.sub(lambda found: found[0].removeprefix("export "), text)
    other = re.search(r"^(?:import|export)\b.*", text, re.MULTILINE)
    require(other is None, f"{name}: unknown form: {other and other[0]}", TriptychError)
    return f"// {name}\nconst {_constant(name)} = (() => {{\n{text}return {{ {names} }};\n}})();\n"


def _resolved(name: str, path: str) -> str:
    """A module's path below the folder, from the path by which another one imports it."""
    parts: list[str] = []
    for part in (PurePosixPath(name).parent / path).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _constant(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))


def _read(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")
