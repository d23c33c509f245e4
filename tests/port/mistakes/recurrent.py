"""Recurrent networks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - as PyTorch is written

from tests.port.mistakes import of_architecture

L = keras.layers
Function = Callable[[torch.Tensor], torch.Tensor]
STEPS, WORDS = 7, 12
MERGED: dict[str, Function] = {
    "concat": lambda x: x,
    "ave": lambda x: (x[..., :5] + x[..., 5:]) / 2,
    "sum": lambda x: x[..., :5] + x[..., 5:],
}


def sentences() -> np.ndarray:
    """Words, with zeros after the end of a sentence."""
    words = np.random.default_rng(5).integers(1, WORDS, (5, STEPS))
    lengths = np.array([7, 3, 5, 2, 6])
    return np.where(np.arange(STEPS) < lengths[:, None], words, 0)


def reader_in_keras(merge: str = "concat", backwards: bool = False) -> keras.Model:
    """One layer in both directions, one in one; the last step decides."""
    cell = partial(L.LSTM, activation="tanh")
    return keras.Sequential([
        keras.Input((STEPS,), dtype="int32"),
        L.Embedding(WORDS, 6),
        L.Bidirectional(L.LSTM(5, return_sequences=True), merge_mode=merge),
        L.LayerNormalization(),
        cell(4, go_backwards=backwards),
        L.Dense(3, activation="softmax"),
    ])  # fmt: skip


class Reader(nn.Module):
    """Its port."""

    def __init__(
        self, merge: str = "concat", backwards: bool = False, *, merged: Function | None = None,
        eps: float = 1e-3, batch_first: bool = True, flipped: bool | None = None, scale: float = 1,
        step: Function = lambda out: out[:, -1], cell_state: bool = False, dropping: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        width = 10 if merge == "concat" else 5
        self.embedding = nn.Embedding(WORDS, 6)
        self.both = nn.LSTM(6, 5, batch_first=True, bidirectional=True)
        self.norm = nn.LayerNorm(width, eps=eps)
        self.lstm = nn.LSTM(width, 4, batch_first=batch_first)
        self.fc = nn.Linear(4, 3)
        self.merged = merged or MERGED[merge]
        self.flipped = backwards if flipped is None else flipped
        self.scale, self.step, self.cell_state, self.dropping = scale, step, cell_state, dropping

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        x = self.embedding(words)
        if self.scale != 1:
            x = x * self.scale
        x = self.norm(self.merged(self.both(x)[0]))
        if self.dropping:
            x = F.dropout(x, 0.3)
        out, (_, c) = self.lstm(x.flip(1) if self.flipped else x)
        return self.fc(c[-1] if self.cell_state else self.step(out)).softmax(-1)


reader = of_architecture("recurrent", reader_in_keras, Reader, sentences)
MISTAKES = [
    reader("right, a reader"),
    reader("right, directions summed, second layer backwards",
           both={"merge": "sum", "backwards": True}),
    reader("first step for the last", r"fc|select|getitem|lstm|step", r"step|last|first",
           step=lambda out: out[:, 0]),
    reader("mean over the steps for the last", r"mean|fc|lstm", r"step|last|mean",
           step=lambda out: out.mean(1)),
    reader("maximum over the steps for the last", r"amax|fc|lstm", r"step|last|max",
           step=lambda out: out.amax(1)),
    reader("sum of the directions for the average", r"add|norm|both", r"mean.*sum|÷ 2|0\.5",
           both={"merge": "ave"}, merged=MERGED["sum"]),
    reader("product of the directions for the sum", r"mul|norm|both", r"sum.*product",
           both={"merge": "sum"}, merged=lambda x: x[..., :5] * x[..., 5:]),
    reader("backward direction first", r"cat|roll|norm|both", r"order",
           merged=lambda x: torch.cat((x[..., 5:], x[..., :5]), -1)),
    reader("batch not first", r"lstm", r"batch_first|batch", batch_first=False),
    reader("second layer not backwards", r"lstm", r"backwards|revers|flip|order",
           both={"backwards": True}, flipped=False),
    reader("sequence reversed", r"flip|lstm", r"backwards|revers|flip|order", flipped=True),
    reader("cell for the output", r"fc|lstm|select", r"cell|state|c_n|hidden", cell_state=True),
    reader("layer norm epsilon", r"norm", r"epsilon.*0\.001.*1e-05", eps=1e-5),
    reader("embedding scaled", r"mul|both|embedding", r"scal|×", scale=6**0.5),
    reader("dropout always on", r"dropout", r"[Dd]ropout", dropping=True),
]  # fmt: skip


def averager_in_keras() -> keras.Model:
    """The padding is masked."""
    return keras.Sequential([
        keras.Input((STEPS,), dtype="int32"),
        L.Embedding(WORDS, 6, mask_zero=True),
        L.GRU(5, return_sequences=True),
        L.GlobalAveragePooling1D(),
        L.Dense(1, activation="sigmoid"),
    ])  # fmt: skip


class Averager(nn.Module):
    """Its port."""

    def __init__(self, *, masked: bool = True, divided: bool = True) -> None:
        super().__init__()
        self.embedding = nn.Embedding(WORDS, 6, padding_idx=0)
        self.gru = nn.GRU(6, 5, batch_first=True)
        self.fc = nn.Linear(5, 1)
        self.masked, self.divided = masked, divided

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        out, _ = self.gru(self.embedding(words))
        if not self.masked:
            return torch.sigmoid(self.fc(out.mean(1)))
        mask = (words != 0).to(out.dtype).unsqueeze(-1)
        count = mask.sum(1) if self.divided else STEPS
        return torch.sigmoid(self.fc((out * mask).sum(1) / count))


averager = of_architecture("recurrent", averager_in_keras, Averager, sentences)
MISTAKES += [
    averager("right, masked"),
    averager("padding averaged", r"mean|fc", r"mask|padding", masked=False),
    averager("sum divided by all steps", r"div|fc|sum", r"mask|count|length|padding|÷ 7",
             divided=False),
]  # fmt: skip


def classifier_in_keras() -> keras.Model:
    """The last states of both directions."""
    return keras.Sequential([
        keras.Input((STEPS,), dtype="int32"),
        L.Embedding(WORDS, 6),
        L.Bidirectional(L.GRU(4)),
        L.Dense(3),
    ])  # fmt: skip


class Classifier(nn.Module):
    """Its port."""

    def __init__(self, *, state: Callable[..., torch.Tensor] | None = None) -> None:
        super().__init__()
        self.embedding = nn.Embedding(WORDS, 6)
        self.gru = nn.GRU(6, 4, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(8, 3)
        self.state = state or (lambda _, h: torch.cat((h[0], h[1]), -1))

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        return self.fc(self.state(*self.gru(self.embedding(words))))


classifier = of_architecture("recurrent", classifier_in_keras, Classifier, sentences)
MISTAKES += [
    classifier("right, last states of both directions"),
    classifier("last step of both directions", r"fc|gru|select|getitem", r"step|backward|direction",
               state=lambda out, _: out[:, -1]),
    classifier("states in the other order", r"cat|fc", r"order",
               state=lambda _, h: torch.cat((h[1], h[0]), -1)),
]  # fmt: skip


def series() -> np.ndarray:
    """Three measurements a step."""
    return np.random.default_rng(6).normal(size=(5, STEPS, 3)).astype("float32")


def forecast_in_keras(cell: str = "lstm", distributed: bool = False, **options: Any) -> keras.Model:
    """A causal convolution, two recurrent layers, a dense layer for each step."""
    kind = {"lstm": L.LSTM, "gru": L.GRU, "rnn": L.SimpleRNN}[cell]
    x = series_in = keras.Input((STEPS, 3))
    x = L.Conv1D(6, 3, padding="causal", activation="relu", name="conv")(x)
    y = kind(6, return_sequences=True, name="first", **options)(x)
    x = kind(5, return_sequences=True, name="second", **options)(L.Add()([x, y]))
    head = L.Dense(4, activation="softmax", name="head")
    return keras.Model(series_in, L.TimeDistributed(head)(x) if distributed else head(x))


class Forecast(nn.Module):
    """Its port."""

    def __init__(
        self, cell: str = "lstm", distributed: bool = False, *, pads: tuple[int, int] = (2, 0),
        residual: bool = True, dim: int = -1, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__()
        kind = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[cell]
        given = {"nonlinearity": options.get("activation", "tanh")} if cell == "rnn" else {}
        self.conv = nn.Conv1d(3, 6, 3)
        self.first = kind(6, 6, batch_first=True, **given)
        self.second = kind(6, 5, batch_first=True, **given)
        self.head = nn.Linear(5, 4)
        self.pads, self.residual, self.dim = pads, residual, dim

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.conv(F.pad(x.transpose(1, 2), self.pads))).transpose(1, 2)
        out, _ = self.first(x)
        out, _ = self.second(x + out if self.residual else out)
        return F.softmax(self.head(out), dim=self.dim)


forecast = of_architecture("recurrent", forecast_in_keras, Forecast, series)
MISTAKES += [
    forecast("right, a forecast"),
    forecast("right, distributed over the steps", both={"distributed": True}),
    forecast("right, by GRU", both={"cell": "gru"}),
    forecast("right, by a simple RNN of relu", both={"cell": "rnn", "activation": "relu"}),
    forecast("padding on both sides", r"conv|pad", r"pad|causal", pads=(1, 1)),
    forecast("sum around the layer forgotten", r"second|first|add", r"residual|add|sum|shortcut",
             residual=False),
    forecast("softmax over the steps", r"softmax", r"softmax.*dim=1|axis", dim=1),
]  # fmt: skip


def cells_in_keras(cell: Callable[[], Any]) -> keras.Model:
    """One recurrent layer with options that PyTorch's lacks."""
    return keras.Sequential([keras.Input((STEPS, 3)), cell(), L.Dense(2, name="head")])


class Cells(nn.Module):
    """What looks like its port."""

    def __init__(self, cell: Callable[[], Any], *, port: Callable[..., nn.Module]) -> None:
        super().__init__()
        self.rnn = port(3, 5, batch_first=True)
        self.head = nn.Linear(5, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.rnn(x)[0][:, -1])


cells = of_architecture("recurrent", cells_in_keras, Cells, series)
MISTAKES += [
    cells("right, a GRU", both={"cell": partial(L.GRU, 5)}, port=nn.GRU),
    cells("GRU that resets before", r"rnn", r"reset", port=nn.GRU,
          both={"cell": partial(L.GRU, 5, reset_after=False)}),
    cells("LSTM with relu", r"rnn", r"activation.*relu", port=nn.LSTM,
          both={"cell": partial(L.LSTM, 5, activation="relu")}),
    cells("LSTM with hard sigmoid", r"rnn", r"hard_?sigmoid", port=nn.LSTM,
          both={"cell": partial(L.LSTM, 5, recurrent_activation="hard_sigmoid")}),
    cells("GRU with hard sigmoid", r"rnn", r"hard_?sigmoid", port=nn.GRU,
          both={"cell": partial(L.GRU, 5, recurrent_activation="hard_sigmoid")}),
    cells("RNN of tanh for relu", r"rnn", r"relu.*tanh|nonlinearity|activation", port=nn.RNN,
          both={"cell": partial(L.SimpleRNN, 5, activation="relu")}),
]  # fmt: skip


def translator_in_keras() -> keras.Model:
    """The decoder starts where the encoder ends."""
    source, target = keras.Input((STEPS, 3)), keras.Input((STEPS, 3))
    _, h, c = L.LSTM(5, return_state=True, name="encoder")(source)
    x = L.LSTM(5, return_sequences=True, name="decoder")(target, initial_state=[h, c])
    return keras.Model([source, target], L.Dense(4, name="head")(x))


class Translator(nn.Module):
    """Its port."""

    def __init__(self, *, start: Callable[..., Any] = lambda h, c: (h, c)) -> None:
        super().__init__()
        self.encoder = nn.LSTM(3, 5, batch_first=True)
        self.decoder = nn.LSTM(3, 5, batch_first=True)
        self.head = nn.Linear(5, 4)
        self.start = start

    def forward(self, source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        _, state = self.encoder(source)
        return self.head(self.decoder(target, self.start(*state))[0])


translator = of_architecture("recurrent", translator_in_keras, Translator,
                             lambda: [series(), series()[::-1].copy()])  # fmt: skip
STATE = r"state|start|h_0|hx|initial"
MISTAKES += [
    translator("right, a translator"),
    translator("decoder starts from zero", r"decoder", STATE, start=lambda h, c: None),
    translator("state and cell exchanged", r"decoder", STATE, start=lambda h, c: (c, h)),
    translator("cell not handed over", r"decoder", STATE,
               start=lambda h, c: (h, torch.zeros_like(c))),
]  # fmt: skip
