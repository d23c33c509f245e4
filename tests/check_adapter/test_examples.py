"""The template fails every law clearly, the worked example none, and a wrong gradient is found."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from compare.check_adapter.law_book import sentence
from tests.check_adapter.conftest import EXAMPLES, ROOT, Said
from tests.conformance.laws import LAWS
from tests.meta.process import python
from tests.meta.test_same_shape import TABLES, methods, tables

Check = Callable[..., Said]
Solution = Callable[..., Path]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_solution_keeps_every_law(check: Check, dtype: str) -> None:
    said = check(f"{EXAMPLES / 'solution.py'}:PebbleModel", f"--dtype={dtype}")
    assert said.status == 0, said.out
    assert said.paragraphs == {}
    assert f"{dtype}: {len(LAWS)} of {len(LAWS)} laws hold" in said.out.splitlines()


def test_the_template_fails_every_law_and_says_what_is_not_written(check: Check) -> None:
    said = check(f"{EXAMPLES / 'my_adapter.py'}:MyModel", "--dtype=float64")
    assert said.status == 1
    assert set(said.paragraphs) == {sentence(law) for law in LAWS}
    for law, text in said.paragraphs.items():
        method = "derivative" if law == sentence("derivative") else "__init__"
        wanted = "it is {}" if law == sentence("defaults") else f"not written yet: {method}()"
        assert wanted in text, text
    assert f"float64: 0 of {len(LAWS)} laws hold" in said.out


def test_contributing_counts_the_laws_as_they_are() -> None:
    """As a newcomer sees them: of the template, and of the worked example with a wrong tanh."""
    text, all_of_them = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), len(LAWS)
    failing = len(WRONG["tanh's slope"][3])
    for line in (
        f"float64: 0 of {all_of_them} laws hold, 1 fail, {all_of_them - 1} wait for a method",
        f"float64: {all_of_them - failing} of {all_of_them} laws hold, {failing} fail",
    ):
        assert line in text


@pytest.mark.parametrize("file", ["my_adapter.py", "solution.py"])
def test_both_have_the_shape_of_an_adapter(file: str) -> None:
    source = (EXAMPLES / file).read_text(encoding="utf-8")
    contract = (ROOT / "adapters/contract.py").read_text(encoding="utf-8")
    assert tables(source) == TABLES
    assert methods(source) == methods(contract)


def test_the_template_says_of_each_method_what_to_do() -> None:
    (cls,) = (node for node in ast.parse((EXAMPLES / "my_adapter.py").read_text("utf-8")).body
              if isinstance(node, ast.ClassDef))  # fmt: skip
    for method in (node for node in cls.body if isinstance(node, ast.FunctionDef)):
        said, body = ast.get_docstring(method), ast.unparse(method.body[-1])
        assert said, method.name
        assert body == "raise NotImplementedError"
        assert len(method.body) == 2


# what is broken, where, and the laws that must say so: no more, and no fewer
WRONG = {
    "tanh's slope": (
        "pebble.py", "g * (1 - value * value)", "g * (1 - value)",
        {"gradients", "truth", "central_differences"}, "fails on tanh, deep, mixed; holds on",
    ),
    "the penalty's half": (
        "solution.py", "0.5 * self.net.l2 *", "self.net.l2 *",
        {"loss", "loss_definition", "gradients", "truth", "large_batch"},
        "fails on softmax, logistic, tanh, mixed; holds on",
    ),
    "relu's kink": (
        "pebble.py", "x.data > 0, g", "x.data >= 0, g", {"relu_at_zero"}, "relu'(0) = 0: gradient",
    ),
}  # fmt: skip


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_gradient_is_told_by_its_laws_and_its_place(
    name: str, check: Check, solution: Solution
) -> None:
    file, old, new, laws, words = WRONG[name]
    said = check(f"{solution(old, new, file)}:PebbleModel", "--dtype=float64")
    assert said.status == 1
    assert said.laws == laws
    assert words in said.out
    assert (
        f"float64: {len(LAWS) - len(laws)} of {len(LAWS)} laws hold, {len(laws)} fail" in said.out
    )


def test_a_failing_gradient_names_parameter_gap_and_budget(
    check: Check, solution: Solution
) -> None:
    file = solution("g * (1 - value * value)", "g * (1 - value)", "pebble.py")
    said = check(f"{file}:PebbleModel", "--dtype=float64", "--only=gradients")
    text = " ".join(said.paragraphs[sentence("gradients")].split())
    assert "tanh: Dense(4, 6 tanh) → Dense(6, 3), softmax loss, l2 0.05, Adam; 5 rows" in text
    assert "gradient 0 is of W0 (4, 6)" in text
    assert "a gap of 0.434 where the budget is 5.38e-14" in text
    assert "float64: 0 of 1 laws hold, 1 fail" in said.out


def test_what_fails_in_both_precisions_is_told_once(check: Check, solution: Solution) -> None:
    file = solution("g * (1 - value * value)", "g * (1 - value)", "pebble.py")
    said = check(f"{file}:PebbleModel", "--only=gradients")
    assert said.out.count(sentence("gradients")) == 1
    assert "✗ as in float64: gradients" in said.out
    assert "float32: 0 of 1 laws hold, 1 fail" in said.out


def test_a_method_taken_out_again_is_said_to_be_missing(check: Check, solution: Solution) -> None:
    file = solution(
        "        return self.activations(x)[-1]\n", "        raise NotImplementedError\n"
    )
    said = check(f"{file}:PebbleModel", "--dtype=float64", "--only=forward", "--only=loss")
    assert said.status == 1
    assert list(said.paragraphs) == [sentence("forward")]
    assert "not written yet: forward(), solution.py line" in said.out


def test_the_laws_need_no_more_than_any_engines_lock_holds() -> None:
    tools = {"hypothesis", "pytest"}
    code = (
        "import sys, compare.check_adapter.trial, compare.check_adapter.__main__; "
        f"print(*sorted({tools} & set(sys.modules)))"
    )
    assert python(code) == ""
    assert python(code.replace("import sys", "import sys, pytest")) == "pytest"
