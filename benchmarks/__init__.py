"""Time and memory of each engine's `epoch` against its users' own loop; never asserts."""
