"""Mistakes in PyTorch's attention, residual and mean."""

from __future__ import annotations

from tests.meta.loading import Mutant

FILE = "torch_layers"
TORCH_BLOCKS = [
    Mutant(
        "scores over d", "is_causal=self.causal)", "is_causal=self.causal, scale=1 / q.shape[-1])",
        "forward", "A sum of d random products is as large as √d.", "transformer", file=FILE,
    ),
    Mutant(
        "√ of the whole width", "is_causal=self.causal)",
        "is_causal=self.causal, scale=x.shape[-1] ** -0.5)", "forward",
        "A head's scores sum over its own columns.", "transformer", file=FILE,
    ),
    Mutant(
        "no mask", "is_causal=self.causal)", "is_causal=False)", "causal_attention",
        "A model that sees the next word need not guess it.", file=FILE,
    ),
    Mutant(
        "mask upside down", "is_causal=self.causal)",
        "torch.ones(2 * x.shape[1:2], dtype=torch.bool).triu() if self.causal else None)",
        "causal_attention", "A mask says who may be seen, not who is hidden.", file=FILE,
    ),
    Mutant(
        "heads interleaved", "a.unflatten(2, (self.heads, -1)).transpose(1, 2)",
        "a.unflatten(2, (-1, self.heads)).permute(0, 3, 1, 2)", "forward",
        "A head's columns lie side by side.", "sequence", file=FILE,
    ),
    Mutant(
        "heads from places", "a.unflatten(2, (self.heads, -1)).transpose(1, 2)",
        "a.reshape(len(a), self.heads, a.shape[1], -1)", "forward",
        "A reshape moves no axis: a head would get some places, not some columns.", "transformer",
        file=FILE,
    ),
    Mutant(
        "heads joined by reshape", "found.transpose(1, 2).flatten(2)", "found.reshape(x.shape)",
        "forward", "First the heads go back beside the columns, then they are joined.",
        "transformer", file=FILE,
    ),
    Mutant(
        "queries for keys", "(self.query, self.key, self.value))",
        "(self.key, self.query, self.value))", "forward",
        "Who asks and who answers are not the same.", "pooled", file=FILE,
    ),
    Mutant(
        "attention's kernels not transposed", "Attention: [(1, 0)] * 4,",
        "Attention: [(0, 1)] * 4,", "forward", "They are square: a transposed one fits.", "pooled",
        file=FILE,
    ),
    Mutant(
        "the way around forgotten", "return x + self.layers(x)", "return self.layers(x)", "forward",
        "A residual adds what it has read.", "transformer", file=FILE,
    ),
    Mutant(
        "added twice", "return x + self.layers(x)", "return x + x + self.layers(x)", "forward",
        "A residual adds what it has read, once.", "sequence", file=FILE,
    ),
    Mutant(
        "no gradient around", "return x + self.layers(x)", "return x.detach() + self.layers(x)",
        "gradients", "The gradient comes back both ways.", "transformer", file=FILE,
    ),
    Mutant(
        "no gradient through", "return x + self.layers(x)", "return x + self.layers(x.detach())",
        "gradients", "The gradient comes back both ways.", "sequence", file=FILE,
    ),
    Mutant(
        "sum for mean of places", "return x.mean(tuple(", "return x.sum(tuple(", "forward",
        "A mean does not grow with the picture.", "strided", file=FILE,
    ),
    Mutant(
        "mean of a column", "return x.mean(tuple(range(1, x.ndim - 1)))", "return x.mean(1)",
        "forward", "A picture has two axes of places.", "strided", file=FILE,
    ),
    Mutant(
        "the largest place", "return x.mean(tuple(range(1, x.ndim - 1)))",
        "return x.amax(tuple(range(1, x.ndim - 1)))", "forward",
        "Global pooling comes as a mean and as a maximum.", "pooled", file=FILE,
    ),
    Mutant(
        "the first place only", "return x.mean(tuple(range(1, x.ndim - 1)))",
        "return x.flatten(1, -2)[:, 0]", "forward", "Every place has its share.", "pooled",
        file=FILE,
    ),
]  # fmt: skip
