"""The proofs: run them with `python -m tests`, which gives every engine and dtype its own process."""
