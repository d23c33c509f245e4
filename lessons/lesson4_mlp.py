# %% [markdown]
# # Lesson 4 · A multilayer perceptron
#
# **Why deep?**
#
# Lesson 3 ended with a shirt. One weight vector per class is one template per class, and there is
# no single template that fits all shirts. What we should like to have is somebody who looks at
# the pixels first and reports something more useful: *there is an edge here, a sleeve there, a
# collar up here*. From such reports even a simple classifier could tell a shirt.
#
# We know a machine that turns numbers into other numbers: a dense layer. So put one in front. And
# if one is good, another one in front of it. That is a **deep network**, that is the whole idea,
# and there is exactly one trap in it. You will fall into it below, on purpose, before anything is
# trained.

# %%
import numpy as np
from matplotlib import pyplot as plt

from adapters.contract import SGD, Adam, Dense, Net
from course import open_lesson
from course.images import first_of_each, flattened
from course.linear_probe import probe, pulled_apart
from course.plotting.charts import clouds, numbers, panels, signed
from course.plotting.diagrams import network, sheet
from course.plotting.style import COLOURS, LINES
from course.training import predictions

lesson = open_lesson(4)
data = lesson.data("fashion10k")
epochs = lesson.epochs(15)
learning_rate = lesson.learning_rate(0.05)

x, y = data.pixels("train"), data.y_train  # (n, pixels), (n,)
x_test, y_test = data.pixels("test"), data.y_test
shape = data.x_train.shape[1:]  # of one picture
pixels, classes = x.shape[1], data.n_classes

# %% [markdown]
# ## Stack them
#
# > pixels → **hidden layer** → **hidden layer** → scores
#
# The layers between input and output are called *hidden*: nobody tells them what they should
# report. (Old books say *multilayer perceptron*, MLP, and the name has stuck.) Ours has 128 neurons
# in its first hidden layer and 64 in its second. Each neuron of a layer reads everything that the
# layer before it has found out. The last layer is lesson 3, unchanged: ten weight vectors and a
# softmax. But it no longer sees pixels. It sees what the hidden layers made of them.

# %% tags=["hide-input"]
figure, axes = sheet(9, 4)
network(axes, [7, 6, 5, 4], [f"{pixels} pixels", "128 hidden", "64 hidden", f"{classes} scores"])
lesson.show(
    figure, "network",
    alt="A network in four columns: pixels, 128 hidden units, 64 hidden units, and a score for "
    "each class. Every unit is connected with every unit of the next column. Only a few are drawn.",
)  # fmt: skip

# %% [markdown]
# ## The trap: two layers that are one
#
# Let us stack two dense layers, with random weights, and do nothing in between. Does the stack
# know something that a single layer does not? Try to answer before you look at the number.

# %%
rng = np.random.default_rng(lesson.seed)
W1, b1 = rng.normal(size=(pixels, 128)), rng.normal(size=128)
W2, b2 = rng.normal(size=(128, classes)), rng.normal(size=classes)

two_layers = (x_test @ W1 + b1) @ W2 + b2
one_layer = x_test @ (W1 @ W2) + (b1 @ W2 + b2)
apart = np.abs(two_layers - one_layer).max() / np.abs(two_layers).max()
lesson.say(f"two layers and one layer differ by {apart:.0e} of the largest score: rounding")

rectified = np.maximum(x_test @ W1 + b1, 0) @ W2 + b2
apart = np.abs(rectified - one_layer).max() / np.abs(two_layers).max()
lesson.say(f"with a relu between them they differ by {apart:.2f} of it")

# %% [markdown]
# Nothing but rounding. Multiplying by W1 and then by W2 is the same as multiplying once by
# W1·W2. You may stack a hundred such layers, pay for a hundred, and own one. (And you would have
# lesson 3 again, with its one template per class.)
#
# So something has to happen *between* the layers that a matrix cannot do. It need not be much: a
# bend is enough. The **relu** ("rectified linear unit") keeps what is positive and turns
# everything negative to 0. `max(z, 0)`: that is the whole function, and it is what most networks
# use. **tanh** bends more gently, into [−1, 1], and is the sigmoid's better-balanced sister. Such
# a bend is called a **nonlinearity**, and this is what it is for: *without it, deep is not deep*.
#
# Do you remember XOR, the four rows that no single neuron can ever separate? Here is what one
# bend is worth. Two hidden neurons with a relu, weights set by hand, no training at all: the
# first counts how many inputs are on, the second notices when both are, and the output takes
# twice the second from the first.

# %%
corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
hidden = np.maximum(corners @ [[1, 1], [1, 1]] + [0, -1], 0)  # how many are on; are both?
lesson.table(
    "XOR, by hand", ["inputs", "first hidden", "second hidden", "first − 2 · second"],
    [[str(c), h[0], h[1], h @ [1, -2]] for c, h in zip(corners, hidden, strict=True)],
)  # fmt: skip

# %% [markdown]
# ## Features, made by hand
#
# What should a hidden layer report? For decades this was a craft. People who knew about images
# sat down and invented **features**, and the best known of them is the edge. Take a small window
# of 3 × 3 numbers, move it over the picture, and at each place (you guessed it) multiply and sum.
# With the right nine numbers the sum is large exactly where dark turns into bright. This window
# is Sobel's, from 1968:

# %%
upright = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])  # dark left of bright
lying = upright.T  # dark above bright


def filtered(picture, window):  # (h, w), (3, 3) -> (h, w)
    h, w = picture.shape
    wide = np.pad(picture, 1, mode="edge")
    return sum(window[i, j] * wide[i : i + h, j : j + w] for i in range(3) for j in range(3))


picture = x_test[0].reshape(shape)

# %% tags=["hide-input"]
figure, axes = panels(5, columns=5, side=2)
signed(axes[0], upright)
numbers(axes[0], upright)
axes[1].imshow(picture)
signed(axes[2], filtered(picture, upright))
signed(axes[3], filtered(picture, lying))
axes[4].imshow(np.hypot(filtered(picture, upright), filtered(picture, lying)))
for ax, title in zip(axes, ("the window", f"{data.class_names[y_test[0]]}", "upright edges",
                            "lying edges", "both: an outline"), strict=True):  # fmt: skip
    ax.set_title(title)
lesson.show(
    figure, "edge_filter",
    alt="A window of 3 by 3 numbers with −1, −2, −1 on its left and 1, 2, 1 on its right; a test "
    "picture; where the window finds upright edges; where the window turned by 90 degrees finds "
    "lying ones; and both together, which draw the outline of the picture.",
)  # fmt: skip

# %% [markdown]
# Beautiful, and it works. But somebody had to think of it, and after edges one needs corners,
# textures, parts, and each new problem asks for a new craftsman. The promise of deep learning is
# a different one: *do not make features, learn them*. The hidden weights are knobs like all
# others. The gradient of lesson 2 tells how much each of them matters, through all layers, in one
# sweep from the loss back to the pixels (that is **backpropagation**: lesson 2's slope, handed
# from layer to layer). So just train.
#
# ## Training: the opponent first
#
# To say that deep is better we need something that it is better *than*, trained with the same
# care. So here is lesson 3's softmax regression once more: same settings, same seed, same
# batches. Both get the lowered learning rate in the last third, and neither of them may look at
# the test pictures before the end. Whoever stops training at the epoch that happens to look best
# *on the test pictures* has used them for training, and the number is worth nothing.

# %%
settings = {"x": x, "y": y, "batch_size": 100, "lower_by": 10, "test": (x_test, y_test)}
flat = Net((Dense(pixels, classes),), "softmax", l2=1e-3)
softmax = lesson.train("softmax", flat, SGD(0.03, momentum=0.9), epochs=epochs, **settings)

# %% [markdown]
# ## The same network, three ways to walk
#
# Now the deep one, three times. Same network, same initial weights, same batches in the same
# order. Only the rule that turns a gradient into a move is different:
#
# - **SGD**: a step down the slope of this batch. `W -= rate * gradient`
# - **Momentum**: a ball that keeps some of its speed. `v = 0.9 * v + gradient; W -= rate * v`
# - **Adam**: a ball, and every knob with a step size of its own. Knobs whose gradients are
#   usually tiny get longer steps, knobs with wild gradients get shorter ones.
#
# (Zeros would not do as initial weights here. Hidden neurons that start alike get the same
# gradients and stay alike for ever. So each starts with small random weights of its own.)


# %%
def stack(bend):
    return (Dense(pixels, 128, bend), Dense(128, 64, bend), Dense(64, classes))


deep = Net(stack("relu"), "softmax", l2=1e-3)
walks = {
    "sgd": SGD(0.1),
    "momentum": SGD(learning_rate, momentum=0.9),
    "adam": Adam(0.001),
}
for name, optimizer in walks.items():
    lesson.train(name, deep, optimizer, epochs=epochs, **settings)

# %% tags=["hide-input"]
figure, ax = plt.subplots(figsize=(9, 4.8))
middle = np.arange(epochs) + 0.5
for i, name in enumerate(["softmax", *walks]):
    run = lesson.runs[name]
    label = f"{name}: {lesson.accuracies[name]:.2%} of the test pictures"
    ax.plot(middle, run.loss_per_epoch(), LINES[i], marker="osD^"[i], color=COLOURS[i], label=label)
if run.lowered_from < epochs:
    ax.axvline(run.lowered_from, color="0.4", linewidth=1)
    ax.text(run.lowered_from, ax.get_ylim()[1], " learning rate ÷ 10", va="top", color="0.3")
ax.set(xlabel="epoch", ylabel="loss, mean of the epoch")
ax.set_title("One flat model, and one deep network trained in three ways")
ax.legend(loc="upper right" if epochs < 3 else "lower left", fontsize=11)
ax.set_ylim(bottom=0)
lesson.show(
    figure, "training",
    alt=f"The loss in each of {epochs} epochs for softmax regression and for the deep network with "
    "SGD, momentum and Adam. Test accuracies: "
    + ", ".join(f"{name} {lesson.accuracies[name]:.1%}" for name in ["softmax", *walks]) + ".",
)  # fmt: skip

# %% [markdown]
# Momentum and Adam get to much the same place, and plain SGD is still on its way, although its rate
# is twice as large: 0.9 of the last speed and 0.9 of the one before add up to ten steps for one,
# once the ball is rolling. Give SGD more epochs and it comes close. Optimizers differ more in *how
# soon* than in *where*.
#
# Do not compare the deep curves with the flat one too closely. A loss contains the penalty, and a
# network with 109,000 knobs pays more of it. And they are losses on the *training* pictures, of
# which a network of this size can learn a good part by heart. What counts is the pictures that it
# has never seen.
#
# ## By how much is deep better?
#
# The same 2,000 test pictures, the same seed. I decided before training which of the three runs
# would stand for "deep": the momentum run. Choosing the winner afterwards would be another way of
# training on the test pictures.


# %%
def recognised(run, x, y):  # (n, pixels), (n,) -> (n,) of true and false
    return predictions(run.net, run.model.forward(lesson.numbers(x))) == y


right = {name: recognised(lesson.runs[name], x_test, y_test) for name in ("softmax", "momentum")}
by_heart = {name: recognised(lesson.runs[name], x, y).mean() for name in right}
gain = right["momentum"].mean() - right["softmax"].mean()
only_deep = np.sum(right["momentum"] & ~right["softmax"])
only_flat = np.sum(right["softmax"] & ~right["momentum"])
lesson.measure("gain", gain)
lesson.say(
    f"deep is better by {100 * gain:.2f} points: it is right and softmax wrong on {only_deep} of "
    f"{len(y_test):,} test pictures, and the other way round on {only_flat}"
)
lesson.say(
    f"of the training pictures deep recognises {by_heart['momentum']:.1%}, softmax "
    f"{by_heart['softmax']:.1%}"
)

# %% tags=["hide-input"]
present = [c for c in range(classes) if (y_test == c).any()]
flat_share, deep_share = (
    np.array([right[name][y_test == c].mean() for c in present]) for name in ("softmax", "momentum")
)
rank = np.argsort(deep_share - flat_share)
figure, ax = plt.subplots(figsize=(9, 0.45 * len(present) + 1.6))
at = np.arange(len(present))
ax.hlines(at, flat_share[rank], deep_share[rank], color="0.6", linewidth=3, zorder=1)
ax.plot(flat_share[rank], at, "o", color=COLOURS[0], markersize=10, label="flat: softmax")
ax.plot(deep_share[rank], at, "D", color=COLOURS[1], markersize=9, label="deep: momentum")
ax.set_yticks(at, [data.class_names[present[i]] for i in rank])
ax.xaxis.set_major_formatter("{x:.0%}")
ax.set_xlabel("of the test pictures of this class, recognised")
ax.set_title(f"Same pictures, same seed: deep is better by {100 * gain:.2f} points")
ax.legend(loc="best")
lesson.show(
    figure, "gain",
    alt="For each class the share of test pictures recognised by softmax regression and by the "
    "deep network, joined by a line and sorted by the difference. On the whole deep gains "
    f"{100 * gain:.2f} points; the most for {data.class_names[present[rank[-1]]]}.",
)  # fmt: skip

# %% [markdown]
# One run is one draw. With another seed both models start and shuffle differently, and both
# numbers move by half a point. So repeat it: `make lesson4 SEEDS=5` prints the mean of the gain
# and its spread. If you remember one thing about reporting results, let it be that *a gain
# without its spread is a rumour*.
#
# Is it much, two or three points? It is every sixth mistake gone. It is also not a miracle, and
# the newspapers do not report it like this. With ten thousand pictures and plain dense layers
# there is not much more to be had. (Carelessly trained, the deep network and the flat one tie.
# People have published less careful comparisons.) Layers that look through small windows, and
# more pictures, take it further.
#
# ## What did the first layer learn?
#
# Each neuron in the first hidden layer has one weight per pixel, so we can look at it as before.
# It began as random grain, of which the penalty has taken a part away, the same share from every
# weight. Subtract what is left of the grain, and you see what the training has put there. Nobody
# told these neurons anything. Here are the 32 that learned most (not the 32 prettiest):

# %% tags=["hide-input"]
start = lesson.initial_weights(deep)[0].T  # (128, pixels): a picture for each hidden neuron
kernels = lesson.runs["momentum"].params[0].T
left = np.sum(kernels * start) / np.sum(start**2)
learned = kernels - left * start
most = np.argsort(-np.linalg.norm(learned, axis=1))[:32]
limit = np.quantile(np.abs(learned[most]), 0.995)
figure, axes = panels(32, columns=8, side=1.3, title=0.05)
for ax, kernel in zip(axes, learned[most], strict=True):
    signed(ax, kernel.reshape(shape), limit)
figure.suptitle("32 neurons of the first layer: bright excites, dark inhibits")
lesson.say(f"{left:.0%} of the random start is left in the first layer")
lesson.show(
    figure, "first_layer",
    alt="Pictures of what 32 hidden neurons have learned: bright and dark zones side by side, at "
    "the edges of sleeves, soles and collars, and in the gap between trouser legs.",
)  # fmt: skip

# %% [markdown]
# Look for bright beside dark: those are edge detectors, like Sobel's, but tailored. One answers
# to the outline of a sleeve, one to the sole of a shoe, one to the gap between trouser legs. They
# are not clean little windows, since nothing asks a dense neuron to be local; it may use the
# whole picture, and it does. (Layers that do look through small windows learn edges as clean as
# Sobel's.)
#
# ## What do the higher layers know?
#
# The second layer's weights do not refer to pixels any more, so a picture of them tells us
# nothing. We need another way to look inside, and there are two good ones.
#
# **A linear probe.** Take what a layer puts out, and train the simplest possible classifier on
# it: here least squares, lesson 2's closed form, one column per class. If that does well, the
# layer has laid the classes out so that a flat model can separate them. The probe is the same for
# all layers. What improves is what it is given.
#
# **A picture.** 64 numbers cannot be drawn, two can. *Principal components* turn the cloud of
# points so that we see it from its widest side.
#
# And one number for the picture: the share of the whole spread that lies *between* the classes, and
# not within them. (Probe and share are some lines of NumPy each, in `course/linear_probe.py`.)

# %%
model = lesson.runs["momentum"].model
stages = ("pixels", "first hidden layer", "second hidden layer", "scores")
outputs = list(zip(
    stages, [x, *model.activations(lesson.numbers(x))],
    [x_test, *model.activations(lesson.numbers(x_test))], strict=True,
))  # fmt: skip
probes = [[stage, test.shape[1], probe(train, y, test, y_test), pulled_apart(test, y_test)]
         for stage, train, test in outputs]  # fmt: skip
for i, (_, _, accuracy, _) in enumerate(probes):
    lesson.measure(f"probe_{i}", accuracy)  # 0 for the pixels, then layer by layer

# %% tags=["hide-input"]
some = first_of_each(y_test, max(1, 1000 // classes))
figure, axes = plt.subplots(2, 2, figsize=(12, 9.5))
for ax, (stage, _, test), (_, _, accuracy, apart) in zip(axes.flat, outputs, probes, strict=True):
    clouds(ax, flattened(test)[some], y_test[some], data.class_names)
    ax.set_title(f"{stage}: probe {accuracy:.1%}, between the classes {apart:.0%}")
lesson.show(
    figure, "layers",
    alt="Four clouds of test pictures, seen by their first two principal components: as pixels, "
    "after the first and the second hidden layer, and as scores. The classes overlap in the first "
    "cloud and are pulled apart from layer to layer. Share of the spread between the classes: "
    + ", ".join(f"{stage} {apart:.0%}" for stage, _, _, apart in probes) + ".",
)  # fmt: skip

# %% [markdown]
# In the pixels the classes lie across one another: two pictures are near if they are bright in
# the same places, and a dark shirt is nearer to a dark bag than to a white shirt. From layer to
# layer the clouds contract and move apart. All that a deep network does, you could say, is to
# move the points around until lesson 3 can do the rest. (The probe finds no more in the ten scores
# than in the layer before them, and often a little less: they are the answer already, and ten
# numbers hold less than 64. What goes on growing is the distance between the classes.)
#
# ## Is that how we see?
#
# Something similar has been measured in brains. What the eye sees travels through a chain of
# areas, and from one to the next it becomes easier to read off *what* the thing is, and less
# important where it stands or how it is lit. Cadieu and colleagues (2014) showed photographs of
# objects to macaques, for a tenth of a second each, and recorded cells in two of these areas: V4
# and, further up, the inferior temporal cortex (IT). Then they did what we did: a simple readout
# on top, on the cells as well as on layers of networks. Earlier computer models fell far short of
# IT. The best deep networks of 2013 did as well as the recorded cells: the classes were equally
# easy to separate in both.
#
# That is astonishing, and it says less than it seems to. It compares *how well a simple readout
# does*, not how the thing works. Their networks were large convolutional ones, trained on a
# million labelled photographs; nobody grows up like that, and ours is a toy beside them. It
# concerns one glance without eye movements or second thoughts; a few hundred recording sites
# stand for a whole area; and since then people have learned to alter pictures invisibly so that
# networks fail and we do not. Two systems trained by the same world may end up with similar
# answers by different roads. *Similar in what can be read out*: that much was measured. *A model
# of the brain*: that was not.
#
# Cadieu CF, Hong H, Yamins DLK, Pinto N, Ardila D, Solomon EA, Majaj NJ, DiCarlo JJ (2014). Deep
# neural networks rival the representation of primate IT cortex for core visual object
# recognition. *PLoS Computational Biology* 10(12): e1003963.
#
# ## In their own words: a multilayer perceptron in Keras
#
# This lesson is written once, for every framework. What would somebody write who uses just one?
# Here is the deep network of today in Keras, and you can read every word of it: the layers and
# their bends, the ball that keeps its speed, the loss, and off it goes.
#
# ```python
# model = keras.Sequential([
#     keras.Input((784,)),
#     layers.Dense(128, activation="relu"),
#     layers.Dense(64, activation="relu"),
#     layers.Dense(10),
# ])
# loss = losses.SparseCategoricalCrossentropy(from_logits=True)
# model.compile(keras.optimizers.SGD(0.05, momentum=0.9), loss)
# model.fit(x, y, batch_size=100, epochs=15)
# ```
#
# Two things are left out, the penalty and the lowered rate. With them it is
# `lessons/native/lesson4_keras.py`, and beside it stand the same forty lines in PyTorch,
# TensorFlow, JAX, PyTensor, NumPy and scikit-learn. Do they compute the same? Start all of them
# from the weights of this lesson, and look at two at a time: `make side-by-side LESSON=4`. What
# their numbers have in common is everything, to the last digits.
#
# ## A soft bend, for those who compare digits
#
# One more run, short, with **tanh** instead of relu. It is here for the comparison between
# backends. If you run this lesson on two of them in float32, you will find that the three relu
# runs agree for a while and may then part, in the later digits of the loss and in some of the
# predictions. None of them is wrong. A rounding error of 0.0000001 can push a hidden neuron over
# the corner of its relu, from *silent* to *speaking*, and from then on the two networks train on
# slightly different gradients. tanh has no corner: small differences stay small, and can be
# judged strictly. In float64 the errors are so much smaller that the relu runs agree as well. Try
# it: `DTYPE=float64`.

# %%
soft = Net(stack("tanh"), "softmax", l2=1e-3)
gentle = SGD(0.02, momentum=0.9)
lesson.train("tanh", soft, gentle, epochs=min(4, epochs), **settings)

# %%
lesson.table(
    "What each layer knows (momentum)",
    ["", "numbers", "linear probe", "spread between the classes"],
    [[stage, width, f"{accuracy:.1%}", f"{apart:.0%}"] for stage, width, accuracy, apart in probes],
)
lesson.table(
    f"On the same {len(y_test):,} test pictures",
    ["", "knobs", "epochs", "final loss", "test accuracy", "against softmax"],
    [
        [name, f"{sum(p.size for p in run.params):,}", run.epochs, f"{run.losses[-1]:.4f}",
         f"{lesson.accuracies[name]:.2%}",
         f"{100 * (lesson.accuracies[name] - lesson.accuracies['softmax']):+.2f} points"]
        for name, run in lesson.runs.items()
    ],
)  # fmt: skip
lesson.finish("momentum")

# %% [markdown]
# ## What to notice
#
# - A deep network is dense layers with a bend between them. Without the bend, the stack is one
#   layer.
# - Features used to be made by hand. Here the same gradient that trains the last layer makes
#   them.
# - Layer by layer the classes move apart, until a flat model can separate them. You can measure
#   that with a probe and see it in a picture.
# - Deep beats flat on the same pictures, by two to three points, and the spread over seeds is
#   smaller than that. Both halves of the sentence are needed.
# - SGD, momentum and Adam lead to similar places at different speeds.
# - It resembles the visual cortex in one measured respect. Say which one, whenever you say it.
#
# ## Exercises
#
# Predict first and write it down. Then run. Then explain the difference.
#
# 1. *(5 minutes)* Follow the corner (1, 1) through the two hidden neurons of XOR on paper. Then
#    find weights for AND and for OR. Do they need the hidden layer?
# 2. *(10 minutes)* `make lesson4 EPOCHS=2` and then 5. Which optimizer is ahead early, which at
#    the end?
# 3. *(15 minutes)* `make lesson4 SEEDS=5`. Write the gain as *mean ± standard deviation*. How
#    many seeds would you want before you believed in a gain of half a point?
# 4. *(15 minutes)* Replace `"relu"` by `"identity"` in `deep`. Which number from this lesson do
#    you get, and why not a better one, with a hundred thousand knobs?
# 5. *(20 minutes)* Keep the hidden layers as they are before training (make a `lesson.Model` with
#    `lesson.initial_weights(deep)`) and probe them. Random features! How much of the gain is
#    left?
# 6. *(20 minutes)* Train softmax regression for 100 epochs instead of 15. How much of the gain
#    was only patience? Then give the deep network half as many pictures. Which of the two suffers
#    more?
# 7. *(30 minutes)* One hidden layer of 600 neurons has more knobs than 128 and 64. Which wins?
#    And five layers of 40? Use several seeds, and do not choose on the test pictures: how will
#    you choose?
# 8. *(open)* Set Sobel's filters against the learned ones: make features from edges by hand, as
#    many as you like, and put lesson 3 on top of them. How near do you come to the deep network,
#    and how long did it take you?
