"""Whose work an answer may be: what a student's functions may call while an exercise is judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ANOTHER_PROCESS = "another process"  # that the file has started
SHOWN = ("matplotlib", "IPython")  # libraries that show, and compute nothing
# Of the course: what describes a network, loads the data and opens the exercises.
TOOLS = ("adapters.contract",)
PACKAGES = ("datasets", "classroom")  # whose checks a student's process cannot load
BACKEND = ("adapters.numpy_adapter", "adapters.validation")


@dataclass(frozen=True)
class Rules:
    """What may run besides Python, NumPy and the student's own file.

    course: modules of the course, with all that is in them. libraries: whether any other library
    may. mended: a method of the course's backend that the student's own stands in for.
    """

    course: tuple[str, ...] = ()
    libraries: bool = False
    mended: str = ""

    def broken(self, ran: Iterable[str]) -> str:
        """What to do, for whoever has let somebody else do the work; "" where nobody has.

        ran: as `classroom.guard.Watch` notes it.
        """
        ran = sorted(ran)
        if ANOTHER_PROCESS in ran:
            return f"{ANOTHER_PROCESS} does the work. Write it yourself, and let this one do it."
        for one in ran:
            module, _, function = one.partition(":")
            if self.mended and function == self.mended:
                return (
                    f"the course's own {function} does the work. Keep the method in your class, "
                    "mend the line in it, and let it be the one that runs."
                )
            if function and not self._allowed(module):
                return (
                    f"the course's own code does the work ({module}). Write it yourself, with "
                    "Python and NumPy alone."
                    if not self.libraries
                    else f"the course's own code does the work ({module}). Read it as long as you "
                    "like, then write the step yourself, with the framework alone."
                )
            if not function and not self.libraries and module not in SHOWN:
                return (
                    f"the library {module} does the work. Write it yourself, with Python and "
                    "NumPy alone."
                )
        return ""

    def _allowed(self, module: str) -> bool:
        return module in (*TOOLS, *self.course) or module.split(".")[0] in PACKAGES


OWN_WORK = Rules()  # with Python and NumPy alone
