"""The masks of A's attention, tried in B's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from triptych.port.capture.tape import Step
from triptych.port.forward import Comparison
from triptych.port.layers.alternative import Alternative, with_arguments

ENTRY = "attention_mask_polarity"
READERS = {"scaled_dot_product_attention", "Softmax", "where", "Where", "masked_fill"}
FILLS = {"masked_fill", "masked_fill_", "where"}


def alternatives(comparison: Comparison, step: Step) -> Iterator[Alternative]:
    """B's attention with each mask of A, in one call or by hand before softmax."""
    for mask in masks(comparison):
        if step.name == "scaled_dot_product_attention":
            function = with_arguments(step, attn_mask=mask, is_causal=False)
        elif step.name == "multi_head_attention_forward":
            function = with_arguments(step, attn_mask=None, key_padding_mask=~mask[:, 0, 0])
        elif step.name == "softmax":
            function = masked_softmax(step, mask)
        elif step.name in FILLS:
            function = filled_by(step, mask)
        else:
            continue
        yield Alternative(
            "mask of A",
            f"A's mask keeps {int(mask.sum())} of {mask.numel()} positions, B's keeps others",
            "attn_mask: True keeps in scaled_dot_product_attention, drops in nn.MultiheadAttention",
            function, entry=ENTRY,
        )  # fmt: skip


def masked_softmax(step: Step, mask: torch.Tensor) -> Any:
    """Softmax of the scores that the mask keeps."""

    def function(x: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
        return step.function(x.masked_fill(~mask, float("-inf")), *args, **kwargs)

    return function


def filled_by(step: Step, mask: torch.Tensor) -> Any:
    """The scores filled where A's mask drops, in place of B's."""
    if step.name == "where":  # of the scores and a constant, whichever comes first
        return lambda _, x, y: torch.where(mask, *((x, y) if is_scores(x, mask) else (y, x)))
    return lambda x, _, value: x.masked_fill(~mask, value)


def is_scores(x: Any, mask: torch.Tensor) -> bool:
    """Whether a tensor has the shape that a mask is for."""
    return isinstance(x, torch.Tensor) and x.ndim == mask.ndim and x.shape[-1] == mask.shape[-1]


def masks(comparison: Comparison) -> list[torch.Tensor]:
    """The masks that A's calls of attention read, with True for what is kept."""
    found: list[torch.Tensor] = []
    for step in comparison.a.tape.steps:
        if step.name not in READERS:
            continue
        for value in step.inputs:
            mask = comparison.a.values[value]
            if mask.dtype != torch.bool or mask.ndim < 2 or mask.all():
                continue
            wide = mask if mask.ndim == 4 else mask.view(-1, 1, *mask.shape[-2:])
            if not any(torch.equal(wide, one) for one in found):
                found.append(wide)
    return found
