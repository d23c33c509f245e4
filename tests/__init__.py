"""The proofs: `python -m tests` runs them, every engine and dtype in a process of its own."""
