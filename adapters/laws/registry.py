"""Every law of an adapter, the cheap ones first: plain functions that raise AssertionError.

The same functions test our backends, detect the mutants, and check third-party adapters.
"""

from __future__ import annotations

from collections.abc import Callable

from adapters.laws import layer_points, memory, points, refusals, rows, training, values
from adapters.laws.cases import Case
from adapters.laws.subject import Subject

# Tested once, at points that the law chooses.
ONCE: list[Callable[[Subject], None]] = [
    points.law_defaults,
    points.law_update,
    points.law_derivative,
    points.law_relu_at_zero,
    points.law_perceptron_tie,
    points.law_first_adam_steps,
    points.law_extreme_scores,
    points.law_not_finite,
    layer_points.law_missing_layer,
    layer_points.law_kernel_as_written,
    layer_points.law_padding_after,
    layer_points.law_first_of_equals,
    layer_points.law_repeated_words,
    layer_points.law_layer_norm,
    layer_points.law_causal_attention,
    rows.law_many_rows,
    rows.law_rows_count,
    rows.law_rows_count_in_epoch,
    rows.law_large_batch,
    training.law_long_epoch,
]

# Tested on every architecture, with several random examples.
EACH: list[Callable[[Subject, Case], None]] = [
    values.law_params_round_trip,
    values.law_assign_keeps_slots,
    training.law_state_names,
    values.law_forward,
    values.law_loss,
    values.law_loss_definition,
    values.law_gradients,
    values.law_truth,
    values.law_central_differences,
    training.law_step,
    training.law_loss_before_update,
    training.law_state_continues,
    training.law_state_crosses_backends,
    training.law_epoch_equals_steps,
    training.law_epoch_in_two_calls,
    memory.law_dtypes,
    memory.law_reading_changes_nothing,
    memory.law_nothing_remembered,
    memory.law_copies_in,
    memory.law_copies_out,
]

# Tested on every architecture with one example: little depends on the random numbers.
SINGLE: list[Callable[[Subject, Case], None]] = [
    memory.law_starts_from_its_weights,
    refusals.law_refusals,
]

# Tested on a few architectures: they concern arrays and hardly depend on the network, or need a
# separate model for each optimizer with slots.
FEW: list[Callable[[Subject, Case], None]] = [
    memory.law_whole_numbers,
    memory.law_any_layout,
    memory.law_new_numbers,
    memory.law_same_twice,
    training.law_lower_learning_rate,
]
FEW_ON = ("relu", "logistic", "mixed", "transformer")

LAWS: dict[str, Callable[..., None]] = {
    law.__name__.removeprefix("law_"): law for laws in (ONCE, EACH, SINGLE, FEW) for law in laws
}
