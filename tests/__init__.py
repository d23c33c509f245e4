"""The tests: `python -m tests` runs them, every backend and dtype in a process of its own."""
