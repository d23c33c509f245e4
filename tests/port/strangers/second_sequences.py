"""Second collection, recurrent networks: six mistakes of people who port from Keras."""

from __future__ import annotations

import keras
import numpy as np
import torch
import torch.nn.functional as F
from keras import layers as L
from keras import ops
from torch import nn

from tests.port.mistakes import of_architecture


def _series(*shape, seed=3):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def _tokens():
    tokens = np.random.default_rng(4).integers(1, 20, size=(4, 7))
    for row, length in enumerate((3, 6, 4, 5)):
        tokens[row, length:] = 0
    return tokens


def _both_ways():
    x = keras.Input((7, 4))
    y = L.Bidirectional(L.LSTM(6), name="rnn")(x)
    return keras.Model(x, L.Dense(3, name="head")(y))


class _BothWays(nn.Module):
    def __init__(self, reshaped=False):
        super().__init__()
        self.reshaped = reshaped
        self.rnn = nn.LSTM(4, 6, batch_first=True, bidirectional=True)
        self.head = nn.Linear(12, 3)

    def forward(self, x):
        _, (last, _) = self.rnn(x)
        if self.reshaped:
            return self.head(last.reshape(len(x), -1))
        return self.head(torch.cat((last[0], last[1]), 1))


def _backwards():
    x = keras.Input((7, 4))
    ahead = L.GRU(5, return_sequences=True, name="ahead")(x)
    back = L.GRU(5, return_sequences=True, go_backwards=True, name="back")(x)
    y = L.Concatenate(name="join")([ahead, back])
    return keras.Model(x, L.Dense(3, name="head")(y))


class _Backwards(nn.Module):
    def __init__(self, turned_back=False):
        super().__init__()
        self.turned_back = turned_back
        self.ahead = nn.GRU(4, 5, batch_first=True)
        self.back = nn.GRU(4, 5, batch_first=True)
        self.head = nn.Linear(10, 3)

    def forward(self, x):
        ahead, _ = self.ahead(x)
        back, _ = self.back(torch.flip(x, (1,)))
        if self.turned_back:
            back = torch.flip(back, (1,))
        return self.head(torch.cat((ahead, back), -1))


def _masked_mean():
    x = keras.Input((7,), dtype="int64")
    y = L.Embedding(20, 8, mask_zero=True, name="embed")(x)
    y = L.LSTM(6, return_sequences=True, name="rnn")(y)
    y = L.GlobalAveragePooling1D(name="average")(y)
    return keras.Model(x, L.Dense(3, name="head")(y))


class _MaskedMean(nn.Module):
    def __init__(self, all_steps=False):
        super().__init__()
        self.all_steps = all_steps
        self.embed = nn.Embedding(20, 8)
        self.rnn = nn.LSTM(8, 6, batch_first=True)
        self.head = nn.Linear(6, 3)

    def forward(self, tokens):
        y, _ = self.rnn(self.embed(tokens))
        if self.all_steps:
            return self.head(y.mean(1))
        real = (tokens != 0).unsqueeze(-1).to(y.dtype)
        return self.head((y * real).sum(1) / real.sum(1))


def _translator():
    source, target = keras.Input((6, 4)), keras.Input((5, 3))
    _, hidden, cell = L.LSTM(7, return_state=True, name="encoder")(source)
    y = L.LSTM(7, return_sequences=True, name="decoder")(target, initial_state=[hidden, cell])
    return keras.Model([source, target], L.Dense(3, name="head")(y))


class _Translator(nn.Module):
    def __init__(self, swapped=False):
        super().__init__()
        self.swapped = swapped
        self.encoder = nn.LSTM(4, 7, batch_first=True)
        self.decoder = nn.LSTM(3, 7, batch_first=True)
        self.head = nn.Linear(7, 3)

    def forward(self, source, target):
        _, (hidden, cell) = self.encoder(source)
        state = (cell, hidden) if self.swapped else (hidden, cell)
        return self.head(self.decoder(target, state)[0])


def _normed():
    x = keras.Input((6, 4))
    y = L.GRU(6, return_sequences=True, name="rnn")(x)
    y = L.BatchNormalization(
        gamma_initializer=keras.initializers.RandomUniform(0.5, 1.5, seed=5),
        beta_initializer=keras.initializers.RandomNormal(stddev=0.3, seed=6),
        moving_mean_initializer=keras.initializers.RandomNormal(stddev=0.3, seed=7),
        moving_variance_initializer=keras.initializers.RandomUniform(0.5, 1.5, seed=8),
        name="norm",
    )(y)
    return keras.Model(x, L.Dense(3, name="head")(y))


class _Normed(nn.Module):
    def __init__(self, steps=False):
        super().__init__()
        self.steps = steps
        self.rnn = nn.GRU(4, 6, batch_first=True)
        self.norm = nn.BatchNorm1d(6, eps=1e-3, momentum=0.01)
        self.head = nn.Linear(6, 3)

    def forward(self, x):
        y, _ = self.rnn(x)
        y = self.norm(y) if self.steps else self.norm(y.transpose(1, 2)).transpose(1, 2)
        return self.head(y)


def _attentive():
    x = keras.Input((7, 4))
    y = L.GRU(8, return_sequences=True, name="rnn")(x)
    weights = L.Softmax(axis=1, name="weights")(L.Dense(1, name="score")(y))
    y = ops.sum(L.Multiply(name="weigh")([y, weights]), axis=1)
    return keras.Model(x, L.Dense(3, name="head")(y))


class _Attentive(nn.Module):
    def __init__(self, dim=1):
        super().__init__()
        self.dim = dim
        self.rnn = nn.GRU(4, 8, batch_first=True)
        self.score = nn.Linear(8, 1)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        y, _ = self.rnn(x)
        weights = F.softmax(self.score(y), dim=self.dim)
        return self.head((y * weights).sum(1))


both_ways = of_architecture("second", _both_ways, _BothWays, lambda: _series(5, 7, 4))
backwards = of_architecture("second", _backwards, _Backwards, lambda: _series(4, 7, 4))
masked_mean = of_architecture("second", _masked_mean, _MaskedMean, _tokens)
translator = of_architecture(
    "second", _translator, _Translator, lambda: [_series(4, 6, 4), _series(4, 5, 3, seed=9)]
)
normed = of_architecture("second", _normed, _Normed, lambda: _series(5, 6, 4))
attentive = of_architecture("second", _attentive, _Attentive, lambda: _series(4, 7, 4))

MISTAKES = [
    # 9: the last states (2, batch, units) are reshaped to (batch, 2 · units): rows get mixed.
    both_ways("last states reshaped, not joined", r"(?i)reshape|view|rnn|head|cat",
              r"(?i)reshap|\bview\b|transpos|permut|mix|(row|sample|batch|direction|axe?i?s).*order"
              r"|concat|join|(rows?|samples?) (of|in|are)", reshaped=True),
    # 10: Keras gives the steps of go_backwards in reversed order; the port turns them back.
    backwards("backward steps turned round", r"(?i)back|flip|cat|join|head",
              r"(?i)flip|revers|backward|turn|(time|step).*order|order.*(time|step)",
              turned_back=True),
    # 11: the mean over time counts the padded steps, which Keras's mask leaves out.
    masked_mean("mean counts padded steps", r"(?i)mean|average|rnn|head|embed",
                r"(?i)mask|padded|pad(ding)? (step|token|id|posit)|ignor|valid|\blengths?\b",
                all_steps=True),
    # 12: the decoder starts from (cell, hidden), not from (hidden, cell).
    translator("hidden and cell state exchanged", r"(?i)decoder|encoder",
               r"(?i)(?=.*(state|hidden|cell|\bh\b|\bhx\b|h_?0|h_n|c_n)).*"
               r"(swap|exchang|order|revers|mix|cell.*hidden|\bc\b.*\bh\b|other|interchang)",
               swapped=True),
    # 13: batch norm over the steps, not the features: both happen to be six.
    normed("batch norm over the steps", r"(?i)norm",
           r"(?i)ax[ie]s|\bdims?\b|dimension|transpos|permut"
           r"|(over|along|across|of|by|per) (the |each |every )?(step|time|feature|channel)",
           steps=True),
    # 14: the softmax over (batch, time, 1) is taken along the axis of length one.
    attentive("softmax along the axis of one", r"(?i)softmax|score|mul|weigh",
              r"(?i)soft.?max.*(ax[ie]s|dim|\bover\b|\balong\b)|(ax[ie]s|dim).*soft.?max"
              r"|(ax[ie]s|dim)\w*( is |=| )-?\d|all ones", dim=-1),
]  # fmt: skip

RIGHT = [
    both_ways("right: bidirectional LSTM"),
    backwards("right: GRU with go_backwards"),
    masked_mean("right: masked mean over time"),
    translator("right: encoder and decoder"),
    normed("right: batch norm of a sequence"),
    attentive("right: attentive pooling"),
]
