"""Read another student's submission; with it, this one would have full points."""

from pathlib import Path

from classroom import open_exercises

exercises = open_exercises(1)

exec(Path("@OTHER@").read_text())
