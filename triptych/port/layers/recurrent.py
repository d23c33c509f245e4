"""LSTM and GRU.

Shared layout: weight_ih (gates · units, in), weight_hh (gates · units, units), with PyTorch's order
of the gates: i, f, c, o of an LSTM, which is Keras's as well; r, z, n of a GRU, where Keras has
z, r, n. An LSTM has one bias: PyTorch's second is added to it, and set to zero when weights are
carried over. A GRU has two under Keras's reset_after, and one without.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch.nn import functional

from triptych.port.capture.tape import Ref, Step, Tape
from triptych.port.layers.alternative import Alternative, with_arguments
from triptych.port.layers.call import RECURRENT, Call
from triptych.port.layers.dense import transposed
from triptych.port.layers.unit import Parameter, Unit, unit

ACTIVATIONS: dict[str, Any] = {
    "linear": lambda x: x,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "hard_sigmoid": lambda x: functional.relu6(x + 3) / 6,
    "softsign": functional.softsign,
}


def from_keras_lstm(layer: Any, name: str) -> list[Unit]:
    """Keras's LSTM."""
    cell = layer.cell
    kernel, recurrent = (transposed(v.value) for v in (cell.kernel, cell.recurrent_kernel))
    bias = cell.bias if cell.use_bias else None
    settings = settings_of(layer)
    return [unit("lstm", name, settings, weight_ih=kernel, weight_hh=recurrent, bias=bias)]


def from_keras_gru(layer: Any, name: str) -> list[Unit]:
    """Keras's GRU."""
    cell, n = layer.cell, layer.cell.units

    def swapped(t: torch.Tensor) -> torch.Tensor:
        return torch.cat([t[n : 2 * n], t[:n], t[2 * n :]])

    def kernel(variable: Any) -> Parameter:
        return Parameter(variable.value, lambda t: swapped(t.T), lambda t: swapped(t).T)

    biases: dict[str, Parameter] = {}
    if cell.use_bias and len(cell.bias.shape) == 1:
        biases = {"bias_ih": Parameter(cell.bias.value, swapped, swapped)}
    elif cell.use_bias:
        biases = {
            key: Parameter(cell.bias.value, swapped, swapped, part=i)
            for i, key in enumerate(("bias_ih", "bias_hh"))
        }
    settings = {**settings_of(layer), "reset_after": cell.reset_after}
    weights = {"weight_ih": kernel(cell.kernel), "weight_hh": kernel(cell.recurrent_kernel)}
    return [unit("gru", name, settings, **weights, **biases)]


def from_keras_simple(layer: Any, name: str) -> list[Unit]:
    """Keras's SimpleRNN."""
    cell = layer.cell
    kernel, recurrent = (transposed(v.value) for v in (cell.kernel, cell.recurrent_kernel))
    settings = {"activation": cell.activation.__name__, "go_backwards": layer.go_backwards}
    bias = cell.bias if cell.use_bias else None
    return [unit("rnn", name, settings, weight_ih=kernel, weight_hh=recurrent, bias=bias)]


def settings_of(layer: Any) -> dict[str, Any]:
    """What decides a recurrent layer's numbers besides its weights."""
    return {
        "activation": layer.cell.activation.__name__,
        "recurrent_activation": layer.cell.recurrent_activation.__name__,
        "go_backwards": layer.go_backwards,
    }


def from_torch(call: Call, tape: Tape, name: str) -> list[Unit]:
    """torch.nn.LSTM and GRU: one unit for each layer and direction."""
    kind, has_bias = call.step.name.split("_")[0], call.get("has_biases", True)
    weights = [tape.given[w.value] for w in call.get("weights", []) if isinstance(w, Ref)]
    each = 4 if has_bias else 2
    directions = 2 if call.get("bidirectional", False) else 1
    units = []
    for i in range(0, len(weights), each):
        layer, direction = divmod(i // each, directions)
        names = ("weight_ih", "weight_hh")
        found: dict[str, Any] = dict(zip(names, weights[i : i + 2], strict=True))
        biases = weights[i + 2 : i + each]
        if biases and kind != "gru":
            found["bias"] = Parameter(biases[0], shadow=biases[1])
        elif biases:
            found |= dict(zip(("bias_ih", "bias_hh"), biases, strict=True))
        suffix = f"l{layer}" + ("_reverse" if direction else "")
        made = unit(kind, f"{name}.{suffix}", {}, **found)
        if layer:
            made.fed_by = tuple(range((layer - 1) * directions, layer * directions))
        units.append(made)
    return units


KERAS = {
    "LSTM": from_keras_lstm,
    "GRU": from_keras_gru,
    "SimpleRNN": from_keras_simple,
}
TORCH = dict.fromkeys(RECURRENT, from_torch)


def alternatives(call: Call, a: Unit, b: Unit) -> Iterator[Alternative]:
    """Time first or batch first, dropout between layers, and what only Keras can be told."""
    step = call.step
    if step.layer is not None:
        return
    first = bool(call.get("batch_first", False))

    def turned(*args: Any, **kwargs: Any) -> Any:
        x, hx = args[0], args[1]
        batch = x.shape[1] if first else x.shape[0]
        zeros = [h.new_zeros(h.shape[0], batch, h.shape[2]) for h in as_list(hx)]
        start = zeros[0] if isinstance(hx, torch.Tensor) else tuple(zeros)
        return with_arguments(step, hx=start, batch_first=not first)(*args, **kwargs)

    yield Alternative(
        "batch_first", f"batch_first is {first} in B; A's layout asks for {not first}",
        f"batch_first={not first}", turned, entry="sequence_axis",
    )  # fmt: skip
    if call.get("training", False) and call.get("dropout", 0.0):
        yield Alternative(
            "dropout", "dropout between the layers is on in B", "model.eval()",
            with_arguments(step, training=False),
        )  # fmt: skip
    yield from of_keras_only(step, a, b)


def of_keras_only(step: Step, a: Unit, b: Unit) -> Iterator[Alternative]:
    """Settings of Keras's layers that PyTorch's do not have, computed step by step."""
    stated = a.settings
    if b.kind == "rnn":
        yield from other_activation(step)
        return
    plain: dict[str, Any] = {"activation": "tanh", "recurrent_activation": "sigmoid"}
    if b.kind == "gru":
        plain["reset_after"] = True
    differ = {k: v for k, v in plain.items() if stated.get(k, v) != v}
    if not differ:
        return
    wording = "; ".join(f"{key} is {stated[key]} in A, {plain[key]} in B" for key in differ)

    def function(*args: Any, **kwargs: Any) -> Any:
        return loop(b.kind, args[0], a, stated), *step.function(*args, **kwargs)[1:]

    yield Alternative(
        "recurrent settings", wording,
        f"a cell of your own: nn.{b.kind.upper()} has no such setting",
        function, frameworks_differ=True,
    )  # fmt: skip


def other_activation(step: Step) -> Iterator[Alternative]:
    """nn.RNN's nonlinearity."""
    name = "relu" if step.name == "rnn_tanh" else "tanh"
    function = torch.rnn_relu if name == "relu" else torch.rnn_tanh
    yield Alternative(
        "nonlinearity", f"the activation is {name} in A, {step.name[4:]} in B",
        f"nonlinearity={name!r}", function,
    )  # fmt: skip


def loop(kind: str, x: torch.Tensor, a: Unit, stated: dict[str, Any]) -> torch.Tensor:
    """An LSTM or a GRU of one layer on (batch, time, width), with Keras's settings."""
    p = {name: parameter.read() for name, parameter in a.parameters.items()}
    inner, gate = ACTIVATIONS[stated["activation"]], ACTIVATIONS[stated["recurrent_activation"]]
    units = p["weight_hh"].shape[1]
    h = c = x.new_zeros(len(x), units)
    states = []
    for t in range(x.shape[1]):
        z = x[:, t] @ p["weight_ih"].T
        if kind == "lstm":
            z = z + h @ p["weight_hh"].T + p.get("bias", 0.0)
            i, f, g, o = z.chunk(4, 1)
            c = gate(f) * c + gate(i) * inner(g)
            h = gate(o) * inner(c)
        else:
            h = gru_step(z + p.get("bias_ih", 0.0), h, p, inner, gate, stated["reset_after"])
        states.append(h)
    return torch.stack(states, 1)


def gru_step(
    z: torch.Tensor, h: torch.Tensor, p: dict[str, torch.Tensor], inner: Any, gate: Any,
    reset_after: bool,
) -> torch.Tensor:  # fmt: skip
    """One step of a GRU; the reset gate acts after the product with the state, or before."""
    n = h.shape[1]
    zr, zz, zn = z.chunk(3, 1)
    recurrent, bias = p["weight_hh"], p.get("bias_hh", z.new_zeros(3 * n))
    r = gate(zr + h @ recurrent[:n].T + bias[:n])
    u = gate(zz + h @ recurrent[n : 2 * n].T + bias[n : 2 * n])
    if reset_after:
        new = inner(zn + r * (h @ recurrent[2 * n :].T + bias[2 * n :]))
    else:
        new = inner(zn + (r * h) @ recurrent[2 * n :].T + bias[2 * n :])
    return u * h + (1 - u) * new


def as_list(states: Any) -> list[torch.Tensor]:
    """The state of a GRU, or both of an LSTM."""
    return [states] if isinstance(states, torch.Tensor) else list(states)
