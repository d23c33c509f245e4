"""Recurrent networks: gestures, a gauge, sentences with padding, and a translator of series."""

from __future__ import annotations

import keras
import numpy as np
import torch
from torch import nn

from tests.port.mistakes import of_architecture


def gestures(units: int = 6, merge: str = "concat") -> keras.Model:
    """A gesture's kind, read from both ends."""
    series = keras.Input((9, 5))
    cell = keras.layers.GRU(units, name="reader")
    x = keras.layers.Bidirectional(cell, merge_mode=merge, name="both_ways")(series)
    return keras.Model(series, keras.layers.Dense(3, name="kind")(x))


class Gestures(nn.Module):
    """The port of gestures."""

    def __init__(
        self,
        units: int = 6,
        merge: str = "concat",
        last_step: bool = False,
        halve: bool = True,
    ) -> None:
        super().__init__()
        self.merge, self.last_step, self.halve = merge, last_step, halve
        self.both_ways = nn.GRU(5, units, batch_first=True, bidirectional=True)
        self.kind = nn.Linear(2 * units if merge == "concat" else units, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        steps, ends = self.both_ways(x)
        if self.last_step:
            return self.kind(steps[:, -1])
        if self.merge == "concat":
            return self.kind(torch.cat([ends[0], ends[1]], dim=-1))
        total = ends[0] + ends[1]
        return self.kind(total / 2 if self.halve else total)


def series_batch() -> np.ndarray:
    """Series of five numbers a step."""
    return np.random.default_rng(43).normal(size=(6, 9, 5)).astype("float32")


def gauge(units: int = 7) -> keras.Model:
    """A plain recurrence under an LSTM."""
    series = keras.Input((9, 5))
    x = keras.layers.SimpleRNN(8, activation="relu", return_sequences=True, name="plain")(series)
    x = keras.layers.LSTM(units, name="memory")(x)
    return keras.Model(series, keras.layers.Dense(2, name="value")(x))


class Gauge(nn.Module):
    """The port of the gauge."""

    def __init__(
        self, units: int = 7, nonlinearity: str = "relu", batch_first: bool = True
    ) -> None:
        super().__init__()
        self.plain = nn.RNN(5, 8, nonlinearity=nonlinearity, batch_first=True)
        self.memory = nn.LSTM(8, units, batch_first=batch_first)
        self.value = nn.Linear(units, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x, _ = self.plain(x)
        x, _ = self.memory(x)
        return self.value(x[:, -1])


def sentences(units: int = 8) -> keras.Model:
    """A mood from a sentence that ends in padding."""
    words = keras.Input((10,), dtype="int32")
    x = keras.layers.Embedding(20, 6, mask_zero=True, name="words")(words)
    x = keras.layers.LSTM(units, name="reader")(x)
    return keras.Model(words, keras.layers.Dense(1, activation="sigmoid", name="mood")(x))


class Sentences(nn.Module):
    """The port of sentences."""

    def __init__(self, units: int = 8, reads_padding: bool = False) -> None:
        super().__init__()
        self.reads_padding = reads_padding
        self.words = nn.Embedding(20, 6)
        self.reader = nn.LSTM(6, units, batch_first=True)
        self.mood = nn.Linear(units, 1)

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        x = self.words(words)
        if not self.reads_padding:
            lengths = (words != 0).sum(1).cpu()
            x = nn.utils.rnn.pack_padded_sequence(
                x, lengths, batch_first=True, enforce_sorted=False
            )
        _, (last, _) = self.reader(x)
        return torch.sigmoid(self.mood(last[-1]))


def word_batch() -> np.ndarray:
    """Sentences of three to ten words, then noughts."""
    words = np.random.default_rng(44).integers(1, 20, (6, 10))
    for row, length in enumerate((10, 3, 7, 5, 8, 4)):
        words[row, length:] = 0
    return words.astype("int32")


def translator(units: int = 6) -> keras.Model:
    """One series read, another one written from the state that is left."""
    source, target = keras.Input((8, 4), name="source"), keras.Input((7, 3), name="target")
    _, state = keras.layers.GRU(units, return_state=True, name="encoder")(source)
    x = keras.layers.GRU(units, return_sequences=True, name="decoder")(target, initial_state=state)
    return keras.Model([source, target], keras.layers.Dense(3, name="written")(x))


class Translator(nn.Module):
    """The port of the translator."""

    def __init__(self, units: int = 6, fresh: bool = False) -> None:
        super().__init__()
        self.fresh = fresh
        self.encoder = nn.GRU(4, units, batch_first=True)
        self.decoder = nn.GRU(3, units, batch_first=True)
        self.written = nn.Linear(units, 3)

    def forward(self, source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        _, state = self.encoder(source)
        x, _ = self.decoder(target) if self.fresh else self.decoder(target, state)
        return self.written(x)


def pair_batch() -> list[np.ndarray]:
    """The series read and the series before it is written."""
    draw = np.random.default_rng(45)
    return [
        draw.normal(size=(5, 8, 4)).astype("float32"),
        draw.normal(size=(5, 7, 3)).astype("float32"),
    ]


gesture = of_architecture("fourth", gestures, Gestures, series_batch)
measure = of_architecture("fourth", gauge, Gauge, series_batch)
sentence = of_architecture("fourth", sentences, Sentences, word_batch)
translate = of_architecture("fourth", translator, Translator, pair_batch)

MISTAKES = [
    # 9. The last step of both directions: backwards, that one has read a single step.
    gesture(
        "last step of the way back",
        r"(?i)both_ways|kind|getitem|index|slice|select",
        r"(?i)\[:, ?-?[01]\]|(last|final|first|ends?\b).{0,100}"
        r"(step|state|time|direction|back|revers|h_n|hidden)"
        r"|(step|state|time|direction|back|revers|h_n|hidden).{0,100}(last|final|first|\bends?\b)",
        last_step=True,
    ),
    # 10. The LSTM without batch_first: it walks along the batch.
    measure(
        "batch first forgotten",
        r"(?i)memory|value|lstm",
        r"(?i)batch.?first|(batch|row|sample).{0,60}(time|step|ax[ie]s|dim|first|sequence)"
        r"|(time|step|ax[ie]s|dim|sequence|swap|transpos).{0,60}(batch|row|sample)"
        r"|transpos|swap(ped)?.?(axes|dim)",
        batch_first=False,
    ),
    # 11. The padding is read as if it were words; Keras's mask stops before it.
    sentence(
        "padding read",
        r"(?i)reader|mood|words|lstm",
        r"(?i)(?<!causal )mask|padd(ed|ing)(?! is)|\bpack|length",
        reads_padding=True,
    ),
    # 12. PyTorch's plain recurrence has tanh, unless told otherwise; this one has ReLU in Keras.
    measure(
        "tanh in the recurrence",
        r"(?i)plain|memory|rnn",
        r"(?i)relu.{0,60}tanh|tanh.{0,60}relu|nonlinearity|relu in A",
        both={"units": 5},
        nonlinearity="tanh",
    ),
    # 13. The two directions added up where Keras takes their mean.
    gesture(
        "directions summed",
        r"(?i)both_ways|kind|add|sum",
        r"(?i)\bave\b|average of|mean of|mean (here )?in A, (the )?sum|averag.{0,60}(sum|add)"
        r"|\bhalf\b|halv|(sum|add).{0,60}averag|(×|\*|times|by|scale\D*) ?(0?\.5|1/2|2)\b"
        r"|/ ?2\b|\b0\.50*\b|\b2(\.0+)?\b.{0,20}(times|larger|×|as large)|ratio.{0,20}\b2",
        both={"merge": "ave"},
        halve=False,
    ),
    # 14. The decoder begins from noughts and not from the encoder's state.
    translate(
        "decoder without the encoder's state",
        r"(?i)decoder|written|encoder|gru",
        r"(?i)initial|h_?0|hx|(state|hidden).{0,80}(encoder|zero|nought|nothing|none|not|missing"
        r"|start)|(encoder|zero|start|missing|not).{0,80}(state|hidden)|second (input|arg)",
        fresh=True,
    ),
]

RIGHT = [
    # 9–14, without their mistakes.
    gesture("right: ends of both ways"),
    measure("right: batch first"),
    sentence("right: padding skipped"),
    measure("right: relu in the recurrence", both={"units": 5}),
    gesture("right: mean of the directions", both={"merge": "ave"}),
    translate("right: decoder from the encoder's state"),
]
