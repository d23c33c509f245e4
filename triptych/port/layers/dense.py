"""Dense layers: Keras's Dense and EinsumDense, PyTorch's Linear, and a product with a parameter.

Shared layout: weight (out, in), bias (out). Keras keeps the kernel as (in, out).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import torch

from triptych.port.capture.tape import Step, Tape
from triptych.port.layers.alternative import Alternative, with_arguments
from triptych.port.layers.attention import CAUSAL_IN_A, MASKED_IN_B
from triptych.port.layers.call import ARGUMENTS, Call
from triptych.port.layers.unit import Parameter, Unit, unit

FUSED_NAME = re.compile(r"qkv|c_attn|in_proj|query_key_value")
SPLITS = {"chunk", "split", "unbind", "tensor_split"}


def transposed(tensor: torch.Tensor) -> Parameter:
    """A kernel (in, out) as a weight (out, in)."""
    return Parameter(tensor, lambda t: t.T, lambda t: t.T)


def from_dense(layer: Any, name: str) -> list[Unit]:
    """Keras's Dense."""
    return [unit("dense", name, weight=transposed(layer.kernel.value), bias=layer.bias)]


def from_einsum_dense(layer: Any, name: str) -> list[Unit] | None:
    """Keras's EinsumDense, where the axes that it sums are the kernel's first."""
    kernel_axes, output_axes = layer.equation.split(",")[1].split("->")
    summed = [axis for axis in kernel_axes if axis not in output_axes]
    if summed != list(kernel_axes[: len(summed)]):
        return None
    shape = tuple(layer.kernel.shape)
    n_in, n_out = math.prod(shape[: len(summed)]), math.prod(shape[len(summed) :])
    weight = Parameter(
        layer.kernel.value,
        lambda t: t.reshape(n_in, n_out).T,
        lambda t: t.T.reshape(shape),
    )
    bias = None
    if layer.bias is not None:
        bias_shape = tuple(layer.bias.shape)
        bias = Parameter(layer.bias.value, lambda t: t.reshape(-1), lambda t: t.reshape(bias_shape))
    return [unit("dense", name, weight=weight, bias=bias)]


def from_linear(call: Call, tape: Tape, name: str) -> list[Unit]:
    """torch.nn.functional.linear; three layers if it makes q, k and v at once."""
    weight, bias = call.parameter("weight", tape), call.parameter("bias", tape)
    if weight is None:
        return []
    if is_fused(call, tape, name, *weight.shape):
        return fused(name, weight, bias, is_transposed=False)
    return [unit("dense", name, weight=weight, bias=bias)]


def from_product(call: Call, tape: Tape, name: str) -> list[Unit]:
    """A product with a parameter (in, out), as transformers' Conv1D."""
    kernel, bias = call.parameter("weight", tape), call.parameter("bias", tape)
    if kernel is None or kernel.ndim != 2:
        return []
    if is_fused(call, tape, name, *reversed(kernel.shape)):
        return fused(name, kernel, bias, is_transposed=True)
    return [unit("dense", name, weight=transposed(kernel), bias=bias)]


def is_fused(call: Call, tape: Tape, name: str, n_out: int, n_in: int) -> bool:
    """Whether it makes queries, keys and values in one product."""
    if n_out != 3 * n_in or call.step.index in tape.whole:
        return False
    made, steps = call.step.outputs[0], tape.steps[call.step.index + 1 :]
    while readers := [s for s in steps if made in s.inputs]:
        if readers[0].name in SPLITS:
            return True
        if readers[0].name not in {"view", "reshape", "permute", "transpose"}:
            break
        made = readers[0].outputs[0]
    return bool(FUSED_NAME.search(name))


def fused(
    name: str, weight: torch.Tensor, bias: torch.Tensor | None, is_transposed: bool
) -> list[Unit]:
    """The three layers in one product."""
    width, units = (weight.shape[1] if is_transposed else weight.shape[0]) // 3, []
    for i, role in enumerate(("query", "key", "value")):
        rows = slice(i * width, (i + 1) * width)
        part = (
            Parameter(weight, lambda t: t.T, lambda t: t.T, (slice(None), rows))
            if is_transposed
            else Parameter(weight, part=rows)
        )
        its_bias = None if bias is None else Parameter(bias, part=rows)
        made = unit("dense", f"{name}.{role}", weight=part, bias=its_bias)
        made.columns = rows
        units.append(made)
    return units


def from_attention(call: Call, tape: Tape, name: str) -> list[Unit]:
    """torch.nn.MultiheadAttention: queries, keys, values and the output are dense layers."""
    weight, bias = call.parameter("in_proj_weight", tape), call.parameter("in_proj_bias", tape)
    if weight is None:
        return []
    settings = {"heads": call.get("num_heads")}
    output = unit(
        "dense", f"{name}.output", settings,
        weight=call.parameter("out_proj_weight", tape), bias=call.parameter("out_proj_bias", tape),
    )  # fmt: skip
    output.fed_by = (0, 1, 2)
    return [*fused(name, weight, bias, is_transposed=False), output]


KERAS = {"Dense": from_dense, "EinsumDense": from_einsum_dense}
TORCH = {
    "linear": from_linear,
    "addmm": from_product,
    "matmul": from_product,
    "__matmul__": from_product,
    "multi_head_attention_forward": from_attention,
}


def alternatives(call: Call, a: Unit, b: Unit) -> Iterator[Alternative]:
    """A bias that B lacks; another number of heads, and another order of axes, in attention."""
    step = call.step
    if step.name == "multi_head_attention_forward":
        yield from attention_alternatives(call)
        return
    if step.layer is None:
        yield Alternative(
            "axes exchanged", "A's layer works on the other one of two axes of the same length",
            "x.transpose(-1, -2)",
            lambda x, *args, **kwargs: step.function(x.transpose(-1, -2), *args, **kwargs),
            entry="sequence_axis",
        )  # fmt: skip
    bias = a.parameters.get("bias")
    if bias is not None and "bias" not in b.parameters and step.layer is None:
        value = bias.read()
        yield Alternative(
            "bias", "B has no bias, A has one", "bias=True",
            lambda *args, **kwargs: step.function(*args, **kwargs) + value,
        )  # fmt: skip


def inverted(step: Step, name: str) -> Any:
    """Attention with the opposite of one of its masks."""

    def function(*args: Any, **kwargs: Any) -> Any:
        given = dict(zip(ARGUMENTS[step.name], args, strict=False)) | kwargs
        mask = given[name]
        opposite = ~mask if mask.dtype == torch.bool else torch.where(
            mask == 0, torch.full_like(mask, float("-inf")), torch.zeros_like(mask)
        )  # fmt: skip
        return with_arguments(step, **{name: opposite})(*args, **kwargs)

    return function


def attention_alternatives(call: Call) -> Iterator[Alternative]:
    """What nn.MultiheadAttention may have been told otherwise."""
    step, heads, width = call.step, call.get("num_heads"), call.get("embed_dim_to_check")
    for other in (h for h in range(1, width + 1) if width % h == 0 and h != heads):
        yield Alternative(
            "heads", f"{other} heads in A, {heads} in B", f"num_heads={other}",
            with_arguments(step, num_heads=other),
        )  # fmt: skip
    if call.get("dropout_p", 0.0) and call.get("training", False):
        yield Alternative(
            "dropout", "dropout of the attention is on in B", "model.eval()",
            with_arguments(step, training=False),
        )  # fmt: skip

    def batch_first(*args: Any, **kwargs: Any) -> Any:
        turned = [a.transpose(0, 1) for a in args[:3]]
        made, *rest = step.function(*turned, *args[3:], **kwargs)
        return (made.transpose(0, 1), *rest)

    yield Alternative(
        "batch_first", "B reads (length, batch, width), A (batch, length, width)",
        "batch_first=True", batch_first, entry="sequence_axis",
    )  # fmt: skip
    for name in ("key_padding_mask", "attn_mask"):
        mask = call.arguments.get(name)
        if mask is not None:
            yield Alternative(
                "mask inverted", f"{name} keeps in B what A's mask drops",
                f"{name}=~{name}: True drops in nn.MultiheadAttention", inverted(step, name),
                entry="attention_mask_polarity",
            )  # fmt: skip
    for causal in (True, False):

        def masked(*args: Any, causal: bool = causal, **kwargs: Any) -> Any:
            n = args[0].shape[0]
            mask = torch.ones(n, n, dtype=torch.bool).triu(1) if causal else None
            changed = {"attn_mask": mask, "is_causal": False, "key_padding_mask": None}
            return with_arguments(step, **changed)(*args, **kwargs)

        yield Alternative(
            "causal mask",
            CAUSAL_IN_A if causal else MASKED_IN_B,
            "attn_mask=…" if causal else "attn_mask=None",
            masked, entry="attention_mask_polarity",
        )  # fmt: skip
