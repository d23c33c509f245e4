"""Steps that A's recurrent layer skips, since a mask drops them; PyTorch's layers have no mask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from triptych.port.capture.tape import Step
from triptych.port.forward import Comparison
from triptych.port.layers.alternative import Alternative
from triptych.port.layers.call import RECURRENT, Call


def alternatives(comparison: Comparison, step: Step) -> Iterator[Alternative]:
    """B's layer with A's mask: a step that it drops leaves state and output as they were."""
    partner = comparison.partners.get(step.index)
    if step.name not in RECURRENT or partner is None or Call.of(step).get("num_layers") != 1:
        return
    mask = mask_of(comparison, partner.step_a_in)
    if mask is None or bool(mask.all()):
        return

    def function(x: torch.Tensor, hx: Any, weights: list[torch.Tensor], *rest: Any) -> Any:
        has_biases, _, _, _, both, batch_first = rest
        x = x if batch_first else x.transpose(0, 1)
        states = (hx,) if isinstance(hx, torch.Tensor) else tuple(hx)
        n = len(weights) // (2 if both else 1)
        made = []
        for i in range(2 if both else 1):
            own = [state[i : i + 1] for state in states]
            steps, keeps = (x.flip(1), mask.flip(1)) if i else (x, mask)
            settings = (weights[i * n : (i + 1) * n], has_biases, 1, 0.0, False, False, True)
            out, own = skipping(step, steps, keeps, own, settings)
            made.append((out.flip(1) if i else out, own))
        out = torch.cat([one for one, _ in made], -1)
        ends = [torch.cat(parts) for parts in zip(*(own for _, own in made), strict=True)]
        return out if batch_first else out.transpose(0, 1), *ends

    yield Alternative(
        "mask of the steps",
        f"A skips {int((~mask).sum())} of {mask.numel()} steps, which its mask drops; B does not",
        "nn.utils.rnn.pack_padded_sequence", function,
    )  # fmt: skip


def skipping(
    step: Step, x: torch.Tensor, mask: torch.Tensor, states: list[torch.Tensor],
    settings: tuple[Any, ...],
) -> tuple[torch.Tensor, list[torch.Tensor]]:  # fmt: skip
    """One direction, step by step, as Keras's RNN does it; outputs and the last states."""
    outputs: list[torch.Tensor] = []
    last = torch.zeros_like(states[0][0])
    for t in range(x.shape[1]):
        hx = states[0] if len(states) == 1 else tuple(states)
        out, *new = step.function(x[:, t : t + 1].contiguous(), hx, *settings)
        keep = mask[:, t, None]
        states = [torch.where(keep, a, b) for a, b in zip(new, states, strict=True)]
        last = torch.where(keep, out[:, 0], last)
        outputs.append(last)
    return torch.stack(outputs, 1), states


def mask_of(comparison: Comparison, step: Step) -> torch.Tensor | None:
    """The mask of steps that A's layer was given, or that its input carries."""
    values = [comparison.a.values[value] for value in step.inputs]
    found = [v for v in values if v.dtype == torch.bool and v.ndim == 2]
    found += [m for v in values if (m := getattr(v, "_keras_mask", None)) is not None]
    return found[0] if found else None
