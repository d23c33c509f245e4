# %% [markdown]
# # Lesson 3 · Logistic regression
#
# **How does one neuron become a classifier?**
#
# In lesson 1 a neuron multiplied, summed, and said yes or no. In lesson 2 you learned to turn
# knobs by the slope under your feet. Put the two together and you have, in this lesson, a program
# that looks at a photograph of a piece of clothing and says which of ten kinds it is. It is right
# more than eight times in ten. When I first built one I kept looking for the difficult part, and
# I never found it: it is ten of the neurons you know, side by side, and one new idea for
# comparing their answers.
#
# On the way you meet the one piece of machinery that everything later is made of. If you remember
# a single line of this course, let it be `X @ W + bias`.

# %%
import numpy as np
from matplotlib import pyplot as plt

from adapters.contract import SGD, Dense, Net
from course import open_lesson, optimum
from course.curvature import steepest_of_softmax
from course.images import first_of_each, pooled
from course.plotting.charts import confusion, panels, row_by_column, signed
from course.plotting.style import COLOURS
from course.training import predictions

lesson = open_lesson(3)
data = lesson.data("fashion10k")
epochs = lesson.epochs(15)
learning_rate = lesson.learning_rate(0.03)

x, y = data.pixels("train"), data.y_train  # (n, pixels), (n,)
x_test, y_test = data.pixels("test"), data.y_test
shape = data.x_train.shape[1:]  # of one picture
lesson.say(  # prints a line
    f"{len(x):,} pictures of {shape[0]}×{shape[1]} to learn from, {len(x_test):,} to be tested on, "
    f"{data.n_classes} classes"
)

# %% [markdown]
# ## One class, one weight vector
#
# A picture of 28 by 28 grey pixels is a list of 784 numbers, 0 for black and 1 for white. One
# neuron has one weight for each of them: its **weight vector**, again 784 numbers. Multiply
# pairwise, sum up, and you have a **score**: how much does this picture look like what the neuron
# is waiting for? A neuron that is waiting for trousers has large weights where trousers are
# bright, and negative ones in the gap between the legs.
#
# That answers one question: *trousers, yes or no?* We have ten questions. So we take ten weight
# vectors, one for each class, and get ten scores. Nothing else changes.
#
# Nobody likes to write ten loops, though. Put the ten vectors next to one another, as the columns
# of a table with 784 rows, and call the table **W**. Put the pictures under one another, as the
# rows of a table, and call it **X**. *Multiply and sum*, for every row of X with every column of
# W: that is the **dot product** of two matrices, and it is worth doing once by hand, on small
# ones.

# %%
A = np.array([[1, 2, 3], [4, 5, 6]])  # two rows: two "pictures" of three pixels
B = np.array([[7, 8], [9, 10], [11, 12]])  # two columns: two "weight vectors"

first = sum(A[0] * B[:, 0])  # 1·7 + 2·9 + 3·11
by_hand = [[int(sum(row * column)) for column in B.T] for row in A]
lesson.say(f"first row, first column: {first}; all of them: {by_hand}; A @ B: {(A @ B).tolist()}")

# %% tags=["hide-input"]
lesson.show(
    row_by_column(A, B), "dot_product",
    alt="The matrix 1 2 3, 4 5 6 on the left and the matrix 7 8, 9 10, 11 12 above meet in their "
    "product 58 64, 139 154. The first row, the first column and the 58 where they meet are "
    "framed; below stands 1·7 + 2·9 + 3·11 = 58.",
)  # fmt: skip

# %% [markdown]
# Cover everything but the first row of the left matrix and the first column of the upper one.
# Walk along both at the same speed, multiply as you go, and add up: 7, then 18 more, then 33
# more. **58.** Then the same row meets the next column, and gives 64. The second row gives 139
# and 154. Do those three on paper before you read on; it takes a minute, and you will never again
# be afraid of the `@`.
#
# The shapes tell you what fits. *(2, 3) · (3, 2)* gives *(2, 2)*: the inner numbers must agree,
# because row and column are walked side by side, and they vanish. Our pictures are *(n, 784)*,
# the weights are *(784, 10)*, so the scores are *(n, 10)*: one row per picture, one column per
# class.
#
# ## The dense layer
#
# One thing is missing. A neuron may be too generous, and give high scores to everything. So each
# class also gets one number that is added whatever the picture shows, its **bias**:
#
# > output = X · W + bias
#
# This is a **dense layer** (dense, because every input is connected with every output). I want to
# be emphatic about it. It is *the* building block of deep learning, the single most fundamental
# one. The deep network of the next lesson is a stack of these. Convolutions are dense layers that
# look through a small window, attention is made of dense layers, and the language models in the
# news spend nearly all of their time in exactly this line. Everything else comes back to it.

# %%
W, bias = np.zeros((x.shape[1], data.n_classes)), np.zeros(data.n_classes)
scores = x_test @ W + bias
lesson.say(f"X {x_test.shape} · W {W.shape} + bias {bias.shape} = scores {scores.shape}")

# %% [markdown]
# ## From scores to probabilities: softmax
#
# Scores are awkward to talk about. Is 4.1 much? We would rather hear *71 % shirt, 26 % coat*:
# numbers between 0 and 1 that sum to 1. **Softmax** makes them, in two moves. The probability of
# class j is
#
# > P(y = j | x) = exp(x·w_j) / Σ_k exp(x·w_k)
#
# A formula is easier when you read it aloud. Term by term:
#
# - **P(y = j | x)**: "the probability that the answer y is class j, *given that* I have seen
#   picture x".
# - **x·w_j**: multiply the picture with the weight vector of class j and sum up: its score. (The
#   bias is added here too; think of it as the weight of a pixel that is always 1.)
# - **exp( … )**: make it positive. A score of 0 becomes 1, each further point multiplies by
#   2.718, and each point below zero divides. So *adding* to a score *multiplies* what it counts
#   for.
# - **Σ_k exp(x·w_k)**: the same for every class k in turn, all added up: the size of the whole
#   cake.
# - **/**: and therefore: *the share of class j in the cake*.
#
# The largest score gets the largest share, so the largest one wins. That is all, and that is what
# people mean by **logistic regression** (with more than two classes: *softmax regression*). The
# sigmoid of lesson 1 is what remains of it when there are two classes and one of them has the
# score 0.


# %%
def softmax(scores):  # (..., classes) -> (..., classes)
    pieces = np.exp(scores - scores.max(-1, keepdims=True))  # a common shift changes no share
    return pieces / pieces.sum(-1, keepdims=True)


# %% tags=["hide-input"]
example = {"shirt": 2.0, "coat": 1.0, "bag": -1.0}
values = np.array(list(example.values()))
figure, axes = plt.subplots(1, 3, figsize=(10, 3.8))
for ax, heights, title in zip(
    axes, (values, np.exp(values), softmax(values)),
    ("scores: any number", "exp: all positive", "÷ their sum: shares of 1"), strict=True,
):  # fmt: skip
    bars = ax.bar(list(example), heights, color=COLOURS[:3], edgecolor="white",
                  hatch=["", "//", ".."])  # fmt: skip
    ax.bar_label(bars, fmt="%.2f", padding=3, fontsize=14)
    ax.axhline(0, color="black", linewidth=1)
    ax.set_title(title)
    ax.margins(y=0.18)
    ax.tick_params(axis="x", labelsize=14)
lesson.show(
    figure, "softmax",
    alt="Three bar charts for shirt, coat and bag. The scores 2, 1 and −1 become 7.39, 2.72 and "
    "0.37 by exp, and the shares 0.71, 0.26 and 0.04 when each is divided by their sum.",
)  # fmt: skip

# %% [markdown]
# (The line `scores - scores.max()` is a courtesy to the computer: exp(1000) is more than it can
# hold. Taking the same amount from every score divides every piece of the cake by the same
# number, and the shares stay. Remember this. It comes back at the end of the lesson.)
#
# ## Training
#
# What is the sound quality of such a model? We ask what probability it gave to the *right* class.
# If that is 1, the loss should be 0; if it is small, the loss should be large; `-log(p)` does
# just that. (The *logarithm*, log, takes exp back: exp(2.30) is 10, and log 10 is 2.30. Of a number
# below 1 it is negative, hence the minus: −log 1 = 0, −log 0.5 = 0.69, −log 0.1 = 2.30.) Averaged
# over the pictures this is the **cross-entropy**. A model that knows nothing gives each of ten
# classes 0.1 and has a loss of 2.30, which is where our curve will start.
#
# Then, lesson 2: ask for the gradient, take a small step, again. Some new words for the practical
# side:
#
# - We do not look at all pictures before each step but at 100 of them, a **batch**: a rough
#   gradient now is worth more than a perfect one later. Once through all batches is an **epoch**,
#   and every epoch visits the pictures in a new order.
# - **Momentum**: the knobs keep some of the speed of their last move, like a ball that rolls.
#   Steps in the same direction add up; the to and fro across the valley cancels.
# - **L2 penalty**: every weight pays a little for being large, so that none is large without a
#   reason.
# - In the **last third** the learning rate is lowered to a tenth. Each batch pulls in a slightly
#   other direction, so with a constant rate the knobs never come to rest, and the test result
#   depends by a percentage point on the moment you stop. Smaller moves as it gets clearer, as at
#   the radio.
#
# The test pictures take no part in any of this. They are looked at once, at the end.
#
# In code: a `Net` of one `Dense` layer, 784 inputs and ten outputs, with its loss and its penalty,
# and `SGD`, gradient descent by batches (the S is for *stochastic*: each batch is drawn).

# %%
net = Net((Dense(x.shape[1], data.n_classes),), "softmax", l2=1e-3)
run = lesson.train(
    "softmax", net, SGD(learning_rate, momentum=0.9), x, y,
    epochs=epochs, batch_size=100, lower_by=10, test=(x_test, y_test),
)  # fmt: skip
W, bias = run.params
predicted = predictions(net, x_test @ W + bias)  # the dense layer, by hand; then the largest score

# %% tags=["hide-input"]
figure, ax = plt.subplots(figsize=(8, 4.2))
at = np.arange(len(run.losses)) / run.steps_per_epoch
ax.plot(at, run.losses, color="0.75", linewidth=1, label="each batch of 100")
middle = np.arange(run.epochs) + 0.5
ax.plot(middle, run.loss_per_epoch(), "o-", color=COLOURS[0], label="mean of the epoch")
if run.lowered_from < run.epochs:
    ax.axvline(run.lowered_from, color=COLOURS[1], linestyle="--", label="learning rate ÷ 10")
ax.set(xlabel="epoch", ylabel="loss", ylim=(0, 1.1 * run.losses[0]))
ax.set_title(f"From knowing nothing to {lesson.accuracies['softmax']:.1%} of the test pictures")
ax.legend()
lesson.show(
    figure, "training",
    alt=f"The loss over {run.epochs} epochs falls from {run.losses[0]:.2f}, steeply at first and "
    f"then ever more slowly, to {run.loss_per_epoch()[-1]:.2f}. Single batches scatter around the "
    "mean of their epoch. A dashed line marks where the learning rate is lowered.",
)  # fmt: skip

# %% [markdown]
# ## What does "coat" look like to the model?
#
# Now comes what I like best about this model: you can look into its head. Each class has 784
# weights, one per pixel, so its weight vector *is* a picture. Bright pixels speak for the class,
# dark ones against it, and where it is grey nobody cares.

# %% tags=["hide-input"]
limit = np.quantile(np.abs(W), 0.995)
figure, axes = panels(data.n_classes, columns=5, side=2)
for ax, w, name in zip(axes, W.T, data.class_names, strict=True):
    signed(ax, w.reshape(shape), limit)
    ax.set_title(name)
figure.supxlabel("bright: speaks for it · grey: nobody cares · dark: speaks against it")
lesson.show(
    figure, "weights",
    alt="One picture of weights for each class, " + ", ".join(data.class_names) + ": bright where "
    "a pixel speaks for the class, dark where it speaks against it, grey where it does not matter.",
)  # fmt: skip

# %% [markdown]
# *Trouser* has a dark gap between the legs. *Sneaker* and *ankle boot* argue about the ankle.
# *Coat* is stranger: it is not a picture of a coat. It is a picture of what makes coats
# *different from the nine others*, and where all pullovers are as bright as all coats, the
# weights have nothing to say. A classifier does not learn what things are, only how to tell them
# apart, and only from what it was shown.
#
# ## Where it is wrong
#
# One number, the **accuracy**, hides most of the story. The **confusion matrix** tells it: in
# each row the pictures of one class, in each column what the model said of them. What stands in
# the framed diagonal is right.

# %%
counts = np.zeros((data.n_classes, data.n_classes), int)
np.add.at(counts, (y_test, predicted), 1)  # one more in row y_test, column predicted
wrong = counts - np.diag(np.diag(counts))
i, j = np.unravel_index(wrong.argmax(), wrong.shape)
most = f"{data.class_names[i]} taken for {data.class_names[j]}, {wrong[i, j]} times"
lesson.say(f"the most frequent mistake: {most}")

# %% tags=["hide-input"]
figure, ax = plt.subplots(figsize=(9, 7))
confusion(ax, counts, data.class_names)
ax.set_title(f"{counts.trace():,} of {counts.sum():,} test pictures are on the diagonal")
lesson.show(
    figure, "confusion",
    alt="A table of what each test picture is, in rows, against what the model says, in columns. "
    f"{counts.trace()} of {counts.sum()} are on the diagonal; the most frequent mistake is {most}.",
)  # fmt: skip

# %% [markdown]
# The mistakes are not spread at random. Trousers, bags and boots are nearly always recognised.
# Shirts are the problem: they are taken for T-shirts, pullovers and coats, and so would you take
# them, at 28 by 28 pixels. One weight vector per class means one *template* per class, and a
# shirt comes in too many shapes for one template. Keep this thought; it is where the next lesson
# begins.
#
# ## There is only one answer
#
# Something remarkable about this model deserves its own experiment. Its loss surface has no false
# valleys. With an L2 penalty it is a bowl with a *single* lowest point, so that it does not matter
# where you start, who walks, or how: whoever arrives, arrives at the same place. That can be
# tested. We take up to 2,000 pictures, shrink them to about 7 × 7 by averaging squares of pixels,
# subtract the mean, and send out three walkers who share no code:
#
# 1. our backend, with gradient descent and momentum, and all pictures in one batch,
# 2. **SciPy**'s, which guesses from its last steps how the ground curves,
# 3. **scikit-learn**'s, which computes how the ground curves, and jumps.
#
# How far may a step be? You know the answer from lesson 2: that depends on the steepest curvature.
# 1 divided by it is a safe rate.
#
# <details>
# <summary>
# For the curious: the walkers' names, and the curvature of this bowl
# </summary>
#
# SciPy's walker is **L-BFGS**, a general-purpose optimizer of the 1980s, and scikit-learn's is
# **Newton's method**. For this loss the steepest curvature is at most half the largest eigenvalue
# of XᵀX/n, plus the penalty (`course/curvature.py`).
#
# </details>
#
# One freedom is left. The penalty is on W only, and the same amount added to all biases changes
# no probability: the courtesy above, again. So before we compare, we subtract the biases' mean.

# %%
rows = first_of_each(y, max(1, 2000 // data.n_classes))
small = pooled(data.x_train[rows]) / (255 if data.x_train.dtype == np.uint8 else 1)
small -= small.mean(0)
classes, labels = np.unique(y[rows], return_inverse=True)  # the classes there are, from 0 on

l2 = 0.01
steepest = steepest_of_softmax(small, l2)
bowl = Net((Dense(small.shape[1], len(classes)),), "softmax", l2)
walk = lesson.train(
    "optimum", bowl, SGD(1 / steepest, momentum=0.9), small, labels,
    epochs=400, batch_size=len(small), shuffle=False,
)  # fmt: skip

solutions = {
    f"{lesson.Model.backend}, {lesson.Model.dtype}": walk.params,
    **optimum.by_others(small, labels, l2),
}
best = solutions["scikit-learn"]
lowest, _ = optimum.loss_and_gradient(best, small, labels, l2)

# %% tags=["hide-input"]
figure, ax = plt.subplots(figsize=(8, 4.2))
above = np.abs(np.asarray(walk.losses, np.float64) - lowest)
ax.semilogy(np.maximum(above, 1e-17), color=COLOURS[0])
ax.minorticks_off()
precision = np.finfo(lesson.Model.dtype).eps * lowest
spacing = f"spacing of {lesson.Model.dtype} numbers here"
ax.axhline(precision, color=COLOURS[1], linestyle="--", label=spacing)
ax.legend(loc="upper right")
ax.set(xlabel="step", ylabel="loss above the lowest point")
ax.set_title("A bowl with one lowest point: the backend arrives where the others are")
lesson.show(
    figure, "optimum",
    alt="The distance of the loss from that of scikit-learn's solution, over 400 steps on a "
    "logarithmic axis: it falls in a nearly straight line, down to the precision of "
    f"{lesson.Model.dtype}, which a dashed line marks.",
)  # fmt: skip

# %%
lesson.measure("optimum_gap", optimum.distance(walk.params, best))
lesson.table(
    "Three walkers, one lowest point",
    ["", "loss", "largest slope left", "largest difference of a weight"],
    [
        [name, f"{optimum.loss_and_gradient(params, small, labels, l2)[0]:.12f}",
         f"{optimum.steepness(params, small, labels, l2):.0e}",
         f"{optimum.distance(params, best):.0e}"]
        for name, params in solutions.items()
    ],
)  # fmt: skip
lesson.table(
    f"Softmax regression on {data.name}",
    ["class", "test pictures", "recognised"],
    [
        [name, total, f"{right / total:.1%}" if total else "none to test"]
        for name, right, total in zip(data.class_names, np.diag(counts), counts.sum(1), strict=True)
    ],
)
lesson.finish("softmax")

# %% [markdown]
# Look at the first table, and at its first line: behind the backend stands its precision, which is
# float32 unless you asked for another. In float64 the losses of all three agree to
# twelve digits, and their weights to seven or more; the slope that is left is below 0.000000001. In
# float32, which has seven digits to begin with, the backend stops about a millionth away: not
# because it is lost, but because the next step would be smaller than what the numbers can say. Both
# are the right answer, written with more digits or with fewer.
#
# ## What to notice
#
# - One class is one weight vector: multiply and sum. Ten classes are ten columns of one matrix,
#   and `X @ W + bias` is a dense layer. You will see this line until the end of the course.
# - Softmax turns scores into shares of 1. Adding the same amount to all scores changes nothing.
# - The weights are pictures, and they show differences between classes, not the classes.
# - The mistakes have a pattern. Look at the confusion matrix before you look for a better model.
# - The best softmax regression exists once. Three programs that share no code found the same one.
#   From lesson 4 on this comfort is gone: there are many valleys, and which one you reach depends
#   on where you start.
#
# ## Exercises
#
# Predict first and write it down. Then run. Then explain the difference.
#
# 1. *(5 minutes)* Compute the other three entries of the product on paper: 64, 139 and 154. What
#    is the shape of B · A, and what is its first entry?
# 2. *(5 minutes)* What does softmax make of the scores 0, 0, 0? Of 10, 0, 0? Of 1010, 1000, 1000?
#    Do the last one with a `softmax` that has no `scores.max()` in it.
# 3. *(10 minutes)* `make lesson3 EPOCHS=1`, then 5, 15 and 45. Where does the test accuracy end,
#    and does the loss say the same? Then `LEARNING_RATE=0.5`, and 50. Which of your predictions
#    was the worst?
# 4. *(15 minutes)* Find ten shirts that the model took for T-shirts and show them to somebody who
#    does not know the answer. How many does your friend get right? What would be a fair goal for
#    a model?
# 5. *(20 minutes)* Set the penalty `l2` of the first network to 0, to 0.1 and to 1. What happens
#    to the weight pictures, to the accuracy on the training pictures, and to that on the test
#    pictures?
# 6. *(20 minutes)* Train only *coat* against *pullover* (keep the rows where `y` is 4 or 2). Is
#    the picture of "coat" the same as before? Why is it allowed to change?
# 7. *(30 minutes)* In the bowl, start from random weights instead of zeros (`initial=`), and take
#    the penalty away. Which of the three walkers still agree, and about what?
# 8. *(open)* The model has never seen a picture that is *no* clothing. Show it noise, a black
#    square, a digit, your own photograph. How sure is it, and should it be? Invent a
#    way for it to say "none of these", and find out what that costs.
