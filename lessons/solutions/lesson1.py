# %% [markdown]
# # Exercises of lesson 1 · The perceptron
#
# Six exercises, from one of five minutes to one that has no end. Each goes the same way. First you
# **predict**, and write your prediction into the variable whose name begins with `predicted`. Then
# you replace each `...` by your own code, and **run**. Then you **explain**, to your neighbour or
# to yourself, why it came out as you said. Or why not, which is the better case: then you have
# found something that you did not know.
#
# `make check1` counts your points, and gives a hint where some are missing. A wrong prediction
# costs one point and no more; without a prediction, an exercise gives no points. Ask as often as
# you like; nobody counts.
#
# Do the work yourself, with Python and NumPy alone: use neither the course's own code nor another
# library, unless an exercise says so.

# %%
import numpy as np

import datasets
from classroom import open_exercises

exercises = open_exercises(1)

# %% [markdown]
# ## 1 · One house by hand
#
# *5 minutes, 3 points*
#
# A house has 3 bedrooms and 1.18 thousand square feet, and it is 12 km from town. Somebody has set
# the three knobs to 30, 250 and −8. **Predict**, on paper: which price does the neuron say, in
# thousands of dollars?

# %%
### BEGIN SOLUTION
predicted_price = 289  # 90 + 295 − 96
### STUDENT: predicted_price = ...
### END SOLUTION

# %% [markdown]
# Now write the whole model. Any number of inputs comes in, each with its weight, and one number
# comes out. There is no threshold in it.


# %%
def price(x, w):  # (inputs,), (inputs,) -> a number
    ### BEGIN SOLUTION
    return sum(np.multiply(x, w))
    ### END SOLUTION


print("it says", price(np.array([3, 1.18, 12]), np.array([30, 250, -8])))

# %% [markdown]
# **Explain**: which of the three knobs speaks *against* a price? Could a house come out with a
# price below zero? Would the neuron notice?
#
# ## 2 · Turn the knobs yourself
#
# *10 minutes, 3 points*
#
# The houses of the lesson: bedrooms, living area in thousands of square feet, kilometres from the
# middle of Seattle, and prices in thousands of dollars. With my knobs, 50, 200 and −10, half of
# them are off by more than 30% of their price. **Predict**: how far down can you turn that, as a
# number such as 0.3, which is 30%? (Any honest guess that is better than mine has its point.)

# %%
### BEGIN SOLUTION
predicted_error = 0.24
### STUDENT: predicted_error = ...  # between 0 and 0.3
### END SOLUTION

# %%
houses = datasets.load("houses")
north = (houses.columns["latitude"] - 47.605) * 111.2
east = (houses.columns["longitude"] + 122.335) * 75.0
x = np.column_stack(
    [houses.columns["bedrooms"], houses.columns["living_area"] / 1000, np.hypot(north, east)]
)  # (houses, 3)
sold_for = houses.price / 1000  # (houses,)


def typical_error(w):
    """Half of the houses are off by more than this part of their price."""
    return float(np.median(abs((x * w).sum(axis=1) - sold_for) / sold_for))


print(f"my knobs: {typical_error([50, 200, -10]):.1%}")

# %% [markdown]
# Your turn. Change one number, run the cell, look, change the next. Get below **24%**. Watch your
# own fingers: when do you begin to make smaller moves?

# %%
### BEGIN SOLUTION
my_knobs = [50, 230, -7]
### STUDENT: my_knobs = ...  # [a bedroom, a thousand square feet, a kilometre]
### END SOLUTION

if my_knobs is not ...:
    print(f"your knobs: {typical_error(my_knobs):.1%}")

# %% [markdown]
# **Explain**: write down what you did, as instructions that a machine could follow. Keep them; you
# will need them in lesson 2.
#
# ## 3 · Rosenblatt's rule
#
# *20 minutes, 5 points*
#
# All knobs at zero: two weights and a bias. The neuron is shown the point (2, −1), whose right
# answer is −1. **Predict**, on paper: where do the three knobs stand after that? (The score is
# exactly 0: on the fence. That counts as a mistake.)

# %%
### BEGIN SOLUTION
predicted_knobs = [-2, 1, -1]
### STUDENT: predicted_knobs = ...  # [first weight, second weight, bias]
### END SOLUTION

# %% [markdown]
# Now the complete rule. Start with all knobs at zero. Visit the rows in their order, one after the
# other. If the answer is right, leave the knobs alone. If it is wrong, or on the fence: *w ← w + y
# · x* and *b ← b + y*. Stop after a whole pass without a mistake, or after so many `passes`.
# (`x.shape[1]` is the number of inputs, `np.zeros` makes as many zeros as you like, and `for row,
# answer in zip(x, y):` gives you one row after the other, each with its right answer.)


# %%
def learn(x, y, passes):  # (n, inputs), (n,) of +1 and -1 -> weights, bias, number of mistakes
    ### BEGIN SOLUTION
    w, b, mistakes = np.zeros(x.shape[1]), 0.0, 0
    for _ in range(passes):
        before = mistakes
        for row, answer in zip(x, y, strict=True):
            if answer * (sum(row * w) + b) <= 0:
                w, b = w + answer * row, b + answer
                mistakes += 1
        if mistakes == before:
            break
    return w, b, mistakes
    ### END SOLUTION


points = np.array([[2, -1], [3, 3], [-1, -4], [4, 1]])
print(learn(points, np.array([-1, 1, -1, 1]), 100))

# %% [markdown]
# **Explain**: why may one stop after a pass without a mistake? Would the next pass be any other?
#
# ## 4 · Novikoff's promise
#
# *15 minutes, 4 points*
#
# At most (R/γ)² mistakes, says Novikoff. **Predict**: you write every point into the list a second
# time, so that there are twice as many. Does the promise change, yes (`True`) or no (`False`)?

# %%
### BEGIN SOLUTION
predicted_change = False
### STUDENT: predicted_change = ...  # True or False
### END SOLUTION

# %% [markdown]
# Compute it. R is how far the farthest point lies from the origin. γ is the room that a line leaves
# to the nearest point: the smallest *y · (sum(x · w) + b)*, divided by the length of all its knobs
# together. In both, the bias counts as one more input, which is always 1. If the line does not part
# the points, it promises nothing: return infinity (`np.inf`). (How far, and how long: square the
# numbers, add them up, take the root. `np.linalg.norm` does just that.)


# %%
def promise(x, y, w, b):  # (n, inputs), (n,), (inputs,), a number -> a number
    ### BEGIN SOLUTION
    with_one = np.column_stack([x, np.ones(len(x))])
    knobs = np.append(w, b)
    R = np.linalg.norm(with_one, axis=1).max()
    gamma = (y * (with_one @ knobs)).min() / np.linalg.norm(knobs)
    return (R / gamma) ** 2 if gamma > 0 else np.inf
    ### END SOLUTION


print("at most", promise(points, np.array([-1, 1, -1, 1]), np.array([1, 1]), -2), "mistakes")

# %% [markdown]
# **Explain**: double all the knobs of this line. What happens to the promise, and what to the line?
#
# ## 5 · XOR with a hole
#
# *15 minutes, 4 points*
#
# The four corners of XOR cannot be parted by one line. Leave *one* of them out. **Predict**: for
# which of the four does it work then, `True` or `False` for each?

# %%
corners = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
answers = np.array([-1, 1, 1, -1])

### BEGIN SOLUTION
predicted_possible = [True, True, True, True]
### STUDENT: predicted_possible = ...  # four times True or False, in the order of the corners
### END SOLUTION

# %% [markdown]
# Set the knobs by hand: for each corner that may be missing, three knobs that have the other three
# corners right. If you think that it cannot be done, write `None`. (Draw it. Then a line, then its
# knobs.)

# %%
### BEGIN SOLUTION
lines = [[-1, -1, 1], [1, -1, -1], [-1, 1, -1], [1, 1, 1]]
### STUDENT: lines = [..., ..., ..., ...]  # each [first weight, second weight, bias], or None
### END SOLUTION

# %% [markdown]
# **Explain**: what do the four lines have in common with the corner that is missing? And what would
# two of them together know?
#
# ## 6 · A wider road
#
# *open, 4 points*
#
# The perceptron stops at the first line that works, however near it passes to a point. Invent a
# rule that ends with more room. **Predict** first: how many times as wide will your road be, on
# average? (Any honest guess has its point.)

# %%
### BEGIN SOLUTION
predicted_wider = 2
### STUDENT: predicted_wider = ...  # 1 would be: just as wide
### END SOLUTION

# %% [markdown]
# Points that can be parted come in, weights and a bias come out. The check draws points of its own
# and measures γ, as in exercise 4. Your line has to part all of them, and the road has to be at
# least a quarter wider, on average, than that of Rosenblatt's rule. (One idea of many: is a point
# that is right, but only just, really right?)


# %%
def wide_road(x, y):  # (n, inputs), (n,) -> weights, bias
    ### BEGIN SOLUTION
    w, b = np.zeros(x.shape[1]), 0.0
    enough = 10 * (1 + (x**2).sum(axis=1).max())  # right is right by this much
    for _ in range(5000):
        before = b, *w
        for row, answer in zip(x, y, strict=True):
            if answer * (row @ w + b) <= enough:
                w, b = w + answer * row, b + answer
        if before == (b, *w):
            break
    return w, b
    ### END SOLUTION


# %% [markdown]
# **Explain**: why might a wider road be better for points that nobody has seen yet? And could there
# be a case in which it is not?
