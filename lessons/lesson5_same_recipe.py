# %% [markdown]
# # Lesson 5 · Where the frameworks differ
#
# **Same recipe, other numbers?**
#
# There is a question that is asked in every forum, year after year, and it always goes like this.
# *"I have moved my network from one framework to the other. Same layers, same data, same learning
# rate. There it got 98%, here it does not get past 90%. Is the framework broken?"*
#
# You have seen four lessons by now in which all backends gave the same numbers: in float64 to the
# last digits that there are, and in float32 to the sixth or so, until a rounding error tips a relu
# over. So the backends can do it. And still the person who asks is not imagining things: the
# numbers do differ. How can both be true?
#
# Think of two cooks and one recipe: *flour, eggs, milk; fry*. Both follow it to the letter, and one
# makes pancakes and the other makes crêpes. Neither of them did anything wrong. The recipe did not
# say how much milk, so each took what he always takes. What a recipe leaves open, the cook decides.
# In a framework, what you leave open is decided by a **default**, and every framework has defaults
# of its own.
#
# In this lesson the same backend will cook after three recipes. You will watch the curves part, say
# what you think is to blame, and then we make the recipes equal, one default at a time, until the
# curves meet again. To the last digit.

# %%
import numpy as np
from matplotlib import pyplot as plt

from adapters.contract import SGD, Adam, Dense, Net
from course import open_lesson
from course.defaults import default_of
from course.plotting.charts import on_log_scale, panels
from course.plotting.style import COLOURS, LINES
from injections.training import train_with

lesson = open_lesson(5)
data = lesson.data("fashion10k")
epochs = lesson.epochs(3)
adam = Adam(lesson.learning_rate(0.001))

x, y = data.pixels("train")[:4000], data.y_train[:4000]  # enough to see it, and soon done
test = (data.pixels("test"), data.y_test)
pixels, classes = x.shape[1], data.n_classes

layers = (Dense(pixels, 128, "relu"), Dense(128, 64, "relu"), Dense(64, classes))
net = Net(layers, "softmax", l2=1e-3)  # the network of lesson 4

# %% [markdown]
# ## What nobody said
#
# Suppose a friend tells you: *"128 and 64 hidden neurons, relu, softmax, Adam with 0.001, a little
# L2 penalty of 0.001, batches of 100."* That sounds complete, does it not? You could write it down
# in any framework in ten lines. Now look at all the questions that your ten lines would not answer.
# On the right is what the backend that runs now would decide in your place, read from it a moment
# ago.

# %%
Model = lesson.Model
table = [
    ["initial kernels", "normal, variance 2/n_in before relu",
     default_of(Model, "kernel_initializer")],
    ["initial biases", "zero", default_of(Model, "bias_initializer")],
    ["are rows shuffled?", "yes, and the order is written down", default_of(Model, "shuffle")],
    ["a batch's losses are…", "averaged", default_of(Model, "reduction")],
    ["learning rate of SGD", "has to be stated", default_of(Model, "sgd.lr", "sgd.learning_rate")],
    ["learning rate of Adam", "0.001", default_of(Model, "adam.lr", "adam.learning_rate")],
    ["Adam's ε", f"{adam.epsilon:g}, after the correction",
     default_of(Model, "adam.eps", "adam.epsilon")],
    ["Adam's weight decay", "none: L2 is in the loss", default_of(Model, "adam.weight_decay")],
]  # fmt: skip
backend = Model.backend
lesson.table("Questions that were not asked", ["", "this course", f"{backend} says"], table)

# %% [markdown]
# Does your column say *nothing* nearly everywhere? Then you run a backend that computes and does
# not decide: NumPy, JAX, PyTensor and the core of TensorFlow have gradients, but neither layers
# nor optimizers with habits. There you have to choose everything yourself. That is more work, and
# it is the honest way to find out how much there was to choose. (Run this lesson once more with
# `BACKEND=torch` and once with `BACKEND=keras`, and put the two tables side by side.)
#
# *What you do not choose, somebody has chosen for you.* They were sensible people, and they chose
# sensibly. They only did not choose the same.
#
# ## Three cooks in one kitchen
#
# So let three cooks have a go. **Ours** does what the course has done all along. The second does
# everything as **PyTorch's** defaults have it, and the third as **Keras's**. Here is where they
# depart from ours, nine things in all. And now the important part: all three work on the *same
# backend*, the one that you started. What is foreign about a recipe is put on top of it in plain
# NumPy. If the curves differ now, nobody can say that it was the framework.

# %%
KERAS = {  # the injection, and what it does; in the order in which we shall align them
    "running_mean_of_losses": "shows the mean of the losses so far",
    "glorot_kernels": "kernels from ±√(6/(n_in + n_out))",
    "l2_without_half": "the penalty has no ½",
    "adam_epsilon": "ε is added before the correction",
    "adam_epsilon_of_keras": "ε is 1e-7 and not 1e-8",
}
TORCH = {
    "l2_as_weight_decay": "shows the loss without the penalty",
    "uniform_kernels": "kernels from ±1/√n_in",
    "uniform_biases": "biases from ±1/√n_in, not zero",
    "not_shuffled": "rows in stored order",
}
recipes = {"Keras": list(KERAS), "PyTorch": list(TORCH)}
says = KERAS | TORCH
alike = {"epochs": epochs, "batch_size": 100, "test": test}

ours = train_with(lesson, "ours", [], net, adam, x, y, **alike)
for cook, injections in recipes.items():
    train_with(lesson, f"{cook}-0", injections, net, adam, x, y, **alike)


# %%
def gap(run, other):  # (steps,): how far two loss curves are from each other, step by step
    return np.abs(run.losses.astype(float) - other.losses)


# %% tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(12.5, 4.8))
for i, (name, cook) in enumerate({"ours": "ours", "Keras-0": "as Keras", "PyTorch-0": "as PyTorch"}
                                 .items()):  # fmt: skip
    run = lesson.runs[name]
    label = f"{cook}: {lesson.accuracies[name]:.1%} of the test pictures"
    style = {"color": COLOURS[i], "marker": "osD"[i]}
    left.plot(run.losses, LINES[i], label=label, markevery=max(1, len(run.losses) // 8), **style)
    if name != "ours":
        on_log_scale(right, gap(run, ours), LINES[i], label=f"{cook}, from ours", **style)
left.set(xlabel="step", ylabel="loss", title="Three recipes, one backend", ylim=(0, None))
right.set(xlabel="step", yscale="log", ylim=(1e-3, None), title="The same, as a distance from ours")
left.legend(loc="upper right")
right.legend(loc="lower right")
lesson.show(
    figure, "three_recipes",
    alt="Left the loss at every step of three runs on one backend: after our recipe, after Keras's "
    "defaults and after PyTorch's. They start apart and stay apart. Right, on a logarithmic scale, "
    "how far the other two are from ours, from the first step to the last.",
)  # fmt: skip

# %% [markdown]
# Same layers, same data, same learning rate, same optimizer, same backend. Your friend would
# recognise none of the curves.
#
# On the right you see the same as on the left in another way, and we shall need it: the *distance*
# of each curve from ours, on a scale where every line up is ten times as much. A difference that
# you can no longer see on the left is still there on the right.
#
# ## Guess first
#
# Now you. Here are the nine suspects once more, in no order. Take a piece of paper and rank them:
# which moves the **loss curve** most, which least? Then a second ranking: which of them moves the
# **test accuracy**? And put a cross at those of which you think that they change *nothing at all in
# the network*, only what is shown of it. (There are two.)
#
# | | |
# |---|---|
# | Adam's ε, its size | 1e-7 instead of 1e-8 |
# | Adam's ε, its place | before or after the correction of the root |
# | biases at the start | a little noise instead of zero |
# | kernels at the start, Keras | ±√(6/(n_in + n_out)) |
# | kernels at the start, PyTorch | ±1/√n_in |
# | shuffling | every epoch in the order in which the rows are stored |
# | the number shown | the loss of this batch, or the mean of all since the epoch began |
# | the penalty, its half | l2·W², or ½·l2·W² |
# | the penalty, its place | in the loss, or in the optimizer, which adds its pull to the gradient |
#
# Really do it. A ranking that you made in your head will turn out to have been right all along.
#
# ## One default at a time
#
# Now we align. Take the cook who follows Keras, and correct a single thing. Train again. Then a
# second thing on top. Train again. In which order? First of all, see that both *show* the same
# number, or you compare apples with pears from here on. Then along the road that the numbers take:
# the initial weights, the batches, the loss, and the optimizer last. The road matters. Whatever is
# wrong further up makes everything below it differ, too.


# %%
def apart(run, other):  # the distance of all weights together, as a share of their length
    a, b = (np.concatenate([p.ravel() for p in r.params]).astype(float) for r in (run, other))
    return np.linalg.norm(a - b) / np.linalg.norm(b)


def last(run):  # the mean of the last epoch, as the loss of a single batch is a matter of luck
    return run.loss_per_epoch()[-1]


walks, worth = {}, []
for cook, injections in recipes.items():
    names = [f"{cook}-{k}" for k in range(len(injections) + 1)]
    for k, name in enumerate(names[1:], 1):
        train_with(lesson, name, injections[k:], net, adam, x, y, **alike)
    walks[cook] = walk = [lesson.runs[name] for name in names]
    for injection, before, after in zip(injections, walk, walk[1:], strict=False):
        points = 100 * (lesson.accuracies[before.name] - lesson.accuracies[after.name])
        worth.append([injection, gap(before, after).mean(), last(before) - last(after),
                      apart(before, after), points])  # fmt: skip
    lesson.table(
        f"From {cook}'s recipe to ours: how far from ours",
        ["aligned", "curve from ours", "final loss", "weights", "accuracy"],
        [[says[injections[k - 1]] if k else "nothing yet", f"{gap(run, ours).mean():.2g}",
          f"{last(run):.4f}", f"{apart(run, ours):.1%}", f"{lesson.accuracies[run.name]:.2%}"]
         for k, run in enumerate(walk)],
    )  # fmt: skip
    lesson.measure(f"{cook}-to-ours", gap(walk[0], ours).mean())
met = all(not gap(walk[-1], ours).any() for walk in walks.values())
lesson.say(
    "all aligned: the curves are the same, to the last bit" if met
    else "all aligned: the curves are not the same"
)  # fmt: skip

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 2, figsize=(12.5, 5), sharey=True)
for ax, (cook, walk) in zip(axes, walks.items(), strict=True):
    for k, run in enumerate(walk[:-1]):
        label = f"{k} of {len(walk) - 1} aligned" if k else "nothing aligned yet"
        on_log_scale(ax, gap(run, ours), LINES[k % 4], marker="osD^v"[k], color=COLOURS[k],
                     label=label)  # fmt: skip
    ax.plot([], [], " ", label="all aligned: 0, not on this scale")
    ax.set(xlabel="step", yscale="log", title=f"From {cook}'s recipe to ours")
    ax.legend(fontsize=10, loc="lower right")
axes[0].set_ylabel("distance of the loss from ours")
lesson.show(
    figure, "alignment",
    alt="The distance from our loss curve at every step, on a logarithmic scale, with none, one, "
    "two and more of the defaults aligned: left from Keras's recipe, right from PyTorch's. The "
    "distance does not shrink evenly: single alignments take most of it away, and others nothing. "
    "With all of them aligned it is 0 at every step.",
)  # fmt: skip

# %% [markdown]
# They meet. Look at the last row of each table: not *nearly* nothing, nothing. 0 is what you get
# when the same backend computes the same recipe twice. (Between two backends it would be rounding,
# about the sixteenth digit in float64. In float32 the corner of a relu can make more of it, as you
# saw at the end of lesson 4. `make compare LESSON=5` judges all the runs of this lesson.)
#
# Did you notice that the way there is not always downhill? With one more thing aligned, a curve can
# be *further* from ours than before, as on the left, where the kernels are put right and the gap
# grows. Keras's kernels are smaller, so its doubled penalty did not show in full. The two pulled
# in opposite directions, and each hid a part of the other. Somebody who stops at "better now, good
# enough" has perhaps only found the second of two mistakes that fit together.
#
# On the right it is another story. Three of four are aligned, and nothing seems to come of it! As
# long as the rows come in another order, each step looks at other pictures, and the noise of that
# drowns everything else. Then the last thing is put right, and all is well at once. So somebody who
# tries one repair at a time, *and takes it back when it does not help*, will never arrive.
#
# ## What each was worth
#
# Now take out your piece of paper. Each row compares two neighbours on the walk: two runs that
# differ in one default and in nothing else.

# %%
worth.sort(key=lambda row: -row[1])
lesson.table(
    "What each default was worth, by the loss curve",
    ["", "curve", "final loss", "weights", "points"],
    [[says[injection], f"{curve:.2g}", f"{final:+.4f}", f"{weights:.1%}", f"{points:+.2f}"]
     for injection, curve, final, weights, points in worth],
)  # fmt: skip

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 2, figsize=(12.5, 5), sharey=True)
at = np.arange(len(worth))[::-1]
for ax, column, colour, hatch, title in (
    (axes[0], 1, COLOURS[0], "", "… moved the loss curve by"),
    (axes[1], 4, COLOURS[1], "//", "… moved the test accuracy by (points)"),
):
    ax.barh(at, [abs(row[column]) for row in worth], color=colour, hatch=hatch, edgecolor="white")
    ax.set_title(title)
axes[0].set_yticks(at, [says[row[0]] for row in worth])
lesson.show(
    figure, "worth",
    alt="Bars for nine defaults, sorted by how far each moves the loss curve: "
    + ", ".join(f"{says[row[0]]} {row[1]:.2g}" for row in worth)
    + ". The bars beside them, for the test accuracy, are not in that order at all.",
)  # fmt: skip

# %% [markdown]
# Two things on this page surprise most people.
#
# **What moves the curve most need not move the network.** Look for the rows whose *weights* moved
# by 0.0%. The mean of the losses so far is the number next to Keras's progress bar: each epoch it
# remembers all its batches, so it lags behind a loss that falls. And weight decay, the way
# PyTorch's optimizers do it, pulls on the kernels exactly as the L2 penalty does, but the penalty
# is never added to the loss that you see. Two curves with a gulf between them, and behind them
# one and the same network. (Those were the two crosses.) Whoever compares curves should first ask
# whether they are curves *of the same thing*.
#
# **What does move the network may do so at the very first step.** Initial weights are over before
# training begins, and they are worth more than most things that come afterwards. That is the reason
# why the course draws them once, in NumPy, and hands the same ones to every backend.
#
# And Adam's ε, about which whole threads have been written? Here it is worth next to nothing on the
# curve. It is a small number that keeps a division from exploding; it matters where the gradients
# are as small as itself. That is not a permission to ignore it. Its weights *have* moved, as you
# see, and a network which trains for a week will find the place where it matters.
#
# Read the accuracies with care. Half a point is ten of these test pictures. For a difference of a
# point between two runs, nobody needs a cause; another seed would do. (`make lesson5 SEEDS=3`.)
#
# ## The zoo
#
# Defaults are not the only way to get other numbers out of the same recipe. Here are eight animals
# that you will meet in the wild. Some are defaults as well, some are misunderstandings, some plain
# mistakes, and none of them raises an error. Each is let loose alone, on 2,000 pictures for three
# epochs, the learning rate divided by ten in the last. Seven of them sit in the network that we
# have had all the time. The eighth needs momentum instead of Adam, and gets tanh instead of relu,
# for those who compare backends in float32 (lesson 4 ended with the reason).

# %%
ZOO = {
    "uniform_kernels": "other initial kernels",
    "adam_epsilon": "Adam's ε in the other place",
    "weight_decay_decoupled": "weight decay beside the step",
    "sum_for_mean": "the sum of the batch, not its mean",
    "softmax_in_the_model": "softmax twice",
    "dropout_left_on": "dropout left on",
    "gradients_accumulate": "gradients never reset",
    "velocity_holds_learning_rate": "momentum with the rate inside",
}
short = {"epochs": 3, "batch_size": 100, "test": test, "lower_by": 10}
few = (x[:2000], y[:2000])
smooth = (Dense(pixels, 128, "tanh"), Dense(128, 64, "tanh"), Dense(64, classes))
kinds = {"adam": (net, adam),
         "momentum": (Net(smooth, "softmax", l2=1e-3), SGD(0.05, momentum=0.9))}  # fmt: skip
sound = {kind: train_with(lesson, f"sound-{kind}", [], *what, *few, **short)
         for kind, what in kinds.items()}  # fmt: skip
zoo = {}
for name in ZOO:
    kind = "momentum" if name == "velocity_holds_learning_rate" else "adam"
    run = train_with(lesson, f"zoo-{name}", [name], *kinds[kind], *few, **short)
    zoo[name] = run, sound[kind]
cages = np.random.default_rng(lesson.seed).permutation(list(ZOO))  # who sits where

# %% tags=["hide-input"]
figure, axes = panels(len(cages), columns=4, side=3.1)
for letter, ax, name in zip("ABCDEFGH", axes, cages, strict=True):
    run, base = zoo[name]
    ax.axis("on")
    ax.plot(base.losses, "--", color="0.35", linewidth=1.5, label="sound")
    ax.plot(run.losses, color=COLOURS[1], label="with an animal in it")
    ax.axvline(run.lowered_from * run.steps_per_epoch, color="0.7", linewidth=1)
    ax.set(title=letter, ylim=(0, 1.05 * max(run.losses.max(), base.losses.max())))
axes[0].legend(fontsize=9)
axes[0].set(xlabel="step", ylabel="loss")
lesson.show(
    figure, "cages",
    alt="Eight panels, A to H. In each a loss curve with one known difference in it, and the sound "
    "run as a dashed line. In some the two part at once, in some after a few steps, in one where "
    "the learning rate is lowered (a thin line), and in some one does not see any difference.",
)  # fmt: skip

# %% [markdown]
# **Guess again.** Eight cages, A to H, and no name plates. The dashed line is the sound run, the
# other one has an animal in it, and the thin upright line is where the learning rate is lowered.
# Here are their names: *other initial kernels · Adam's ε in the other place · weight decay beside
# the step · the sum of the batch, not its mean · softmax twice · dropout left on · gradients never
# reset · momentum with the rate inside.* (In a notebook, stop here until you have a guess. If you
# run this in a shell, the figure `cages` is yours, and the next table is already the answer.)
#
# A hint, and it is the whole art. Do not look at where the curves end. Look at **where they part**,
# and ask what has been used by then. At step 0 nothing has been learned yet: whoever differs there
# has other weights, another layer output or another loss. Who starts alike and differs after one
# step has another gradient or another update. And who is sound until something is *remembered*, or
# until the learning rate changes, has another memory.
#
# Also look at the scale on the left. Write your eight names down; then go on.


# %%
ROUNDING = 1000 * np.finfo(lesson.Model.dtype).eps  # of a loss; more than 60 steps can gather


def parts_at(run, base):  # the first step whose loss differs by more than that
    differs = gap(run, base) > ROUNDING * base.losses
    return int(np.argmax(differs)) if differs.any() else None


reveal = []
for letter, name in zip("ABCDEFGH", cages, strict=True):
    run, base = zoo[name]
    cost = 100 * (lesson.accuracies[run.name] - lesson.accuracies[base.name])
    step = parts_at(run, base)
    reveal.append([f"{letter}: {ZOO[name]}", "never" if step is None else step,
                   f"{base.losses[-1]:.2f}", f"{run.losses[-1]:.2f}", f"{apart(run, base):.1%}",
                   f"{cost:+.2f}"])  # fmt: skip
    lesson.measure(f"cost-{name}", cost / 100)
header = ["", "parts at step", "sound loss", "its loss", "weights", "points"]
lesson.table("Who sits in which cage, and what it costs", header, reveal)

# %% [markdown]
# Let us walk along the cages once more, now with their names.
#
# - **Other initial kernels.** PyTorch's are less than half as wide as ours, so the signal gets
#   fainter with each layer and the first steps go into making it louder. With more training the
#   cost shrinks; the *numbers* never meet again.
# - **Adam's ε in the other place.** You can hardly see it. It is there all the same.
# - **Weight decay beside the step.** The penalty is gone from the loss (that is the gap), and
#   under Adam the weights move elsewhere, too: an L2 penalty goes through Adam's division and
#   weight decay does not. Under plain SGD both are the same thing; this is how the two words got
#   mixed up.
# - **The sum for the mean.** The loss is a hundred times what it was, as there are a hundred rows
#   in a batch. And the accuracy? Adam divides the size of the gradient out again, so it hardly
#   notices. Do not count on that: with momentum, the same mistake is a learning rate a hundred
#   times too large, and the loss goes through the roof.
# - **Softmax twice.** The second softmax gets numbers between 0 and 1 where it expects anything
#   from −10 to 10. It cannot be sure any more, whatever it is told: the loss comes down to a
#   floor and stays there, and the gradients are faint. It *learns*, that is the mean thing about
#   it. Only badly.
# - **Dropout left on.** Some neurons are silenced that should speak. (Here always the same ones,
#   so that all backends silence the same.) Did it cost accuracy at all, or did it even help? With
#   other seeds it goes one way or the other. *A wrong run need not be a worse run*, and this is
#   why looking at accuracies is such a poor way of testing.
# - **Gradients never reset.** PyTorch adds each gradient to what is already there and leaves the
#   clearing to you. The first step is right and nothing after it, for the ball never forgets.
# - **Momentum with the rate inside.** In one textbook it reads `v = 0.9·v + gradient; W −=
#   rate·v`, in the other `v = 0.9·v + rate·gradient; W −= v`. The same, as long as the rate
#   stays. When it is lowered, ours obeys at once. The other still carries the old rate in its
#   velocity and rolls on for some ten steps. It parts from the sound run exactly behind the thin
#   line.
#
# ## One that our network does not have
#
# There is a famous trap that we cannot let loose, since our network has no **batch
# normalisation**. Such a layer keeps a *running mean* of what passes through, and uses it when
# training is over. It takes a bit of each new batch into the mean. How large is the bit? In
# PyTorch you write `momentum=0.1` and mean the share of the *new* batch. In Keras you write
# `momentum=0.99` and mean the share of the *old* mean. Same word, turned around! Here is the mean
# brightness of ten batches of pictures, followed by both, and by two people who copied the number
# from the other framework.

# %%
rng = np.random.default_rng(lesson.seed)
brightness = [x[rng.integers(len(x), size=100)].mean() for _ in range(10)]


def running_mean(share_of_new):  # what the layer believes, from 0, after each of the batches
    means = [0.0]
    for new in brightness:
        means.append((1 - share_of_new) * means[-1] + share_of_new * new)
    return means


believes = {
    "PyTorch, 0.1 (its default)": running_mean(0.1),
    "Keras, 0.99 (its default)": running_mean(1 - 0.99),
    "PyTorch, 0.99 (copied from Keras)": running_mean(0.99),
    "Keras, 0.1 (copied from PyTorch)": running_mean(1 - 0.1),
}
lesson.table(
    "What batch normalisation believes after ten batches", ["momentum", "running mean", "of true"],
    [[who, f"{m[-1]:.4f}", f"{m[-1] / (np.mean(brightness) or 1):.1%}"]
     for who, m in believes.items()],
)  # fmt: skip

# %% tags=["hide-input"]
figure, ax = plt.subplots(figsize=(9, 4.6))
for i, (who, means) in enumerate(believes.items()):
    ax.plot(means, LINES[i], marker="osD^"[i], color=COLOURS[i], label=who)
ax.axhline(np.mean(brightness), color="0.4", linewidth=1)
ax.text(0, np.mean(brightness), " what is true", va="bottom", color="0.3")
ax.set(xlabel="batches seen", ylabel="running mean", title="One word, two meanings: momentum")
ax.legend(fontsize=10, loc="lower right", bbox_to_anchor=(1, 0.14))
lesson.show(
    figure, "batch_norm",
    alt="The running mean after 0 to 10 batches. With PyTorch's default it has covered 65% of the "
    "way to the true mean, with Keras's default 10%. With the two numbers exchanged it jumps to "
    "the last batch at once.",
)  # fmt: skip

# %%
lesson.finish("ours")

# %% [markdown]
# Neither default is wrong; they suit long trainings and short ones. But after ten batches Keras's
# layer still believes in a tenth of the truth, and a layer with the number from the wrong framework
# has no memory worth the name: it believes the last batch. To translate, write 1 − momentum. (The
# small number that keeps the division safe differs as well, 1e-5 and 1e-3, and so does how the
# spread of the batch is computed. Three differences in one layer.)
#
# ## How to find it
#
# Some day you will have two programs that ought to give the same numbers and do not. Do not stare
# at the two accuracies, and do not try things at random. A training run is a chain, and every
# link uses the ones before it:
#
# > data → initial weights → batch → layer output → loss → gradient → memory → update
#
# Walk along it from the left, with *one* batch and *one* step. Are the pixels the same? (0 to 1,
# or 0 to 255?) The initial weights, after copying? The rows of the first batch? The scores? The
# loss? And so on. **Compare the first number that differs, not the last.** The last one differs
# for every possible reason. The first one differs for one.
#
# It is slow by hand, so the course has a command for it. This one compares two backends link by
# link, in float64, with a mistake injected into the second. It reports where they part, tries all
# suspects that it knows, and names the one that explains the difference to the last digit:
#
# ```
# make diverge LESSON=4 A=torch B=keras INJECT=adam_epsilon
# ```
#
# (With `INJECT=list` it lists the mistakes that it can inject.) And `make differences RUN=yes` runs
# the whole catalogue: every default on which the frameworks part, in each framework as its users
# write it, and how to make them agree. Look things up there before you believe a forum. Or a
# lesson.
#
# ## What to notice
#
# - The backend is not the difference. The recipe is. One and the same backend gives three curves
#   from three recipes, and all backends give one curve from one recipe.
# - What you do not choose, somebody has chosen for you. Writing it down costs a line.
# - The largest gap between two curves may be nothing but two ways of *showing*: a mean so far, or a
#   penalty left out. The weights know.
# - Differences can hide one another. Align one at a time, take nothing back, and do not stop at
#   "close enough".
# - A wrong run need not be worse. It may even score better. Accuracy is no test of correctness.
# - Compare the first number that differs, not the last.
#
# ## Exercises
#
# Predict first and write it down. Then run. Then explain the difference.
#
# 1. *(5 minutes)* On paper: a knob with momentum 0.9, and the gradient is 1 at every step. The
#    rate is 1 for two steps and 0.1 in the third. By how much does each of the two forms move the
#    knob in each step? Where do they part, and by which factor?
# 2. *(5 minutes)* `make lesson5 BACKEND=torch`, and then `BACKEND=keras`. Which tables do you
#    expect to be the same in both, which one to differ, and why?
# 3. *(10 minutes)* `make lesson5 EPOCHS=1`, and then 9. Which of the nine defaults loses its worth
#    with longer training, which keeps it, and which gains?
# 4. *(10 minutes)* `make lesson5 DTYPE=float64`. What becomes of the gaps in the alignment? And
#    the 0 at its end? Somebody tells you that float64 would have made his two frameworks agree.
#    Would it?
# 5. *(15 minutes)* Turn the order of the defaults in `KERAS` around and align from the optimizer
#    upwards. Is each default worth as much as before? Do the curves still meet?
# 6. *(15 minutes)* Sort `x` and `y` by class (`order = np.argsort(y)`) right after they are loaded,
#    and run again. Which of the nine has become the most expensive? Why was it so cheap before?
# 7. *(20 minutes)* Give the whole zoo momentum instead of Adam. Predict for each animal whether it
#    gets tamer or wilder. Which two will do no better than a die with ten sides?
# 8. *(20 minutes)* PyTorch's weight decay does not know what a bias is: it pulls on the biases,
#    too. Find the injection for that (`make diverge INJECT=list`), add it to `TORCH`, and guess its
#    worth.
# 9. *(open)* Play it with a partner. One injects something (`INJECT=`), the other sees only the two
#    curves and may ask for one number at a time: "the scores of the first batch?" Who needs the
#    fewest questions? In which order did you ask?
