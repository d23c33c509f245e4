"""Entries of the catalogue about layers, losses and optimizers that no hypothesis names, and why.

Every other such entry is named by the cause that shows it.
"""

from __future__ import annotations

TOPICS = (
    "activations", "attention", "convolution", "embeddings", "images", "layouts", "losses",
    "normalization", "optimizers", "regularization",
)  # fmt: skip

CARRIED = "the rules of the layers carry weights over in either framework's layout"
MAPPED = "inputs are given to each model in its own layout, and values are compared in both"
BY_A = "A's own call, with its settings, is tried in place of B's"
SAME = "both frameworks compute the same there: nothing can differ"
ROUNDING = "it is rounding, far below the tolerance of float64"
EDGE = "it shows at numbers that no check on random inputs meets"
ABSENT = "the frameworks of ports that are checked, Keras and PyTorch, do not differ there"
NOT_READ = "this optimizer is not read: its updates are compared, and a gap is located, not named"
SCHEDULE = "the learning rates of the steps are compared, whatever made them"
ONE_STEP = "it shows after more steps than are replayed"
SHAPE = "the models would not run, or give another shape: the check says which"

REASONS: dict[str, tuple[str, ...]] = {
    CARRIED: (
        "attention_kernel_layout", "conv_kernel_layout", "dense_kernel_layout",
        "depthwise_kernel_layout", "gru_gate_order", "lstm_gate_order",
        "transposed_convolution_kernel", "transposed_convolution_layout", "convolve_flips",
        "batchnorm_array_order",
    ),
    MAPPED: ("channels_first", "attention_steps_axis", "attention_heads_axis"),
    BY_A: (
        "elu", "gelu_as_operation", "hard_sigmoid", "leaky_relu_layer_slope", "softplus_threshold",
        "attention_mask_of_floats", "causal_and_mask", "causal_mask_of_fewer_queries",
        "pooling_stride", "ceil_mode_is_not_same", "max_pool_same_stride_two", "resize_antialias",
        "resize_bicubic", "resize_nearest", "cosine_similarity_sign", "hinge_labels",
        "poisson_input", "l2_normalize_epsilon",
    ),
    SAME: (
        "relu_gradient_at_zero", "silu", "convolution_is_correlation", "layernorm_variance",
        "dropout_scaling", "adamw_decay_times_learning_rate",
    ),
    ROUNDING: (
        "gelu_precision_leak", "leaky_relu_precision_leak", "attention_scale_precision",
        "attention_softmax_precision", "batchnorm_cancellation", "layernorm_cancellation",
        "layernorm_of_halves", "adam_bias_correction", "constants_through_float32",
    ),
    EDGE: (
        "leaky_relu_gradient_at_zero", "selu_gradient_at_zero", "attention_to_nothing",
        "max_pool_of_nan", "max_pool_ties", "embedding_of_a_float", "bce_at_certainty",
        "batchnorm_of_one_row", "clip_norm_epsilon",
    ),
    ABSENT: ("adam_and_absent_words", "adam_and_repeated_words", "clipping_and_repeated_words",
             "embedding_gradient_form", "huber_against_smooth_l1", "conv_layer_padding"),
    NOT_READ: ("adadelta_constants", "nadam_momentum_schedule"),
    SCHEDULE: ("cosine_schedule_after_its_end", "exponential_schedule", "plateau_patience",
               "plateau_threshold", "velocity_holds_learning_rate",
               "sgd_default_learning_rate", "other_default_learning_rates",
               "warmup_and_decay_steps", "warmup_starts_at_zero"),
    SHAPE: (
        "attention_head_size", "attention_weights_returned", "causal_is_a_hint",
        "fewer_key_heads", "convolution_padding_default", "global_pooling_axes",
        "kernel_of_fewer_channels", "pooling_drops_the_rest", "stride_and_dilation",
    ),
}  # fmt: skip
