"""Updates from the same gradients: each difference of the two rules, proved by taking A's word."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from triptych.port.causes.cause import Cause, Place
from triptych.port.layouts import gap
from triptych.port.training.rules import Gradients, Rule, run

SAME_UPDATE = 1e-8  # of an update's norm: the update is a small difference of weights
OURS = 1e-9  # a rule that reproduces its optimizer worse than this is not believed

# Words in which the frameworks differ whatever the user writes.
OF_FRAMEWORKS = {
    "epsilon_inside": {
        "adam": "A adds Adam's epsilon before the bias correction, B after it",
        "rmsprop": "A adds RMSprop's epsilon inside the root, B outside",
        "adagrad": "A adds Adagrad's epsilon inside the root, B outside",
    },
    "clip_epsilon": dict.fromkeys(
        ("sgd", "adam", "rmsprop"), "B's clip_grad_norm_ adds 1e-6 to the norm, A nothing"
    ),
}
ENTRIES = {
    "epsilon_inside": "adam_epsilon", "epsilon": "adam_epsilon_default",
    "epsilon_inside of rmsprop": "rmsprop_epsilon_place", "start": "adagrad_start",
    "weight_decay": "weight_decay_of_adam", "decoupled": "weight_decay_of_adam",
    "weight_decay of sgd": "weight_decay_of_sgd", "decoupled of sgd": "weight_decay_of_sgd",
    "weight_decay of some": "weight_decay_reaches_biases",
    "nesterov": "nesterov_form", "rho": "rmsprop_decay", "amsgrad": "amsgrad_form",
    "clip_norm": "clip_by_norm",
}  # fmt: skip
DEFAULT_DECAYS = {0.004, 0.01}  # of Keras's AdamW and of PyTorch's
ARGUMENTS = {
    "learning_rate": "lr", "beta_1": "betas", "beta_2": "betas", "epsilon": "eps", "rho": "alpha",
    "clip_norm": "torch.nn.utils.clip_grad_norm_", "clip_value": "torch.nn.utils.clip_grad_value_",
    "decoupled": "torch.optim.AdamW in place of Adam", "rates": "a scheduler, stepped each batch",
}  # fmt: skip


def compare(
    start: list[torch.Tensor], gradients: list[list[torch.Tensor | None]],
    a: list[list[torch.Tensor]], b: list[list[torch.Tensor]],
    rules_a: list[Rule] | None, rules_b: list[Rule] | None, names: Sequence[str],
) -> list[Cause]:  # fmt: skip
    """Why two optimizers move the same weights otherwise, given the same gradients.

    a, b: the weights after each step of either. rules_a, rules_b: what they seem to be, for each
    parameter.
    """
    size = update_gap(start, a, b)
    if size <= SAME_UPDATE:
        return []
    step, which = first_difference(start, a, b)
    where = f"step {step + 1}, {names[which]}"
    rules_a, rules_b = (
        rules if rules is None or reproduces(rules, start, gradients, real)
        else with_rates(rules, start, gradients, real)
        for rules, real in ((rules_a, a), (rules_b, b))
    )  # fmt: skip
    if rules_a is None or rules_b is None:
        return [unnamed(start, a, b, step, which, where, size)]
    pairs = list(zip(rules_a, rules_b, strict=True))
    differing = [its.differs_from(mine) for mine, its in pairs]
    words = list(dict.fromkeys(word for each in differing for word in each))

    def with_words(chosen: list[str]) -> float:
        changed = [
            its.changed({w: v for w, v in each.items() if w in chosen})
            for (_, its), each in zip(pairs, differing, strict=True)
        ]
        return update_gap(start, a, run(changed, start, gradients))

    if with_words(words) > SAME_UPDATE:
        return [unnamed(start, a, b, step, which, where, size)]
    for word in list(words):  # those without effect here
        without = [w for w in words if w != word]
        if with_words(without) <= SAME_UPDATE:
            words = without
    causes = []
    is_decay = "weight_decay" in words
    for word in words:
        at = [i for i, each in enumerate(differing) if word in each]
        mine, its = pairs[at[0]]
        if word == "decoupled" and is_decay and not (mine.weight_decay and its.weight_decay):
            continue  # only one decays at all, which is said already
        some = "" if len(at) == len(pairs) else f", for {', '.join(names[i] for i in at[:3])}"
        some += f" and {len(at) - 3} more" if some and len(at) > 3 else ""
        before, after = with_words([w for w in words if w != word]), with_words(words)
        causes.append(cause(word, mine, its, some, where, before, after))
    return causes


def reproduces(
    rules: Sequence[Rule], start: list[torch.Tensor], gradients: list[Gradients],
    real: list[list[torch.Tensor]],
) -> bool:  # fmt: skip
    """Whether the rules move the weights as the optimizer did."""
    return update_gap(start, real, run(rules, start, gradients)) <= OURS


def with_rates(
    rules: Sequence[Rule], start: list[torch.Tensor], gradients: list[Gradients],
    real: list[list[torch.Tensor]],
) -> list[Rule] | None:  # fmt: skip
    """The rules with the learning rates that the real steps show; None if that is not all.

    Each rule moves the weights in proportion to the rate of the step.
    """
    rates: tuple[float, ...] = ()
    for t in range(len(gradients)):
        tried = [rule.changed({"rates": (*rates, 1.0)}) for rule in rules]
        made = run(tried, start, gradients[: t + 1])
        before, before_real = (made[t - 1], real[t - 1]) if t else (start, start)
        unit = [w - v for w, v in zip(made[t], before, strict=True)]
        moved = [w - v for w, v in zip(real[t], before_real, strict=True)]
        size = sum(float((u * u).sum()) for u in unit)
        if not size:
            return None
        along = sum(float((u * m).sum()) for u, m in zip(unit, moved, strict=True))
        rates = (*rates, float(f"{along / size:.10g}"))
    found = [rule.changed({"rates": rates}) for rule in rules]
    return found if reproduces(found, start, gradients, real) else None


def cause(word: str, a: Rule, b: Rule, some: str, where: str, before: float, after: float) -> Cause:
    """One word in which the rules differ; some: for which parameters, if not for all."""
    frameworks = OF_FRAMEWORKS.get(word, {}).get(b.kind) if a.kind == b.kind else None
    if frameworks is not None:
        text = frameworks
    elif word == "kind":
        text = f"A's optimizer is {a.kind}, B's {b.kind}"
    elif word == "decoupled":
        text = f"weight decay is {wording(word, a)} in A, {wording(word, b)} in B"
    elif word == "rates":
        text = f"the first learning rates are {wording(word, a)} in A, {wording(word, b)} in B"
    else:
        text = f"{word} is {wording(word, a)} in A, {wording(word, b)} in B"
    edit = f"{ARGUMENTS.get(word, word)} = {wording(word, a)}"
    if word == "weight_decay" and a.decoupled and not b.decoupled and b.kind == "adam":
        edit = f"torch.optim.AdamW(weight_decay={wording(word, a)})"
    return Cause(
        "update", text + some, edit,
        entry_of(word, a, b, is_partial=bool(some)), frameworks_differ=frameworks is not None,
        places=[Place(where, where, before, after)],
    )  # fmt: skip


def entry_of(word: str, a: Rule, b: Rule, *, is_partial: bool) -> str:
    """The catalogue's entry about a word in which two rules differ, for some parameters or all."""
    if word == "weight_decay" and {a.weight_decay, b.weight_decay} == DEFAULT_DECAYS:
        return "adamw_default_decay"
    keys = [f"{word} of some"] if is_partial else []
    found = (ENTRIES.get(key, "") for key in (*keys, f"{word} of {b.kind}", word))
    return next(filter(None, found), "")


def wording(word: str, rule: Rule) -> str:
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
