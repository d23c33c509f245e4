# %% [markdown]
# # Lesson 8 · Attention
#
# **What should I look at?**
#
# Let us play a game. I read you a book, letter by letter, and stop somewhere. You say which letter
# comes next. *"…and she tried the little golden ke…"* You need not think long, do you? *"…alice
# went bac…"*: easy. *"…she said to …"*: now that is unfair, it could be anything. (It is *herself*,
# very often.)
#
# It sounds like a game for children, and it is the whole trick behind the machines that write
# letters, programs and bad poems: somebody has made a network very, very good at *this*. To be good
# at it you have to know spelling, then words, then grammar, and in the end what the story is about.
#
# How would you teach it to a machine? The class plays first. Here are ten places of a book. Cover
# the screen below them, and write down ten letters.

# %%
import math

import numpy as np
from matplotlib import pyplot as plt

from adapters.contract import SGD, Adam, Dense, Net, require
from adapters.layers import Attention, Embedding, LayerNorm, Positions, Residual
from course import open_lesson
from course.attention_shares import shares_of
from course.ngrams import NGrams, losses_of
from course.plotting import letters as charts
from course.plotting.attention import looking_by_hand, visible, way_around
from course.sliders import sliders
from injections import INJECTIONS
from injections.run_spec import whole

lesson = open_lesson(8)
book = lesson.data("alice")
epochs = lesson.epochs(6)
adam = Adam(lesson.learning_rate(0.008))
span, width, heads, blocks = (max(1, round(knob)) for knob in lesson.knobs(32, 32, 2, 2))

train, test, symbols = book.train, book.test, len(book.symbols)
rng = np.random.default_rng(lesson.seed)
places = np.sort(rng.choice(np.arange(30, len(test)), 10, replace=False))
lesson.table(
    "What comes next?", ["", "the letters before"],
    [[i, book.spelt(test[place - 30 : place]) + " ?"] for i, place in enumerate(places, 1)],
)  # fmt: skip

# %% [markdown]
# ## Count
#
# The book is *Alice's Adventures in Wonderland*, in small letters. We learn from the first nine
# tenths, and the last tenth is held out: nobody looks at it before the end.
#
# The simplest thing that could possibly work: go through the book with a pencil, and for each
# letter make a stroke for the letter that came after it. That gives a table with a row for each
# letter, the **bigram** table. After a *q* there is always a *u*, except once. After an *h* there
# is mostly an *e*.


# %%
bigram = np.zeros((symbols, symbols))
np.add.at(bigram, (train[:-1], train[1:]), 1)

# %% tags=["hide-input"]
often = np.sort(np.argsort(-bigram.sum(1), kind="stable")[:27])  # the letters that occur most
figure = charts.who_follows(book.spelt(often), bigram[np.ix_(often, often)])
lesson.show(figure, "bigrams", alt=
    "A table of the most common letters in which each row says which letters follow a letter. "
    "Most rows have one or two dark squares, and most squares are empty.")  # fmt: skip

# %% [markdown]
# Look at two letters behind you, and not only at one: a **trigram** table. After *th* comes *e*.
# Look at three: a 4-gram. Where does it end? The tables grow. With every letter more there are as
# many times more rows as the book has letters and signs, and soon the book is too short: most rows
# stay empty, and in the others there is a single stroke. What do you say when you come to a row
# that is empty? You ask the smaller table. (Every table's strokes are mixed with what the next
# smaller one thinks, which counts as much as five strokes.)
#
# How good is a guess? As in lesson 3: it gives every letter a share, and the loss is −log of the
# share of the letter that came. The unit is the *nat*. Whoever knows nothing, and gives every
# letter the same, pays log(number of letters).

# %%
NAMES = "letters alone", "bigram", "trigram", "4-gram"
ngrams = NGrams(train, symbols, most=3)
answers, by_counting, right = test[3:], {}, {}
for behind, name in enumerate(NAMES):
    found = ngrams.shares(test, behind, first=3)
    by_counting[name] = -np.log(found[np.arange(len(answers)), answers]).mean()
    right[name] = (found.argmax(1) == answers).mean()
counts = dict(zip(NAMES, (table for _, table in ngrams.tables), strict=True))
tables = {name: by_counting[name] for name in NAMES[1:]}
lesson.table(
    "Counting", ["", "rows possible", "rows that occur", "of their squares empty", "loss", "right"],
    [
        [name, f"{symbols**behind:,}", f"{len(table):,}", f"{(table == 0).mean():.0%}",
         f"{by_counting[name]:.3f}", f"{right[name]:.1%}"]
        for behind, (name, table) in enumerate(counts.items())
    ],
)  # fmt: skip
lesson.say(f"{len(answers):,} letters held out; who knows nothing pays {np.log(symbols):.2f} each")
first = ngrams.shares(test, 1, first=3)[places - 3]
lesson.table(
    "And what came", ["", "the letters before", "the bigram table says", "it was"],
    [[i, book.spelt(test[place - 12 : place]), visible(book.symbols[share.argmax()])[0],
      visible(book.symbols[test[place]])[0]]
     for i, (place, share) in enumerate(zip(places, first, strict=True), 1)],
)  # fmt: skip

# %% [markdown]
# Did you beat the bigram table? Of course you did. You looked further back than one letter, and you
# did not look at *all* of it: you looked at what mattered.
#
# ## A letter is a list of numbers
#
# A network wants numbers. You could give each letter a picture of its own: a list of zeros with a
# single 1, for *a* in the first place, for *b* in the second. And then a dense layer, lesson 3.
# Look what multiply and sum does with such a list:

# %%
few_knobs = rng.normal(size=(symbols, 4)).round(1)
letter = int(test[0])
lesson.say(f"a single 1, times the table: {np.eye(symbols)[letter] @ few_knobs + 0.0}")
lesson.say(f"row {letter} of the table:      {few_knobs[letter] + 0.0}")

# %% [markdown]
# All zeros drop out, and what is left is one row of the table. So nobody multiplies. One *picks the
# row*, and calls it an **embedding**: each letter has a list of numbers, all of them knobs. They
# start at random, and the gradient turns them. Letters that behave alike will come to look alike.
#
# One thing gets lost on the way. A list of rows does not say who came first. So each *place* has a
# list of numbers of its own as well, and the two are added.
#
# ## Which of the letters behind me matters?
#
# And now the idea. Every letter wants to know something about the letters behind it, and each wants
# to know something else. So let it **ask**. Three dense layers (without a bias, and without a bend)
# make three short lists out of each letter's list:
#
# - a **query**: what am I looking for?
# - a **key**: what am I, for those who look?
# - a **value**: what do I tell to whoever looks at me?
#
# How well does my question fit your key? Multiply and sum: a dot product, the *score*. Softmax
# turns the scores into shares that sum to 1. And what I get is everybody's value, each by its
# share: a weighted mean. That is all. It is called **attention**, and there is nothing else in it.
#
# By hand, then, on a word of four letters. Let a letter's key say *(vowel, consonant)*, and let the
# last letter of *that* ask for a vowel.


# %%
def look(queries, keys, values, seen=True):  # each (n, d) -> (n, d), and the shares (n, n)
    scores = np.where(seen, queries @ keys.T / np.sqrt(keys.shape[1]), -np.inf)
    odds = np.exp(scores - scores.max(1, keepdims=True))
    shares = odds / odds.sum(1, keepdims=True)
    return shares @ values, shares


WORD = "that"
keys = np.array([[letter in "aeiou", letter not in "aeiou"] for letter in WORD], float)
queries = np.array([[1, 1], [0, 1], [0, 2], [4, 0]], float)
values = np.array([[1, 0], [2, 0], [9, 1], [1, 0]], float)
found, shares = look(queries, keys, values)

# %% tags=["hide-input"]
figure = looking_by_hand(WORD, queries[-1], keys, values, shares[-1])
lesson.show(figure, "by_hand", alt=
    "The word that, letter by letter. The last letter asks for a vowel. Below each letter its "
    "key, the score, its share and its value: the a has most of the share, "
    f"{shares[-1, 2]:.0%}, and what comes out is mostly its value.")  # fmt: skip

# %% [markdown]
# Nobody writes such keys down, of course. They come out of dense layers, and are learned.
#
# **Why √d?** In the code the scores are divided by a root. A dot product of d numbers is a sum of d
# products, and the longer the sum, the larger it gets by chance: about as √d. Large scores make
# softmax jump to a conclusion: one share is 1, all others are 0, and where everything is 0 or 1
# there is no slope, and nothing to learn from. Divide by √d, and the lists may be as long as you
# like.

# %% tags=["hide-input"]
lengths, largest = np.array([1, 4, 16, 64, 256]), {0.5: [], 0.0: []}
for d in lengths:
    scores = (rng.normal(size=(200, 1, d)) * rng.normal(size=(200, 8, d))).sum(2)
    for root, of_length in largest.items():
        odds = np.exp(scores / d**root)
        of_length.append((odds.max(1) / odds.sum(1)).mean())
divided, plain = largest.values()
figure = charts.largest_share(lengths, divided, plain)
lesson.show(figure, "root", alt=
    "The largest of eight shares for random queries and keys, by their length. Divided by the "
    f"root it stays near {divided[-1]:.0%}; not divided it climbs to {plain[-1]:.0%}.")  # fmt: skip

# %% [markdown]
# ## The mask
#
# One thing more, and it is the one that everybody gets wrong once. We train on all places of a line
# at the same time: at each place the network guesses the next letter. But the next letter *stands
# in the line*, one place further on. Who may look everywhere looks there, and the game is over. So
# everybody may look back, and nobody ahead: all scores of letters ahead become −∞, and their shares
# 0. That is the **mask**.

# %% tags=["hide-input"]
everything, behind = (look(queries, keys, values, seen)[1] for seen in (True, np.tri(4) > 0))
figure = charts.with_and_without(WORD, everything, behind)
lesson.show(figure, "mask", alt=
    "Two squares of four by four shares for the word that. Without a mask each row has shares "
    "everywhere; with it everything above the diagonal is 0, and each row still sums to 1."
)  # fmt: skip

# %% [markdown]
# ## The whole network
#
# - **Heads.** One question is not enough. So the lists are cut into two pieces, each with its own
#   question, keys and values: two *heads* that look at two things at once.
# - **The way around.** What a layer finds is *added* to what came in (a *residual*). A letter keeps
#   its own list, and gets a little more written on it.
# - **The norm.** Before each layer every list is shifted and stretched so that its numbers have
#   mean 0 and spread 1 (*layer norm*), with two knobs for each number to undo it. However large the
#   lists have grown, the next layer sees numbers of the usual size.
#
# After each look comes a small network of lesson 4, for each letter alone: it *thinks about* what
# it has found. Look and think are a **block**. Stack two of them, put a dense layer on top that
# scores every letter, and there you are: this is a *transformer*. The large ones have a hundred
# blocks instead of two.


# %%
def block(width, heads, ahead=False, around=True, norm=True, bend="relu"):
    first = (LayerNorm(width),) if norm else ()
    attends = (*first, Attention(width, heads, causal=not ahead))
    thinks = (*first, Dense(width, 4 * width, bend), Dense(4 * width, width))
    return (Residual(attends), Residual(thinks)) if around else (*attends, *thinks)


def reader(width, heads, blocks, **changes):
    stack = block(width, heads, **changes) * blocks
    layers = (Embedding(symbols, width), Positions(span, width), *stack, LayerNorm(width))
    return Net((*layers, Dense(width, symbols)), "softmax", input_shape=(span,))


def lines(letters):  # (n, span) line after line, and for each letter the next one
    cut = np.lib.stride_tricks.sliding_window_view(letters, span + 1)[::span]
    return np.ascontiguousarray(cut[:, :-1]), np.ascontiguousarray(cut[:, 1:])


require(span < len(test), f"a line of {span} letters: the held-out text has only {len(test):,}")
x, y = (part[: max(1, len(part) // 25) * 25] for part in lines(train))  # 25 in each batch
x_test, y_test = lines(test)
net = reader(width, heads, blocks)
lesson.table(
    f"{sum(math.prod(shape) for shape in net.shapes):,} knobs", ["layer", "gives", "knobs"],
    [[type(layer).__name__, " × ".join(map(str, after)),
      f"{sum(math.prod(parameter.shape) for parameter in layer.parameters):,}"]
     for layer, after in zip(net.layers, net.outputs, strict=True)],
)  # fmt: skip

# %% [markdown]
# ## First without the mask
#
# You do not believe that a network would cheat? Train it once without a mask, for a single pass.

# %%
settings = {"x": x, "y": y, "batch_size": 25, "lower_by": 8, "test": (x_test, y_test)}


def held_out(model):
    return float(losses_of(model.forward(x_test), y_test).mean())


once = settings | {"epochs": max(1, epochs // 6)}
lesson.train("cheating", reader(width, heads, blocks, ahead=True), adam, **once)
cheat = lesson.runs["cheating"].model
lesson.say(f"without a mask, after one pass: {held_out(cheat):.3f} nats on the held-out text")

# %% [markdown]
# Wonderful, is it not? Nobody has ever guessed letters that well, and it has learned nothing about
# English. It looks one place ahead and copies. If a loss is too good to be true, look for the
# answer among the questions. (And now let it *write*: when it stands at the end of a line there is
# nothing ahead to copy, and out comes soup. You will see.)
#
# ## Now honestly
#
# The same network with the mask. The rule is Adam, from lesson 4, and the rate is lowered in the
# last third as always.

# %%
lesson.train("attention", net, adam, epochs=epochs, **settings)
run = lesson.runs["attention"]
by_attention = held_out(run.model)
lesson.measure("nats on the held-out text", by_attention)

# %% tags=["hide-input"]
figure = charts.learning(lesson.runs["cheating"].losses, run.losses, tables)
lesson.show(figure, "training", alt=
    f"The loss while learning. Without a mask it falls to nearly nothing; with it to about "
    f"{run.losses[-20:].mean():.2f}. Lines mark the tables on the held-out text: "
    + ", ".join(f"{name} {loss:.2f}" for name, loss in tables.items()) + ".")  # fmt: skip

# %%
lesson.table(
    "On the held-out tenth", ["", "numbers in it", "looks back at", "loss", "right"],
    [[name, f"{table.size:,}", back, f"{by_counting[name]:.3f}", f"{right[name]:.1%}"]
     for back, (name, table) in enumerate(counts.items())]
    + [["attention", f"{sum(p.size for p in run.params):,}", f"1 to {span}",
        f"{by_attention:.3f}", f"{lesson.accuracies['attention']:.1%}"]],
)  # fmt: skip

# %% [markdown]
# Be honest with this table, too. The network beats the trigram clearly. **It does not beat the
# 4-gram**: a pencil and seven times as many numbers are better than two blocks and half a minute of
# gradients, on a book this short. What would change that? More letters behind, more training and
# text, a larger network: look at them one by one.
#
# First the letters behind. At the first place of a line the network sees a single letter, and can
# do no better than a bigram. At the last it sees all of them. Does it use them?

# %%
by_place = losses_of(run.model.forward(x_test), y_test).mean(0)
lesson.say(f"in the second half of a line: {by_place[span // 2 :].mean():.3f} nats")

# %% tags=["hide-input"]
figure = charts.by_place(by_place, tables)
lesson.show(figure, "by_place", alt=
    f"The loss by the number of letters that the network sees: {by_place[0]:.2f} with one, "
    f"and {by_place[-1]:.2f} with all of the line; beside lines for the tables.")  # fmt: skip

# %% [markdown]
# Not really. With four letters it is where it will be, and what comes after is ups and downs: it
# has thirty-two in sight and makes use of a handful. To look further back is harder to learn, and
# half a minute is not enough for it. More letters would be wasted on this network. So give it more
# training, and more knobs: three networks, trained in the same way on the same lines.

# %%
for name, wide in (("small", width // 4), ("middle", width // 2)):
    lesson.train(name, reader(max(1, wide), 1, 1), adam, epochs=epochs, **settings)
networks = [lesson.runs[name] for name in ("small", "middle", "attention")]
scale = [(sum(p.size for p in one.params), held_out(one.model)) for one in networks]

# %% tags=["hide-input"]
figure = charts.by_size(scale, {name: (counts[name].size, loss) for name, loss in tables.items()})
lesson.show(figure, "sizes", alt=
    "The loss on the held-out text by the count of numbers: networks "
    + ", ".join(f"{size:,} knobs {loss:.2f}" for size, loss in scale)
    + "; tables " + ", ".join(f"{name} {loss:.2f}" for name, loss in tables.items()))  # fmt: skip

# %% [markdown]
# Each size is better than the one before, and the line shows no sign of a floor yet. The table
# cannot go on like this: a 5-gram of this book still helps a little (1.46), and a 6-gram not at
# all, with twice as many numbers again, as the strokes run out. A network can, as long as there is
# *text*. That is the whole story of the large ones: this lesson, a hundred thousand times wider, on
# everything that was ever written down. (Try `KNOBS="64 64 4 4"` and `EPOCHS=12` over a lunch
# break: letters behind, numbers for each letter, heads, blocks.)
#
# ## What each part is worth
#
# Take one part away at a time, and train for the same short while as the one that has all of them.
# All of them at a quarter of the rate: at the full rate the training without the way around is so
# wild that a rounding error decides where it goes, and two backends end in different places.

# %%
changes = {
    "all parts": {}, "one head": {}, "no way around": {"around": False}, "no norm": {"norm": False},
}  # fmt: skip
for name, change in changes.items():
    asks = 1 if name == "one head" else heads
    lesson.train(name, reader(width, asks, blocks, **change), Adam(adam.learning_rate / 4), **once)
price = {name: held_out(lesson.runs[name].model) for name in changes}
lesson.table(
    "What each part is worth", ["", "loss, held-out text", "price"],
    [[name, f"{loss:.3f}", f"{loss - price['all parts']:+.3f}"] for name, loss in price.items()],
)  # fmt: skip

# %% tags=["hide-input"]
figure = way_around()
lesson.show(figure, "around", alt=
    "A box, norm and then attention. What comes in goes through the box, and also around it, "
    "and the two are added.")  # fmt: skip
before, after = (out[0, -1] for out in run.model.activations(x_test[:1])[-3:-1])
figure = charts.before_and_after(before, after)
lesson.show(figure, "norm", alt=
    f"A letter's {width} numbers before the norm, of spread {before.std():.2f}, and "
    f"after it, of spread {after.std():.2f}.")  # fmt: skip

# %% [markdown]
# Be honest here, too: after one pass only **the way around** has a price. Without it each letter's
# own list is lost in the first block, and the gradient has to come all the way back through
# everything. The other two cost nothing yet, and one head is even a little ahead of two: with
# another seed it may be the other way round. Heads pay when there are several things to look at,
# and the norm when the stack is deep and the rate is high: with a hundred blocks nothing moves
# without it. (`EPOCHS=24` gives each of them four passes. Look again.)
#
# ## Where it looks
#
# The shares can be looked at. Here is a line of the held-out text, and for each of the first
# block's heads who looks at whom. We compute it by hand, from the trained knobs, with the function
# above.

# %%
line = x_test[1]
of_heads = shares_of(run, line, look, heads)  # (heads, span, span), of the first block

# %% tags=["hide-input"]
figure = charts.heads_on(book.spelt(line), of_heads)
lesson.show(figure, "heads", alt=
    "For each head of the first block, squares that say which letter of a line looks at which: "
    "everything above the diagonal is empty, and most dark squares lie just below it.")  # fmt: skip


# %%
def looking(place):  # the letter at this place of the line, and where each head looks
    last = round(place)
    return charts.looks_of_last(book.spelt(line[: last + 1]), of_heads[:, last, : last + 1])


figure = looking(span - 1)
lesson.show(figure, "where_it_looks", alt=
    "A bar over each letter of a line: how much the last looks at it, for each head.")  # fmt: skip


def from_here(place):  # for the slider of a notebook
    looking(place)
    plt.show()


sliders(from_here, place=(0, span - 1, span // 2))

# %% [markdown]
# In the notebook there is a slider: move the place, and watch the bars. The heads have shared out
# the work. With the first seed one of them looks at the letter just behind, whatever it is, and the
# other at the two or three before that: together they have made themselves a trigram table, and
# nobody told them. (But do not read too much into it. A share says where a head has looked, and not
# what it did with it.)
#
# ## It writes
#
# Give it a line, let it guess, draw a letter by the shares, put the letter at the end, and again.
# The draws come from NumPy, so all backends write **the same text, letter for letter** (in float64:
# in float32 rounding may decide a draw, and from there on it is another story).


# %%
def write(model, start, count):  # (span,) letters to begin with -> (count,) letters
    drawn, dice = list(start), np.random.default_rng(lesson.seed)
    for _ in range(count):
        scores = model.forward(np.array([drawn[-span:]]))[0, -1].astype(np.float64)
        odds = np.exp(scores - scores.max()).cumsum()
        drawn.append(int(np.searchsorted(odds, dice.random() * odds[-1])))
    return np.array(drawn[len(start) :])


written = write(run.model, x_test[0], 160)
lesson.keep("attention", written=written)
lesson.say(f"it is given: {book.spelt(x_test[0])}")
lesson.say(f"and writes:   {book.spelt(written)}")
lesson.say(f"and the one that cheated: {book.spelt(write(cheat, x_test[0], 40))}")
thinks = ngrams.shares(np.concatenate([test[:3], written]), 3, first=3)
price_of_text = -np.log(thinks[np.arange(len(written)), written]).mean()
lesson.say(f"what the 4-gram thinks of the text that was written: {price_of_text:.2f} nats")

# %% [markdown]
# Words, mostly; some of them even English. It has seen nothing but letters.
#
# ## Eight ways to carry it over wrongly
#
# The same network in another framework: the same story as in lesson 7, only that attention has more
# corners. All of these fit in shape and raise no error. We take the trained network, mix it up, and
# see what it says about the held-out text.

# %%
spec, spare = whole(run, lesson.Model), lesson.Model(net, run.params, adam)


def mixed(injection):
    return held_out(INJECTIONS[injection].into(spec).Model(net, run.params, adam))


def with_knobs(params):
    spare.assign(params)
    return held_out(spare)


def exchanged(a, b):  # two kernels of every attention layer: 0 query, 1 key, 2 value, 3 output
    params = list(run.params)
    for query in range(4, 4 + 12 * blocks, 12):
        params[query + a], params[query + b] = params[query + b], params[query + a]
    return with_knobs(params)


mixes = [
    ("nothing mixed up", by_attention),
    ("a mask upside down: True hides", mixed("attention_mask_upside_down")),
    ("the batch taken for the line (`batch_first`)", mixed("attention_over_the_batch")),
    ("heads cut from places, not from lists", mixed("heads_split_by_reshape")),
    ("a fused kernel read as query, value, key", exchanged(1, 2)),
    ("a fused kernel read as key, query, value", exchanged(0, 1)),
    ("scores not divided by √d", mixed("attention_not_scaled")),
    ("embeddings multiplied by √width", mixed("embedding_scaled")),
    ("layer norm with Keras's ε, 0.001", mixed("layer_norm_epsilon_of_keras")),
]
lesson.table(
    "The trained network, carried over", ["mix-up", "loss"],
    [[name, f"{loss:.5f}"] for name, loss in mixes],
)  # fmt: skip

# %% [markdown]
# The last line is nearly the first. That makes it the most dangerous one: nobody would ever notice
# that the last digits of every loss are wrong.
#
# And four that are no mix-up, but defaults. **Biases**: our three dense layers have none, PyTorch's
# and Keras's attention has one for each, unless you say no. **gelu**, the bend of most
# transformers, is one function by its name and two in truth: exact in PyTorch and Keras, by tanh in
# JAX. The **softmax** of a ready-made attention may be taken in *float32* inside a float64 network,
# without a word (JAX does). And the **embeddings** start small, or large, or very large:

# %%
z = np.linspace(-6, 6, 2001)
exact = 0.5 * z * (1 + np.array([math.erf(value / math.sqrt(2)) for value in z]))
by_tanh = 0.5 * z * (1 + np.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))
scores = np.random.default_rng(lesson.seed).normal(size=(100, 32))
odds = np.exp(scores), np.exp(scores.astype(np.float32))
soft = [each / each.sum(1, keepdims=True) for each in odds]
lesson.table(
    "Defaults", ["", "how far apart"],
    [
        ["biases: knobs more in each attention layer", f"{4 * width}"],
        ["the two gelus", f"{np.abs(exact - by_tanh).max():.1e}"],
        ["softmax in float32 and in float64", f"{np.abs(soft[0] - soft[1]).max():.1e}"],
    ],
)  # fmt: skip
starts, fresh = lesson.initial_weights(net), np.random.default_rng(lesson.seed)
first_tables = [
    ("ours: normal, spread √(2/(1 + width))", starts[0]),
    ("PyTorch's: normal, spread 1", fresh.normal(size=starts[0].shape)),
    ("Keras's: even, from −0.05 to 0.05", fresh.uniform(-0.05, 0.05, starts[0].shape)),
]
lesson.table(
    "Embeddings that start in three ways: the loss before a single step", ["", "loss"],
    [[name, f"{with_knobs([table, *starts[1:]]):.3f}"] for name, table in first_tables],
)  # fmt: skip

# %% [markdown]
# ## A soft one, for those who compare digits
#
# As in lessons 4 and 7: one run with gentle bends and plain momentum, for the comparison between
# backends in float32, where Adam makes a full step even of a gradient that is all rounding.

# %%
lesson.train("tanh", reader(max(1, width // 2), 1, 1, bend="tanh"), SGD(0.1, 0.9), **once)

# %%
lesson.table(
    f"On the same {y_test.size:,} letters of the held-out text",
    ["", "knobs", "epochs", "final loss", "held out", "right"],
    [
        [name, f"{sum(p.size for p in run.params):,}", run.epochs, f"{run.losses[-1]:.4f}",
         f"{held_out(run.model):.4f}", f"{lesson.accuracies[name]:.2%}"]
        for name, run in lesson.runs.items()
    ],
)  # fmt: skip
lesson.finish("attention")

# %% [markdown]
# ## What to notice
#
# - Guess the next letter: a table of strokes is hard to beat, and it grows until the book is empty.
# - A letter is a list of numbers: a row picked from a table of knobs.
# - Attention: a query asks, keys answer, softmax makes shares of it, and out comes a weighted mean
#   of values. It is lesson 3's dot product, twice.
# - The mask keeps everybody from looking at the answer. A loss that is too good is a mask that is
#   missing.
# - Heads look at several things at once; the way around keeps what was there; the norm keeps it at
#   the usual size.
# - Here it does not beat the 4-gram: it uses four letters of its thirty-two. More training, more
#   text and more knobs are what one would try next.
# - Between frameworks it is masks, axes, biases and a small ε that go wrong, and no error is
#   raised.
#
# ## Exercises
#
# Predict first and write it down. Then run. Then explain the difference.
#
# 1. *(5 minutes)* Play the game with a neighbour, on ten lines of the held-out text. Count. How
#    many does the bigram table get, and how many do you?
# 2. *(10 minutes)* Work out the knobs of the network on paper: every line of the table.
# 3. *(15 minutes)* `make lesson8 KNOBS="8 32 2 2"` and `KNOBS="64 32 2 2"`: fewer and more letters
#    behind. Where does the network stop getting better? Why does the 4-gram not care?
# 4. *(15 minutes)* Take a text of your own, with `DATA=my.txt`: another book, your own letters,
#    programs. Which is easier to guess, and why?
# 5. *(15 minutes)* Divide the scores by a *warmth* before the draw: 0.5, 1, 2. What happens to the
#    text? Which warmth gives the text that the 4-gram likes best?
# 6. *(20 minutes)* Leave out the places (`Positions`). What can the network still know about the
#    order? (More than you think: the mask tells.)
# 7. *(20 minutes)* Take two lines that differ in their first letter only. At which places do the
#    scores differ? And without the mask?
# 8. *(open)* Find what one of the heads does. Then switch it off (set its rows of the output kernel
#    to zero), and see what it was worth.
