"""Which code a student's functions may call while an exercise is judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ANOTHER_PROCESS = "another process"  # recorded if the file has started one
DISPLAY = ("matplotlib", "IPython")  # libraries that display, and compute nothing
# Modules of the course that any answer may use: network descriptions, data, opening of exercises.
TOOLS = (
    "adapters.contract", "adapters.errors", "adapters.layers.dense", "adapters.layers.layer",
    "adapters.layers.residual", "adapters.optimizers",
)  # fmt: skip
PACKAGES = ("datasets", "classroom")  # a student's process cannot load classroom.checks
BACKEND = ("adapters.numpy_adapter", "adapters.numpy_layers", "adapters.validation")


@dataclass(frozen=True)
class Rules:
    """Code that may run besides Python, NumPy and the student's own file.

    course: allowed modules of the course. libraries: whether all other libraries are allowed.
    replaces: functions of the course's backend whose work the student's version must do.
    """

    course: tuple[str, ...] = ()
    libraries: bool = False
    replaces: tuple[str, ...] = ()

    def violation(self, ran: Iterable[str]) -> str:
        """A hint if other code has done the work; empty if not.

        ran: as recorded by `classroom.call_recorder.Watch`.
        """
        ran = sorted(ran)
        if ANOTHER_PROCESS in ran:
            return f"{ANOTHER_PROCESS} does the work. Write it yourself, and let this one do it."
        for entry in ran:
            module, _, function = entry.partition(":")
            if function in self.replaces:
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
            if not function and not self.libraries and module not in DISPLAY:
                return (
                    f"the library {module} does the work. Write it yourself, with Python and "
                    "NumPy alone."
                )
        return ""

    def _allowed(self, module: str) -> bool:
        return module in (*TOOLS, *self.course) or module.split(".")[0] in PACKAGES


OWN_WORK = Rules()  # Python and NumPy only
