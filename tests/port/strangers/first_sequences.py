"""More mistakes of a stranger: sequences, transformers and the training step."""

from __future__ import annotations

import numpy as np
import torch
from keras import Input, Model, layers, ops
from torch import nn
from torch.nn import functional as F

R = np.random.default_rng(2)
SEQUENCE = R.normal(size=(4, 7, 8))
TARGET = R.normal(size=(4, 6, 8))
TOKENS = R.integers(1, 11, size=(4, 7))
PADDED = np.where(np.arange(7) < np.array([[7], [4], [5], [2]]), TOKENS, 0)
IMAGE = R.normal(size=(4, 12, 12, 3))
ROWS = R.normal(size=(6, 5))
CLASSES = np.array([0, 2, 1, 1, 0, 2])
VALUES = R.normal(size=(6,))
PLACES = [TOKENS, np.tile(np.arange(7), (4, 1))]


class Net(nn.Module):
    """A port made of named layers and a function over them."""

    def __init__(self, forward, wrong=False, **named):
        super().__init__()
        for name, layer in named.items():
            self.add_module(name, layer)
        self.wrong, self.steps = wrong, forward

    def forward(self, *x):
        """The port's result."""
        return self.steps(self, *x)


# 13. The backward direction's state at the last step, where it has read one step only.
def bidirectional():
    x = Input((7, 8))
    return Model(x, layers.Dense(2)(layers.Bidirectional(layers.LSTM(5))(x)))


def bidirectional_port(wrong=False):
    def forward(m, x):
        out, (h, _) = m.lstm(x)
        return m.fc(out[:, -1] if m.wrong else torch.cat([h[0], h[1]], 1))

    lstm = nn.LSTM(8, 5, batch_first=True, bidirectional=True)
    return Net(forward, wrong, lstm=lstm, fc=nn.Linear(10, 2))


# 14. batch_first forgotten.
def tagger():
    x = Input((7, 8))
    return Model(x, layers.Dense(3)(layers.LSTM(6, return_sequences=True)(x)))


def tagger_port(wrong=False):
    lstm = nn.LSTM(8, 6, batch_first=not wrong)
    return Net(lambda m, x: m.fc(m.lstm(x)[0]), wrong, lstm=lstm, fc=nn.Linear(6, 3))


# 15. mask_zero of the embedding ignored: the state after the padding is taken.
def masked():
    x = Input((7,), dtype="int32")
    return Model(x, layers.Dense(2)(layers.GRU(5)(layers.Embedding(11, 6, mask_zero=True)(x))))


def masked_port(wrong=False):
    def forward(m, x):
        out, h = m.gru(m.embed(x))
        last = (x != 0).sum(1) - 1
        return m.fc(h[-1] if m.wrong else out[torch.arange(len(x)), last])

    gru = nn.GRU(6, 5, batch_first=True)
    return Net(forward, wrong, embed=nn.Embedding(11, 6), gru=gru, fc=nn.Linear(5, 2))


# 16. A causal convolution padded at the end, which so looks ahead.
def causal():
    x = Input((7, 8))
    h = layers.Conv1D(6, 2, padding="causal", activation="relu")(x)
    h = layers.Conv1D(6, 2, padding="causal", dilation_rate=2, activation="relu")(h)
    return Model(x, layers.Conv1D(3, 1)(h))


def causal_port(wrong=False):
    def forward(m, x):
        x = F.relu(m.conv1(F.pad(x, (1, 0))))
        x = F.relu(m.conv2(F.pad(x, (0, 2) if m.wrong else (2, 0))))
        return m.out(x)

    return Net(forward, wrong, conv1=nn.Conv1d(8, 6, 2), conv2=nn.Conv1d(6, 6, 2, dilation=2),
               out=nn.Conv1d(6, 3, 1))  # fmt: skip


# 17. Attention over time with its softmax over the last axis, of size one.
def pooled():
    x = Input((7, 8))
    h = layers.GRU(6, return_sequences=True)(x)
    w = layers.Softmax(axis=1)(layers.Dense(1)(layers.Dense(4, activation="tanh")(h)))
    return Model(x, layers.Dense(2)(ops.sum(h * w, axis=1)))


def pooled_port(wrong=False):
    def forward(m, x):
        h, _ = m.gru(x)
        w = torch.softmax(m.score(torch.tanh(m.hidden(h))), dim=-1 if m.wrong else 1)
        return m.fc((h * w).sum(1))

    return Net(forward, wrong, gru=nn.GRU(8, 6, batch_first=True), hidden=nn.Linear(6, 4),
               score=nn.Linear(4, 1), fc=nn.Linear(6, 2))  # fmt: skip


# 18. A decoder that does not begin with the encoder's state.
def translator():
    source, target = Input((7, 8)), Input((6, 8))
    _, h, c = layers.LSTM(5, return_state=True)(source)
    y = layers.LSTM(5, return_sequences=True)(target, initial_state=[h, c])
    joint = layers.Concatenate()([y, layers.RepeatVector(6)(h)])
    return Model([source, target], layers.Dense(3)(joint))


def translator_port(wrong=False):
    def forward(m, source, target):
        _, (h, c) = m.encoder(source)
        y, _ = m.decoder(target) if m.wrong else m.decoder(target, (h, c))
        return m.out(torch.cat([y, h[-1][:, None].expand(-1, 6, -1)], -1))

    return Net(forward, wrong, encoder=nn.LSTM(8, 5, batch_first=True),
               decoder=nn.LSTM(8, 5, batch_first=True), out=nn.Linear(10, 3))  # fmt: skip


# 19. Scores divided by the root of the model's width, not of the head's.
def attention():
    x = Input((7, 8))
    h = layers.Add()([x, layers.MultiHeadAttention(2, 4)(x, x)])
    return Model(x, layers.Dense(3)(layers.LayerNormalization(epsilon=1e-5)(h)))


def attention_port(wrong=False):
    def forward(m, x):
        q, k, v = (f(x).view(len(x), 7, 2, 4).transpose(1, 2) for f in (m.q, m.k, m.v))
        w = (q @ k.transpose(-2, -1) / (8 if m.wrong else 4) ** 0.5).softmax(-1)
        return m.fc(m.norm(x + m.o((w @ v).transpose(1, 2).reshape(len(x), 7, 8))))

    return Net(forward, wrong, q=nn.Linear(8, 8), k=nn.Linear(8, 8), v=nn.Linear(8, 8),
               o=nn.Linear(8, 8), norm=nn.LayerNorm(8), fc=nn.Linear(8, 3))  # fmt: skip


# 20. nn.TransformerEncoderLayer normalises after the sum unless told otherwise.
def encoder():
    x = Input((7, 8))
    n = layers.LayerNormalization(epsilon=1e-5)(x)
    h = layers.Add()([x, layers.MultiHeadAttention(2, 4)(n, n)])
    n = layers.LayerNormalization(epsilon=1e-5)(h)
    n = layers.Dense(8)(layers.Dense(16, activation="relu")(n))
    return Model(x, layers.Dense(3)(layers.Add()([h, n])))


def encoder_port(wrong=False):
    block = nn.TransformerEncoderLayer(8, 2, 16, 0.0, batch_first=True, norm_first=not wrong)
    return Net(lambda m, x: m.fc(m.block(x)), wrong, block=block, fc=nn.Linear(8, 3))


# 21. A causal mask that begins a step late: each step sees the next one.
def gpt():
    x = Input((7, 8))
    h = layers.Add()([x, layers.MultiHeadAttention(2, 4)(x, x, use_causal_mask=True)])
    return Model(x, layers.Dense(3)(layers.LayerNormalization(epsilon=1e-5)(h)))


def gpt_port(wrong=False):
    def forward(m, x):
        mask = torch.triu(torch.ones(7, 7, dtype=torch.bool), diagonal=2 if m.wrong else 1)
        h, _ = m.attn(x, x, x, attn_mask=mask, need_weights=False)
        return m.fc(m.norm(x + h))

    return Net(forward, wrong, attn=nn.MultiheadAttention(8, 2, batch_first=True),
               norm=nn.LayerNorm(8), fc=nn.Linear(8, 3))  # fmt: skip


# 22. Rotary positions of neighbours (GPT-J), where A turns the halves (NeoX, Llama in Keras).
ANGLES = np.arange(7)[:, None] / 100.0 ** (np.arange(4) / 4)
SIN, COS = np.sin(ANGLES).astype("float32"), np.cos(ANGLES).astype("float32")


def rotary():
    x = Input((7, 8))

    def turn(h):
        a, b = h[..., :4], h[..., 4:]
        return ops.concatenate([a * COS - b * SIN, b * COS + a * SIN], axis=-1)

    q, k, v = (layers.Dense(8, use_bias=False, name=n)(x) for n in "qkv")
    w = ops.softmax(ops.matmul(turn(q), ops.transpose(turn(k), (0, 2, 1))) / 8**0.5, axis=-1)
    return Model(x, layers.Dense(3)(ops.matmul(w, v)))


def rotary_port(wrong=False):
    def turn(m, h):
        sin, cos = torch.tensor(SIN, dtype=h.dtype), torch.tensor(COS, dtype=h.dtype)
        a, b = (h[..., ::2], h[..., 1::2]) if m.wrong else h.chunk(2, -1)
        a, b = a * cos - b * sin, b * cos + a * sin
        return torch.stack([a, b], -1).flatten(-2) if m.wrong else torch.cat([a, b], -1)

    def forward(m, x):
        w = (turn(m, m.q(x)) @ turn(m, m.k(x)).transpose(-2, -1) / 8**0.5).softmax(-1)
        return m.out(w @ m.v(x))

    q, k, v = (nn.Linear(8, 8, bias=False) for _ in range(3))
    return Net(forward, wrong, q=q, k=k, v=v, out=nn.Linear(8, 3))


# 23. Patches made tokens by a reshape that mixes channels and places.
def patches():
    x = Input((12, 12, 3))
    h = layers.Reshape((9, 8))(layers.Conv2D(8, 4, strides=4)(x))
    h = layers.LayerNormalization(epsilon=1e-6)(h)
    h = layers.Add()([h, layers.MultiHeadAttention(2, 4)(h, h)])
    return Model(x, layers.Dense(3)(layers.GlobalAveragePooling1D()(h)))


def patches_port(wrong=False):
    def forward(m, x):
        x = m.patch(x)
        x = x.reshape(len(x), 9, 8) if m.wrong else x.flatten(2).transpose(1, 2)
        x = m.norm(x)
        return m.head((x + m.attn(x, x, x)[0]).mean(1))

    return Net(forward, wrong, patch=nn.Conv2d(3, 8, 4, 4), norm=nn.LayerNorm(8, eps=1e-6),
               attn=nn.MultiheadAttention(8, 2, batch_first=True), head=nn.Linear(8, 3))  # fmt: skip


# 24. BERT's embeddings: positions added after the normalisation, not before.
def embeddings():
    x, p = Input((7,), dtype="int32"), Input((7,), dtype="int32")
    e = layers.Embedding(11, 8)(x) + layers.Embedding(7, 8)(p)
    h = layers.LayerNormalization(epsilon=1e-5)(e)
    h = layers.Dense(8)(layers.Dense(12, activation="gelu")(h)) + h
    return Model([x, p], layers.Dense(3)(h))


def embeddings_port(wrong=False):
    def forward(m, x, positions):
        e, p = m.word(x), m.position(positions)
        h = m.norm(e) + p if m.wrong else m.norm(e + p)
        return m.out(m.down(F.gelu(m.up(h))) + h)

    return Net(forward, wrong, word=nn.Embedding(11, 8), position=nn.Embedding(7, 8),
               norm=nn.LayerNorm(8), up=nn.Linear(8, 12), down=nn.Linear(12, 8),
               out=nn.Linear(8, 3))  # fmt: skip
