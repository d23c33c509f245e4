"""How a command line ends: whatever its user can mend is one line and status 2 (130 for Ctrl-C)."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from adapters.contract import TriptychError
from datasets import DataError

INTERRUPTED = 130  # what a shell reports of a program that Ctrl-C has ended


def run(command: click.Command, name: str) -> None:
    """Run a command line; the process ends with its status."""
    try:
        sys.exit(command.main(prog_name=name, standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(2)
    except click.UsageError as error:
        _fail(f"{error.format_message()} (see --help)")
    except (TriptychError, DataError, click.ClickException) as error:
        _fail(str(error))
    except MemoryError:
        _fail("out of memory: use smaller data or fewer of them (DATA=), or float32")
    except OSError as error:
        _fail(f"{error}: check rights and disk space")
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)


def _fail(message: str) -> NoReturn:
    click.echo(f"error: {' '.join(message.split())}", err=True)
    sys.exit(2)
