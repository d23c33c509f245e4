"""Check any adapter against the laws of adapters/laws, and explain each failure."""
