"""Delete a file outside its folder by its absolute path, then overwrite it."""

from pathlib import Path

from classroom import open_exercises

exercises = open_exercises(1)

try:
    Path("@CANARY@").unlink()
finally:
    Path("@CANARY@").write_text("gone")
