"""Framework defaults, where they differ, and code that shows it."""

__version__ = "0.1.0"
