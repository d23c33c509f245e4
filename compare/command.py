"""How a command of compare/ ends: whatever its user can mend is one line and status 2."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from adapters.contract import TriptychError
from course.cli import INTERRUPTED


def run(command: click.Command, name: str) -> None:
    """Run a command line; the process ends with its status."""
    try:
        sys.exit(command.main(prog_name=name, standalone_mode=False))
    except click.UsageError as error:
        fail(f"{error.format_message()} (see --help)")
    except (TriptychError, click.ClickException) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error}: check rights and disk space")
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)


def fail(message: str) -> NoReturn:
    """Say it in one line, and end with status 2."""
    click.echo(f"error: {' '.join(message.split())}", err=True)
    sys.exit(2)
