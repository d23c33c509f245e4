# %% [markdown]
# # Exercises of lesson 2 · Gradient descent
#
# Five exercises, from one of five minutes to one that has no end. **Predict** first, and write your
# prediction into the variable whose name begins with `predicted`. Then replace each `...` by your
# own code, **run**, and **explain** the difference. `make check2` counts your points, and gives a
# hint where some are missing. A wrong prediction costs one point and no more; without a prediction,
# an exercise gives no points.
#
# Do the work yourself, with Python and NumPy alone: use neither the course's own code nor another
# library, unless an exercise says so.

# %%
import numpy as np

import datasets
from adapters.contract import SGD, Dense, Net
from classroom import open_exercises

exercises = open_exercises(2)

# %% [markdown]
# ## 1 · One step down
#
# *5 minutes, 3 points*
#
# A knob stands at 0.4. Its slope is −0.5, and the learning rate is 0.2. **Predict**, on paper:
# where does the knob stand after one step?

# %%
predicted_knob = ...

# %% [markdown]
# Write the step, for one knob or for many at once (NumPy does not mind). It returns where the knobs
# stand afterwards, and does not change the array that it gets.


# %%
def step(knobs, gradient, learning_rate):  # (knobs,), (knobs,), a number -> (knobs,)
    ...


print(step(np.array([0.4, 1.0]), np.array([-0.5, 0.5]), 0.2))

# %% [markdown]
# **Explain**: the first knob was turned up. Why is that called *descent* all the same?
#
# ## 2 · A bit more, a bit less
#
# *25 minutes, 5 points*
#
# The ± search, which is what your fingers did in lesson 1. **Predict**: with six knobs, how many
# times does one round listen to the loss, at most? (The loss where you stand is known already.)

# %%
predicted_evaluations = ...


# %%
def loss(x, y, w):
    """The mean squared error of sum(x * w)."""
    return (((x * w).sum(axis=1) - y) ** 2).mean()


# %% [markdown]
# Write it from your instructions of lesson 1, and look into the lesson only if you are stuck. In
# each round, take one knob after the other. Turn it up by `move`: is the loss lower? Keep it. If
# not, turn it down by `move` from where it was: is the loss lower? Keep it. If not, leave it where
# it was. When a whole round has changed nothing, halve the move. After so many `rounds`, return the
# knobs.


# %%
def plus_minus(x, y, start, move, rounds):  # (n, knobs), (n,), (knobs,), … -> (knobs,)
    ...


def standardised(values):
    """Mean 0 and standard deviation 1 in every column."""
    return (values - values.mean(axis=0)) / values.std(axis=0)


houses = datasets.load("houses")
rows = np.random.default_rng(exercises.seed).permutation(len(houses.price))[:1000]
y = standardised(np.log(houses.price[rows]))  # (1000,)
x = standardised(houses.table("bathrooms", "living_area", "latitude")[rows])  # (1000, 3)
print("± search:", plus_minus(x, y, np.zeros(3), 0.5, 20))

# %% [markdown]
# **Explain**: why must a knob that was turned up in vain go back before it is turned down? And what
# would happen to the search if the move were never halved?
#
# ## 3 · Whose fault is it?
#
# *20 minutes, 5 points*
#
# Now the model has a bias again: the guess is *sum(x · w) + b*, and the loss is the mean of the
# squared errors. **Predict**: every single house is guessed too high. Is the slope of the loss for
# the bias `"positive"`, `"negative"` or `"zero"`?

# %%
predicted_slope = ...  # "positive", "negative" or "zero"

# %% [markdown]
# Find the formula yourself. The lesson has it for the weights: *twice the error times the input,
# averaged over the houses*. For the bias you need only ask what its input is. Then code both: a
# slope for each weight, and one number for the bias.


# %%
def gradient(x, y, w, b):  # (n, knobs), (n,), (knobs,), a number -> (knobs,), a number
    ...


# %% [markdown]
# Do not believe a formula; nudge. By how much does the loss change if only the bias is turned from
# 0.5 a bit up, and a bit down?

# %%
w, nudge = np.array([0.1, 0.5, 0.2]), 1e-5
up, down = loss(x, y - (0.5 + nudge), w), loss(x, y - (0.5 - nudge), w)
print("nudged:", (up - down) / (2 * nudge), "your formula:", gradient(x, y, w, 0.5))

# %% [markdown]
# **Explain**: a house whose living area is exactly average has a 0 in that column. What does it
# have to say about the knob of the living area, and why is that fair?
#
# ## 4 · Break the learning rate
#
# *20 minutes, 4 points*
#
# One column, standardised, and the largest stable learning rate is 1. Somebody forgets the
# standardising, and writes the same column in another unit, so that every number in it is **10
# times as large**. **Predict**: what is the largest stable rate now?

# %%
predicted_rate = ...

# %% [markdown]
# Compute the limit for any table of inputs: 2 divided by the steepest curvature. The curvatures of
# our loss stand in the table 2 · XᵀX / n, with n houses. (XᵀX is `x.T @ x`; lesson 3 tells what the
# `@` does. `np.linalg.eigvalsh` reads the curvatures out of such a table, in rising order. What
# books call all this stands in the lesson, *for the curious*.)


# %%
def largest_rate(x):  # (n, knobs) -> a number
    ...


# %% [markdown]
# A prediction is worth something if it can fail. The backend makes 60 steps just below your limit
# and 60 just above. One should fall, the other grow.

# %%
limit = largest_rate(x)
if limit is not None:
    for factor in (0.95, 1.05):
        start = [np.full((3, 1), 0.5), np.zeros(1)]
        backend = exercises.Model(Net((Dense(3, 1),), "squared"), start, SGD(factor * limit))
        heard = backend.epoch(x, y[:, None], np.tile(np.arange(len(x)), 60), len(x))
        print(f"{factor} of the limit: loss {heard[0]:.3f} at first, {heard[-1]:.3f} at last")

# %% [markdown]
# **Explain**: ten times as large, and the limit moves by how much? Why not by ten? (How does the
# slope change with the input? And how far has the knob to go?)
#
# ## 5 · A better search
#
# *open, 5 points*
#
# Without a gradient, can you do better than ±? This radio counts how often you listen.


# %%
class Radio:
    """A loss that counts."""

    def __init__(self, x, y):
        self.x, self.y, self.times = x, y, 0

    def listen(self, w):
        """The loss with the knobs at w."""
        self.times += 1
        return loss(self.x, self.y, w)

    def heard(self):
        """How often somebody has listened."""
        return self.times


# %% [markdown]
# **Predict**: which part of the ± search's evaluations will yours need? (0.5 would be half as many.
# Any honest guess has its point.)

# %%
predicted_part = ...  # above 0

# %% [markdown]
# Start with all knobs at zero, listen with `radio.listen(w)`, and give back the knobs as soon as
# the loss is at most `good_enough`. The check uses its own radios, with six knobs, which can be
# heard but not opened, and asks for at most **nine tenths** of the evaluations that the lesson's ±
# search needs with a first move of 0.5. (One idea of many: let each knob have a move of its own,
# which grows after a success and shrinks after a failure. Another: begin in the direction that
# helped the last time.)


# %%
def search(radio, n_knobs, good_enough):  # -> (knobs,)
    ...


radio = Radio(x, y)
print("found", search(radio, 3, 0.4), "after listening", radio.heard(), "times")

# %% [markdown]
# **Explain**: how does the number grow with the knobs, for yours, and for a gradient? What does a
# gradient know that nobody can hear?
