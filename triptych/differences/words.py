"""The words of a text as the search compares them: whole words, their parts, and one of synonyms.

`page.js` in compare/differences/ does the same, so that the page answers as the command does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

# A name with its parts: BatchNorm2d is batchnorm2d, batch, norm and 2d; weight_decay likewise.
WORD = re.compile(r"[0-9A-Za-z_.\-]*[0-9A-Za-z]")
PART = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?d?|[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]+")

# What frameworks call one thing, the first word being the one that counts.
SYNONYMS = """
epsilon eps
learningrate lr
batchnorm batchnormalization batchnormalisation bn
layernorm layernormalization layernormalisation ln
groupnorm groupnormalization
linear dense fullyconnected fc
kernel weights weight
initial initialization initialisation init initializer initialize initialized
normalize normalization normalisation normalise normalized norm
convolution conv conv2d conv1d conv3d convolutional
transposed transpose deconvolution
pooling pool maxpool maxpool2d avgpool2d maxpooling2d averagepooling2d
torch pytorch
tensorflow tf
numpy np
jax jnp flax optax
decay decayed decays
weightdecay wd
momentum velocity
softmax logsoftmax
crossentropy crossentropyloss
probability probabilities prob probs
gradient grad gradients
gradientclipping clipnorm
shuffle shuffled shuffles shuffling
dropout drop
different difference differ differs differently
wrong incorrect
accuracy acc
mask masked masking
hidden hide
embedding embeddings
standarddeviation std
variance var
float64 double f64 fp64
float32 single f32 fp32
float16 half halves f16 fp16
bfloat16 bf16
tf32 tensorfloat32 tensorfloat
maximum max
minimum min
average averaged averages avg mean
index indices indexes
nan nans
row rows
axis dim axes dimension
reproduce reproducible reproducibility
port porting ported convert converted converting conversion transfer
overflow overflows overflowed
squared square
error err
resize resizing interpolate interpolation upsample upsampling
padding pad padded pads
stride strides strided
default defaults
order ordering
seed seeds manualseed
attention multiheadattention selfattention sdpa
inference eval evaluate evaluation
mps metal mac
onednn mkldnn
"""
# Two words that are one, as they are written; PHRASES has them as `plain` does.
WRITTEN = {
    ("batch", "norm"): "batchnorm", ("batch", "normalization"): "batchnorm",
    ("layer", "norm"): "layernorm", ("layer", "normalization"): "layernorm",
    ("group", "norm"): "groupnorm", ("learning", "rate"): "learningrate",
    ("weight", "decay"): "weightdecay", ("cross", "entropy"): "crossentropy",
    ("soft", "max"): "softmax", ("log", "softmax"): "softmax", ("fully", "connected"): "linear",
    ("standard", "deviation"): "standarddeviation", ("drop", "out"): "dropout",
    ("mean", "squared"): "mse", ("tensor", "float"): "tf32", ("float", "64"): "float64",
    ("float", "32"): "float32", ("float", "16"): "float16", ("one", "dnn"): "onednn",
    ("clip", "norm"): "gradientclipping", ("clip", "grad"): "gradientclipping",
    ("gradient", "clipping"): "gradientclipping",
}  # fmt: skip
# Words that say nothing about which entry is meant.
EMPTY = frozenset("""
a an the of in on to is it its for and or vs versus with without than that this these from by at as
be are was were i my me you we do does did not no but if when while how why what which who can could
should would will have has had get gets got give gives using use used uses same after before between
into over under more less very just also only all any some each every other there here
""".split())  # fmt: skip  # noqa: SIM905 - a hundred quoted words would fill a page
CANONICAL = {
    word: line.split()[0] for line in SYNONYMS.strip().splitlines() for word in line.split()
}  # fmt: skip


def words(text: str) -> list[str]:
    """The words of a text in order, each as `plain` has it; the parts of a name after the name."""
    found: list[str] = []
    for word in WORD.findall(text):
        parts = [part.lower() for part in PART.findall(word)]
        whole = re.sub(r"[^0-9a-z]", "", word.lower())
        if len(parts) > 1 and not whole.isdigit():
            found.append(plain(whole))
        found += [plain(part) for part in parts]
    return [word for word in _joined(found) if word and word not in EMPTY]


def plain(word: str) -> str:
    """A word without the ending of its plural, or the first of its synonyms."""
    if word in CANONICAL:
        return CANONICAL[word]
    short = word
    if word.endswith(("sses", "ases")):
        short = word[:-2]
    elif word.endswith("ies") and len(word) > 4:
        short = f"{word[:-3]}y"
    elif word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is", "as")):
        short = word[:-1]
    return CANONICAL.get(short, short)


PHRASES = {(plain(one), plain(other)): word for (one, other), word in WRITTEN.items()}


def _joined(found: list[str]) -> Iterator[str]:
    i = 0
    while i < len(found):
        pair = (found[i], found[i + 1] if i + 1 < len(found) else "")
        if pair in PHRASES:
            yield PHRASES[pair]
            i += 2
        else:
            yield found[i]
            i += 1


def pairs(found: list[str]) -> list[str]:
    """Neighbouring words, as one."""
    return [f"{a} {b}" for a, b in pairwise(found) if a != b]


def trigrams(word: str) -> frozenset[str]:
    """The runs of three letters of a word, with its ends."""
    wide = f" {word} "
    return frozenset(wide[i : i + 3] for i in range(len(wide) - 2))
