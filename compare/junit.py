"""Write comparisons as JUnit XML for CI systems: one test case per backend and stage."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

from compare.comparison import STAGES, Comparison, Outcome

# Characters that XML 1.0 cannot hold, even escaped: a crash message may contain colour codes.
FORBIDDEN_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(comparisons: Sequence[Comparison], file: Path) -> None:
    """Write one suite per comparison; a stage that did not run is skipped, never passed."""
    root = ET.Element("testsuites", name="triptych")
    for comparison in comparisons:
        root.append(_suite(comparison))
    ET.indent(root)
    ET.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)


def _suite(c: Comparison) -> ET.Element:
    suite = ET.Element("testsuite", name=f"lesson{c.lesson} {c.dtype} seed {c.seed}")
    for outcome in c.outcomes:
        for stage in STAGES:
            case = ET.SubElement(
                suite, "testcase", classname=f"lesson{c.lesson}.{outcome.backend}", name=stage
            )
            case.extend(_result(outcome, stage, c.reference))
    cases = list(suite)
    suite.set("tests", str(len(cases)))
    suite.set("time", f"{c.seconds:.3f}")
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
    return suite


def _result(outcome: Outcome, stage: str, reference: str) -> list[ET.Element]:
    over = [f for f in outcome.findings if f.stage == stage and not f.holds]
    worst = outcome.worst(stage)
    if outcome.status == "failed":
        return [_element("error", outcome.reason)]
    if outcome.status == "not run":
        return [_element("skipped", f"not run: {outcome.reason}")]
    if over:
        assert worst is not None
        failure = _element("failure", str(worst))
        failure.text = _clean("\n".join(map(str, over)))
        return [failure]
    if worst is None:
        is_it = outcome.backend == reference
        return [_element("skipped", "the reference itself" if is_it else "not judged")]
    out = ET.Element("system-out")
    out.text = _clean(str(worst))
    return [out]


def _element(tag: str, message: str) -> ET.Element:
    return ET.Element(tag, message=_clean(message))


def _clean(text: str) -> str:
    return FORBIDDEN_IN_XML.sub("?", text)
