# %% [markdown]
# # Lesson 2 · Gradient descent
#
# **Which way should I turn the knob?**
#
# In lesson 1 you turned three knobs by hand until the house prices came out less wrong. You
# probably did it like this: turn a knob a bit, look whether the error has become smaller, turn on
# or turn back. When it got better, you made smaller moves. That is already the whole idea of this
# lesson. We shall do it in slow and ugly ways first, count what they cost, and then find the one
# question that makes all of it fast.

# %%
import time

import numpy as np
from matplotlib import pyplot as plt

from adapters.contract import SGD, Dense, Net
from course import open_lesson
from course.cross_validation import cross_validated
from course.curvature import curvatures
from course.plotting.diagrams import best_so_far, journey, landscape, paired_bars, tangent
from course.plotting.style import COLOURS, LINES
from course.sliders import sliders

lesson = open_lesson(2)
Model = lesson.Model
steps = lesson.epochs(300)  # with all rows in one batch, an epoch is one step
rate = lesson.learning_rate(0.3)
BLUE, ORANGE, GREEN = COLOURS[:3]

# %% [markdown]
# ## A thousand houses, and how bad it sounds
#
# A thousand of the houses of lesson 1, drawn with the seed. Two changes make the knobs easier to
# hold.
#
# - We predict the **logarithm** of the price. Being wrong by a tenth should count the same for a
#   cottage as for a palace, and in a logarithm it does.
# - Everything is **standardised**: subtract the mean, divide by the standard deviation. Now every
#   column is 0 on average and about 1 in size, whether it was counted in bedrooms or in square
#   feet, and one turn of any knob means about the same. (This is also why we need no bias: all
#   averages are 0.)
#
# The **loss** is the sound quality: take each house's error, square it, and take the mean. Thanks
# to the standardising it is easy to read. If all knobs are at 0, the model says "average" to every
# house, and the loss is exactly 1. A perfect model has 0. And 1 minus the loss is the number that
# is called **R²**, the share of the differences in price that the model explains.

# %%
THREE = ("bedrooms", "latitude", "longitude")
SIX = ("bedrooms", "bathrooms", "living_area", "latitude", "longitude", "year_built")


def standardised(values):
    """Mean 0 and standard deviation 1 in every column."""
    return (values - values.mean(axis=0)) / values.std(axis=0)


def loss(x, y, w):
    """The mean squared error of sum(x * w)."""
    return (((x * w).sum(axis=1) - y) ** 2).mean()


houses = lesson.data("houses")
rng = np.random.default_rng(lesson.seed)
rows = rng.permutation(len(houses.price))[:1000]
y = standardised(np.log(houses.price[rows]))  # (1000,)
x3 = standardised(houses.table(*THREE)[rows])  # (1000, 3)
x6 = standardised(houses.table(*SIX)[rows])  # (1000, 6)
print(f"all knobs at 0: loss {loss(x6, y, np.zeros(6)):.4f}")

# %% [markdown]
# ## One knob
#
# Begin with a radio that has one knob: the weight of the living area. Turn it from left to right,
# and write down how bad it sounds.

# %%
area = x6[:, [2]]  # (1000, 1)
turns = np.linspace(-0.6, 2, 131)
losses = [loss(area, y, turn) for turn in turns]


def slope_at(w):
    """Turn a bit to either side, and listen."""
    return (loss(area, y, w + 0.01) - loss(area, y, w - 0.01)) / 0.02


# %% tags=["hide-input"]
figure, axes = plt.subplots(figsize=(8, 4.6))
axes.plot(turns, losses, color=BLUE)
lowest = (area[:, 0] * y).mean()  # where the slope is 0
for w, text in ((-0.3, "falls: turn right"), (lowest, "flat: stay"), (1.7, "rises: turn left")):
    tangent(axes, w, loss(area, y, w), slope_at(w), text)
axes.set(xlabel="the knob: weight of the living area", ylabel="loss")
axes.set(ylim=(0, max(losses)), title="One knob: the loss is a valley")
lesson.show(figure, "one_knob", alt="The loss over one knob is a valley with a single lowest "
            "point. A dashed line that touches the curve falls on the left side, rises on the "
            "right, and is flat at the bottom.")  # fmt: skip

# %% [markdown]
# Now do it without the picture. In the notebook the next cell has a slider: look away from the
# curve, read only the two numbers, and turn until you stand at the bottom. What does the slope tell
# you that the loss alone does not?

# %%
sliders(
    lambda knob: print(f"loss {loss(area, y, knob):.3f}, slope {slope_at(knob):+.2f}"),
    knob=(-0.6, 2, -0.3),
)

# %% [markdown]
# With one knob you simply look. With two you could still walk over the whole landscape. But with
# six, at a hundred settings each, there are a million million settings, and a network has a million
# knobs. Nobody can look. We can only stand somewhere, listen, and decide where to go.
#
# ## Slow and ugly, first way: random search
#
# Close your eyes, turn all knobs anywhere between −1 and 1, listen. Remember the best. Again.
#
# ## Slow and ugly, second way: a bit more, a bit less
#
# Take one knob. Turn it up a bit: better? Keep it. If not, turn it down a bit: better? Keep it. If
# not, leave it. Then the next knob, and round and round. When a whole round brings nothing, the
# moves have become too coarse: halve them. (This is what you did in lesson 1, is it not?)
#
# What does it cost? All the work is in computing the loss, for each time we must ask a thousand
# houses. So we count **loss evaluations**. When do we stop? For the comparison I shall cheat: I
# know the best loss that there is (how, comes at the end), and we stop at 95% of the way there.
#
# Both searches are by hand, in plain NumPy with 64 bits, on every backend. They decide by comparing
# two losses, and one backend's last digit could turn a "better" into a "not better"; from there on,
# two searches would walk different ways.


# %%
def random_search(x, y, good_enough, tries=5000):
    """Anywhere, again and again."""
    rng = np.random.default_rng([lesson.seed, x.shape[1]])
    knobs, losses, best = [], [], np.inf
    while len(losses) < tries and best > good_enough:
        knobs.append(rng.uniform(-1, 1, x.shape[1]))
        losses.append(loss(x, y, knobs[-1]))
        best = min(best, losses[-1])
    return knobs, losses


def plus_minus(x, y, good_enough, move=0.5):
    """Each knob in turn up or down, keeping the better; smaller moves when nothing helps."""
    w = np.zeros(x.shape[1])
    knobs, losses = [w], [loss(x, y, w)]
    best = losses[0]
    while best > good_enough:
        before = best
        for k in range(len(w)):
            for turn in (move, -move):
                trial = w + turn * (np.arange(len(w)) == k)
                knobs.append(trial)
                losses.append(loss(x, y, trial))
                if losses[-1] < best:
                    w, best = trial, losses[-1]
                    break
            if best <= good_enough:
                break
        if best == before:
            move /= 2
    return knobs, losses


def best_loss(x, y):
    """The cheat."""
    return loss(x, y, np.linalg.lstsq(x, y)[0])


results = []  # name, knobs, losses, seconds, good enough
ways = {"random": "random search", "plus_minus": "± search", "gradient": "gradient descent"}


def try_out(name, way, x):
    """Run a search until it is good enough, and record it."""
    best = best_loss(x, y)
    good_enough = best + 0.05 * (1 - best)
    start = time.perf_counter()
    knobs, losses = way(x, y, good_enough)
    seconds = time.perf_counter() - start
    lesson.keep_search(name, losses, knobs)  # noted in the record of this run
    results.append((name, x.shape[1], losses, seconds, good_enough))
    print(f"{name}: {len(losses)} evaluations, loss {min(losses):.4f}, wanted {good_enough:.4f}")


for x, ending in ((x3, ""), (x6, "_six")):
    try_out("random" + ending, random_search, x)
    try_out("plus_minus" + ending, plus_minus, x)

# %% [markdown]
# Each line says how often a search asked for the loss, the lowest loss that it found, and the one
# that we wanted, at 95% of the way. With three knobs random search does not look so bad. It is
# luck: I let it run for two million tries, and about one in seven hundred was good enough. With six
# knobs it was one in *eighty thousand*, so five thousand tries will hardly do. Three knobs more, a
# hundred times the work; and we wanted to go to a million knobs. The ± search holds out much
# better.
#
# ## What is wrong with ±
#
# 1. It needs up to **two evaluations per knob** to find out which way to turn. For a million knobs
#    that is two million evaluations before it has gone once around.
# 2. It makes **the same step everywhere**. A knob that hardly matters is turned as far as one that
#    decides everything.
#
# What we want to know at each knob is only this: *how much does this knob matter?* If I turn it a
# tiny bit to the right, by how much does the loss rise? That number is the slope in the picture
# above, and its name is the **partial derivative**. Large: the knob matters a lot. Zero: leave it.
# Positive: right makes it worse, so turn left. Negative: turn right. The list of these numbers for
# all knobs is the **gradient**.
#
# You do not need calculus for it. You need to believe one thing, and you will check it in a minute:
# for the loss above, the answer is *twice the error times the input, averaged over the houses*.
# Does it make sense? If a house was guessed too high (error above 0) and has a large input at this
# knob, then the knob is to blame, and turning it up would make things worse. If the input is 0, the
# knob had no part in it. It is Rosenblatt's rule again, but now the blame is also proportional to
# how wrong we were.
#
# One pass over the houses gives the slopes of **all the knobs at once**. And then:
#
# > knob −= learning_rate · gradient
#
# It is *minus*, because the gradient points up the hill and we want to go down: gradient
# **descent**. (So a negative gradient turns the knob up.) Each knob moves in proportion to how much
# it matters, and near the bottom, where everything gets flat, the moves become smaller by
# themselves.


# %%
def gradient(x, y, w):
    """The slope of the loss for every knob, hard-coded."""
    error = (x * w).sum(axis=1) - y  # (n,)
    return (2 * error[:, None] * x).mean(axis=0)  # (knobs,)


def descend(x, y, learning_rate, steps, start):
    """The knobs before the first step and after each."""
    path = [np.asarray(start, float)]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * gradient(x, y, path[-1]))
    return np.array(path)  # (steps + 1, knobs)


def gradient_descent(x, y, good_enough):
    """From zero, downhill, until it is good enough; the loss is only looked at to know when."""
    knobs, losses = [np.zeros(x.shape[1])], [loss(x, y, 0)]
    while losses[-1] > good_enough and len(losses) < 1000:
        knobs.append(knobs[-1] - 0.3 * gradient(x, y, knobs[-1]))
        losses.append(loss(x, y, knobs[-1]))
    return knobs, losses


try_out("gradient", gradient_descent, x3)
try_out("gradient_six", gradient_descent, x6)

# %% tags=["hide-input"]
figure, panels = plt.subplots(1, 2, figsize=(12, 4.8), sharey=True)
styles = {"random": (ORANGE, ":o"), "plus_minus": (BLUE, "--s"), "gradient": ("black", "-D")}
for name, n_knobs, losses, _, good_enough in results:
    panel, way = panels[0 if n_knobs == 3 else 1], name.removesuffix("_six")
    best_so_far(panel, losses, styles[way][1], color=styles[way][0], label=ways[way])
    panel.axhline(good_enough, color="0.5", linewidth=1)
    panel.text(6000, good_enough - 0.02, "good enough", ha="right", va="top", color="0.3")
    panel.set(xlim=(0.9, 6500), title=f"{n_knobs} knobs")
panels[0].set(ylabel="lowest loss so far", ylim=(0.25, 1.3))
panels[1].legend(loc="upper right")
lesson.show(
    figure, "searches",
    alt="The lowest loss so far over the number of evaluations, on a logarithmic axis: "
    + ", ".join(f"{name} {len(losses)}" for name, _, losses, _, _ in results)
    + ". Gradient descent needs hardly more with six knobs than with three.",
)  # fmt: skip

# %% [markdown]
# A handful of evaluations, with three knobs as with six. To be fair: a gradient is more work than a
# loss, about two or three times as much. But it is two or three times for *any* number of knobs.
#
# ## You say f, the library says the gradient
#
# The formula above was hard-coded by me, for this one model. For a network with layers one would
# have to find a new formula, and find the mistakes in it. For decades people did that, on paper.
# Then came libraries in which you write down f() and nothing else, and *they* return the gradient.
# Theano began it; TensorFlow, PyTorch, JAX, Keras and PyTensor (Theano's heir) continue. It is
# called **automatic differentiation**, and it is the heart of every one of them.
#
# Here is f in plain Python, over twenty houses. There is no word about derivatives in it. We ask
# the backend for the slopes, put the hard-coded formula beside it, and check both with the oldest
# method of all, **finite differences**: turn one knob up a tiny bit, turn it down a tiny bit, and
# see how much the loss has changed. (NumPy has no automatic differentiation. It has to nudge the
# knobs, too, and that is exactly what the libraries spare you.)

# %%
twenty = list(zip(x3[:20].tolist(), y[:20].tolist(), strict=True))


def f(knobs):
    """The loss over twenty houses."""
    guesses = [sum(k * v for k, v in zip(knobs, features, strict=True)) for features, _ in twenty]
    return sum((g - price) ** 2 for g, (_, price) in zip(guesses, twenty, strict=True)) / 20


at = np.array([0.5, -0.2, 0.1])
_, automatic = Model.derivative(f, at.tolist())
by_hand = gradient(x3[:20], y[:20], at)
differences = [(f(at + nudge) - f(at - nudge)) / 2e-5 for nudge in 1e-5 * np.eye(3)]
slopes = zip(THREE, by_hand, automatic, differences, strict=True)
lesson.table(
    "How much does each knob matter?",
    ["knob", "hard-coded", "automatic", "finite differences"],
    [[name, *(f"{value:+.7f}" for value in values)] for name, *values in slopes],
)
print(f"hard-coded and automatic differ by at most {abs(by_hand - automatic).max():.1e}")

# %% [markdown]
# ## The learning rate
#
# The slope says which way. How far to go, it does not say. That is the **learning rate**, a knob
# for turning knobs, and you have to set it yourself. Think of going down a ski slope in fog,
# feeling only how steep it is under your skis. Too timid, and you are still up there when the lifts
# close. Too bold, and you shoot through the bottom of the valley and up the other side, higher than
# you were; it is steeper there, so the next jump is even longer.
#
# In the valley of one knob we can see how bold is too bold. There is a learning rate that brings
# you to the bottom in a single jump. With twice that rate you land on the other side exactly as
# high as you were, and jump to and fro for ever. Below, you arrive. Above, you fly out. The single
# jump is 1 / curvature, where the **curvature** says how quickly the slope changes as you go. So:
#
# > the largest stable learning rate is 2 / curvature
#
# For our loss and a standardised input the curvature is 2, and the border is 1. Let us see.

# %% tags=["hide-input"]
figure, panels = plt.subplots(1, 3, figsize=(12, 4.4), sharey=True)
wide = np.linspace(-1.8, 3.2, 251)
titles = {0.05: "0.05: creeps", 0.9: "0.9: jumps, but arrives", 1.05: "1.05: flies out"}
for panel, (eta, title) in zip(panels, titles.items(), strict=True):
    path = descend(area, y, eta, 8, [-0.3])[:, 0]
    panel.plot(wide, [loss(area, y, w) for w in wide], color="0.6")
    journey(panel, path, [loss(area, y, w) for w in path])
    panel.set(title=f"learning rate {title}", xlabel="the knob", ylim=(0, 5.5))
panels[0].set(ylabel="loss")
panels[0].legend()
lesson.show(figure, "one_knob_rates", alt="Eight steps in the same valley, three times. With "
            "learning rate 0.05 they creep and do not arrive; with 0.9 they jump from side to "
            "side and come to the bottom; with 1.05 they jump and climb.")  # fmt: skip

# %% [markdown]
# Turn that knob too (the slider is in the notebook; it moves the learning rate). These are the
# losses of the same eight steps. Find the rate at which the first step is enough, and the one at
# which nothing changes but the side.


# %%
def eight_steps(learning_rate):
    """The loss at the start and after each of eight steps."""
    path = descend(area, y, learning_rate, 8, [-0.3])[:, 0]
    print(" → ".join(f"{loss(area, y, w):.2f}" for w in path))


sliders(eight_steps, learning_rate=(0, 1.2, 0.1))

# %% [markdown]
# Now two knobs: bathrooms and living area. Large houses have more bathrooms, so the two do nearly
# the same work. Turn one up and the other down, and the loss hardly changes; turn both up, and it
# changes a lot. So the landscape is a long, narrow valley: steep across, nearly flat along. That is
# the ski slope, and it is what makes training hard everywhere in this field. The steep direction
# sets the speed limit, and the flat one needs the time.
#
# With many knobs there is a curvature in every direction. You need only remember one thing about
# them: the steepest direction decides. The largest stable learning rate is **2 / the steepest
# curvature**.
#
# <details>
# <summary>
# For the curious: the steepest curvature and its other names
# </summary>
#
# The curvatures for all pairs of knobs stand in a table, the **Hessian**. For our loss it is
# 2·XᵀX/n, where the 2 is from the square. In some directions a step changes the slope along that
# direction only; the curvatures in these are the table's *eigenvalues*, and the largest is written
# **λ_max** (lambda max). So what books call 2/λ_max is our limit. `course/curvature.py` computes it
# in one line.
#
# </details>
#
# The backend makes forty steps with a rate just below that limit, and forty with one just above. A
# third run, at three times the limit, is meant to fly out, and says so (`diverges=True`): otherwise
# a loss that is no longer a number stops a lesson with an error.
#
# Three names in the code are new, and stay until the end of the course. `Dense(2, 1)` is our
# neuron: two inputs, one output. `Net` is a network, here of this one neuron, together with its
# loss, `"squared"`. And `SGD` is gradient descent with this learning rate.

# %%
x2 = x6[:, [1, 2]]  # bathrooms, living area
steepest, flattest = curvatures(x2)
limit = 2 / steepest
print(f"steepest curvature {steepest:.3f}, flattest {flattest:.3f}")
print(f"the largest stable learning rate is {limit:.4f}")

beginning = np.array([-1.6, 0.9])


def train(name, x, learning_rate, steps, start=None, diverges=False):
    """Gradient descent by the backend: all rows in one batch, so an epoch is one step."""
    return lesson.train(
        name, Net((Dense(x.shape[1], 1),), "squared"), SGD(learning_rate), x, y[:, None],
        epochs=steps, batch_size=len(x), shuffle=False, initial=start, diverges=diverges,
    )  # fmt: skip


start = [beginning[:, None], np.zeros(1)]  # two weights and the idle bias
just_below = train("just_below", x2, 0.95 * limit, 40, start)
too_high = train("too_high", x2, 3 * limit, 10, start, diverges=True)

# Just above: not recorded, since a rounding error grows here as fast as the loss does.
backend = Model(too_high.net, start, SGD(1.05 * limit))
just_above = backend.epoch(x2, y[:, None], np.tile(np.arange(len(x2)), 40), len(x2))
lesson.measure("just_above_growth", just_above[-1] / just_above[0])

# %% tags=["hide-input"]
figure, panels = plt.subplots(1, 3, figsize=(13, 5), sharey=True)
grid = np.linspace(-2.1, 2.7, 49)
surface = [[loss(x2, y, [across, up]) for across in grid] for up in grid]
rates = {0.005: (40, "too low: never arrives"), 0.5: (40, "good: arrives"),
         1.05: (9, "too high: jumps over, and out")}  # fmt: skip
for panel, (factor, (count, title)) in zip(panels, rates.items(), strict=True):
    landscape(panel, grid, grid, surface)
    journey(panel, *descend(x2, y, factor * limit, count, beginning).T)
    panel.plot(*np.linalg.lstsq(x2, y)[0], "*", color="black", markersize=18, label="the bottom")
    panel.set(title=f"{factor:g} of the limit\n{title}", xlabel="knob: bathrooms")
    panel.legend(loc="lower right", fontsize=10)
panels[0].set(ylabel="knob: living area")
lesson.show(figure, "ski_slope", alt="Three maps of a long valley over two knobs, bathrooms and "
            "living area, with a path from the same start. Too low a learning rate leaves it up "
            "there, a good one leads to the bottom, too high a one out of the valley.")  # fmt: skip

# %% [markdown]
# A prediction is worth something if it can fail. So, four hundred steps by hand, just below the
# predicted rate and just above:

# %%
ends = {k: descend(x2, y, k * limit, 400, beginning)[-1] for k in (0.9, 0.99, 1.01, 1.1)}
rows_of = [[f"{factor:.2f}", f"{loss(x2, y, w):.4g}"] for factor, w in ends.items()]
lesson.table("The prediction, put to the test", ["× limit", "loss after 400 steps"], rows_of)

# %% tags=["hide-input"]
figure, axes = plt.subplots(figsize=(9, 4.8))
for factor, line in zip((0.005, 0.5, 0.95, 1.05), LINES, strict=True):
    path = descend(x2, y, factor * limit, 39, beginning)
    axes.plot([loss(x2, y, w) for w in path], line, label=f"{factor:g} × limit", linewidth=3)
marks, label = np.transpose([just_below.losses, just_above]), f"the same, by {Model.backend}"
axes.plot(marks, "ok", markevery=3, markersize=5, label=["_", label])
axes.axhline(best_loss(x2, y), color="0.5", linewidth=1, label="the best there is")
axes.set(yscale="log", xlim=(0, 40), xlabel="step", ylabel="loss")
axes.set(title="Just below the limit it falls, just above it grows")
axes.legend(loc="upper left")
lesson.show(figure, "learning_rates", alt="Loss over forty steps, on a logarithmic axis. 0.005 of "
            "the limit falls slowly and does not arrive, 0.5 at once, 0.95 more slowly; 1.05 grows "
            f"to {just_above[-1]:.0f}. The backend's own steps lie on the lines.")  # fmt: skip

# %% [markdown]
# ## House prices by gradient descent
#
# Everything is in place. A layer with one output *is* `sum(x * w) + b`; the backend makes the
# steps. (The bias is there, but it has nothing to do, because all averages are 0.) We train with
# three knobs, and with six.
#
# For this one kind of model there is also a formula that goes to the bottom in a single jump: the
# **closed form**, *least squares*, two hundred years old (Legendre 1805, Gauss 1809). That was my
# cheat. A valley with one lowest point has one solution, so both must find **the same weights**.
# For anything with a hidden layer there is no such formula, and gradient descent is all we have. So
# this is a good place to check that it works.

# %%
with_three, with_six = train("three", x3, rate, steps), train("six", x6, rate, steps)
weights, closed = with_six.params[0][:, 0].astype(float), np.linalg.lstsq(x6, y)[0]
gap = abs(weights - closed).max()
lesson.measure("closed_form_gap", gap)
lesson.table(
    "Six knobs, two ways",
    ["knob", "gradient descent", "closed form"],
    [[name, f"{a:+.6f}", f"{b:+.6f}"] for name, a, b in zip(SIX, weights, closed, strict=True)],
)
print("arrived" if gap < 1e-5 else "not arrived yet", f"after {steps} steps: {gap:.1e} away")

# %% tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(13, 4.8))
for run, x, line, colour in ((with_three, x3, "--", ORANGE), (with_six, x6, "-", BLUE)):
    left.plot(run.losses, line, color=colour, label=f"{x.shape[1]} knobs")
    left.axhline(best_loss(x, y), color=colour, linestyle=":", linewidth=1.5)
left.plot([], [], ":", color="0.4", label="closed form")
left.set(xlabel="step", ylabel="loss (1: as bad as the average)", title="Down to the closed form")
left.set(xlim=(0, 40), ylim=(0, 1.05))
left.legend()
paired_bars(right, SIX, {"gradient descent": weights, "closed form": closed})
right.set(xlabel="weight", title="The same weights, two ways")
lesson.show(figure, "houses", alt="Left: the loss falls from 1 to the dotted line of the closed "
            f"form, with three knobs to {with_three.losses[-1]:.2f} and with six to "
            f"{with_six.losses[-1]:.2f}. Right: the six weights by gradient descent and by the "
            "closed form, as pairs of bars.")  # fmt: skip

# %% [markdown]
# Look at the signs, for they are a lesson of their own. A bedroom more makes a house *cheaper*?
# Yes: at the same living area. More bedrooms in the same space are smaller rooms. A weight says
# what its knob does while *all the others are held still*, no more.
#
# How good is it? The thousand houses were used to set the knobs, so they are no fair judges. In
# **5-fold cross-validation** all houses are dealt into five heaps, and each heap is predicted by a
# model that has seen only the other four.

# %%
all_prices = standardised(np.log(houses.price))
for names in (THREE, SIX):
    share = cross_validated(standardised(houses.table(*names)), all_prices, lesson.seed)
    lesson.measure(f"r2_{len(names)}_knobs", share)
    print(f"{len(names)} knobs explain R² = {share:.3f} of all {len(houses.price):,} log prices")

log_price = np.log(houses.price[rows])
guess = np.exp((x6 * weights).sum(axis=1).clip(-9, 9) * log_price.std() + log_price.mean())
print(f"half are off by more than {np.median(abs(guess / houses.price[rows] - 1)):.0%}")

# %% [markdown]
# Three knobs explain a third of the differences in price, six explain two thirds. And in dollars?
# My knobs in lesson 1 were off by more than 30% for half of the houses. However long you turn those
# three, you will not get below 23%. Now it is about 17%, in a fraction of a second, and without any
# feeling for houses.
#
# But note one thing. Latitude and longitude can only say "the farther north, the dearer". The
# distance from town, which I gave you in lesson 1, was the cleverer column (exercise 7). Turning
# the knobs well is one thing; having the right knobs is another, and from lesson 4 on the machine
# looks for those too.

# %%
table = []
for name, n_knobs, losses, seconds, good_enough in sorted(results, key=lambda result: result[1]):
    final = f"{min(losses):.4f}" + ("" if min(losses) <= good_enough else ", not there")
    table.append([ways[name.removesuffix("_six")], n_knobs, len(losses), f"{seconds:.4f}", final])
for run in (with_three, with_six):
    final = [len(run.losses), f"{run.seconds:.4f}", f"{run.losses[-1]:.4f}"]
    table.append([f"all the way, by {Model.backend}", len(run.params[0]), *final])
header = ["way", "knobs", "evaluations", "seconds", "final loss"]
lesson.table("To 95% of the way, and all the way", header, table)

# %% [markdown]
# ## What to notice
#
# - The loss tells how bad, the gradient tells which way and how urgently, for all knobs at once.
# - The cost of a blind search explodes with the number of knobs. The cost of a gradient does not:
#   this is the reason why networks with billions of knobs can be trained at all.
# - `knob -= learning_rate * gradient`. It is minus. Everything else in training is trimmings.
# - The learning rate has a speed limit, and it can be known beforehand: 2 / the steepest curvature.
#   The steepest direction sets it, the flattest pays for it.
# - You write f, the library differentiates. Check it once with finite differences, then trust it.
# - Where the answer is known in another way, compare. Here the closed form agrees to the last
#   digits that this precision has.
#
# ## Exercises
#
# Predict first and write it down. Then run. Then explain the difference.
#
# 1. *(5 minutes)* A knob stands at 0.4, its slope is −0.5, the learning rate is 0.2. Where does it
#    stand after one step? Did it turn up or down, and why is that "descent"?
# 2. *(5 minutes)* `make lesson2 EPOCHS=5`, then 20, then 100. How far are the weights from the
#    closed form? How many steps does one more correct digit cost?
# 3. *(10 minutes)* `make lesson2 LEARNING_RATE=0.5`. What do you expect, with three knobs and with
#    six? Compute both limits, `2 / curvatures(x3)[0]` and the same with `x6`. Could you have
#    predicted it? At which step do the numbers end? And with `DTYPE=float64`?
# 4. *(15 minutes)* Leave out the standardising, for the living area only (so that it counts in
#    square feet). What is the steepest curvature now, and what the largest stable rate? How many
#    steps would you need?
# 5. *(20 minutes)* Give the ± search a better idea: let each knob have a move of its own that grows
#    after a success and shrinks after a failure. How close to gradient descent do you get?
# 6. *(20 minutes)* Choose the learning rate anew in every step, so that the loss falls as much as
#    possible (try several along the way down). How many evaluations does that cost and save?
# 7. *(open)* Build a column that says more about the place than latitude and longitude do. How far
#    can you push R² with one more knob? Whose houses does your knob get wrong?
# 8. *(open)* Where do you meet the loop "turn, listen, turn less" outside of computers? Where does
#    it get stuck, and what would momentum (lesson 4) change about it?

# %%
lesson.finish("six")
