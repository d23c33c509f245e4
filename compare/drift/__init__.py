"""Compare another version of a framework: its numbers at every stage, and its defaults."""
