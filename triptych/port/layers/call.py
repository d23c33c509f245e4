"""A recorded call of a torch function, with its arguments by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from triptych.port.capture.tape import Ref, Step, Tape


def names(text: str) -> list[str]:
    """Arguments' names in order."""
    return text.split()


CONVOLUTION = names("input weight bias stride padding dilation groups")
TRANSPOSED = names("input weight bias stride padding output_padding groups dilation")
MAX_POOL = names("input kernel_size stride padding dilation ceil_mode")
RECURRENT = ("lstm", "gru", "rnn_tanh", "rnn_relu")  # the functions of nn.LSTM, GRU and RNN
OF_RECURRENT = names(
    "input hx weights has_biases num_layers dropout training bidirectional batch_first"
)
# Of a packed sequence, by nn.utils.rnn.pack_padded_sequence.
OF_PACKED = names(
    "input batch_sizes hx weights has_biases num_layers dropout training bidirectional"
)
# Functions written in C++ have no signature to be read.
ARGUMENTS = {
    "linear": names("input weight bias"),
    "addmm": names("bias input weight"),
    "matmul": names("input weight"),
    "__matmul__": names("input weight"),
    **{f"conv{n}d": CONVOLUTION for n in (1, 2, 3)},
    **{f"conv_transpose{n}d": TRANSPOSED for n in (1, 2, 3)},
    "batch_norm": names("input running_mean running_var weight bias training momentum eps"),
    "layer_norm": names("input normalized_shape weight bias eps"),
    "group_norm": names("input num_groups weight bias eps"),
    "rms_norm": names("input normalized_shape weight eps"),
    "embedding": names("input weight padding_idx max_norm norm_type scale_grad_by_freq sparse"),
    "multi_head_attention_forward": names(
        "query key value embed_dim_to_check num_heads in_proj_weight in_proj_bias bias_k bias_v "
        "add_zero_attn dropout_p out_proj_weight out_proj_bias training key_padding_mask "
        "need_weights attn_mask use_separate_proj_weight q_proj_weight k_proj_weight "
        "v_proj_weight static_k static_v average_attn_weights is_causal"
    ),
    "scaled_dot_product_attention": names(
        "query key value attn_mask dropout_p is_causal scale enable_gqa"
    ),
    **dict.fromkeys(RECURRENT, OF_RECURRENT),
    **{f"max_pool{n}d": MAX_POOL for n in (1, 2, 3)},
    "avg_pool1d": names("input kernel_size stride padding ceil_mode count_include_pad"),
    "avg_pool2d": names(
        "input kernel_size stride padding ceil_mode count_include_pad divisor_override"
    ),
    "pad": names("input pad mode value"),
    "softmax": names("input dim"),
    "log_softmax": names("input dim"),
    "dropout": names("input p training inplace"),
    **dict.fromkeys(("pixel_shuffle", "pixel_unshuffle"), names("input factor")),
    "gelu": names("input approximate"),
    "leaky_relu": names("input negative_slope inplace"),
    "elu": names("input alpha inplace"),
    "interpolate": names(
        "input size scale_factor mode align_corners recompute_scale_factor antialias"
    ),
}


def is_packed(step: Step) -> bool:
    """Whether a recurrent function runs over a packed sequence."""
    return step.name in RECURRENT and len(step.args) > 3 and isinstance(step.args[3], (list, tuple))


@dataclass(frozen=True)
class Call:
    """A step's function with its arguments by name; tensors are stand-ins."""

    step: Step
    arguments: dict[str, Any]

    @classmethod
    def of(cls, step: Step) -> Call:
        """The call of a recorded step; unnamed arguments are called by their position."""
        known = OF_PACKED if is_packed(step) else ARGUMENTS.get(step.name, [])
        named = {
            (known[i] if i < len(known) else f"argument {i}"): value
            for i, value in enumerate(step.args)
        }
        return cls(step, {**named, **step.kwargs})

    def get(self, name: str, default: Any = None) -> Any:
        """An argument as recorded."""
        value = self.arguments.get(name, default)
        return default if value is None else value

    def parameter(self, name: str, tape: Tape) -> torch.Tensor | None:
        """The model's own tensor that is passed under this name."""
        value = self.arguments.get(name)
        if not isinstance(value, Ref) or value.value not in tape.parameters:
            return None
        return tape.given[value.value]
