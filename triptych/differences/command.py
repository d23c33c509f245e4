"""The command `triptych differences`: list the catalogue, show entries in full, or run them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console

from triptych.arguments import Parser, one_of
from triptych.backends import BACKENDS, installed
from triptych.differences.entry import Entry
from triptych.differences.judge import judge, not_run
from triptych.differences.listing import console, full, table
from triptych.differences.processes import Report, observe_all
from triptych.differences.reading import read_all
from triptych.differences.selecting import select
from triptych.errors import require

DESCRIPTION = """\
Framework defaults, where they differ, and code that shows it.

  triptych differences                    list the catalogue
  triptych differences adam_epsilon       one entry in full
  triptych differences optimizers         the entries of a topic
  triptych differences loss is too large  the entries that fit these words best
  triptych differences adam_epsilon --run verify it on the installed frameworks
"""


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns 1 if --run finds a value that differs, else 0."""
    parser = Parser("triptych differences", DESCRIPTION)
    parser.add_argument("entries", nargs="*", metavar="ENTRY", help="a name, a topic, or words")
    parser.add_argument(
        "--find", default="", metavar="WORDS", help="the entries that fit these words best"
    )
    parser.add_argument("--topic", default="", help="entries of one topic, such as optimizers")
    parser.add_argument(
        "--backend", type=one_of("backend", BACKENDS), help=f"one of {', '.join(BACKENDS)}"
    )
    parser.add_argument("--run", action="store_true", help="run the code, verify its values")
    options = parser.parse_args(arguments)
    backend = options.backend or ""
    entries = select(read_all(), options.entries, options.find, options.topic, backend)
    screen = console()
    if options.run:
        backends = [options.backend] if options.backend else list(BACKENDS)
        return int(verify(screen, entries, backends))
    names = {entry.name for entry in entries} | {f"{e.topic}/{e.name}" for e in entries}
    is_named = bool(options.entries) and names.issuperset(options.entries)
    show(screen, entries, "triptych differences ", is_named, bool(options.find))
    return 0


def show(
    screen: Console, entries: list[Entry], command: str, is_named: bool, is_ranked: bool = False
) -> None:
    """Show each entry in full if they were named, otherwise a table, by topic or ranked."""
    if not is_named:
        table(screen, entries, is_ranked)
        screen.print(f"`{command}{entries[0].name}` shows an entry in full", markup=False)
        return
    for i, entry in enumerate(entries):
        if i:
            screen.rule()
        full(screen, entry)


def verify(screen: Console, entries: list[Entry], backends: Sequence[str]) -> bool:
    """Run the snippets of the installed backends; True if a value differs from its entry."""
    concerned = [b for b in backends if any(b in entry.backends for entry in entries)]
    here = installed(concerned)
    require(bool(here), f"not installed: {', '.join(concerned)}")
    what = entries[0].name if len(entries) == 1 else f"{len(entries)} entries"
    with progress(screen, f"{what} on {', '.join(here)}") as report:
        observed = observe_all(here, [entry.name for entry in entries], report=report)
    lacking = not_run(entries, observed)
    ran = any("missing" not in run for runs in observed.values() for run in runs.values())
    names = " ".join(lacking)
    require(ran or not lacking, f"not installed: {names}; run `pip install {names}`")
    findings = judge(entries, observed)
    for finding in findings:
        screen.print(f"changed: {finding}", style="bold red", markup=False, soft_wrap=True)
    absent = [backend for backend in concerned if backend not in here]
    if absent:
        screen.print(f"not run, because not installed: {', '.join(absent)}", markup=False)
    for package, snippets in lacking.items():
        reason = f"not run, because not installed: {package}, for {', '.join(snippets)}"
        screen.print(f"{reason}; run `pip install {package}`", markup=False, soft_wrap=True)
    if not findings:
        screen.print(f"{what}: every backend that ran gives the values of its entry", markup=False)
    return bool(findings)


@contextmanager
def progress(screen: Console, title: str) -> Iterator[Report]:
    """A changing line on a terminal; elsewhere a line whenever a process starts or ends."""
    if not screen.is_terminal:
        screen.print(title, markup=False)
        yield lambda backend, state: screen.print(
            f"  {backend}: {state}", markup=False, soft_wrap=True
        )
        return
    states: dict[str, str] = {}
    with screen.status(title) as status:

        def update(backend: str, state: str) -> None:
            states[backend] = state
            running = [b for b in states if states[b] == "running"]
            done = len(states) - len(running)
            status.update(f"{title}: {done} done, running {', '.join(running)}")

        yield update
