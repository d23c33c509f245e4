"""The exception for a wrong answer."""

from __future__ import annotations


class Wrong(Exception):
    """An answer is wrong; the message is the hint for the student."""
