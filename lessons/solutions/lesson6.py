# %% [markdown]
# # Exercises of lesson 6 · Many machines
#
# Six exercises, from ten minutes to twenty. **Predict** first, and write your prediction into the
# variable whose name begins with `predicted`. Then replace each `...` by your own code, **run**,
# and **explain** the difference. `make check6` counts your points, and gives a hint where some are
# missing. A wrong prediction costs one point and no more; without a prediction, an exercise gives
# no points.
#
# Do the work yourself, with Python and NumPy alone: use neither the course's own code nor another
# library, unless an exercise says so.
#
# All predictions here can be worked out with a pencil. And whenever you test something that you
# have written: *never test with numbers that divide*.

# %%
import numpy as np

from adapters.contract import SGD, Dense, Net
from classroom import open_exercises
from course.randomness import initial_weights

exercises = open_exercises(6)
rng = np.random.default_rng(exercises.seed)

# %% [markdown]
# ## 1 · Two classes, one test
#
# *10 minutes, 3 points*
#
# Two classes have written the same test. In the one there are 20 pupils, who have 8 points on
# average. In the other there are 5 pupils, who have 6. **Predict**, on paper: how many points do
# all 25 have on average? And what does somebody get who takes the mean of the two means?

# %%
### BEGIN SOLUTION
predicted_mean = 7.6
predicted_mean_of_means = 7
### STUDENT: predicted_mean = ...
### STUDENT: predicted_mean_of_means = ...
### END SOLUTION

# %% [markdown]
# Now for any number of classes. All that the schools have reported are their means, and how many
# pupils they are. (A class in which everybody is ill reports 0 pupils.)


# %%
def mean_of_all(means, counts):  # a number for each class, and a count for each class -> a number
    ### BEGIN SOLUTION
    return sum(m * n for m, n in zip(means, counts, strict=True)) / sum(counts)
    ### END SOLUTION


print("all pupils:", mean_of_all([8, 6], [20, 5]))

# %% [markdown]
# **Explain**: when is the mean of the means right? Name two cases. (In one of them the classes have
# not the same size.)
#
# ## 2 · Cut it fairly
#
# *10 minutes, 3 points*
#
# A batch has `n` pictures, with the numbers 0 to n − 1, and there are some machines. Each picture
# should go to exactly one machine, and no machine should have more than one picture more than any
# other. **Predict**: ten pictures, four machines. How many does each get, from the most to the
# fewest?

# %%
### BEGIN SOLUTION
predicted_sizes = [3, 3, 2, 2]
### STUDENT: predicted_sizes = ...  # four numbers
### END SOLUTION


# %%
def cut(n, machines):  # -> a list of the numbers of its pictures for each machine
    ### BEGIN SOLUTION
    return [list(range(m, n, machines)) for m in range(machines)]
    ### END SOLUTION


for n, machines in ((12, 4), (10, 4), (100, 3)):
    shards = cut(n, machines)
    print(f"{n} on {machines}:", None if shards is None else [len(shard) for shard in shards])

# %% [markdown]
# **Explain**: a friend divides 100 by 3, gets 33, and cuts pieces of 33. In how many ways can that
# end badly? (There are at least two, and one of them is in the lesson.)
#
# ## 3 · One step, together
#
# *20 minutes, 5 points*
#
# Two machines and a single knob. The first has 3 pictures, and the mean of their gradients is 2.
# The second has 1 picture, whose gradient is 6. **Predict**: what is the gradient of the whole
# batch? And the knob stands at 10, the learning rate is 0.5: where does it stand after the step?

# %%
### BEGIN SOLUTION
predicted_gradient = 3
predicted_knob = 8.5
### STUDENT: predicted_gradient = ...
### STUDENT: predicted_knob = ...
### END SOLUTION

# %% [markdown]
# Write the step. What comes in are the knobs (a list of arrays, as `model.params()` gives it), the
# learning rate, and the reports of the machines. A report is a pair: how many pictures the machine
# has, and the list of its **mean** gradients, an array for each array of knobs, as
# `model.gradients(x, y)` gives it. The knobs after the step should come out, in a new list. Leave
# the old ones as they are.


# %%
def step(knobs, rate, reports):  # reports: [(how many, [gradients]), …] -> [knobs after the step]
    ### BEGIN SOLUTION
    count = sum(n for n, _ in reports)
    totals = [sum(n * slopes[i] for n, slopes in reports) for i in range(len(knobs))]
    return [knob - rate * total / count for knob, total in zip(knobs, totals, strict=True)]
    ### END SOLUTION


net = Net((Dense(6, 8, "tanh"), Dense(8, 3)), "softmax")
start = initial_weights(net, exercises.seed)
x, y = rng.normal(size=(10, 6)).astype(exercises.settings.dtype), rng.integers(3, size=10)
together, alone = (exercises.Model(net, start, SGD(0.5)) for _ in range(2))
reports = [(len(x[rows]), together.gradients(x[rows], y[rows]))
           for rows in (slice(0, 7), slice(7, 10))]  # fmt: skip
alone.step(x, y)
after = step(together.params(), 0.5, reports)
if after is not None:
    apart = max(np.abs(a - b).max() for a, b in zip(after, alone.params(), strict=True))
    print(f"two machines with 7 and 3 pictures, and one with 10: {apart:.0e} apart")

# %% [markdown]
# **Explain**: the network has got an L2 penalty of ½ · l2 · ΣW², which is part of the mean loss
# that each machine computes. How often is it counted if you do it as above? And how often, if
# somebody adds up the machines' *sums of losses* and every machine has put the penalty into its
# sum?
#
# ## 4 · Once around
#
# *20 minutes, 5 points*
#
# Four machines in a ring, and a gradient of 1,000 numbers, cut into four pieces of 250. In each
# turn a machine sends one piece to its neighbour. **Predict**: how many turns does it take until
# all have the total of all pieces (both rounds)? And how many numbers has each machine sent by
# then?

# %%
### BEGIN SOLUTION
predicted_turns = 6
predicted_sent = 1500
### STUDENT: predicted_turns = ...
### STUDENT: predicted_sent = ...
### END SOLUTION

# %% [markdown]
# Write one turn of the **first** round. `numbers[m][k]` is what machine m holds as its piece k; to
# keep it simple, each piece is a single number, and there are as many pieces as machines. In turn t
# (0, 1, 2, …) machine m sends its piece `(m - t) % machines` to its neighbour on the right, which
# is machine `(m + 1) % machines`, and the neighbour adds it to its own piece of the same number.
#
# All of them send at the same time, and each keeps what it has sent. A new array should come out;
# leave the old one as it is.


# %%
def turn(numbers, t):  # (machines, machines), the number of the turn -> the same, after it
    ### BEGIN SOLUTION
    machines = len(numbers)
    after = np.array(numbers)
    for m in range(machines):
        piece = (m - t) % machines
        after[(m + 1) % machines, piece] += numbers[m][piece]
    return after
    ### END SOLUTION


numbers = np.array([[1, 2, 3], [10, 20, 30], [100, 200, 300]])
for t in range(2):
    numbers = turn(numbers, t) if numbers is not None else None
    print(f"after turn {t}:\n{numbers}")

# %% [markdown]
# **Explain**: after the first round each machine has exactly one piece that is finished. Which one
# is it, on machine m? And why do all machines have the same total *to the last bit* in the end,
# although adding up in another order rounds differently?
#
# ## 5 · Machines that throw their own dice
#
# *15 minutes, 4 points*
#
# Each machine works out by itself which pictures are its own in this epoch. Nobody tells it. It
# shuffles all pictures, and with two machines it takes every second one of them: machine 0 the
# first, the third, and so on, machine 1 the others. It was written by somebody who had read that
# different machines should have different random numbers.
#
# So each machine shuffles for itself, and now the shards have nothing to do with one another.
# **Predict**: there are 1,000 pictures and two machines. How many pictures will be seen by *nobody*
# in an epoch, on average? (Each machine takes half of them. With which chance does one machine miss
# a picture? And both?)

# %%
### BEGIN SOLUTION
predicted_unseen = 250
### STUDENT: predicted_unseen = ...
### END SOLUTION

# %% [markdown]
# Mend it, so that each picture is seen by exactly one machine in every epoch. The order should
# still be another one in each epoch and for each seed.


# %%
def my_pictures(seed, epoch, machine, machines, n):  # -> the numbers of this machine's pictures
    ### BEGIN SOLUTION
    order = np.random.default_rng([seed, epoch]).permutation(n)
    ### STUDENT: order = np.random.default_rng([seed, epoch, machine]).permutation(n)
    ### END SOLUTION
    return order[machine::machines]


for epoch in range(3):
    shards = [my_pictures(exercises.seed, epoch, m, 2, 1000) for m in range(2)]
    print(f"epoch {epoch}: seen by nobody: {1000 - len(np.union1d(*shards))}")

# %% [markdown]
# **Explain**: the curve of the loss looked all right before you mended it. Why does nobody notice
# that a quarter of the pictures is missing, and others are counted twice?
#
# ## 6 · When does it pay?
#
# *20 minutes, 4 points*
#
# One picture takes 10 µs to compute, and there are 800 of them in a batch. One copy of the gradient
# takes 1 ms (1,000 µs) through the cable. The machines stand in a ring: with N machines, each of
# them sends 2 · (N − 1) pieces, one after the other, and a piece is an N-th of the gradient. Forget
# all other costs. **Predict**: how many µs does a step take on one machine? On four? And on a
# thousand machines, roughly?

# %%
### BEGIN SOLUTION
predicted_one = 8000
predicted_four = 3500
predicted_thousand = 2000
### STUDENT: predicted_one = ...
### STUDENT: predicted_four = ...
### STUDENT: predicted_thousand = ...
### END SOLUTION

# %% [markdown]
# Now with all four costs: `once` and `each` for computing (once a step, and for each picture that
# the machine has), `latency` for each piece that is sent, and `copy`, the time for a whole copy of
# the gradient. Then find out which number of machines, from 1 to `most`, is the fastest. (If two
# are equally fast, take the smaller one.)


# %%
def seconds(machines, pictures, once, each, latency, copy):  # -> how long a step takes
    ### BEGIN SOLUTION
    pieces = 2 * (machines - 1)
    return once + each * pictures / machines + pieces * (latency + copy / machines)
    ### END SOLUTION


def fastest(most, pictures, once, each, latency, copy):  # -> the best number of machines
    ### BEGIN SOLUTION
    return min(range(1, most + 1), key=lambda n: seconds(n, pictures, once, each, latency, copy))
    ### END SOLUTION


for name, latency in (("no latency", 0), ("20 µs", 20), ("1,000 µs", 1000)):
    best = fastest(1000, 800, 0, 10, latency, 1000)
    print(f"{name} for each piece: {best} machines are the fastest")

# %% [markdown]
# **Explain**: the cable becomes ten times as fast (`copy`), and the latency stays. Does the best
# number of machines grow by much? Which of the four costs would you pay for to have lowered?
