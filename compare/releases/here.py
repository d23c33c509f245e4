"""python -m compare.releases.here BACKEND VERSION FILE: the row of the installed framework.

`triptych ledger check` runs it in a checkout, and compares the row with the one of the ledger.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from adapters import BACKENDS
from compare.releases.measuring import Subject, measure, references
from datasets.atomic_files import write_whole


def main(backend: str, version: str, file: str) -> None:
    """Measure the framework of this Python, and write its row."""
    subject = Subject(backend, BACKENDS[backend].packages[0], version, "", Path(sys.executable))
    row = measure(subject, references(), os.cpu_count() or 1, 0.0)
    write_whole(Path(file), row.text().encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
