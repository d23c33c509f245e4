"""Transformers."""

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
STEPS, WIDTH, WORDS = 6, 8, 20


def waves(halves: bool = False) -> np.ndarray:
    """Sines and cosines of the positions: one after the other, or first all sines."""
    angles = np.arange(STEPS)[:, None] / 100 ** (np.arange(0, WIDTH, 2) / WIDTH)
    both = np.stack((np.sin(angles), np.cos(angles)), 1 if halves else -1)
    return both.reshape(STEPS, WIDTH).astype("float32")


def sentences() -> np.ndarray:
    """Words, with zeros after the end of a sentence."""
    words = np.random.default_rng(7).integers(1, WORDS, (4, STEPS))
    return np.where(np.arange(STEPS) < np.array([5, 3, 4, 2])[:, None], words, 0)


def encoder_in_keras(norm_first: bool = False, causal: bool = False) -> keras.Model:
    """Two blocks of attention; the first word decides."""
    words = keras.Input((STEPS,), dtype="int32")
    mask = keras.ops.expand_dims(keras.ops.not_equal(words, 0), 1)
    x = L.Embedding(WORDS, WIDTH, name="embedding")(words) * WIDTH**0.5 + waves()
    for i in range(2):
        y = L.LayerNormalization(name=f"norm{i}a")(x) if norm_first else x
        y = L.MultiHeadAttention(2, WIDTH // 2, name=f"attention{i}")(
            y, y, attention_mask=mask, use_causal_mask=causal
        )
        x = L.Add()([x, y])
        x = y = L.LayerNormalization(name=f"norm{i}a")(x) if not norm_first else x
        y = L.LayerNormalization(name=f"norm{i}b")(x) if norm_first else y
        y = L.Dense(16, activation="gelu", name=f"wide{i}")(y)
        x = L.Add()([x, L.Dense(WIDTH, name=f"narrow{i}")(y)])
        x = x if norm_first else L.LayerNormalization(name=f"norm{i}b")(x)
    x = L.Dense(WIDTH, activation="tanh", name="pooler")(x[:, 0])
    return keras.Model(words, L.Dense(3, name="head")(x))


class Attention(nn.Module):
    """Attention by hand."""

    def __init__(self, heads: int = 2, scale: float | None = 0.5, dim: int = -1,
                 heads_last: bool = False, transposed: bool = True) -> None:  # fmt: skip
        super().__init__()
        self.query, self.key = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.value, self.out = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.heads, self.scale, self.dim = heads, scale, dim
        self.heads_last, self.transposed = heads_last, transposed

    def split(self, x: torch.Tensor) -> torch.Tensor:
        """One picture of the sequence for each head."""
        if self.heads_last:
            return x.view(len(x), STEPS, -1, self.heads).permute(0, 3, 1, 2)
        return x.view(len(x), STEPS, self.heads, -1).transpose(1, 2)

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        scores = q @ k.transpose(-1, -2)
        if self.scale is not None:
            scores = scores * self.scale
        if mask is not None:
            scores = scores.masked_fill(~mask, -1e9)
        out = scores.softmax(self.dim) @ v
        return self.out((out.transpose(1, 2) if self.transposed else out).reshape(x.shape))


class Encoder(nn.Module):
    """The port."""

    def __init__(
        self, norm_first: bool = False, causal: bool = False, *,
        eps: float = 1e-3, wrong_act: Function | None = None, root: float | None = WIDTH**0.5,
        positions: np.ndarray | None = None, masked: bool = True, diagonal: int | None = 0,
        first: bool | None = None, plus: Callable[..., torch.Tensor] = torch.add,
        inverted: bool = False, dropping: bool = False, from_normed: bool = False,
        pooler: Function = torch.tanh,
        pick: Function = lambda x: x[:, 0], last_act: bool = False, **attention: Any,
    ) -> None:  # fmt: skip
        super().__init__()
        self.embedding = nn.Embedding(WORDS, WIDTH)
        self.attention = nn.ModuleList(Attention(**attention) for _ in range(2))
        self.norm_a = nn.ModuleList(nn.LayerNorm(WIDTH, eps=eps) for _ in range(2))
        self.norm_b = nn.ModuleList(nn.LayerNorm(WIDTH, eps=eps) for _ in range(2))
        self.wide = nn.ModuleList(nn.Linear(WIDTH, 16) for _ in range(2))
        self.narrow = nn.ModuleList(nn.Linear(16, WIDTH) for _ in range(2))
        self.pooler, self.head = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 3)
        self.positions = positions if positions is not None else waves()
        self.act: Function = wrong_act or F.gelu
        self.norm_first = norm_first if first is None else first
        self.causal, self.masked, self.diagonal, self.inverted = causal, masked, diagonal, inverted
        self.root, self.plus, self.dropping, self.from_normed = root, plus, dropping, from_normed
        self.tanh, self.pick, self.last_act = pooler, pick, last_act

    def mask(self, words: torch.Tensor) -> torch.Tensor | None:
        """Where attention looks."""
        real = (words == 0) if self.inverted else (words != 0)
        mask = real[:, None, None] if self.masked else None
        if self.causal and self.diagonal is not None:
            before = torch.ones(STEPS, STEPS, dtype=torch.bool).tril(self.diagonal)
            mask = before if mask is None else mask & before
        return mask

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        x, mask = self.embedding(words), self.mask(words)
        if self.root is not None:
            x = x * self.root
        if self.positions.size:
            x = x + torch.as_tensor(self.positions, dtype=x.dtype)
        for i in range(2):
            y = self.norm_a[i](x) if self.norm_first else x
            x = self.plus(y if self.from_normed else x, self.attention[i](y, mask))
            x = x if self.norm_first else self.norm_a[i](x)
            y = self.norm_b[i](x) if self.norm_first else x
            y = self.narrow[i](F.dropout(self.act(self.wide[i](y)), 0.1, self.dropping))
            x = x + (self.act(y) if self.last_act else y)
            x = x if self.norm_first else self.norm_b[i](x)
        return self.head(self.tanh(self.pooler(self.pick(x))))


encoder = of_architecture("transformer", encoder_in_keras, Encoder, sentences)
SUM = r"add|norm|attention|wide|pooler"
MASK = r"mask|causal|padding"
SCORES = r"attention|softmax|mul|matmul|query|key|value"
MISTAKES = [
    encoder("right, norm last"),
    encoder("right, norm first", both={"norm_first": True, "causal": True}),
    encoder("layer norm epsilon", r"norm", r"epsilon.*0\.001.*1e-05", eps=1e-5),
    encoder("gelu by tanh", r"gelu", r"gelu.*tanh", wrong_act=partial(F.gelu, approximate="tanh")),
    encoder("relu for gelu", r"relu", r"gelu.*relu", wrong_act=F.relu),
    encoder("silu for gelu", r"silu", r"gelu.*silu", wrong_act=F.silu),
    encoder("gelu forgotten", r"narrow|wide|dropout", r"gelu", wrong_act=lambda x: x),
    encoder("gelu after the second layer, too", r"gelu|add|norm", r"gelu", last_act=True),
    encoder("embedding not scaled", r"embedding|add|query|key|value|attention",
            r"2\.828|scal|×", root=None),
    encoder("positions forgotten", r"embedding|add|mul|query|key|value|attention",
            r"position|constant|add", positions=np.zeros(0)),
    encoder("sines before cosines", r"add|embedding|query|key|value|attention",
            r"position|constant|order|sin", positions=waves(halves=True)),
    encoder("positions from one", r"add|embedding|query|key|value|attention",
            r"position|constant|shift", positions=np.roll(waves(), -1, 0)),
    encoder("padding not masked", SCORES, MASK, masked=False),
    encoder("padding mask inverted", SCORES, MASK + r"|invert", inverted=True),
    encoder("causal mask forgotten", SCORES, MASK, both={"causal": True}, diagonal=None),
    encoder("causal mask one too far", SCORES, MASK + r"|diagonal", both={"causal": True},
            diagonal=1),
    encoder("four heads for two", SCORES, r"heads", heads=4),
    encoder("scores not scaled", SCORES, r"scal|0\.5 ×|÷ 2", scale=None),
    encoder("scores scaled by the width", SCORES, r"0\.5.*0\.35|1\.414|scal", scale=WIDTH**-0.5),
    encoder("softmax over the queries", SCORES, r"softmax.*-2|axis", dim=-2),
    encoder("heads innermost", SCORES + r"|view|reshape|permute", r"order|head|ax[ie]s|layout",
            heads_last=True),
    encoder("heads not put back", SCORES + r"|out|reshape", r"order|head|ax[ie]s|transpos|permut",
            transposed=False),
    encoder("norm first for last", SUM, r"norm|order", first=True),
    encoder("norm last for first", SUM, r"norm|order", both={"norm_first": True}, first=False),
    encoder("sum with the normalised", SUM, r"norm|residual|add|sum", both={"norm_first": True},
            from_normed=True),
    encoder("sum around attention forgotten", SUM + r"|out", r"add|sum|residual|shortcut",
            plus=lambda x, y: y),
    encoder("sum around attention halved", SUM + r"|mul|div", r"scal|0\.5|2",
            plus=lambda x, y: (x + y) / 2**0.5),
    encoder("dropout always on", r"dropout|narrow", r"[Dd]ropout", dropping=True),
    encoder("tanh forgotten", r"pooler|head", r"tanh", pooler=lambda x: x),
    encoder("last word for the first", r"getitem|select|pooler", r"step|first|last|\b0\b",
            pick=lambda x: x[:, -1]),
    encoder("mean of the words for the first", r"mean|pooler", r"step|first|mean",
            pick=lambda x: x.mean(1)),
]  # fmt: skip


def memories() -> list[np.ndarray]:
    """What is asked, and what is remembered; as many of each as of the batch."""
    draw = np.random.default_rng(8).normal
    return [draw(size=(STEPS, STEPS, WIDTH)).astype("float32") for _ in range(2)]


def crossed_in_keras() -> keras.Model:
    """Attention to a memory with positions on its keys alone; a norm by the root mean square."""
    asked, memory = keras.Input((STEPS, WIDTH)), keras.Input((STEPS, WIDTH))
    x = L.MultiHeadAttention(2, WIDTH // 2, name="own")(asked, asked, use_causal_mask=True)
    x = L.RMSNormalization(name="norm")(asked + x)
    y = L.MultiHeadAttention(2, WIDTH // 2, name="cross")(x, memory, key=memory + waves())
    return keras.Model([asked, memory], L.Dense(4, name="head")(x + y))


class Crossed(nn.Module):
    """Its port, with PyTorch's own layers."""

    def __init__(
        self, *, batch_first: bool = True, exchanged: bool = False, to_itself: bool = False,
        places: bool = True, causal: bool = True, eps: float = 1e-6, future: bool = False,
        heads: int = 2,
    ) -> None:  # fmt: skip
        super().__init__()
        self.own = nn.MultiheadAttention(WIDTH, heads, batch_first=True)
        self.norm = nn.RMSNorm(WIDTH, eps=eps)
        self.cross = nn.MultiheadAttention(WIDTH, heads, batch_first=batch_first)
        self.head = nn.Linear(WIDTH, 4)
        self.exchanged, self.to_itself, self.places = exchanged, to_itself, places
        self.causal, self.future = causal, future

    def forward(self, asked: torch.Tensor, memory: torch.Tensor) -> torch.Tensor:
        hidden = torch.ones(STEPS, STEPS, dtype=torch.bool).triu(1)
        hidden = hidden.T if self.future else hidden
        x = self.own(asked, asked, asked, attn_mask=hidden if self.causal else None)[0]
        x = self.norm(asked + x)
        memory = x if self.to_itself else memory
        key = memory + torch.as_tensor(waves(), dtype=x.dtype) if self.places else memory
        key, value = (memory, key) if self.exchanged else (key, memory)
        return self.head(x + self.cross(x, key, value, need_weights=False)[0])


crossed = of_architecture("transformer", crossed_in_keras, Crossed, memories)
MISTAKES += [
    crossed("right, by PyTorch's layers"),
    crossed("batch not first", r"cross", r"batch_first|batch", batch_first=False),
    crossed("key and value exchanged", r"cross|add", r"key|value|exchang|swap", exchanged=True),
    crossed("attention to itself", r"cross", r"memory|key|value|input|source", to_itself=True),
    crossed("positions of the keys forgotten", r"cross", r"position|constant|add", places=False),
    crossed("causal mask forgotten, PyTorch's layer", r"own", MASK, causal=False),
    crossed("causal mask looks ahead", r"own", MASK + r"|future|triu|tril", future=True),
    crossed("heads of PyTorch's layer", r"own|cross", r"heads.*2|2 heads", heads=4),
    crossed("RMS norm epsilon", r"norm", r"epsilon|eps", eps=1e-5),
]  # fmt: skip
