"""Scaled dot-product attention, in one call or by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from triptych.port.capture.tape import Step, Values, resolve
from triptych.port.layers.alternative import Alternative, with_arguments

OF_SCALE = "attention_layer_scale"
CAUSAL_IN_A = "A's attention is causal, B's is not"
MASKED_IN_B = "B's attention is masked, A's is not"
# 1/d, 1/√d and √d for the widths of heads in use, and what one in place of another leaves.
WIDTHS = (2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 80, 96, 128, 256)
SCALES = sorted({float(d**power) for d in WIDTHS for power in (-0.5, -1.0, 0.5, 1.0)})
PRODUCTS = {"matmul", "bmm", "__matmul__", "einsum"}


def alternatives(step: Step, values: Values) -> Iterator[Alternative]:
    """Other scales, other masks, another axis of softmax."""
    if step.name == "scaled_dot_product_attention":
        yield from of_one_call(step, values)
    if step.name in PRODUCTS:
        yield from of_products(step, values)
    if step.name == "softmax":
        for wording, axis in (("over the last axis", -1), ("over the last but one", -2)):
            yield Alternative(f"softmax axis {axis}", f"softmax {wording} in A", f"dim={axis}",
                              with_arguments(step, dim=axis), entry="softmax_axis")  # fmt: skip
        for scale in SCALES:
            yield Alternative(
                "scale", f"A scales the scores: × {scale:g}",
                f"scores * {scale:g} before softmax",
                lambda x, *a, s=scale, **k: step.function(x * s, *a, **k), entry=OF_SCALE,
            )  # fmt: skip
        yield from causal_scores(step)


def of_one_call(step: Step, values: Values) -> Iterator[Alternative]:
    """PyTorch's scaled_dot_product_attention."""
    q = resolve(step.args, values)[0] if step.args else values[step.inputs[0]]
    width = q.shape[-1]
    for wording, scale in (("1/√d", None), ("none", 1.0), ("1/d", 1.0 / width)):
        yield Alternative("scale", f"the scale is {wording} in A", f"scale={scale}",
                          with_arguments(step, scale=scale), entry=OF_SCALE)  # fmt: skip
    for causal in (True, False):
        yield Alternative(
            "causal mask",
            CAUSAL_IN_A if causal else MASKED_IN_B,
            f"is_causal={causal}, attn_mask=None",
            with_arguments(step, is_causal=causal, attn_mask=None), entry="attention_mask_polarity",
        )  # fmt: skip

    def inverted(*args: Any, **kwargs: Any) -> Any:
        mask: Any = kwargs.get("attn_mask", args[3] if len(args) > 3 else None)
        return with_arguments(step, attn_mask=~mask)(*args, **kwargs)

    yield Alternative(
        "mask inverted", "True keeps in A, and drops in B", "attn_mask=~mask", inverted,
        entry="attention_mask_polarity",
    )  # fmt: skip
    yield Alternative("dropout", "dropout of the attention is on in B", "dropout_p=0.0",
                      with_arguments(step, dropout_p=0.0), entry="dropout_mode")  # fmt: skip


def of_products(step: Step, values: Values) -> Iterator[Alternative]:
    """A scale that B forgot, on the scores."""
    for scale in SCALES:
        yield Alternative(
            "scale", f"A scales this product: × {scale:g}", f"product * {scale:g}",
            lambda *a, s=scale, **k: step.function(*a, **k) * s,
        )  # fmt: skip


def causal_scores(step: Step) -> Iterator[Alternative]:
    """A mask over later positions that B forgot."""

    def masked(x: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
        later = torch.ones(x.shape[-2:], dtype=torch.bool).triu(1)
        return step.function(x.masked_fill(later, float("-inf")), *args, **kwargs)

    yield Alternative(
        "causal mask", CAUSAL_IN_A, "scores.masked_fill(later, -inf)", masked,
        entry="attention_mask_polarity",
    )  # fmt: skip
