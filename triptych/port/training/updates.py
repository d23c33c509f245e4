"""Updates from the same gradients: each difference of the two rules, proved by taking A's word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from triptych.port.causes.cause import Cause, Place
from triptych.port.layouts import gap
from triptych.port.training.rules import Rule

SAME_UPDATE = 1e-8  # of an update's norm: the update is a small difference of weights
OURS = 1e-9  # a rule that reproduces its optimizer worse than this is not believed

# Words in which the frameworks differ whatever the user writes.
OF_FRAMEWORKS = {
    "epsilon_inside": {
        "adam": "A adds Adam's epsilon before the bias correction, B after it",
        "rmsprop": "A adds RMSprop's epsilon inside the root, B outside",
    },
    "clip_epsilon": dict.fromkeys(
        ("sgd", "adam", "rmsprop"), "B's clip_grad_norm_ adds 1e-6 to the norm, A nothing"
    ),
}
ENTRIES = {
    "epsilon_inside": "adam_epsilon", "epsilon": "adam_epsilon_default",
    "weight_decay": "weight_decay_of_adam", "decoupled": "weight_decay_of_adam",
    "nesterov": "nesterov_form", "rho": "rmsprop_decay", "amsgrad": "amsgrad_form",
    "clip_norm": "clip_by_norm",
}  # fmt: skip
ARGUMENTS = {
    "learning_rate": "lr", "beta_1": "betas", "beta_2": "betas", "epsilon": "eps", "rho": "alpha",
    "clip_norm": "torch.nn.utils.clip_grad_norm_", "clip_value": "torch.nn.utils.clip_grad_value_",
    "decoupled": "torch.optim.AdamW in place of Adam", "rates": "a scheduler, stepped each batch",
}  # fmt: skip


def compare(
    start: list[torch.Tensor], gradients: list[list[torch.Tensor | None]],
    a: list[list[torch.Tensor]], b: list[list[torch.Tensor]],
    rule_a: Rule | None, rule_b: Rule | None, names: Sequence[str],
) -> list[Cause]:  # fmt: skip
    """Why two optimizers move the same weights otherwise, given the same gradients.

    a, b: the weights after each step of either. rule_a, rule_b: what they seem to be.
    """
    size = update_gap(start, a, b)
    if size <= SAME_UPDATE:
        return []
    step, which = first_difference(start, a, b)
    where = f"step {step + 1}, {names[which]}"
    for rule, real in ((rule_a, a), (rule_b, b)):
        if rule is None or update_gap(start, real, rule.steps(start, gradients)) > OURS:
            return [unnamed(start, a, b, step, which, where, size)]
    assert rule_a is not None
    assert rule_b is not None
    words = rule_b.differs_from(rule_a)

    def with_words(values: dict[str, Any]) -> float:
        return update_gap(start, a, rule_b.changed(values).steps(start, gradients))

    if with_words(words) > SAME_UPDATE:
        return [unnamed(start, a, b, step, which, where, size)]
    for word in list(words):  # those without effect here
        without = {k: v for k, v in words.items() if k != word}
        if with_words(without) <= SAME_UPDATE:
            words = without
    return [
        cause(word, rule_a, rule_b, where,
              with_words({k: v for k, v in words.items() if k != word}), with_words(words))
        for word in words
    ]  # fmt: skip


def cause(word: str, a: Rule, b: Rule, where: str, before: float, after: float) -> Cause:
    """One word in which the rules differ."""
    frameworks = OF_FRAMEWORKS.get(word)
    if frameworks is not None:
        text = frameworks.get(b.kind, "")
    elif word == "decoupled":
        text = f"weight decay is {said(word, a)} in A, {said(word, b)} in B"
    elif word == "rates":
        text = f"the learning rate of the first steps is {said(word, a)} in A, {said(word, b)} in B"
    else:
        text = f"{word} is {said(word, a)} in A, {said(word, b)} in B"
    return Cause(
        "update", text, f"{ARGUMENTS.get(word, word)} = {said(word, a)}", ENTRIES.get(word, ""),
        frameworks_differ=frameworks is not None, places=[Place(where, where, before, after)],
    )  # fmt: skip


def said(word: str, rule: Rule) -> str:
    """A rule's value, for a reader."""
    value = getattr(rule, word)
    if word == "decoupled":
        return "decoupled" if value else "added to the gradient"
    if word == "rates":
        return ", ".join(f"{rate:.6g}" for rate in value) or f"{rule.learning_rate:.6g}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def unnamed(
    start: list[torch.Tensor], a: list[list[torch.Tensor]], b: list[list[torch.Tensor]],
    step: int, which: int, where: str, size: float,
) -> Cause:  # fmt: skip
    """Located, not named."""
    from triptych.port.causes.descriptions import describe

    before = start if step == 0 else a[step - 1]
    before_b = start if step == 0 else b[step - 1]
    text = describe(a[step][which] - before[which], b[step][which] - before_b[which])
    return Cause("update", f"of the update: {text}", proved=False,
                 places=[Place(where, where, size, size)])  # fmt: skip


def update_gap(
    start: list[torch.Tensor], a: list[list[torch.Tensor]], b: list[list[torch.Tensor]]
) -> float:
    """The largest gap of what a tensor was moved by, over all steps.

    Of a tensor that hardly moves, in shares of the largest movement: its own is rounding.
    """
    most = max(float((w - s).norm()) for step in a for w, s in zip(step, start, strict=True))
    sizes = []
    for x, y in zip(a, b, strict=True):
        for w, v, s in zip(x, y, start, strict=True):
            own = max(float((w - s).norm()), 1e-4 * most, 1e-300)
            sizes.append(float((w - v).norm()) / own)
    return max(sizes)


def first_difference(
    start: list[torch.Tensor], a: list[list[torch.Tensor]], b: list[list[torch.Tensor]]
) -> tuple[int, int]:
    """The first step with a difference, and the tensor with the largest there."""
    for step, (x, y) in enumerate(zip(a, b, strict=True)):
        sizes = [gap(w - s, v - s) for w, v, s in zip(x, y, start, strict=True)]
        if max(sizes) > SAME_UPDATE:
            return step, max(range(len(sizes)), key=sizes.__getitem__)
    return 0, 0
