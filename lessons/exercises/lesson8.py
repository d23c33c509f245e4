# %% [markdown]
# # Exercises of lesson 8 · Attention
#
# Seven exercises, from ten minutes to twenty. **Predict** first, and write your prediction into the
# variable whose name begins with `predicted`. Then replace each `...` by your own code, **run**,
# and **explain** the difference. `make check8` counts your points, and gives a hint where some are
# missing. A wrong prediction costs one point and no more; without a prediction, an exercise gives
# no points.
#
# Do the work yourself, with Python and NumPy alone: use neither the course's own code nor another
# library, unless an exercise says so.
#
# All predictions here can be worked out with a pencil.

# %%
import numpy as np

from adapters.contract import SGD, Net
from adapters.layers import Attention
from classroom import open_exercises

exercises = open_exercises(8)
rng = np.random.default_rng(exercises.seed)

# %% [markdown]
# ## 1 · Strokes
#
# *10 minutes, 4 points*
#
# An alphabet of 40 letters and signs. **Predict**: how many rows has a table that looks *three*
# letters back, if every row that is possible is written down? And a text of 140,000 letters makes
# how many strokes in it? (To the nearest thousand will do.)

# %%
predicted_rows = ...
predicted_strokes = ...

# %% [markdown]
# Count. `letters` is a list of numbers, from 0 to `symbols` − 1. The table has a row for each
# letter and in it, for each letter, how often it came next.


# %%
def strokes(letters, symbols):  # (n,), a number -> (symbols, symbols)
    ...


word = [0, 1, 0, 1, 2]
print(strokes(np.array(word), 3))

# %% [markdown]
# **Explain**: what do the sums of the rows say, and what do those of the columns? Why are they
# nearly, but not quite, the same?
#
# ## 2 · Who gets a look
#
# *20 minutes, 6 points*
#
# One letter asks, and four letters answer. The query is (2, 0, 0, 0), and the keys are (1, 0, 0,
# 0), (1, 0, 0, 0), (0, 1, 0, 0) and (0, 0, 0, 5). **Predict**: after the division by √d, what are
# the four scores? And *(no calculator needed)* what would the four shares be if all scores were 7?

# %%
predicted_scores = ...  # four numbers
predicted_shares = ...

# %% [markdown]
# Write attention. Every query is compared with every key; the scores are divided by √d, where d is
# how many numbers a key has; softmax makes shares of them, for each query; and the values are mixed
# by these shares. There may be more keys than queries, and a value may be longer or shorter than a
# key. Large scores must not overflow: you know the trick from lesson 3.


# %%
def attend(queries, keys, values):  # (n, d), (m, d), (m, k) -> (n, k)
    ...


ask = np.array([[2.0, 0, 0, 0]])
answers = np.array([[1.0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 5]])
print(attend(ask, answers, np.eye(4)))  # with these values the shares themselves come out

# %% [markdown]
# **Explain**: multiply the query by 100. What do the shares become? And by 0? Which of the two has
# forgotten what it asked?
#
# ## 3 · Nobody looks ahead
#
# *15 minutes, 5 points*
#
# A line of five letters, and the mask. **Predict**: of the 25 shares, how many may be larger than
# zero? And which share has the *first* letter of the line at itself, whatever the scores are?

# %%
predicted_seen = ...
predicted_first = ...


# %%
def shares_behind(scores):  # (n, n): row i are the scores of letter i -> shares (n, n)
    ...


with np.printoptions(precision=2, suppress=True):
    print(shares_behind(rng.normal(size=(5, 5))))

# %% [markdown]
# **Explain**: somebody takes the softmax first, and then sets the shares ahead to zero. What is
# wrong with each row now? Which row is the only right one?
#
# ## 4 · Heads
#
# *15 minutes, 5 points*
#
# A line of three letters, each with a list of six numbers:
#
# ```
#  0  1  2  3  4  5
#  6  7  8  9 10 11
# 12 13 14 15 16 17
# ```
#
# Two heads: each takes three *columns*, and all letters. **Predict**: what is the first row of the
# second head? And what would it be if somebody just wrote `lists.reshape(2, 3, 3)`?

# %%
predicted_row = ...  # three numbers
predicted_by_reshape = ...

# %% [markdown]
# Cut the lists into heads, and put them together again.


# %%
def cut(lists, heads):  # (n, width), a number -> (heads, n, width / heads)
    ...


def together(parts):  # (heads, n, d) -> (n, heads · d)
    ...


print(cut(np.arange(18).reshape(3, 6), 2))

# %% [markdown]
# **Explain**: with `reshape` alone, which letters does the first head see, and which the second?
# Why does the loss of such a network fall all the same?
#
# ## 5 · The norm
#
# *15 minutes, 5 points*
#
# Each letter's list is shifted to mean 0 and divided by √(variance + ε); then come a scale and a
# bias, one for each number. The variance is the mean of the squares (divide by how many there are,
# and not by one less). **Predict**: scale 1, bias 0 and a tiny ε. What becomes of the list (3, 5)?
# And of the list (300, 500)?

# %%
predicted_small = ...
predicted_large = ...


# %%
def norm(lists, scale, bias, epsilon):  # (n, width), (width,), (width,), a number -> (n, width)
    ...


print(norm(np.array([[3.0, 5], [300, 500], [4, 4]]), np.ones(2), np.zeros(2), 1e-5))

# %% [markdown]
# **Explain**: a list of equal numbers has no spread at all. What would come out without ε? And why
# does a network with ε = 0.001 in one framework and 0.00001 in the other differ most in the *first*
# block?
#
# ## 6 · Let it write
#
# *15 minutes, 5 points*
#
# A die is thrown: a number u from 0 to 1. The letter's shares lie side by side from 0 to 1, and the
# one on which u falls is drawn. **Predict**: shares 0.2, 0.5 and 0.3 of the letters 0, 1 and 2.
# Which letter is drawn for u = 0.65? And for u = 0.75?

# %%
predicted_65 = ...
predicted_75 = ...

# %% [markdown]
# From scores this time. They are divided by the *warmth* before the softmax. (A large warmth makes
# the shares more alike, a small one makes the largest larger.)


# %%
def drawn(scores, u, warmth):  # (symbols,), a number from 0 to 1, a number -> a letter's number
    ...


print([drawn(np.log([0.2, 0.5, 0.3]), u, 1.0) for u in (0.1, 0.65, 0.75)])

# %% [markdown]
# **Explain**: what does it write with a warmth of nearly zero? Try it in the lesson: it begins to
# repeat itself. Why?
#
# ## 7 · One kernel for three
#
# *20 minutes, 6 points*
#
# PyTorch's `MultiheadAttention` keeps query, key and value in *one* array, `in_proj_weight`, of the
# shape (3 · width, width): first the rows of the query, then those of the key, then those of the
# value. As in all its dense layers the outputs are the *rows*. `out_proj.weight` is (width, width).
# Here each of the four is a kernel of its own, with the inputs as rows: x · W.
#
# **Predict**: width 8. In which row of `in_proj_weight` (from 0) does the third output of the *key*
# stand? And how many biases does her layer have that ours has not, if all of its four parts have
# them?

# %%
predicted_line = ...
predicted_biases = ...


# %%
def carried(fused, out):  # (3 · width, width), (width, width) -> query, key, value, output
    ...


def her_attention(x, fused, out, heads):  # (n, width): PyTorch's layer, line by line
    n, width = x.shape
    q, k, v = (part.reshape(n, heads, -1) for part in np.split(x @ fused.T, 3, axis=1))
    scores = np.einsum("ihd,jhd->hij", q, k) / np.sqrt(width // heads)
    odds = np.exp(scores - scores.max(2, keepdims=True))
    found = np.einsum("hij,jhd->ihd", odds / odds.sum(2, keepdims=True), v)
    return found.reshape(n, width) @ out.T


fused, out, line = rng.normal(size=(24, 8)), rng.normal(size=(8, 8)), rng.normal(size=(5, 8))
answer = carried(fused, out)
ours = [] if answer is None else [np.array(kernel) for kernel in answer]
if [kernel.shape for kernel in ours] == [(8, 8)] * 4:
    net = Net((Attention(8, 2),), "squared", input_shape=(5, 8))
    model = exercises.Model(net, ours, SGD(0.1))
    apart = np.abs(model.forward(line[None])[0] - her_attention(line, fused, out, 2))
    print(f"her attention and ours differ by {apart.max():.0e}")

# %% [markdown]
# **Explain**: exchange query and key, and the shapes still fit. Which numbers come out right all
# the same? (Look at one letter that looks at itself.) And how would you notice in a network of a
# hundred blocks?
