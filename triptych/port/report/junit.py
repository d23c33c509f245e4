"""The result as JUnit's XML: one test case a stage, with its causes as the failure's text."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from triptych.port.report.text import lines
from triptych.port.result import Result

FORWARD = {"forward", "transfer"}


def junit(result: Result, name: str) -> str:
    """One suite; stages that did not run are skipped, with the reason."""
    suite = ET.Element("testsuite", name=f"port of {name}", tests=str(len(result.stages)))
    for stage in result.stages:
        case = ET.SubElement(suite, "testcase", classname="triptych.port", name=stage.name)
        if stage.ok is None:
            ET.SubElement(case, "skipped", message=stage.text)
        elif not stage.ok:
            which = FORWARD if stage.name == "forward" else {stage.name}
            text = [
                line
                for i, cause in enumerate(result.causes, 1)
                if cause.stage in which
                for line in lines(i, cause)
            ]
            text += [f"unmapped: {name}" for name in result.unmapped if stage.name == "pair"]
            failure = ET.SubElement(case, "failure", message=stage.text)
            failure.text = "\n".join(text) or result.verdict
    failed = sum(stage.ok is False for stage in result.stages)
    suite.set("failures", str(failed))
    suite.set("skipped", str(sum(stage.ok is None for stage in result.stages)))
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"
