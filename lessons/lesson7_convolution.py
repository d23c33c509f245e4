# %% [markdown]
# # Lesson 7 · Convolution
#
# **Why look through a small window?**
#
# In lesson 4 the neurons of the first layer became edge detectors, and nobody had told them to.
# That was the good news. Here is the bad news: each of them reads the *whole* picture, with a
# weight of its own for every pixel. A neuron that has learned the edge of a sleeve has learned it
# *at this place*. Two pixels further to the right stand other weights, which know nothing of
# sleeves. The same edge has to be learned again there, by another neuron, from other examples.
#
# If that is true, there is an easy way to embarrass it. Take the trained network and show it the
# test pictures once more, only slid to the right. A person would not even notice.

# %%
import numpy as np
from matplotlib import pyplot as plt

from adapters.contract import SGD, Dense, Net
from adapters.layers import Conv2D, Flatten, Pool2D, Positions, Reshape
from course import open_lesson
from course.plotting.charts import numbers, panels, signed
from course.plotting.convolution import receptive_fields, window_at_work
from course.plotting.style import COLOURS, LINES
from course.training import predictions

lesson = open_lesson(7)
data = lesson.data("fashion10k")
epochs = lesson.epochs(9)
learning_rate = lesson.learning_rate(0.05)
first, second = (max(1, round(n)) for n in lesson.knobs(8, 16))  # windows in the two layers

x, y = lesson.numbers(data.x_train / 255)[..., None], data.y_train  # (n, h, w, 1), (n,)
x_test, y_test = lesson.numbers(data.x_test / 255)[..., None], data.y_test
shape, classes = x.shape[1:], data.n_classes  # shape: (height, width, 1)
pixels = int(np.prod(shape))

settings = {"x": x, "y": y, "batch_size": 100, "lower_by": 10, "test": (x_test, y_test)}
walk = SGD(learning_rate, momentum=0.9)

# %% [markdown]
# ## Slide the picture
#
# So first lesson 4 again, as it was: two hidden layers, 128 and 64 neurons, momentum, the penalty,
# the lowered rate in the last third. (Only the pictures keep their shape now, so the network begins
# by writing the rows of pixels side by side: *flatten* is the name for that.)

# %%
dense = Net(
    (Flatten(), Dense(pixels, 128, "relu"), Dense(128, 64, "relu"), Dense(64, classes)),
    "softmax", l2=1e-3, input_shape=shape,
)  # fmt: skip
lesson.train("dense", dense, walk, epochs=round(epochs * 5 / 3), **settings)


def slid(pictures, by):  # (n, h, w, 1): to the right, and black comes in from the left
    moved = np.zeros_like(pictures)
    moved[:, :, by:] = pictures[:, :, : pictures.shape[2] - by]
    return moved


def accuracy(run, pictures):
    return float((predictions(run.net, run.model.forward(pictures)) == y_test).mean())


far = min(4, shape[1] - 1)
slides = range(far + 1)
of_dense = [accuracy(lesson.runs["dense"], slid(x_test, by)) for by in slides]
lesson.say(
    "dense, test pictures slid by 0, 1, 2 … pixels: " + ", ".join(f"{a:.1%}" for a in of_dense)
)

# %% [markdown]
# Do you see what happens? Nothing has changed in the pictures that you or I would call a change.
# After *two pixels* the network has lost every third of its right answers. It has not learned what
# a shirt looks like. It has learned what a shirt looks like *when it hangs exactly there*.
#
# ## The same nine numbers, everywhere
#
# Lesson 4 has shown the remedy already, and went past it. Do you remember Sobel's window? Nine
# numbers, moved over the picture, and at each place *multiply and sum*. The edge at the left and
# the edge at the right are found by the same nine numbers. Nothing has to be learned twice, because
# there is nothing else to learn. One neuron that looks through a small window, and the window
# slides: this is called a **convolution**, and it is still lesson 3's dot product, only with nine
# pixels at a time.

# %%
upright = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
picture = np.array([[0, 0, 9, 9, 9]] * 5)

# %% tags=["hide-input"]
figure = window_at_work(picture, upright, at=(1, 0))
lesson.show(
    figure, "window",
    alt="A picture of 5 by 5 numbers, zeros at the left and nines at the right; a window of 3 by 3 "
    "numbers over a part of it; and the 3 by 3 sums that it finds: large where dark turns into "
    "bright, and zero where everything is bright. One of the sums is written out below.",
)  # fmt: skip

# %% [markdown]
# (Mathematicians turn the window by half a turn before they slide it, and call only that a
# convolution. No framework does. We shall see below what happens to somebody who does.)
#
# Only one thing is different from 1968: nobody writes the nine numbers down. They are knobs. They
# start at random, and the gradient tells for each of them which way to turn. How large is such a
# gradient? Each number is used at every place of the picture, so it gets a word from all of them,
# and they are added up.
#
# ## Count the knobs
#
# Here is the network of today. It has eight windows in its first layer, so it makes eight pictures
# out of one. The second layer looks through sixteen windows at all eight of them at once (so each
# of its windows has 3 × 3 × 8 numbers). In between, **pooling**: of each square of 2 × 2 numbers
# only the largest goes on. *There is an edge somewhere here*: that is all the next layer gets to
# know, and it need not know more. Try to work out the number of knobs before you look.

# %%
padding = "valid" if min(shape[:2]) >= 10 else "same"


def looking(bend, pool):
    windows = (
        Conv2D(1, first, 3, padding=padding, activation=bend),
        Pool2D(pool, 2, padding=padding),
        Conv2D(first, second, 3, padding=padding, activation=bend),
        Pool2D(pool, 2, padding=padding),
        Flatten(),
    )
    (width,) = Net(windows, "softmax", input_shape=shape).outputs[-1]
    return Net((*windows, Dense(width, classes)), "softmax", l2=1e-3, input_shape=shape)


def knobs(layer):
    return sum(int(np.prod(parameter.shape)) for parameter in layer.parameters)


windows = looking("relu", "max")
for title, net in (("dense", dense), ("windows", windows)):
    lesson.table(
        f"{title}: {sum(map(knobs, net.layers)):,} knobs", ["layer", "gives", "knobs"],
        [[type(layer).__name__, " × ".join(map(str, after)), f"{knobs(layer):,}"]
         for layer, after in zip(net.layers, net.outputs, strict=True)],
    )  # fmt: skip

# %% [markdown]
# Eight windows of nine numbers and a bias each are 80 knobs. The dense layer at the same place has
# 100,480. Nearly all knobs of the new network sit in its *last* layer, which is lesson 3 again: it
# looks at what the windows have found, and where.
#
# ## Train it with the same care
#
# Same pictures, same rule, same penalty, the lowered rate in the last third, and nobody looks at
# the test pictures before the end. A step with windows costs more than a dense one, since the same
# nine numbers are multiplied hundreds of times, so it gets fewer epochs.

# %%
lesson.train("windows", windows, walk, epochs=epochs, **settings)
right = {
    name: predictions(run.net, run.model.forward(x_test)) == y_test
    for name, run in lesson.runs.items()
}
gain = right["windows"].mean() - right["dense"].mean()
size = {name: sum(p.size for p in run.params) for name, run in lesson.runs.items()}
only = {
    name: np.sum(right[name] & ~right[other])
    for name, other in (("windows", "dense"), ("dense", "windows"))
}
lesson.measure("gain", gain)
lesson.say(
    f"windows: {right['windows'].mean():.2%} with {size['windows']:,} knobs; dense: "
    f"{right['dense'].mean():.2%} with {size['dense']:,}, {size['dense'] / size['windows']:.0f} "
    f"times as many. Only windows is right on {only['windows']} of {len(y_test):,} test pictures, "
    f"only dense on {only['dense']}"
)

# %% tags=["hide-input"]
figure, ax = plt.subplots(figsize=(9, 4.8))
for i, (name, run) in enumerate(lesson.runs.items()):
    label = f"{name}: {size[name]:,} knobs, {lesson.accuracies[name]:.2%} of the test pictures"
    per_epoch = run.loss_per_epoch()
    ax.plot(np.arange(len(per_epoch)) + 0.5, per_epoch, LINES[i], marker="os"[i],
            color=COLOURS[i], label=label)  # fmt: skip
ax.set(xlabel="epoch", ylabel="loss, mean of the epoch")
ax.set_title("The same pictures, through the whole and through windows")
ax.legend()
ax.set_ylim(bottom=0)
lesson.show(
    figure, "training",
    alt=f"The loss in each epoch of the dense network with {size['dense']:,} knobs and of the "
    f"network with windows, {size['windows']:,} knobs. Test accuracies: dense "
    f"{lesson.accuracies['dense']:.1%}, windows {lesson.accuracies['windows']:.1%}.",
)  # fmt: skip

# %% [markdown]
# Be honest with this number. It is *the same accuracy with a twentieth of the knobs*, and not more.
# With one seed windows are ahead by a little, with the next one behind. `make lesson7 SEEDS=5`
# prints the mean of the difference and its spread, and on my machine it was −0.2 ± 0.5 points: the
# spread is the larger of the two. More windows buy something. With `KNOBS="16 32"`, a ninth of the
# dense network's knobs, the same five seeds gave 1.1 ± 0.6 points, in three times the time. (On the
# large photographs for which windows were made the difference is another story, and you can find it
# in the newspapers.)
#
# But we did not come for the accuracy. Slide the pictures again.

# %%
of_windows = [accuracy(lesson.runs["windows"], slid(x_test, by)) for by in slides]
two = min(2, far)
lesson.measure("gain when slid by two pixels", of_windows[two] - of_dense[two])

# %% tags=["hide-input"]
figure, (left, ax) = plt.subplots(1, 2, figsize=(11, 4.2), width_ratios=(2, 3))
left.axis("off")
left.imshow(np.hstack([slid(x_test[:1], by)[0, ..., 0] for by in (0, two, far)]))
left.set_title(f"the same picture, slid by 0, {two} and {far}")
shares = ("the dense network", of_dense), ("the network with windows", of_windows)
for i, (name, values) in enumerate(shares):
    ax.plot(slides, values, LINES[i], marker="os"[i], color=COLOURS[i], label=name, markersize=9)
ax.set(xlabel="pixels to the right", xticks=list(slides), ylabel="of the test pictures, right")
ax.yaxis.set_major_formatter("{x:.0%}")
ax.set_ylim(bottom=0)
ax.legend()
lesson.show(
    figure, "slid",
    alt="A test picture slid to the right, and the share of right answers by the number of pixels: "
    + "; ".join(f"slid by {by}: dense {a:.0%}, windows {b:.0%}"
                for by, a, b in zip(slides, of_dense, of_windows, strict=True)) + ".",
)  # fmt: skip

# %% [markdown]
# Better, and not good. Why not perfect, if the windows find an edge wherever it is? Because the
# *last* layer is dense. The windows report "an edge, here", and the layer behind them has learned
# what it means *here*. Pooling forgives it a pixel or so, and that is what you see. (How would you
# make the last layer forget the place altogether? Exercise 6.)
#
# ## What the windows have learned

# %% tags=["hide-input"]
kernel = lesson.runs["windows"].params[0][:, :, 0]  # (3, 3, windows)
shown = min(first, 16)
figure, axes = panels(shown + 2, columns=min(shown + 2, 10), side=1.15, title=0.32)
for i, ax in enumerate(axes[:shown]):
    signed(ax, kernel[..., i])
    ax.set_title(f"{i + 1}", fontsize=11)
for ax, sobel in zip(axes[shown:], (upright, upright.T), strict=True):
    signed(ax, sobel)
    numbers(ax, sobel)
    ax.set_title("Sobel", fontsize=11)
flat = kernel.reshape(9, -1) / np.linalg.norm(kernel.reshape(9, -1), axis=0)
sobels = np.stack([upright.ravel(), upright.T.ravel()]) / np.linalg.norm(upright)
alike = np.abs(sobels @ flat).max(0)  # 1 is Sobel's window itself, or its negative
lesson.say(
    f"the window most like Sobel's: number {alike.argmax() + 1}, with {alike.max():.2f} of 1"
)
lesson.show(
    figure, "learned_windows",
    alt=f"{shown} windows of 3 by 3 learned numbers, several bright on one side and dark on "
    "the other, beside Sobel's two windows of 1968.",
)  # fmt: skip

# %% [markdown]
# Bright on one side, dark on the other. Nobody told them either. With nine numbers there is
# not much else that is worth looking for: edges in some direction, dots, and the plain mean.
#
# ## A picture walks through the network

# %% tags=["hide-input"]
stages = lesson.runs["windows"].model.activations(x_test[:1])
names = ["the picture", "through windows", "pooled once", "windows of windows", "pooled again"]
maps = [x_test[0], *(a[0] for a in stages[:4])]
columns = 6
figure, axes = panels(5 * columns, columns=columns, side=1.35, title=0.3)
for row, (name, values) in enumerate(zip(names, maps, strict=True)):
    if row not in (2, 4):  # a pooled row shows the pictures of the row above it
        liveliest = np.argsort(-values.std((0, 1)), kind="stable")[:columns]
    for place, channel in enumerate(liveliest):
        axes[columns * row + place].imshow(values[..., channel])
    height, width, channels = values.shape
    above = axes[columns * row].annotate(
        f"{name}: {channels} of {height} × {width}", (0, 1.06), xycoords="axes fraction"
    )
    above.set_in_layout(False)  # it is wider than its picture, which a title would move
lesson.show(
    figure, "walk",
    alt="A test picture; the pictures that six windows make of it, with its outline; the same at "
    "half the size; what six windows of the second layer make of those; and that at half the size "
    "again: a few bright spots.",
)  # fmt: skip

# %% [markdown]
# From top to bottom the pictures become smaller, and each pixel means more. A number in the last
# row is large if a certain *part* is there, somewhere in a patch of the picture. How large is that
# patch? A window sees 3 × 3 pixels. A window of windows sees 3 × 3 of *those*, with pooling in
# between. Count backwards:

# %% tags=["hide-input"]
fields = receptive_fields(windows.layers[:4])
figure, axes = panels(5, columns=5, side=2.1)
for ax, name, field in zip(axes, names, [1, *fields], strict=True):
    ax.imshow(x_test[0, ..., 0])
    corner = (shape[0] - field) // 2 - 0.5, (shape[1] - field) // 2 - 0.5
    ax.add_patch(plt.Rectangle(corner[::-1], field, field, fill=False, color=COLOURS[4], lw=3))
    ax.set_title(f"{name}\n{field} × {field}", fontsize=12)
lesson.show(
    figure, "receptive_fields",
    alt="The patch of the picture that one number of each layer depends on: "
    + ", ".join(f"{name} {side} by {side}" for name, side in zip(names, [1, *fields], strict=True))
    + " pixels.",
)  # fmt: skip

# %% [markdown]
# The patch is called the **receptive field**, a word from the physiology of the eye, where the same
# thing was measured in cats before anybody built it (Hubel & Wiesel 1959). LeCun and colleagues
# built it in 1989, to read postal codes.
#
# ## Five ways to carry it over wrongly
#
# The same network in another framework is a matter of ten minutes and two days: ten minutes to
# write it, and two days to find out why it answers nonsense. All frameworks multiply and sum. They
# do not agree on *in which order the numbers lie*. Each mix-up below fits in shape, raises no
# error, and has cost somebody a weekend. We take the trained network, mix up its weights, and
# count.

# %%
trained = lesson.runs["windows"].params
kernels = [i for i, parameter in enumerate(windows.parameters) if len(parameter.shape) == 4]
h, w, c = windows.outputs[3]


def changed(change, which):
    return [change(p) if i in which else p for i, p in enumerate(trained)]


def sorted_by_window(p):
    return p.reshape(h, w, c, -1).transpose(2, 0, 1, 3).reshape(p.shape)


mixed = [
    ("nothing mixed up", trained),
    ("windows turned by half a turn", changed(lambda p: p[::-1, ::-1], kernels)),
    ("rows of a window taken for columns", changed(lambda p: p.swapaxes(0, 1), kernels)),
    ("windows stored first, and only reshaped",
     changed(lambda p: p.transpose(3, 2, 0, 1).reshape(p.shape), kernels)),
    ("flattened window by window", changed(sorted_by_window, [len(trained) - 2])),
]  # fmt: skip
answers = [
    (name, predictions(windows, lesson.Model(windows, params, walk).forward(x_test)))
    for name, params in mixed
]
lesson.table(
    "The trained network, carried over", ["mix-up", "test accuracy"],
    [[name, f"{(answer == y_test).mean():.1%}"] for name, answer in answers],
)  # fmt: skip

# %% [markdown]
# The last one is the cruellest. The pictures were right, the windows were right, and only the
# writing side by side went *window by window* where it should have gone *place by place*.
#
# Two more, which change no weight at all. If a window moves by **two** pixels and the picture is
# widened by zeros so that all of it is seen (`padding="same"`), one column of zeros is missing on
# one side. Which? Here they are put *after* the picture. Elsewhere one writes `padding=1` and has
# them before it as well. The shape is the same, and every window looks one pixel further to the
# left and further up:

# %%
tiny = np.arange(1.0, 17).reshape(1, 4, 4, 1)
centre = np.zeros((3, 3, 1, 1))
centre[1, 1] = 1  # this window copies the pixel in its middle
after = Net((Conv2D(1, 1, 3, 2, "same"),), "squared", input_shape=(4, 4, 1))
before = Net((Conv2D(1, 1, 3, 2),), "squared", input_shape=(5, 5, 1))
put_before = np.pad(tiny, ((0, 0), (1, 0), (1, 0), (0, 0)))
for title, net, rows in (("after", after, tiny), ("before", before, put_before)):
    seen = lesson.Model(net, [centre, np.zeros(1)], walk).forward(rows)
    lesson.say(f"zeros {title} the picture: the windows stand on {seen.ravel().astype(int)}")

# %% [markdown]
# And pooling. If the two largest numbers of a square are *equal*, whose fault was it? The gradient
# has to go somewhere. A pooling layer gives all of it to the first. Somebody who writes pooling as
# "the maximum over an axis" may find it shared between them. Black patches of a picture are full of
# equal numbers, so this is not rare.

# %%
equal = Net((Positions(4, 1), Reshape((2, 2, 1)), Pool2D("max", 2), Flatten()), "squared")
model = lesson.Model(equal, [np.zeros((4, 1))], walk)
(share,) = model.gradients(np.ones((1, 4, 1)), np.zeros((1, 1)))
lesson.say(f"four equal pixels, and what each of them gets of the slope: {share.ravel()}")

# %% [markdown]
# ## A soft one, for those who compare digits
#
# As in lesson 4: one more run with gentle bends, for the comparison between backends in float32. A
# relu has a corner, and a maximum has one too, wherever two numbers are equal. So this run has
# tanh, and pools by the mean.

# %%
soft = looking("tanh", "mean")
gentle = SGD(0.02, momentum=0.9)
lesson.train("tanh", soft, gentle, epochs=min(2, epochs), **settings)

# %%
lesson.table(
    f"On the same {len(y_test):,} test pictures",
    ["", "knobs", "epochs", "final loss", "test accuracy"],
    [
        [name, f"{sum(p.size for p in run.params):,}", run.epochs, f"{run.losses[-1]:.4f}",
         f"{lesson.accuracies[name]:.2%}"]
        for name, run in lesson.runs.items()
    ],
)  # fmt: skip
lesson.finish("windows")

# %% [markdown]
# ## What to notice
#
# - A dense neuron learns each edge anew at each place. Slide the picture by two pixels, and it is
#   lost.
# - A window is nine knobs that are used everywhere. It is a dot product, and nothing else.
# - Pooling keeps the largest of a square: *there is something here*, and not exactly where.
# - Windows of windows see larger patches: edges, then parts.
# - Here it is the same accuracy with a twentieth of the knobs. The spread over seeds is larger than
#   the difference: say both.
# - Between frameworks it is the *order of the numbers* that goes wrong, and no error is raised.
#
# ## Exercises
#
# Predict first and write it down. Then run. Then explain the difference.
#
# 1. *(5 minutes)* Work out the knobs of both networks on paper: every line of the two tables.
# 2. *(10 minutes)* Slide the pictures up instead of to the right, and then both. Which of the ten
#    classes suffers most, and why?
# 3. *(15 minutes)* `make lesson7 SEEDS=5`, and then with `KNOBS="16 32"`. Write both gains as *mean
#    ± standard deviation*. What may you claim?
# 4. *(15 minutes)* Set the first layer to Sobel's two windows, their negatives and four of your
#    own, and keep it there. (Train only what comes after it: look at `lesson.Model` and `assign`.)
# 5. *(20 minutes)* Replace the maximum by the mean. Then take no pooling at all, and `stride=2` in
#    both convolutions. Which forgives a slide best?
# 6. *(20 minutes)* Make the last layer forget the place: replace `Flatten()` by `Mean()`. What
#    happens to the accuracy, and what to the slide? You will want more windows.
# 7. *(20 minutes)* Train the *dense* network on pictures that are slid at random by up to four
#    pixels. How much of the windows' advantage was only this?
# 8. *(open)* Find the mix-up with the smallest effect that you can. How would you notice it in a
#    network that somebody else has trained?
