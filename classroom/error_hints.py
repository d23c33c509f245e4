"""What usually causes an error of Python or NumPy, in a sentence for a beginner."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

NO_RETURN: Final = "did you forget `return`? `print` shows a value, `return` hands it over"
MISSING_NAME: Final = re.compile(r"name '(\w+)' is not defined")  # the message of a NameError
# By the name of the exception and a pattern in its message; the first that fits counts.
Table = Sequence[tuple[str, str, str]]
CAUSES: Final[Table] = (
    ("NameError", "", "Nothing of this name exists at this point: is it spelt as it was above?"),
    ("UnboundLocalError", "", "The name gets its value later, or only in an `if` or a loop that "
     "was not entered: give it one before."),
    ("ModuleNotFoundError", "", "There is no such module here: is the name spelt right?"),
    ("ImportError", "", "The module has no such name: is it spelt right?"),
    ("ZeroDivisionError", "", "The number below the line is 0 here: how can it become 0, and what "
     "should come out then?"),
    ("IndexError", "out of bounds|out of range", "Counting starts at 0, so the last of n entries "
     "has the number n − 1. Does a loop go one too far?"),
    ("IndexError", "too many indices", "There are more numbers in the square brackets than the "
     "array has axes: print its `.shape`."),
    ("IndexError", "only integers", "A place in an array is a whole number: `//` divides without "
     "remainder, `int(…)` makes one."),
    ("KeyError", "", "There is no entry of this name: print the keys, and compare the spelling."),
    ("ValueError", r"matmul: .*size (?P<a>\d+) is different from (?P<b>\d+)",
     "In a product of matrices the inner numbers of the shapes have to agree, and here they are "
     "{b} and {a}: print both shapes. Is one of the two to be turned (`.T`), or to come first?"),
    ("ValueError", r"shapes .* not aligned", "In a product of matrices the inner numbers of the "
     "shapes have to agree: print both shapes. Is one of the two to be turned (`.T`)?"),
    ("ValueError", "could not be broadcast|could not broadcast", "Between two arrays, `+`, `-`, "
     "`*` and `/` work number by number, so their shapes have to fit: print both. Axes fit if "
     "they are equally long, or if one of them is 1."),
    ("ValueError", "cannot reshape", "`reshape` neither adds nor drops a number: the new sizes, "
     "multiplied, have to give as many as there are."),
    ("ValueError", "truth value of an array", "`if` wants one answer, and a comparison of arrays "
     "gives one for each number: do you want `.all()`, `.any()`, or one entry?"),
    ("ValueError", "inhomogeneous|setting an array element with a sequence", "The rows of an "
     "array are equally long: one of the entries is a list where another is a number."),
    ("ValueError", "not enough values to unpack|too many values to unpack", "On the left of `=` "
     "there are not as many names as values come out on the right: print what comes out."),
    ("ValueError", r"zip\(\)", "The lists are not equally long: print the length of each."),
    ("ValueError", "axes don't match|repeated axis", "`transpose` wants each axis once: an array "
     "with three axes has 0, 1 and 2."),
    ("AxisError", "", "Axes are counted from 0 as well: a table has the axes 0 and 1."),
    ("TypeError", "NoneType", f"A function that returns nothing gives `None`: {NO_RETURN}."),
    ("AttributeError", "NoneType", f"A function that returns nothing gives `None`: {NO_RETURN}."),
    ("TypeError", r"missing \d+ required|takes .* positional argument|unexpected keyword",
     "The function is called with other values than its first line asks for: count the names in "
     "its round brackets, and leave its first line as it was."),
    ("TypeError", "not callable", "Round brackets call a function, and this is none: an entry of "
     "a list stands in square brackets, and a product needs its `*`."),
    ("TypeError", "object is not subscriptable", "Square brackets take an entry of a list or "
     "array, and this is none: a function is called with round brackets."),
    ("TypeError", "not iterable", "A loop goes through a list, and this is a single thing: "
     "`range(n)` counts up to n."),
    ("TypeError", "cannot be interpreted as an integer", "`range` and sizes take whole numbers: "
     "`//` divides without remainder, `int(…)` makes one."),
    ("TypeError", "only integer scalar arrays|can't multiply sequence|list indices|concatenate",
     "With a list, `+` and `*` do not compute, and a place in it is one whole number: "
     "`np.array(…)` makes an array of it."),
    ("TypeError", "unsupported operand", "These two kinds of things cannot be computed with one "
     "another: print both, or their `type(…)`."),
    ("AttributeError", "'(list|tuple|int|float|bool)' object", "This is not an array: "
     "`np.array(…)` makes one."),
    ("AttributeError", "", "It has nothing of this name: is the name spelt right?"),
    ("OverflowError", "", "A number becomes larger than the computer can hold."),
    ("LinAlgError", "", "This system of equations has no single solution, or its matrix is not "
     "square: print the matrix."),
)  # fmt: skip
# The same for text that Python cannot read.
SYNTAX: Final[Table] = (
    ("", "never closed", "Each bracket that opens has to close: count them in this line."),
    ("", "unmatched|does not match opening", "One bracket too many, or of "
     "another kind: count them."),
    ("", "expected ':'", "A line with `def`, `if`, `else`, `for` or `while` ends with a colon."),
    ("", "expected an indented block", "What belongs to the line with the colon stands below it, "
     "four spaces further to the right."),
    ("", "unindent does not match", "It stands neither below the line before it nor where an "
     "earlier block began: use four spaces for each level."),
    ("", "unexpected indent", "It stands further to the right than the line before it, and no "
     "colon asked for that."),
    ("", "inconsistent use of tabs", "Tabs and spaces are mixed: use spaces only."),
    ("", "unterminated", "The quotation mark at its end is missing, or is another one than at its "
     "beginning."),
    ("", "invalid (non-printable )?character", "This character was copied from a text: type it "
     "anew on the keyboard."),
    ("", "cannot assign|Maybe you meant '=='", "`=` gives a name to a value, the name on the "
     "left; `==` compares."),
    ("", "outside function", "It stands at the margin, and belongs into a function: four spaces "
     "further to the right."),
    ("", "[Pp]erhaps you forgot a comma", "Between two things stands a comma, or a sign such as "
     "`*`: Python does not multiply without it."),
    ("", "", "Look at the mark, and at the end of the line before it."),
)  # fmt: skip
UNREADABLE: Final = ("SyntaxError", "IndentationError", "TabError")


def cause_of(kind: str, message: str, near: str = "") -> str:
    """What usually causes this error; empty if nothing is known.

    kind: the name of the exception. near: an existing name that is spelt like a missing one.
    """
    if near and kind in ("NameError", "AttributeError"):
        return f"Did you mean `{near}`?"
    if kind in UNREADABLE:
        kind, table = "", SYNTAX
    else:
        table = CAUSES
    for name, pattern, hint in table:
        if kind == name and (match := re.search(pattern, message)):
            return hint.format(**match.groupdict())
    return ""
