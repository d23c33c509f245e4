"""Third round, recurrent networks: ports with one mistake each, and their right ports."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import torch
from keras import layers, ops
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

from tests.port.mistakes import Mistake, of_architecture

MISTAKES: list[Mistake] = []
RIGHT: list[Mistake] = []


def series() -> Any:
    """Five rows of eight steps with three features, whose level and spread differ."""
    random = np.random.default_rng(5)
    values = random.normal(size=(5, 8, 3)) * random.uniform(0.5, 2, (5, 1, 3))
    return (values + random.normal(size=(5, 1, 3))).astype("float32")


def tokens() -> Any:
    """Five rows of eight tokens of 12, of several lengths, filled up with zeros."""
    values = np.random.default_rng(6).integers(1, 12, (5, 8))
    for row, length in enumerate((8, 5, 3, 6, 2)):
        values[row, length:] = 0
    return values


def plain() -> Any:
    inputs = keras.Input((8, 3))
    x = layers.LSTM(8, name="lstm")(inputs)
    return keras.Model(inputs, layers.Dense(2, name="head")(x))


class Plain(nn.Module):
    def __init__(self, batch_first: bool = True) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 8, batch_first=batch_first)
        self.head = nn.Linear(8, 2)

    def forward(self, x: Any) -> Any:
        out, _ = self.lstm(x)
        return self.head(out[:, -1])


# 9: batch_first is forgotten, so that the LSTM goes through the rows of the batch.
case = of_architecture("third", plain, Plain, series)
MISTAKES.append(case(
    "batch_first forgotten", r"(?i)lstm|head|getitem|select",
    r"(?i)batch_first|batch.*(steps?|time|first|ax[ei]s|sequence)"
    r"|(time|steps?|sequence|ax[ei]s).*batch",
    batch_first=False,
))  # fmt: skip
RIGHT.append(case("right: batch first"))


def both_ways() -> Any:
    inputs = keras.Input((8, 3))
    x = layers.Bidirectional(layers.LSTM(6), name="rnn")(inputs)
    return keras.Model(inputs, layers.Dense(2, name="head")(x))


class BothWays(nn.Module):
    def __init__(self, last_step: bool = False) -> None:
        super().__init__()
        self.last_step = last_step
        self.rnn = nn.LSTM(3, 6, batch_first=True, bidirectional=True)
        self.head = nn.Linear(12, 2)

    def forward(self, x: Any) -> Any:
        out, (state, _) = self.rnn(x)
        if self.last_step:
            return self.head(out[:, -1])
        return self.head(torch.cat([state[0], state[1]], dim=-1))


# 10: the backward direction is read at the last step, where it has seen one step only.
case = of_architecture("third", both_ways, BothWays, series)
MISTAKES.append(case(
    "last step of both directions", r"(?i)rnn|head|getitem|select|lstm",
    r"(?i)(backward|reverse|direction|bidirectional).*(last|first|step|state|end\b|final)"
    r"|(last|first|final|step|state|hidden).*(backward|reverse|direction)|h_n|\[:, ?(-1|0)",
    last_step=True,
))  # fmt: skip
RIGHT.append(case("right: last state of each direction"))


def rectified() -> Any:
    inputs = keras.Input((8, 3))
    x = layers.SimpleRNN(8, activation="relu", name="rnn")(inputs)
    return keras.Model(inputs, layers.Dense(2, name="head")(x))


class Rectified(nn.Module):
    def __init__(self, nonlinearity: str = "relu") -> None:
        super().__init__()
        self.rnn = nn.RNN(3, 8, nonlinearity=nonlinearity, batch_first=True)
        self.head = nn.Linear(8, 2)

    def forward(self, x: Any) -> Any:
        _, state = self.rnn(x)
        return self.head(state[-1])


# 11: the simple recurrent layer has relu in Keras, and PyTorch's default, tanh, in the port.
case = of_architecture("third", rectified, Rectified, series)
MISTAKES.append(case(
    "tanh for relu inside the recurrence", r"(?i)rnn|head",
    r"(?i)relu.*tanh|tanh.*relu|nonlinearity|activation.*relu",
    nonlinearity="tanh",
))  # fmt: skip
RIGHT.append(case("right: relu inside the recurrence"))


def padded() -> Any:
    inputs = keras.Input((8,), dtype="int64")
    x = layers.Embedding(12, 6, mask_zero=True, name="embedding")(inputs)
    x = layers.GRU(8, name="gru")(x)
    return keras.Model(inputs, layers.Dense(2, name="head")(x))


class Padded(nn.Module):
    def __init__(self, packed: bool = True) -> None:
        super().__init__()
        self.packed = packed
        self.embedding = nn.Embedding(12, 6)
        self.gru = nn.GRU(6, 8, batch_first=True)
        self.head = nn.Linear(8, 2)

    def forward(self, tokens: Any) -> Any:
        x = self.embedding(tokens)
        if self.packed:
            lengths = (tokens != 0).sum(1).cpu()
            x = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        _, state = self.gru(x)
        return self.head(state[-1])


# 12: mask_zero is lost: the GRU goes on through the padded steps, to the last of them.
case = of_architecture("third", padded, Padded, tokens)
MISTAKES.append(case(
    "state after the padded steps", r"(?i)gru|head|embedding",
    r"(?i)mask|padd(ed|ing)\b.*(step|token|position|ignor|read|skip|through)|length|pack_padded"
    r"|(step|token|zero).*padd(ed|ing)|(last|final) (valid|real|true|unpadded)",
    packed=False,
))  # fmt: skip
RIGHT.append(case("right: state before the padded steps"))


def autoencoder() -> Any:
    inputs = keras.Input((8, 3))
    x = layers.GRU(8, name="encoder")(inputs)
    x = layers.RepeatVector(8, name="repeat")(x)
    x = layers.GRU(8, return_sequences=True, name="decoder")(x)
    return keras.Model(inputs, layers.Dense(3, name="head")(x))


class Autoencoder(nn.Module):
    def __init__(self, mixed: bool = False) -> None:
        super().__init__()
        self.mixed = mixed
        self.encoder = nn.GRU(3, 8, batch_first=True)
        self.decoder = nn.GRU(8, 8, batch_first=True)
        self.head = nn.Linear(8, 3)

    def forward(self, x: Any) -> Any:
        rows, steps, _ = x.shape
        code = self.encoder(x)[1][-1]
        if self.mixed:
            code = code.repeat(steps, 1).reshape(rows, steps, -1)
        else:
            code = code.unsqueeze(1).repeat(1, steps, 1)
        return self.head(self.decoder(code)[0])


# 13: the code is repeated along the batch and then cut, which mixes the rows (unusual).
case = of_architecture("third", autoencoder, Autoencoder, series)
MISTAKES.append(case(
    "repeated code mixes the rows", r"(?i)decoder|repeat|encoder|reshape|view",
    r"(?i)repeat|\btile|interleav|(rows?|batch|samples?|steps?)\b.*(mix|order|swap|exchang|permut)"
    r"|(mix|order|reshap|view|transpos|permut)\w*.*(rows?|batch|samples?|steps?)\b",
    mixed=True,
))  # fmt: skip
RIGHT.append(case("right: repeated code"))


def levelled() -> Any:
    inputs = keras.Input((8, 3))
    mean = ops.mean(inputs, axis=1, keepdims=True)
    deviation = ops.std(inputs, axis=1, keepdims=True)
    x = (inputs - mean) / (deviation + 1e-5)
    x = layers.LSTM(8, name="lstm")(x)
    return keras.Model(inputs, layers.Dense(2, name="head")(x))


class Levelled(nn.Module):
    def __init__(self, unbiased: bool = False) -> None:
        super().__init__()
        self.unbiased = unbiased
        self.lstm = nn.LSTM(3, 8, batch_first=True)
        self.head = nn.Linear(8, 2)

    def forward(self, x: Any) -> Any:
        deviation = x.std(1, unbiased=self.unbiased, keepdim=True)
        x = (x - x.mean(1, keepdim=True)) / (deviation + 1e-5)
        return self.head(self.lstm(x)[0][:, -1])


# 14: the spread of each series is PyTorch's, which divides by n - 1 (unusual).
case = of_architecture("third", levelled, Levelled, series)
MISTAKES.append(case(
    "deviation with n - 1", r"(?i)lstm|std|div|input|sub",
    r"(?i)unbias|\bbiased|n ?[-−–] ?1\b|ddof|correction|bessel|degrees? of freedom|population"
    r"|sample (std|standard|varian)|[78] ?/ ?[87]|1\.069|0?\.935",
    unbiased=True,
))  # fmt: skip
RIGHT.append(case("right: deviation with n"))
