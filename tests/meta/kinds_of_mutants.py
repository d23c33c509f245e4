"""Which kind of layer each mutant of a layer is about, by its name, on any backend."""

from __future__ import annotations

from adapters.contract import Dense, Layer
from adapters.layers import (
    Attention,
    Conv2D,
    Embedding,
    Flatten,
    LayerNorm,
    Mean,
    Pool2D,
    Positions,
    Reshape,
    Residual,
)

# Mistakes of a dense layer on a sequence, or of the loss over its places, are with the dense ones.
ABOUT: dict[type[Layer], tuple[str, ...]] = {
    Conv2D: (
        "kernel flipped", "kernel transposed", "kernel on its side", "channels before pixels",
        "channels reshaped", "picture kernels reshaped", "windows column by column",
        "padding before", "padding before for after", "padding alike on both sides",
        "sides before rows", "stride ignored", "stride left out", "kernel not penalized",
        "a pixel's last window only", "the padding's gradient kept", "only the first batch",
    ),
    Pool2D: (
        "ties split", "the last of equals", "each of equals", "padding competes",
        "padding counts in a mean", "padding counted", "a mean's gradient whole",
        "average for maximum", "smallest for largest", "the largest for the mean",
        "windows pooled over channels", "windows never overlap", "stride by default the size",
        "padded where it should not be",
    ),
    Flatten: (
        "flattened column by column", "flattened channel by channel", "flattened across rows",
        "channels first in Flatten", "pictures turned in Flatten", "no gradient through Flatten",
        "gradient of flat rows misplaced",
    ),
    Reshape: (
        "reshaped column by column", "reshaped across rows", "channels first in Reshape",
        "pictures turned in Reshape", "no gradient through Reshape",
        "gradient of another shape misplaced", "the caller's own array handed out",
    ),
    Mean: (
        "sum of the places", "sum for mean", "sum for mean of places", "mean of a column",
        "largest for mean", "the largest place", "the first place only", "the last word only",
        "the last place for the mean", "mean of the batch too", "mean over the rows too",
        "a mean's gradient whole, of places", "a mean's gradient over the batch",
    ),
    Embedding: (
        "a repeated word counts once", "a row that comes twice counted once",
        "a word's last place only", "mean over a word's places", "word 0 is padding",
        "words from one", "words counted from one", "words clamped", "rows kept short",
        "embedding scaled", "table not learned", "L2 on the table", "L2 on the tables",
        "L2 by the number of axes",
    ),
    Positions: (
        "positions left out", "positions from the end", "positions backwards",
        "positions multiplied", "positions averaged over rows", "positions not learned",
        "one position for all", "one vector for all places", "one gradient for all places",
        "no way past the positions",
    ),
    LayerNorm: (
        "ε outside the root", "Keras's own ε", "the default ε", "variance by n − 1",
        "statistics of all places", "statistics of the batch", "normalized over the sequence",
        "constant statistics", "constant variance", "moments taken as constants",
        "variance taken as a constant", "the scale's gradient from x", "the bias multiplies",
    ),
    Attention: (
        "scores over d", "scaled by d", "√ of the whole width", "scale through float32",
        "no √d in the gradient", "heads interleaved", "heads joined transposed",
        "heads joined by reshape", "heads from places", "heads cut out of the rows",
        "heads not brought back", "heads and their width swapped", "kernels cut by row",
        "attention's kernels not transposed", "no mask", "mask forgotten", "mask left out",
        "mask upside down", "mask after the softmax", "masked by zeros", "masked without asking",
        "shares over the wrong axis", "shares of the wrong axis", "softmax over the queries",
        "softmax in float32", "softmax in 32 bits", "the softmax's sum is constant",
        "query and key swapped", "queries for keys", "keys ask the queries",
        "no way through the values",
    ),
    Residual: (
        "input added twice", "added twice", "residual added twice", "input not added",
        "the way around forgotten", "residual left out", "residual averaged", "own way lost",
        "no gradient around", "no gradient on the way around", "inner way lost",
        "no gradient through",
    ),
    Dense: (
        "only the last place's kernel gradient", "mean over rows, not places",
        "a sequence is one row", "a sequence's losses summed", "dense kernels reshaped",
        "places of one sequence with targets of another", "activation twice", "a leaking relu",
    ),
}  # fmt: skip
