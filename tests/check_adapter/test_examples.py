"""The template fails every law clearly, the worked example none, and a wrong gradient is found."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.laws.architectures import LAYERED
from adapters.laws.registry import LAWS
from compare.check_adapter.laws import describe, parameter, sentence
from tests.check_adapter.conftest import EXAMPLES, ROOT, CheckResult
from tests.meta.loading import python
from tests.meta.test_source_files import TABLES, methods, methods_expected, tables

Check = Callable[..., CheckResult]
Solution = Callable[..., Path]

# Laws that are about a layer which neither example has.
OF_LAYERS = {
    "kernel_as_written", "padding_after", "first_of_equals", "repeated_words", "layer_norm",
    "causal_attention",
}  # fmt: skip
LEFT_OUT = f"{len(OF_LAYERS)} not run for want of a layer"


@pytest.mark.sampled(1)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_solution_keeps_every_law(check: Check, dtype: str) -> None:
    result = check(f"{EXAMPLES / 'solution.py'}:PebbleModel", f"--dtype={dtype}")
    assert result.status == 0, result.out
    assert result.paragraphs == {}
    holding = f"{dtype}: {len(LAWS) - len(OF_LAYERS)} of {len(LAWS)} laws hold, {LEFT_OUT}"
    assert holding in result.out.splitlines()


def test_what_needs_a_layer_that_it_lacks_is_reported_as_not_run(check: Check) -> None:
    result = check(f"{EXAMPLES / 'solution.py'}:PebbleModel", "--dtype=float64", "--only=loss",
                   "--only=first_of_equals", "--verbose")  # fmt: skip
    assert result.status == 0
    assert "first_of_equals: not run, " in result.out
    assert "float64: 1 of 2 laws hold, 1 not run for want of a layer" in result.out
    lines = [
        line for line in result.out.splitlines() if line.startswith("  not run: pebble has no")
    ]
    assert len(lines) == len(LAYERED)  # two of the reasons are one
    wanted = (
        "  not run: pebble has no Conv2D, Flatten, Pool2D: any law on conv, law first_of_equals"
    )
    assert wanted in lines


def test_a_law_on_layers_is_run_where_the_adapter_has_them(
    check: Check, solution: Solution
) -> None:
    supported = "    supported_layers = frozenset({layers.Dense, layers.Conv2D})\n"
    file = solution("    DEFAULTS = DEFAULTS\n", f"    DEFAULTS = DEFAULTS\n{supported}")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("import pebble\n", "import pebble\nfrom adapters import layers\n"))
    result = check(f"{file}:PebbleModel", "--dtype=float64", "--only=kernel_as_written",
                   "--only=first_of_equals")  # fmt: skip
    assert (result.status, result.laws) == (1, {"kernel_as_written"})
    assert "not run: pebble has no Flatten, Pool2D: law first_of_equals" in result.out


def test_the_template_fails_every_law_and_names_the_missing_methods(check: Check) -> None:
    result = check(f"{EXAMPLES / 'my_adapter.py'}:MyModel", "--dtype=float64")
    assert result.status == 1
    assert set(result.paragraphs) == {sentence(law) for law in LAWS if law not in OF_LAYERS}
    for law, text in result.paragraphs.items():
        method = "derivative" if law == sentence("derivative") else "__init__"
        wanted = "it is {}" if law == sentence("defaults") else f"not written yet: {method}()"
        assert wanted in text, text
    assert f"float64: 0 of {len(LAWS)} laws hold" in result.out
    assert LEFT_OUT in result.out


def test_the_instructions_count_the_laws_as_they_are() -> None:
    """As a newcomer sees them: of the template, and of the worked example with a wrong tanh."""
    text = (ROOT / "docs" / "add_a_backend.md").read_text(encoding="utf-8")
    all_of_them, rest = len(LAWS), len(LAWS) - len(OF_LAYERS)
    failing = len(WRONG["tanh's slope"][3])
    for line in (
        f"float64: 0 of {all_of_them} laws hold, 1 fail, {rest - 1} wait for a method",
        f"float64: {rest - failing} of {all_of_them} laws hold, {failing} fail, {LEFT_OUT}",
    ):
        assert line in text


@pytest.mark.parametrize("file", ["my_adapter.py", "solution.py"])
def test_both_have_the_shape_of_an_adapter(file: str) -> None:
    source = (EXAMPLES / file).read_text(encoding="utf-8")
    assert tables(source) == TABLES
    assert methods(source) == methods_expected(methods(source))


def test_the_template_says_of_each_method_what_to_do() -> None:
    (cls,) = (node for node in ast.parse((EXAMPLES / "my_adapter.py").read_text("utf-8")).body
              if isinstance(node, ast.ClassDef))  # fmt: skip
    for method in (node for node in cls.body if isinstance(node, ast.FunctionDef)):
        result, body = ast.get_docstring(method), ast.unparse(method.body[-1])
        assert result, method.name
        assert body == "raise NotImplementedError"
        assert len(method.body) == 2


# the mistake, its place, and exactly the laws that must fail
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
def test_a_wrong_gradient_is_found_by_its_laws_and_located(
    name: str, check: Check, solution: Solution
) -> None:
    file, old, new, laws, words = WRONG[name]
    result = check(f"{solution(old, new, file)}:PebbleModel", "--dtype=float64")
    assert result.status == 1
    assert result.laws == laws
    assert words in result.out
    holding = len(LAWS) - len(OF_LAYERS) - len(laws)
    assert f"float64: {holding} of {len(LAWS)} laws hold, {len(laws)} fail" in result.out


def test_a_failing_gradient_names_parameter_gap_and_budget(
    check: Check, solution: Solution
) -> None:
    file = solution("g * (1 - value * value)", "g * (1 - value)", "pebble.py")
    result = check(f"{file}:PebbleModel", "--dtype=float64", "--only=gradients")
    text = " ".join(result.paragraphs[sentence("gradients")].split())
    assert "tanh: Dense(4, 6 tanh) → Dense(6, 3), softmax loss, l2 0.05, Adam; 5 rows" in text
    assert "gradient 0 is of W0 (4, 6)" in text
    assert "a gap of 0.434 where the budget is 5.38e-14" in text
    assert "float64: 0 of 1 laws hold, 1 fail" in result.out


def test_a_failure_in_both_precisions_is_reported_once(check: Check, solution: Solution) -> None:
    file = solution("g * (1 - value * value)", "g * (1 - value)", "pebble.py")
    result = check(f"{file}:PebbleModel", "--only=gradients")
    assert result.out.count(sentence("gradients")) == 1
    assert "✗ as in float64: gradients" in result.out
    assert "float32: 0 of 1 laws hold, 1 fail" in result.out


def test_a_removed_method_is_reported_as_missing(check: Check, solution: Solution) -> None:
    file = solution(
        "        return self.activations(x)[-1]\n", "        raise NotImplementedError\n"
    )
    result = check(f"{file}:PebbleModel", "--dtype=float64", "--only=forward", "--only=loss")
    assert result.status == 1
    assert list(result.paragraphs) == [sentence("forward")]
    assert "not written yet: forward(), solution.py line" in result.out


def test_the_laws_need_no_more_than_any_backends_lock_holds() -> None:
    tools = {"hypothesis", "pytest"}
    code = (
        "import sys, compare.check_adapter.trial, compare.check_adapter.__main__; "
        f"print(*sorted({tools} & set(sys.modules)))"
    )
    assert python(code) == ""
    assert python(code.replace("import sys", "import sys, pytest")) == "pytest"


def test_architectures_and_parameters_are_named() -> None:
    assert describe("relu") == "Dense(4, 5 relu) → Dense(5, 3), softmax loss, SGD with momentum"
    assert [parameter("relu", i) for i in (0, 3)] == ["W0 (4, 5)", "b1 (3,)"]
    words = describe("transformer")
    assert words.startswith("Embedding(5, 4) → Positions(3, 4) → Residual(LayerNorm(4) → Attention")
    assert "Attention(4, heads 2, causal True)) → Residual(LayerNorm(4) → Dense(4, 6 relu)" in words
    assert "Conv2D(1, 2, size 2, activation relu) → Pool2D(stride 1)" in describe("conv")
    assert [parameter("transformer", i) for i in (0, 2)] == ["0.table (5, 4)", "2.0.scale (4,)"]
