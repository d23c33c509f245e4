"""Write until the disk is full, in every writable folder."""

import tempfile
from contextlib import suppress
from pathlib import Path

from classroom import open_exercises

exercises = open_exercises(1)

BLOCK = b"\1" * 2**24
for folder in (Path.cwd(), tempfile.gettempdir(), "/dev/shm", "/dev", "/var/tmp", "/"):
    with suppress(OSError):
        for number in range(10_000):
            Path(folder, f"@TOKEN@-{number}").write_bytes(BLOCK)
raise SystemExit("no room left")
