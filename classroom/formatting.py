"""Word errors of a student's file for its author."""

from __future__ import annotations

from typing import Any

from classroom.error_hints import cause_of


def describe_error(kind: str, message: str, where: str, near: str = "") -> str:
    """An error and its usual cause, after the name of the function: "stops in line 3 with …".

    kind: the name of the exception; where: " in line 3", or empty; near: see error_hints.
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
    sentence = f"stops{where} with {kind}" + (f": {message}" if message else "")
    cause = cause_of(kind, message, near)
    return f"{sentence.rstrip('.')}. {cause}" if cause else sentence


def missing(name: str) -> str:
    """The message for a name that the file does not define."""
    return f"{capitalized(name)} is not in your file: was it renamed, or lost?"


def single_line(text: Any) -> str:
    """Any value as one printable line of at most 1000 characters."""
    return "".join(c if c.isprintable() else " " for c in " ".join(str(text)[:1000].split()))


def capitalized(name: str) -> str:
    """The text with a capital at its beginning; the rest is unchanged."""
    return name[0].upper() + name[1:]
