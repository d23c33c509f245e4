# %% [markdown]
# # Exercises of lesson 7 · Convolution
#
# Seven exercises, from ten minutes to twenty. **Predict** first, and write your prediction into the
# variable whose name begins with `predicted`. Then replace each `...` by your own code, **run**,
# and **explain** the difference. `make check7` counts your points, and gives a hint where some are
# missing. A wrong prediction costs one point and no more; without a prediction, an exercise gives
# no points.
#
# Do the work yourself, with Python and NumPy alone: use neither the course's own code nor another
# library, unless an exercise says so.
#
# All predictions here can be worked out with a pencil and squared paper.

# %%
import numpy as np

from adapters.contract import SGD, Dense, Net
from adapters.layers import Conv2D, Flatten
from classroom import open_exercises

exercises = open_exercises(7)
rng = np.random.default_rng(exercises.seed)

# %% [markdown]
# ## 1 · Count the knobs
#
# *10 minutes, 4 points*
#
# A colour photograph has 32 × 32 pixels of three numbers each: red, green and blue. A layer looks
# at it through 32 windows of 5 × 5 pixels, and each window sees all three colours. **Predict**, on
# paper: how many knobs does this layer have? And a dense layer of 32 neurons at the same place?

# %%
### BEGIN SOLUTION
predicted_windows = 2432  # 5 · 5 · 3 · 32 weights and 32 biases
predicted_dense = 98336  # 32 · 32 · 3 · 32 weights and 32 biases
### STUDENT: predicted_windows = ...
### STUDENT: predicted_dense = ...
### END SOLUTION

# %% [markdown]
# Now for networks like the lesson's, of any size. A picture of `height` × `width` × `channels`
# comes in. `windows` says how many windows each convolution has, one after the other: `[8, 16]` in
# the lesson. All windows are 3 × 3, and stay inside the picture. After each convolution comes a
# pool of 2 × 2; if a row or a column is left over, it is dropped. At the end everything is
# flattened, and a dense layer gives a score to each class. How many knobs does the whole network
# have? (The lesson has printed one number to compare with.)


# %%
def knobs(height, width, channels, windows, classes):  # -> how many in the whole network
    ### BEGIN SOLUTION
    count = 0
    for n in windows:
        count += 3 * 3 * channels * n + n
        height, width, channels = (height - 2) // 2, (width - 2) // 2, n
    return count + height * width * channels * classes + classes
    ### END SOLUTION


print("the lesson's network:", knobs(28, 28, 1, [8, 16], 10))
print("with twice the windows:", knobs(28, 28, 1, [16, 32], 10))

# %% [markdown]
# **Explain**: the photographs become twice as high and twice as wide. Which of your numbers change,
# and which do not?
#
# ## 2 · Slide it by hand
#
# *15 minutes, 5 points*
#
# Here is a picture with a bright diagonal, and a small window:
#
# ```
# 1 0 0 0
# 0 2 0 0        1  0
# 0 0 3 0        0 −1
# 0 0 0 4
# ```
#
# **Predict**: what does the window find in the upper left corner? And how many places are there, in
# rows and in columns, for a window of 3 × 3 on a picture of 7 × 10 (7 high, 10 wide) that moves by
# *two* pixels at a time, and never leaves the picture?

# %%
### BEGIN SOLUTION
predicted_sum = -1
predicted_places = [3, 4]
### STUDENT: predicted_sum = ...
### STUDENT: predicted_places = ...  # [rows, columns]
### END SOLUTION

# %% [markdown]
# Write it: multiply and sum at each place, from left to right and from top to bottom. The window
# need not be square. It is used as it is written, and not turned. `stride` is by how many pixels it
# moves, in both directions.


# %%
def slide(picture, window, stride):  # (h, w), (k, m), a number -> (rows, columns) of sums
    ### BEGIN SOLUTION
    (h, w), (k, m) = picture.shape, window.shape
    across = range(0, w - m + 1, stride)
    down = range(0, h - k + 1, stride)
    return np.array(
        [[np.sum(picture[i : i + k, j : j + m] * window) for j in across] for i in down]
    )
    ### END SOLUTION


diagonal = np.diag([1, 2, 3, 4])
upright = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])  # Sobel's window
print(slide(diagonal, np.array([[1, 0], [0, -1]]), 1))
print(slide(np.array([[0, 0, 9, 9, 9]] * 5), upright, 1))  # the lesson's picture

# %% [markdown]
# **Explain**: a mathematician turns the window by half a turn first. For which windows does that
# change nothing at all, for which only the sign, and for which everything? (Sobel's is one of the
# three kinds.) Why does a network that learns its windows not care?
#
# ## 3 · The largest of four
#
# *15 minutes, 5 points*
#
# A pool looks at squares of 2 × 2 numbers, and the largest of each goes on. On the way back the
# slope of that one number arrives at the square, and has to go to somebody. **Predict**: a slope of
# 5 arrives. What do the four numbers of this square get, row by row? (You remember the lesson's
# rule for equal numbers.)
#
# ```
# 3 7
# 7 1
# ```

# %%
### BEGIN SOLUTION
predicted_shares = [0, 5, 0, 0]
### STUDENT: predicted_shares = ...  # four numbers
### END SOLUTION

# %% [markdown]
# Write both ways. If the picture has a row or a column too many, it is left over: nobody looks at
# it, and its slope is zero. `back` should give a new array, and leave the old ones as they are.


# %%
def pool(picture):  # (h, w) -> (h // 2, w // 2)
    ### BEGIN SOLUTION
    h, w = (side // 2 for side in picture.shape)
    return picture[: 2 * h, : 2 * w].reshape(h, 2, w, 2).max(axis=(1, 3))
    ### END SOLUTION


def back(picture, slope):  # (h, w), (h // 2, w // 2) -> the slope by each pixel, (h, w)
    ### BEGIN SOLUTION
    shares = np.zeros(picture.shape)
    for i, j in np.ndindex(slope.shape):
        square = picture[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        row, column = divmod(int(np.argmax(square)), 2)
        shares[2 * i + row, 2 * j + column] = slope[i, j]
    return shares
    ### END SOLUTION


digits = rng.integers(0, 3, size=(4, 5))  # full of equal numbers
print(digits, pool(digits), back(digits, np.array([[1.0, 2], [3, 4]])), sep="\n")

# %% [markdown]
# **Explain**: a relu comes before the pool, and a dark patch of the picture gives four zeros. Who
# gets the slope? Does it matter, after the relu has had its turn?
#
# ## 4 · How far does it see?
#
# *15 minutes, 4 points*
#
# One number of the last layer depends on a patch of the picture, its receptive field. **Predict**:
# three convolutions of 3 × 3, one after the other, no pool. How many pixels wide is the patch? And
# if the *first* of them moves by two pixels at a time?

# %%
### BEGIN SOLUTION
predicted_field = 7
predicted_field_by_two = 11
### STUDENT: predicted_field = ...
### STUDENT: predicted_field_by_two = ...
### END SOLUTION

# %% [markdown]
# Write the function. Each layer is a pair: the size of its window, and by how much it moves. A pool
# of 2 × 2 is the pair `(2, 2)`. (Draw two layers on squared paper and count backwards: how far
# apart, in pixels of the *picture*, are two neighbours of a layer?)


# %%
def field(layers):  # [(size, stride), …], from the picture on -> pixels
    ### BEGIN SOLUTION
    wide, apart = 1, 1
    for size, stride in layers:
        wide += (size - 1) * apart
        apart *= stride
    return wide
    ### END SOLUTION


lesson = [(3, 1), (2, 2), (3, 1), (2, 2)]
print("the lesson's four layers:", [field(lesson[: i + 1]) for i in range(4)])

# %% [markdown]
# **Explain**: one window of 7 × 7 sees as far as three of 3 × 3. Which has more knobs? And what
# stands between the three that the one does not have?
#
# ## 5 · How many zeros?
#
# *15 minutes, 4 points*
#
# `padding="same"` puts zeros around the picture. The rule is the same for rows and for columns, so
# one side is enough. There are *side / stride* places, rounded up. The first window begins at the
# first zero, and the last window has to fit: just as many zeros as that takes, and never fewer than
# none. Half of them go before the picture and half after it. If one is left over, it goes after.
#
# **Predict**: 28 pixels and a window of 3. How many zeros are before and after if it moves by one?
# And if it moves by two?

# %%
### BEGIN SOLUTION
predicted_by_one = [1, 1]
predicted_by_two = [0, 1]
### STUDENT: predicted_by_one = ...  # [before, after]
### STUDENT: predicted_by_two = ...
### END SOLUTION


# %%
def same(side, size, stride):  # -> zeros before, zeros after, places
    ### BEGIN SOLUTION
    places = -(-side // stride)  # rounded up
    zeros = max((places - 1) * stride + size - side, 0)
    return zeros // 2, zeros - zeros // 2, places
    ### END SOLUTION


for side, size, stride in ((28, 3, 1), (28, 3, 2), (27, 3, 2), (28, 5, 2), (7, 1, 3)):
    print(f"{side} pixels, a window of {size}, by {stride}:", same(side, size, stride))

# %% [markdown]
# **Explain**: somebody writes `padding=1`, which is one zero on each side, for 28 pixels and a
# window of 3 that moves by two. How many places does that give? Where does the first window stand?
# And with 27 pixels?
#
# ## 6 · Carry it over
#
# *20 minutes, 6 points*
#
# A friend has trained a network in a framework that puts the *channels first*. She sends you two
# arrays of weights:
#
# - the kernel of a convolution, (windows, channels, rows, columns);
# - the kernel of the dense layer behind it, (classes, numbers). Before it her pictures, of
#   (windows, rows, columns), were flattened: window by window, and in each of them row by row.
#
# Here a kernel is (rows, columns, channels, windows), a picture is (rows, columns, windows), it is
# flattened place by place, and a dense kernel is (numbers, classes).
#
# **Predict**: what she flattens are 16 pictures of 5 × 5. Look for the number in row 2, column 3 of
# picture 4. (All of them are counted from 0.) At which place does it stand in her flat list? And in
# ours?

# %%
### BEGIN SOLUTION
predicted_hers = 113  # (4 · 5 + 2) · 5 + 3
predicted_ours = 212  # (2 · 5 + 3) · 16 + 4
### STUDENT: predicted_hers = ...
### STUDENT: predicted_ours = ...
### END SOLUTION

# %% [markdown]
# Now carry the weights over. `rows`, `columns` and `windows` are those of the pictures that are
# flattened.


# %%
def carried_windows(kernel):  # (windows, channels, k, k) -> (k, k, channels, windows)
    ### BEGIN SOLUTION
    return kernel.transpose(2, 3, 1, 0)
    ### END SOLUTION


def carried_dense(kernel, rows, columns, windows):  # (classes, numbers) -> (numbers, classes)
    ### BEGIN SOLUTION
    her_order = kernel.reshape(-1, windows, rows, columns)
    return her_order.transpose(2, 3, 1, 0).reshape(-1, len(kernel))
    ### END SOLUTION


def her_scores(pictures, kernel, dense):  # (n, channels, h, w): her network, in slices
    h, w = (side - 2 for side in pictures.shape[2:])
    found = sum(
        np.einsum("nchw,mc->nmhw", pictures[:, :, i : i + h, j : j + w], kernel[:, :, i, j])
        for i in range(3) for j in range(3)
    )  # fmt: skip
    return found.reshape(len(found), -1) @ dense.T


hers = rng.normal(size=(4, 2, 3, 3)), rng.normal(size=(10, 4 * 3 * 5))
pictures = rng.normal(size=(6, 2, 5, 7))
net = Net((Conv2D(2, 4), Flatten(), Dense(60, 10)), "softmax", input_shape=(5, 7, 2))
ours = carried_windows(hers[0]), carried_dense(hers[1], 3, 5, 4)
shapes = [np.shape(kernel) for kernel in ours]
print("the shapes of the kernels:", shapes, "and needed are", net.shapes[::2])
if shapes == net.shapes[::2]:
    model = exercises.Model(net, [ours[0], np.zeros(4), ours[1], np.zeros(10)], SGD(0.1))
    apart = np.abs(model.forward(pictures.transpose(0, 2, 3, 1)) - her_scores(pictures, *hers))
    print(f"her network and ours differ by {apart.max():.0e}")

# %% [markdown]
# **Explain**: `reshape` alone gives arrays of the right shapes, too. What has become of the windows
# then? Why does no framework complain?
#
# ## 7 · A defect on the way back
#
# *20 minutes, 5 points*
#
# Here is a convolution in NumPy, forwards and backwards, as somebody might write it for a backend
# of their own. (The pictures are square, and `zeros` says how many are put before and after them.)
# One line of it is wrong. All shapes fit, no error is raised, and the loss of a network even falls.
#
# Backwards gets the slope of the loss by what came out, and finds three others: by the kernel, by
# the bias, and by the pictures. **Predict**: which of these three would still be right if backwards
# looked at *other pictures* than forwards? (A list of names, such as `["kernel", "bias"]`. Think
# of a dense layer first: x·W + b.)

# %%
### BEGIN SOLUTION
predicted_right = ["bias", "pictures"]
### STUDENT: predicted_right = ...
### END SOLUTION

# %% [markdown]
# The cell below nudges one entry of each, as in lesson 4. It does that twice: with windows that
# move by one pixel, and by two. Run, look at what it prints, then mend the line.


# %%
def windows_on(pictures, size, stride):  # (n, h, w, c) -> size · size parts, (n, rows, columns, c)
    places = (pictures.shape[1] - size) // stride + 1
    steps = [slice(i, i + stride * places, stride) for i in range(size)]
    return [pictures[:, down, right] for down in steps for right in steps]


def forwards(pictures, kernel, bias, stride, zeros):  # -> (n, rows, columns, windows)
    before, after = zeros
    framed = np.pad(pictures, ((0, 0), (before, after), (before, after), (0, 0)))
    parts = windows_on(framed, len(kernel), stride)
    weights = kernel.reshape(-1, *kernel.shape[2:])  # one matrix for each of a window's pixels
    return sum(part @ w for part, w in zip(parts, weights, strict=True)) + bias


def backwards(pictures, kernel, slope, stride, zeros):  # -> by kernel, by bias, by pictures
    before, after = zeros
    ### BEGIN SOLUTION
    framed = np.pad(pictures, ((0, 0), (before, after), (before, after), (0, 0)))
    ### STUDENT: framed = np.pad(pictures, ((0, 0), (after, before), (after, before), (0, 0)))
    ### END SOLUTION
    parts = windows_on(framed, len(kernel), stride)
    by_kernel = [np.tensordot(part, slope, axes=((0, 1, 2), (0, 1, 2))) for part in parts]
    by_framed = np.zeros(framed.shape)
    weights = kernel.reshape(-1, *kernel.shape[2:])
    for seen, w in zip(windows_on(by_framed, len(kernel), stride), weights, strict=True):
        seen += slope @ w.T  # a pixel hears from every window that has seen it
    side = slice(before, before + pictures.shape[1])
    return np.reshape(by_kernel, kernel.shape), slope.sum((0, 1, 2)), by_framed[:, side, side]


def nudged(values, which, place, given, slope, by=0.01):  # the slope by one entry, by trying
    losses = []
    for way in (by, -by):
        changed = [value.copy() for value in values]
        changed[which][place] += way
        pictures, kernel, bias = changed
        losses.append(np.sum(slope * forwards(pictures, kernel, bias, *given)))
    return (losses[0] - losses[1]) / (2 * by)


for stride, zeros in ((1, (1, 1)), (2, (0, 1))):
    values = rng.normal(size=(5, 6, 6, 2)), rng.normal(size=(3, 3, 2, 4)), rng.normal(size=4)
    slope = rng.normal(size=forwards(*values, stride, zeros).shape)
    by_kernel, by_bias, by_pictures = backwards(values[0], values[1], slope, stride, zeros)
    print(f"windows that move by {stride}:")
    for which, name, says in ((1, "kernel", by_kernel), (2, "bias", by_bias),
                              (0, "pictures", by_pictures)):  # fmt: skip
        place = (0,) * says.ndim  # the first entry of each
        is_so = nudged(values, which, place, (stride, zeros), slope)
        print(f"  {name}: backwards says {says[place]:+.3f}, the nudge {is_so:+.3f}")

# %% [markdown]
# **Explain**: somebody has tested this with 27 × 27 pixels and windows that move by two, and found
# nothing. Why? Which sizes would you test with? (You have heard it in lesson 6: *never test with
# numbers that divide*. What is the word for it here?)
