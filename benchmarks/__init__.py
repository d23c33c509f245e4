"""Time and memory of each backend's `epoch` against its users' own loop; never asserts."""
