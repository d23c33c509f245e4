"""Format verdicts as text: a paragraph for each law that fails, and a summary line."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Sequence

from compare.check_adapter.laws import describe, parameter, sentence, source
from compare.check_adapter.process import MOST_SLOW, Failure, Verdict

WIDTH = 100
TENSOR = re.compile(r"\b(gradient |parameter |param_|velocity_|first_moment_|second_moment_)(\d+)")
NUMPY_SCALAR = re.compile(r"np\.\w+\(([^()]*)\)")  # NumPy's repr of a number: np.float64(0.5)


def paragraph(verdict: Verdict) -> str:
    """The law, the architectures on which it fails, and the first failure in full."""
    failure = verdict.failures[0]
    lines = [f"✗ {sentence(verdict.law)}"]
    if verdict.status == "not written":
        return "\n".join([*lines, *indented(f"not written yet: {failure.place or 'a method'}")])
    if failure.on:
        failed = ", ".join(f.on for f in verdict.failures)
        passed = f"; holds on {', '.join(verdict.held_on)}" if verdict.held_on else ""
        lines += indented(f"fails on {failed}{passed}")
        drawn = f"; {failure.example}" if failure.example else ""
        lines += indented(f"{failure.on}: {describe(failure.on)}{drawn}")
    lines += indented(in_full(failure))
    lines += indented(f"law {verdict.law}, {source(verdict.law)}")
    return "\n".join([*lines, ""])


def in_full(failure: Failure) -> str:
    """The failure's text, with the parameter that it is about and where it was raised."""
    text = NUMPY_SCALAR.sub(r"\1", failure.text)
    tensor = TENSOR.search(text)
    if tensor and failure.on:
        text += f"; {tensor[0]} is of {parameter(failure.on, int(tensor[2]))}"
    return f"{text}, in {failure.place}" if failure.place else text


def indented(text: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False
    )


def summary(verdicts: Sequence[Verdict], dtype: str) -> str:
    """How many laws hold, and the results of the others."""
    counted: Counter[str] = Counter(verdict.status for verdict in verdicts)
    holds = counted.pop("holds", 0)
    others = {
        "fails": "fail",
        "not written": "wait for a method that is not written yet",
        "too slow": "took too long",
        "crashed": "ended the process",
        "not run": "not run for want of a layer",
        "not tried": f"were not tried after {MOST_SLOW} that took too long",
    }
    rest = [f"{counted[status]} {words}" for status, words in others.items() if counted[status]]
    return ", ".join([f"{dtype}: {holds} of {len(verdicts)} laws hold", *rest])


def left_out(verdicts: Sequence[Verdict]) -> list[str]:
    """A line for each layer or set of layers that the adapter lacks: what was not run without."""
    laws: dict[str, list[str]] = {}
    networks: dict[str, set[str]] = {}
    for verdict in verdicts:
        for on, reason in verdict.not_run.items():
            if on:
                networks.setdefault(reason, set()).add(on)
            else:
                laws.setdefault(reason, []).append(verdict.law)
    lines: list[str] = []
    for reason in sorted({*laws, *networks}):
        parts = [f"any law on {', '.join(sorted(networks[reason]))}"] if reason in networks else []
        parts += [f"law {law}" for law in laws.get(reason, [])]
        lines += indented(f"not run: {reason}: {', '.join(parts)}")
    return lines
