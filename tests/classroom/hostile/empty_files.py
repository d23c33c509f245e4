"""Make endlessly many empty files, which take no disk space but kernel memory."""

import tempfile
from contextlib import suppress
from itertools import count
from pathlib import Path

from classroom import open_exercises

exercises = open_exercises(1)

for number in count():
    for folder in (Path.cwd(), tempfile.gettempdir()):
        with suppress(OSError):
            Path(folder, f"@TOKEN@-{number}").touch()
