"""What has gone wrong in a student's file, in words for whoever wrote it."""

from __future__ import annotations

from typing import Any


def told(kind: str, message: str, where: str) -> str:
    """An error in words for whoever wrote the line."""
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


def missing(what: str) -> str:
    return f"{upper(what)} is not in your file: was it renamed, or lost?"


def line_of(text: Any) -> str:
    """One printable line, whatever it is."""
    return "".join(c if c.isprintable() else " " for c in " ".join(str(text)[:1000].split()))


def upper(what: str) -> str:
    return what[0].upper() + what[1:]
