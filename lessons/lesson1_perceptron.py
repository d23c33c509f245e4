# %% [markdown]
# # Lesson 1 · The perceptron
#
# **What can one neuron do?**
#
# Before I understood any of this I thought there had to be something deep at the bottom of it,
# something one needs a degree for. There is not. At the bottom there is a box with knobs on it, and
# somebody who turns them. In this lesson you look into the box, turn its knobs by hand, write down
# a rule that turns them for you, and then watch the smallest possible network do three jobs: one
# that is easy, one that is surprising, and one that it can never do.

# %%
from itertools import product

import numpy as np
from matplotlib import pyplot as plt

from course import open_lesson
from course.perceptron import keep, learn, most_mistakes, own_pass_is_equal, squared_paper
from course.plotting.diagrams import bars, boundary, magic_box, network, neuron, sheet, two_kinds
from course.plotting.style import COLOURS
from course.sliders import sliders

lesson = open_lesson(1)
Model = lesson.Model
passes = lesson.epochs(1000)  # a limit; the rule itself knows when to stop
BLUE, ORANGE = COLOURS[:2]

# %% [markdown]
# ## The magic box
#
# A **model** is a magic box. Something goes in, something comes out, and on its front there are
# knobs. Turn a knob, and the same input gives another output. All the knobs together are called
# **Θ** (theta, the *parameters*), and the whole box is written
#
# > f_Θ(input) → output
#
# which you may read aloud as "the box f, with its knobs set to Θ, turns the input into the output".
# Here is the box of this lesson. Facts about a house go in, and a price comes out. It has a knob
# for each fact, which says how much that fact counts.

# %% tags=["hide-input"]
figure, axes = sheet(9, 3.2)
magic_box(
    axes, ["3 bedrooms", "1,180 square feet", "12 km from town"], "f$_Θ$",
    ["bedrooms", "living area", "distance"], "a price",
)  # fmt: skip
lesson.show(figure, "magic_box", alt="A box named f with index theta. Three facts about a house "
            "go in, a price comes out, and on its front is a knob for each of them: bedrooms, "
            "living area and distance.")  # fmt: skip

# %% [markdown]
# Do you remember old radios? Two knobs: *volume* and *frequency*. You did not know how it worked
# inside, and you did not need to. You had your fingers on the knobs, and you had your ear, and the
# ear told you whether the last turn had made things better or worse. That is all that **training**
# is.

# %% tags=["hide-input"]
figure, axes = sheet(9, 3.2)
magic_box(axes, ["waves from the air"], "a radio", ["volume", "frequency"], "a sound")
lesson.show(figure, "radio", alt="The same box as a radio. Waves from the air go in, a sound comes "
            "out, and on its front are two knobs: volume and frequency.")  # fmt: skip

# %% [markdown]
# The words of the field are new names for the same things:
#
# | the radio | the field says |
# |---|---|
# | the radio | system, **model** |
# | a knob (volume, frequency) | **parameter**, **weight** |
# | the sound quality that you hear | **loss**, **objective** |
# | turning the knobs until it sounds right | **training** |
#
# (One thing is upside down: a *loss* is how bad it sounds. You want it low.)
#
# A radio has two knobs, the box of houses three, the model at the end of this lesson 785, and the
# models in the news have billions. The principle is exactly the same: adjust them, one by one,
# towards the better sound. Everything after this is about turning the knobs more cleverly.

# %% [markdown]
# ## One neuron
#
# Open the box, and in the smallest case you find one **neuron**. It has incoming connections. Each
# brings a number, and each has a **weight**, which says how much this input matters: a large weight
# makes the neuron sensitive to it, a weight of zero makes it deaf, and a negative weight makes the
# input speak *against*. The neuron multiplies each input by its weight and adds everything up. Then
# a threshold decides: enough, and the neuron *fires*; not enough, and it stays silent.
#
# The weights are the knobs. There is nothing else to turn.

# %% tags=["hide-input"]
figure, axes = sheet(9, 3.6)
neuron(axes, ["bedrooms", "living area", "km from town"], [2, 5, -3], "fires, or not")
lesson.show(figure, "neuron", alt="A neuron. Bedrooms, living area and kilometres from town "
            "arrive on lines as thick as their weights 2, 5 and −3; the negative one is "
            "dashed. One circle adds them up, and a second one with a step in it decides "
            "whether the neuron fires.")  # fmt: skip

# %% [markdown]
# The idea came from the brain, in the 1940s. A nerve cell too collects signals through connections
# of different strength, and fires when enough has come together. And a brain is a network of such
# units that share what they know: the output of one is an input of the next.
#
# Should you believe, then, that these programs are little brains? The newspapers like to say so,
# and they exaggerate. A living neuron is a chemical factory with a shape, a history and a sense of
# time. Ours is a sum. Nobody has found the rules of this course at work between your ears. And
# still the parallels are interesting (in lesson 4 we meet one that was measured), and the
# vocabulary has stayed: we say *neuron*, *network*, and *activation* for what a neuron passes on.

# %% tags=["hide-input"]
figure, axes = sheet(9, 4)
network(axes, [5, 7, 7, 3], ["what comes in", "units share…", "…what they know", "what comes out"])
lesson.show(figure, "network", alt="A network of 22 units in four columns, from what comes in to "
            "what comes out. Each unit is connected with every unit of the next column, by "
            "lines of different thickness.")  # fmt: skip

# %% [markdown]
# ## Squashing: the activation function
#
# The sum can be any number, 17 or −40,000. What the neuron says about it should be simple: no or
# yes, 0 or 1. So the sum goes through a function that *squashes* it. The first one that people used
# is the **step**: below the threshold 0, above it 1, and nothing in between. The **sigmoid** is the
# same with a rounded edge. It also stays between 0 and 1, but it can say "0.5: I am not sure", and
# a little more input always makes it a little surer. Both are **activation functions**. The step is
# all we need today; from lesson 3 on it will matter a great deal that the other one has no corner.

# %% tags=["hide-input"]
z = np.linspace(-6, 6, 601)
figure, axes = plt.subplots(figsize=(8, 3.8))
axes.plot(z, z > 0, color=BLUE, label="step: 1 if the sum is above 0")
axes.plot(z, 1 / (1 + np.exp(-z)), "--", color=ORANGE, label="sigmoid: 1 / (1 + exp(−sum))")
axes.set(xlabel="the sum that the neuron has collected", ylabel="what it passes on")
axes.set(yticks=[0, 0.5, 1], title="However large the sum, what comes out stays between 0 and 1")
axes.legend(loc="upper left")
lesson.show(figure, "activations", alt="Two curves over the sum from −6 to 6. The step jumps from "
            "0 to 1 at 0. The sigmoid, dashed, rises smoothly from 0 through one half at 0 to "
            "1.")  # fmt: skip

# %% [markdown]
# ## By hand: what is this house worth?
#
# Here are real houses, sold in King County (Seattle and around) in 2014 and 2015. For each we know
# the number of bedrooms, the living area, and where it is; for the place we take the distance from
# the middle of Seattle in kilometres. We leave out the threshold for now, and let a neuron with
# three knobs estimate the price, in thousands of dollars. The whole model is `sum(x * w)`.
#
# I have set the knobs for you, by gut feeling: 50 (a bedroom is worth 50,000 dollars), 200 (a
# thousand square feet are worth 200,000 dollars) and −10 (every kilometre from town takes off
# 10,000 dollars; a negative weight speaks against).

# %%
houses = lesson.more_data("houses")
north = (houses.columns["latitude"] - 47.605) * 111.2  # km; a degree of latitude has 111.2
east = (houses.columns["longitude"] + 122.335) * 75.0  # here a degree of longitude has 75
x = np.column_stack(
    [houses.columns["bedrooms"], houses.columns["living_area"] / 1000, np.hypot(north, east)]
)  # (houses, 3)
price = houses.price / 1000  # (houses,)

w = np.array(lesson.knobs(50, 200, -10))
print("the first house:", x[0].round(2), "×", w, "=", (x[0] * w).round(1))
print(f"sum(x * w) = {sum(x[0] * w):.0f}, and it was sold for {price[0]:.0f} thousand dollars")

# %% [markdown]
# That was one house. Before you are proud of your knobs, look at all the houses.


# %%
def typical_error(w):
    """Half of the houses are off by more than this part of their price."""
    return float(np.median(abs((x * w).sum(axis=1) - price) / price))


guess, typical = (x * w).sum(axis=1), typical_error(w)
lesson.measure("hand_typical_error", typical)  # noted in the record of this run
first_five = np.column_stack([x, guess, price, guess - price])[:5]
lesson.table(
    "Hand-set knobs: the first five houses (prices in $1,000)",
    ["bedrooms", "1,000 sq ft", "km", "sum(x * w)", "sold for", "off by"],
    [[f"{row[0]:.0f}", *(f"{value:.1f}" for value in row[1:])] for row in first_five],
)
print(f"half of the {len(price):,} houses are off by more than {typical:.0%} of their price")

# %% tags=["hide-input"]
figure, axes = plt.subplots(figsize=(8, 4.8))
axes.plot(price[::7], guess[::7], ".", markersize=4, color=BLUE, alpha=0.4)
axes.plot([0, 2000], [0, 2000], color="black", linestyle="--")
axes.text(1500, 1560, "exactly right", rotation=45, transform_rotates_text=True, ha="center")
axes.set(xlabel="sold for, in thousands of dollars", ylabel="sum(x * w), in thousands")
axes.set(xlim=(0, 2000), ylim=(0, 2000))
axes.set(title=f"Knobs set by hand: half are off by more than {typical:.0%}")
lesson.show(figure, "houses_by_hand", alt="Real prices of houses against the prices that the "
            "hand-set knobs say. The cloud of points follows the dashed line of right "
            f"answers, but is wide: half of the houses are off by more than {typical:.0%} of "
            "their price.")  # fmt: skip

# %% [markdown]
# Now you. In the notebook, run the next cell and move the sliders that appear. In the shell, pass
# your three knobs:
#
# ```
# make lesson1 KNOBS="30 250 -8"
# ```
#
# It is more fun than it should be, and soon it gets annoying: a turn that is good for one house is
# bad for the next, and every knob you touch spoils the setting of another. You are now doing what
# lesson 2 is about. Keep your best three numbers for it.

# %%
sliders(
    lambda **w: print(f"half are off by more than {typical_error(list(w.values())):.1%}"),
    bedrooms=(-100, 100, w[0]), area=(0, 500, w[1]), distance=(-30, 30, w[2]),
)  # fmt: skip

# %% [markdown]
# ## A rule that turns the knobs: the perceptron
#
# In 1958 Frank Rosenblatt published a neuron that finds its own weights, and called it the
# **perceptron**. It answers questions with two possible answers, which we write as +1 and −1. Its
# sum gets one more knob, the **bias** b, which moves the threshold:
#
# > score = sum(x * w) + b, and the answer is +1 if the score is above 0, else −1
#
# And here is the rule. Show it one example after the other. Is the answer right? *Then leave the
# knobs alone.* Is it wrong? *Then push every knob towards the right answer, by as much as its input
# was to blame:*
#
# > w ← w + y · x and b ← b + y, where y is the right answer, +1 or −1
#
# (If the score is exactly 0, the neuron sits on the fence. We call that a mistake.) Start with all
# knobs at zero, and stop after a whole pass without a mistake. That is the complete rule. In Python
# it is five lines:


# %%
def one_pass(x, y, w, b):
    """Show each row once, and push the knobs after each mistake."""
    for row, answer in zip(x, y):
        score = sum(row * w) + b
        if answer * score <= 0:  # wrong, or on the fence
            w = w + answer * row
            b = b + answer
    return w, b


# %% [markdown]
# You can do it with pencil and paper, and I suggest that you do, once. Somebody is looking for a
# house and has been to see four. Two numbers are known of each, the bedrooms and the kilometres
# from town, and whether it was worth the trip: +1 or −1.
#
# | | bedrooms | km | worth it? | score | right? | w afterwards | b |
# |---|---|---|---|---|---|---|---|
# | 1 | 3 | 1 | +1 | 0 | on the fence | 3, 1 | 1 |
# | 2 | 2 | 4 | −1 | 3·2 + 1·4 + 1 = 11 | no | 1, −3 | 0 |
# | 3 | 4 | 3 | +1 | 1·4 − 3·3 + 0 = −5 | no | 5, 0 | 1 |
# | 4 | 1 | 2 | −1 | 5·1 + 0·2 + 1 = 6 | no | 4, −2 | 0 |
#
# Four rows, four mistakes: not a good beginning. Here is the first pass once more, and two others.

# %%
seen = np.array([[3, 1], [2, 4], [4, 3], [1, 2]])  # bedrooms, km
worth_it = np.array([1, -1, 1, -1])

weights, bias = np.zeros(2), 0
for pass_number in (1, 2, 3):
    weights, bias = one_pass(seen, worth_it, weights, bias)
    print(f"after pass {pass_number}: w = {weights}, b = {bias}")

# %% [markdown]
# The third pass has changed nothing, so it was without a mistake, and we may stop. Now read the
# knobs, for they say something: 5 for a bedroom, −5 for a kilometre, −1 on top. A house is worth
# the trip *if it has more bedrooms than kilometres*. Nobody has told it that.
#
# ### The same, by any framework
#
# As a loss the rule reads: a right answer costs nothing, and a wrong one costs the distance of its
# score from zero. One step of size 1 down that loss *is* Rosenblatt's rule, so any framework can do
# it. From here on we leave the steps to the backend (`learn` gives it a neuron with all knobs at
# zero, and stops after a pass without a mistake). But does it do what the five lines do?

# %%
by_backend = learn(Model, seen, worth_it, 3)
print("the five lines:", *weights, bias)
print("the backend:   ", *by_backend.path[-1])

# %% [markdown]
# Equal: the two weights, and the bias behind them. (`path` has the knobs after each mistake, so
# `path[-1]` says where they stand at the end.)
#
# ## First job: points in the plane
#
# Two inputs, so that we can draw everything. I take a sheet of squared paper, rule a line across it
# at random, mark fourteen points on each side that do not come closer to it than 1.5 squares, and
# rub the line out. The neuron sees the points only. Two weights and a bias *are* a line (all places
# where the score is 0), so you can watch it think.


# %%
def describe(learned):
    """How a training run ended, in words."""
    rounds, mistakes = len(learned.mistakes), sum(learned.mistakes)
    if learned.separated:
        return f"separated after {rounds} passes and {mistakes} mistakes"
    return f"not separated yet after {rounds} of {learned.limit} passes: {mistakes} mistakes"


points, sides, ruled = squared_paper(lesson.seed)  # (28, 2), (28,), and the line
plane = learn(Model, points, sides, passes)
keep(lesson, "plane", plane, points, sides)  # noted in the record, too
print("points in the plane:", describe(plane))

# %% tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(11, 5.6))
for age, line in zip(np.linspace(0, 1, len(plane.path)), plane.path):
    boundary(left, line[:2], line[2], color="black", alpha=0.2 + 0.4 * age, linewidth=1)
boundary(left, ruled[:2], ruled[2], color="black", linestyle=":", label="rubbed out")
two_kinds(left, points, sides, plane.path[-1], 10, label="the last line")
left.set(xlim=(-9, 9), ylim=(-9, 9), xticks=range(-8, 9, 4), yticks=range(-8, 9, 4))
left.set(title=f"The line after each of {sum(plane.mistakes)} mistakes")
left.legend(loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=2, frameon=False)
bars(right, plane.mistakes, "pass", "mistakes in this pass")
lesson.show(figure, "plane", alt="Left: 14 circles and 14 triangles in the plane, the neuron's "
            "line after each mistake in grey, and the last one thick: "
            f"{describe(plane)}. Right: the mistakes in each pass: "
            f"{', '.join(map(str, plane.mistakes))}.")  # fmt: skip

# %% [markdown]
# Each mistake turns and shifts the line a bit. Some turns make it worse for a while, for the rule
# looks at one point only and forgets all others. Then comes a pass without a mistake, and nothing
# will ever move again.
#
# ### It must stop, and we know when
#
# In 1962 Albert Novikoff proved something remarkable. If there is any line at all that separates
# the points, the perceptron will find one, whatever the order, and it will make **at most (R/γ)²
# mistakes** on the way. R is how far the farthest point lies from the origin, and γ (gamma) is how
# much room the separating line leaves to the nearest point. (Both count the bias as one more input,
# which is always 1.) Wide roads are learned fast, narrow ones slowly, and the number of points and
# of inputs does not appear at all.
#
# Any line that separates will do for γ, so we can ask two: the one I had rubbed out, and the one
# the neuron found.

# %%
by_ruled, by_found = (most_mistakes(points, sides, line) for line in (ruled, plane.path[-1]))
lesson.measure("plane_bound", by_ruled)
print(f"{sum(plane.mistakes)} mistakes; at most {by_ruled:.0f} by the line that was rubbed out")
print(f"and at most {by_found:.0f} by the line that was found")

# %% [markdown]
# The bound is generous: it is a promise, not a forecast. And note which line promises more.
#
# ### The same on every backend, to the last digit
#
# Every input here is a whole number, and every step adds or subtracts whole numbers. A computer
# makes no rounding errors with whole numbers of this size. So NumPy, PyTorch, TensorFlow and Keras,
# in 32 bits or in 64, must not merely agree: they must make *the same mistakes on the same rows*,
# and end with equal weights. (We claim this for whole numbers only. House prices are another
# matter.)
#
# Here is a first taste, twice. The five lines of NumPy see the points of the plane as often as the
# backend did. And each backend also has a loop of its own that walks over rows and makes a step on
# each, in its own most comfortable way; since a step on a row that is right changes nothing, that
# loop must do in one pass exactly what ours did:

# %%
weights, bias = np.zeros(2), 0
for _ in plane.mistakes:  # a number for each pass
    weights, bias = one_pass(points, sides, weights, bias)
same = np.array_equal([*weights, bias], plane.path[-1])
print("the five lines and the backend:", "exactly equal" if same else "DIFFERENT")
same = own_pass_is_equal(plane, points, sides)
print("the backend's own first pass:", "exactly equal" if same else "DIFFERENT")

# %% [markdown]
# ## Second job: trousers or a bag?
#
# Now let us be bold. These are pictures of clothes, 28 × 28 pixels (Fashion-MNIST). We make them
# black and white: a pixel brighter than 127 is a 1, any other a 0. So a picture is a row of 784
# whole numbers, each pixel is an input, and each pixel gets a knob. One neuron. It does not know
# what a leg is, nor that two pixels are neighbours: you could shuffle the pixels and it would not
# notice.
#
# <details>
# <summary>
# For the curious: how two thousand pictures are soon done
# </summary>
#
# *A row that is right changes nothing.* So `learn` asks about the next five hundred rows at once,
# jumps to the first mistake among them, makes a step there, and goes on behind it. The steps are
# the same ones in the same order, so the result is the same too, to the last digit, because the
# arithmetic is exact.
#
# </details>

# %%
images = lesson.data("fashion10k")
present = set(images.y_train.tolist())
yes, no = (1, 8) if {1, 8} <= present else sorted(present)[:2]  # trousers and bags
names = [images.class_names[yes], images.class_names[no]]


def black_and_white(split, labels):
    """The pictures of both classes in stored order: rows of 0 and 1, and answers +1 and −1."""
    rows = (labels == yes) | (labels == no)
    return 1 * (images.pixels(split)[rows] > 0.5), np.where(labels[rows] == yes, 1, -1)


pixels, answers = black_and_white("train", images.y_train)  # (2000, 784), (2000,)
unseen, unseen_answers = black_and_white("test", images.y_test)
if len(unseen) == 0:
    unseen, unseen_answers = pixels, answers
# For your own pictures there may be no such line: stop after twenty passes.
limit = passes if images.name == "fashion10k" else min(passes, 20)
clothes = learn(Model, pixels, answers, limit)
keep(lesson, "clothes", clothes, unseen, unseen_answers)
print(f"{names[0]} or {names[1]}: {describe(clothes)}")
print(f"right on {lesson.accuracies['clothes']:.2%} of {len(unseen)} pictures it has never seen")

# %% [markdown]
# One neuron, one pass after the other in stored order, and after fourteen passes and 182 mistakes
# (seven of them on the fence) it knows all two thousand trousers and bags. If you get other numbers
# from these pictures, something is broken, for they are the same on every backend and machine.
#
# What has it learned? It has one weight per pixel, so its weights are a picture. Where a weight is
# positive, a bright pixel speaks for the one; where it is negative, for the other.

# %% tags=["hide-input"]
height, width = images.x_train.shape[1:]
kinds = [pixels[answers == side] for side in (1, -1)]
rows = [np.hstack(row) for kind in kinds for row in np.resize(kind, (2, 4, height, width))]
knobs = clothes.path[-1, :-1].reshape(height, width)

figure, (first, second, third) = plt.subplots(1, 3, figsize=(13, 4.6))
first.imshow(np.vstack(rows))
first.set(title=f"{names[0]} (two rows), {names[1]} (two rows)")
for panel, sign, name in ((second, 1, names[0]), (third, -1, names[1])):
    shown = panel.imshow(np.maximum(sign * knobs, 0), vmin=0, vmax=abs(knobs).max() or 1)
    panel.set(title=f"white speaks for: {name}")
figure.colorbar(shown, ax=[second, third], label="size of the weight", shrink=0.9)
for panel in figure.axes[:3]:
    panel.axis("off")
lesson.show(figure, "clothes", alt=f"Left: black-and-white pictures of both classes, {names[0]} "
            f"and {names[1]}. Then the weights as two pictures: the pixels that speak for the "
            "one, and those for the other.")  # fmt: skip

figure, axes = plt.subplots(figsize=(8, 4))
bars(axes, clothes.mistakes, "pass", "mistakes in this pass")
axes.set(title=f"{names[0]} or {names[1]}: {describe(clothes)}")
lesson.show(figure, "clothes_mistakes", alt="Mistakes in each pass: "
            f"{', '.join(map(str, clothes.mistakes))}. They do not fall steadily.")  # fmt: skip

# %% [markdown]
# Look at the bright stripe at the bottom of the right picture. On trousers it is dark there,
# between the legs; so whatever is bright in that place must be a bag. The belt, at the top of the
# other picture, speaks for trousers. Nobody has told the neuron about legs and belts.
#
# Novikoff's promise holds here too, in 785 dimensions that nobody can imagine. The line that was
# found leaves little room, so the promise is a weak one; another line may promise more.

# %% [markdown]
# ## What one neuron cannot do
#
# Two inputs, four points, one rule: say +1 if *exactly one* of the inputs is on. It is called XOR,
# *exclusive or*. On is +1 and off is −1. A child can learn it in a minute. Watch the neuron try.

# %%
corners = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
exactly_one = np.array([-1, 1, 1, -1])
xor = learn(Model, corners, exactly_one, min(passes, 10))
keep(lesson, "xor", xor, corners, exactly_one)
print("mistakes in each pass:", xor.mistakes)
print("the knobs after each pass:", xor.path[4::4].astype(int).tolist())  # 4 mistakes a pass

# %% [markdown]
# Four points, four mistakes, and then the knobs are back at *exactly* zero. Nothing is left of the
# pass: two corrections have pushed each knob up and two have pushed it down. The rule has no memory
# but its knobs, so the second pass must be the first once more, and the third, and so on for ever.
# This is not "it takes very long". It is a circle, and we have seen it close.

# %% tags=["hide-input"]
figure, panels = plt.subplots(1, 4, figsize=(13, 4.6))
for i, (panel, knobs) in enumerate(zip(panels, xor.path[1:5])):
    two_kinds(panel, corners, exactly_one, knobs, 15)
    panel.set(xlim=(-1.9, 1.9), ylim=(-1.9, 1.9), xticks=[-1, 1], yticks=[-1, 1])
    title = "after mistake {}:\nw = ({:g}, {:g}), b = {:g}".format(i + 1, *knobs)
    panel.set(title=title.replace("-", "−"))
    panel.label_outer()
figure.suptitle("XOR: circles should be +1, triangles −1; a cross marks a wrong answer")
lesson.show(figure, "xor", alt="Four times the same four corners: circles at top left and bottom "
            "right, triangles at the others. After each of four mistakes there is another "
            "line, always with a corner on the wrong side, and after the fourth all knobs are "
            "at zero again.")  # fmt: skip

# %% [markdown]
# Try it yourself on paper: two circles at opposite corners, two triangles at the others, one
# straight line. However you lay it, a corner is on the wrong side. If you do not trust your ruler,
# let the machine try some lines:

# %%
lines = list(product(range(-5, 6), repeat=3))  # two weights and a bias, each from −5 to 5
right = [
    sum(y * (w1 * x1 + w2 * x2 + b) > 0 for (x1, x2), y in zip(corners, exactly_one))
    for w1, w2, b in lines
]
print(f"{len(lines)} lines tried: the best has {max(right)} of 4 corners right")

# %% [markdown]
# In 1969 Marvin Minsky and Seymour Papert wrote a book about such limits, and interest in neurons
# cooled down for many years. The way out had been known in principle: *more than one neuron, in
# layers*. Two neurons draw two lines, a third one looks at their answers, and XOR is solved. What
# was missing was a way to turn the knobs of the first two, since nobody tells those what their
# right answer is. Lesson 2 finds such a way, and in lesson 4 we put neurons in layers.

# %%
bound = most_mistakes(pixels, answers, clothes.path[-1])
jobs = {"plane": (plane, by_ruled), "clothes": (clothes, bound), "xor": (xor, np.inf)}
lesson.table(
    "One neuron, three jobs",
    ["", "rows", "knobs", "passes", "mistakes", "at most (R/γ)²", "separated"],
    [
        [name, len(job.losses) // len(job.mistakes), job.path.shape[1], len(job.mistakes),
         sum(job.mistakes), f"{most:,.0f}" if most < np.inf else "no bound",
         "yes" if job.separated else "no"]
        for name, (job, most) in jobs.items()
    ],
)  # fmt: skip

# %% [markdown]
# ## What to notice
#
# - A neuron is `sum(x * w) + b` and a threshold. There is nothing else in it.
# - To *train* is to turn knobs until the loss is low. The perceptron turns them after mistakes
#   only, and by as much as each input was to blame.
# - Where a line can separate the answers, the perceptron finds one, and stops. There are many such
#   lines, and it takes the first that it meets, not the best.
# - Its weights can be looked at. What it knows about trousers is a picture, and you have seen it.
# - One neuron draws one straight line, in two dimensions or in 784. What cannot be parted by a line
#   is out of its reach, however long it trains.
# - With whole numbers all backends agree exactly. Where they differ later, it comes from rounding,
#   or from a real difference. Keep this lesson in mind as the zero on your ruler.
#
# ## Exercises
#
# Predict first and write it down. Then run. Then explain the difference.
#
# 1. *(5 minutes)* Compute `sum(x * w)` of the first house with the knobs 30, 250 and −8 on paper.
#    Check yourself: `make lesson1 KNOBS="30 250 -8"`.
# 2. *(10 minutes)* Which three knobs make the typical error smallest? Turn until you are below 24%.
#    In which order did you turn them, and when did you make smaller moves? Write that down as
#    instructions that a machine could follow. (You will meet them again in lesson 2.)
# 3. *(10 minutes)* Run with `SEED=1`, `SEED=2`, `SEED=3`. Where does the perceptron need many
#    mistakes, and what do the roads between the points look like there? Does the bound know?
# 4. *(15 minutes)* Multiply all points in the plane by 3. What happens to the number of mistakes,
#    to the weights, and to (R/γ)²? And if every push in `one_pass` is seven times as long? (That is
#    a *learning rate* of 7; lesson 2 has more of them.)
# 5. *(15 minutes)* Do the first pass of XOR on paper, all four rows. Then leave out one of its
#    points. Does it stop now? Which of the four may you leave out?
# 6. *(20 minutes)* Shirts and T-shirts are classes 6 and 0. Change `yes, no` and set `EPOCHS=30`.
#    Do they separate? Draw the mistakes of each pass. How do you know whether to go on?
# 7. *(open)* The perceptron stops at the first line that works. Invent a rule that ends with more
#    room on both sides, and measure by γ how much better it is. Does Novikoff's promise get
#    stronger?
# 8. *(open)* Show the trousers and bags in another order. The number of mistakes changes. Is there
#    an order that needs fewer than 100? Is a good order a property of the pictures or of the rule?

# %%
lesson.finish("clothes")  # writes the record: every number and figure of this run
