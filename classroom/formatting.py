"""Word errors of a student's file for its author."""

from __future__ import annotations

from typing import Any


def describe_error(kind: str, message: str, where: str) -> str:
    """An error as the rest of a sentence that begins with the name of the function.

    kind: the name of the exception; where: " in line 3", or empty.
    """
    if kind == "SystemExit":
        return f"calls exit(){where}: a function should return, and not end the program."
    if kind == "EOFError":
        return f"asks for input{where}, and nobody is there to type: use the arguments instead."
    if kind == "RecursionError":
        return f"calls itself without end{where}: when should it stop?"
    if kind == "MemoryError":
        return f"wants more memory than there is{where}: does something grow in every round?"
    if kind == "TooLarge":
        return "returns more than a check can read: far fewer numbers were asked for."
    if kind == "Refused":
        return (
            f"reaches for {message}{where}. The course's own files hold answers, and nothing here "
            "needs another program: take that line out, and write it yourself."
        )
    if "ellipsis" in message.lower():
        return f"meets a `...` that is still there{where}: your answer is awaited first."
    return f"stops{where} with {kind}" + (f": {message}" if message else "")


def missing(name: str) -> str:
    """The message for a name that the file does not define."""
    return f"{capitalized(name)} is not in your file: was it renamed, or lost?"


def single_line(text: Any) -> str:
    """Any value as one printable line of at most 1000 characters."""
    return "".join(c if c.isprintable() else " " for c in " ".join(str(text)[:1000].split()))


def capitalized(name: str) -> str:
    """The text with a capital at its beginning; the rest is unchanged."""
    return name[0].upper() + name[1:]
