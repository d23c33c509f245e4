"""Deletes a file outside its folder, by its absolute path, and then overwrites it."""

from pathlib import Path

from classroom import open_exercises

exercises = open_exercises(1)

try:
    Path("@CANARY@").unlink()
finally:
    Path("@CANARY@").write_text("gone")
