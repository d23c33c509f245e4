"""python -m tests.mutation.named [--find identity]: inject known mistakes one by one.

What a tool changes is one sign or one number. People make other mistakes: a check that leaves one
case out, a mean for a largest, a record held against itself. Each of `named.toml` is a change of a
file's text, and the tests about it, of which one must fail. Those of `shared.toml` change what all
backends share, which only the tests of `tests/native` can see.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.judging import unmeasured
from tests.mutation.mutants import ROOT, Mutant
from tests.mutation.workers import Worker, copied_tree

NAMED, SHARED = (Path(__file__).parent / f"{name}.toml" for name in ("named", "shared"))


@dataclass(frozen=True)
class Mistake:
    """A change of a file's text, and the tests that are about it."""

    name: str
    file: str  # from the root
    old: str  # stands in the file once
    new: str
    killed_by: tuple[str, ...]  # files of tests, or single tests

    @property
    def source(self) -> str:
        """The file's text with the mistake; ValueError where `old` is not in it just once."""
        text = (ROOT / self.file).read_text(encoding="utf-8")
        if text.count(self.old) != 1 or self.old == self.new:
            raise ValueError(
                f"{self.name!r}: {self.old!r} is {text.count(self.old)} times in {self.file}, "
                "not once: bring the list of mistakes up to date"
            )
        return text.replace(self.old, self.new)


def mistakes(*files: Path) -> list[Mistake]:
    """The mistakes of these files, by default of both."""
    texts = [file.read_text(encoding="utf-8") for file in files or (NAMED, SHARED)]
    entries = [entry for text in texts for entry in tomllib.loads(text)["mistake"]]
    return [Mistake(**entry | {"killed_by": tuple(entry["killed_by"])}) for entry in entries]


def seen_by(mistake: Mistake, worker: Worker) -> str:
    """The test that fails by a mistake; empty where all pass, or none can be run.

    worker: as of `forked.py`, in a copy of the tree.
    """
    mutant = Mutant(mistake.file, "named", 0, mistake.old, mistake.new, mistake.source)
    by = unmeasured(worker, mutant, [], mistake.killed_by).by
    return by if by.startswith("tests/") else ""


def main() -> int:
    """Try the mistakes with this word in their names and print the test that finds each."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.named", description=__doc__)
    parser.add_argument("--find", default="", help="only with this word in name or file")
    parser.add_argument("--shared", action="store_true", help="only what all backends share")
    args = parser.parse_args()
    known = mistakes(SHARED) if args.shared else mistakes()
    chosen = [m for m in known if args.find in m.name or args.find in m.file]
    lived = 0
    with copied_tree() as tree, closing(Worker("tests.mutation.forked", tree=tree)) as worker:
        for mistake in chosen:
            by = seen_by(mistake, worker)
            print(f"{mistake.file}: {mistake.name}: {by or 'LIVES'}", flush=True)
            lived += not by
    print(f"{len(chosen) - lived} of {len(chosen)} are seen")
    return 1 if lived or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
