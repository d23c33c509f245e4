"""A mistake in the page's mathematics is noticed: each is put in, and some network is over."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.browser import silent_pages
from tools.playground.build import playground
from tools.playground.recipes import COUNT, TOLERANCE, drawn, in_browser, largest_gaps, on_numpy

# name: what stands in the script, and what a mistaken hand would write
MISTAKES = {
    "adam_epsilon_inside": ("Math.sqrt(v / vRest) + o.epsilon", "Math.sqrt(v / vRest + o.epsilon)"),
    "adam_counts_from_zero": ("this.t += 1;", ""),
    "dampening": ("o.momentum * v + g, slots", "o.momentum * v + (1 - o.momentum) * g, slots"),
    "tanh_slope": ("1 - a * a", "1 - a"),
    "sigmoid_slope": ("a * (1 - a)", "a"),
    "relu_slope": ("(a > 0 ? 1 : 0)", "1"),
    "sum_for_mean": ("value / x.length", "value"),
    "half_a_square": ("(e) => 2 * e", "(e) => e"),
    "softmax_of_all": ("gradient[y] -= 1;", ""),
    "bias_forgotten": ("f(z + b[k])", "f(z)"),
    "a_copy": ("if (i) g = byInput();", "if (i) g = byInput().map((r) => r);"),
}
HARMLESS = ("a_copy",)  # the control: a change that changes no number


@cache
def by_numpy(seed: int) -> Any:
    """The right numbers of a network, once for all mistakes."""
    return on_numpy(drawn(seed))


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_noticed(browser: Any, tmp_path: Path, name: str) -> None:
    right, wrong = MISTAKES[name]
    text = playground()
    assert text.count(right) == 1
    file = tmp_path / "mistaken.html"
    file.write_text(text.replace(right, wrong), encoding="utf-8")
    with silent_pages(browser) as opened:
        page = opened(file.as_uri())
        noticed = any(
            max(largest_gaps(by_numpy(seed), in_browser(page, drawn(seed)))) > TOLERANCE
            for seed in range(COUNT)
        )
    assert noticed == (name not in HARMLESS)
