"""Templates of pages: values are escaped, and a name that is missing is an error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Template


def template(file: Path, **filters: Callable[..., Any]) -> Template:
    """The Jinja template in a file. filters: besides `html`, for text that is HTML already."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(file.parent), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"html": Markup, **filters}
    return environment.get_template(file.name)
