"""What another version of a framework changes: its numbers at every stage, and its defaults."""
