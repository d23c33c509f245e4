"""Check any adapter against the laws of tests/conformance, and explain each failure."""
