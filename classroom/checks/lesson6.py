"""The exercises of lesson 6: means of means, shards, a step together, a ring, dice, the cost."""

from __future__ import annotations

from typing import Any

import numpy as np

from adapters.contract import Array
from classroom.checks import all_reduce
from classroom.checks.answers import CHANGED, expect_number, single
from classroom.checks.reference import EXACT, ON_PAPER, all_near, no_mistake, shape
from classroom.exercise import exercise, expect, near
from classroom.student import Student


@exercise("means", title="Two classes, one test", points=3, minutes=10)
def means(student: Student) -> None:
    """The mean of all from the means of some, weighted by how many they are."""
    expect_number(
        student, "predicted_mean", 7.6,
        "How many points do the 20 have together, and the 5? All points, divided by all pupils.",
        within=ON_PAPER,
    )  # fmt: skip
    expect_number(
        student, "predicted_mean_of_means", 7,
        "The other one is as simple as it sounds: 8 and 6, and half of their sum.",
        within=ON_PAPER,
    )  # fmt: skip
    rng = student.random(61)
    for classes in (2, 5):
        reported = rng.uniform(1, 10, size=classes)
        counts = rng.integers(1, 30, size=classes)
        counts[0] = 0 if classes == 5 else 31  # never even
        total = float(reported @ counts)
        answer = student.call("mean_of_all", reported.tolist(), counts.tolist())
        no_mistake(answer, total / counts.sum(), {
            "That is the mean of the means: a class of one weighs as much as a class of thirty.":
                reported.mean(),
            "These are all points of all pupils. What are they to be divided by?": total,
            "All points are right, but they are shared out among the classes. How many pupils are "
            "there?": total / classes,
            "Divide once, by all pupils together.": float(np.sum(reported / np.maximum(counts, 1))),
        })  # fmt: skip
        expect(
            near(single(answer), total / counts.sum(), EXACT),
            "Another mean comes out. A class's mean times its pupils gives its points: add up the "
            "points, add up the pupils, and divide at the end.",
        )


@exercise("cut", title="Cut it fairly", points=3, minutes=10)
def cut(student: Student) -> None:
    """Shards that hold every picture once, and are as even as can be."""
    expect(
        near(student.value("predicted_sizes"), [3, 3, 2, 2], EXACT),
        "Two for each makes eight, and two pictures are left over. Nobody may have two more than "
        "anybody else.",
        worth=1,
    )
    some = int(student.random(62).integers(3, 12))
    for n, machines in ((12, 4), (10, 4), (100, 3), (7, 7), (17 * some + 1, some)):
        shards = student.call("cut", n, machines)
        case = f"{n} pictures on {machines} machines"
        expect(
            isinstance(shards, list | tuple) and all(_is_shard(s) for s in shards),
            f"{case}: a list should come back, with a list of numbers for each machine.",
        )
        expect(
            len(shards) == machines,
            f"{case}: {len(shards)} shards come out. If one is left over, who will work on it?",
        )
        all_numbers = np.sort(np.concatenate([np.ravel(s).astype(int) for s in shards]))
        missing = np.setdiff1d(np.arange(n), all_numbers)
        expect(
            not len(missing),
            f"{case}: nobody has picture {missing[0] if len(missing) else ''}. What becomes of the "
            "pictures that are left over when you divide?",
        )
        expect(
            len(all_numbers) == n and all_numbers[-1] == n - 1,
            f"{case}: some picture is with two machines, or has a number that is not in the batch. "
            "The numbers are 0 to n − 1.",
        )
        sizes = [len(s) for s in shards]
        expect(
            max(sizes) - min(sizes) <= 1,
            f"{case}: one machine has {max(sizes)} and another {min(sizes)}. All pictures are "
            "there, but all that are left over have gone to the same machine.",
        )


@exercise("step", title="One step, together", points=5, minutes=20)
def step(student: Student) -> None:
    """The step of the whole batch from the reports of uneven shards."""
    expect_number(
        student, "predicted_gradient", 3,
        "Three pictures with 2 on average, and one with 6: what is their sum, and how many "
        "pictures are there?",
        within=ON_PAPER,
    )  # fmt: skip
    expect_number(
        student, "predicted_knob", 8.5,
        "The knob moves against the gradient of the whole batch, by the learning rate times it.",
        within=ON_PAPER,
    )  # fmt: skip
    rng = student.random(63)
    for counts in ((5, 5), (7, 2, 1), (1, 40)):
        knobs = [rng.normal(size=size) for size in ((4, 3), (3,))]
        slopes = [[rng.normal(size=k.shape) for k in knobs] for _ in counts]
        rate, n, machines = 0.3, sum(counts), len(counts)
        knobs_copy = [k.copy() for k in knobs]
        answer = student.call("step", knobs_copy, rate, list(zip(counts, slopes, strict=True)))
        expect(
            isinstance(answer, list | tuple) and [shape(f) for f in answer] == [(4, 3), (3,)],
            "A list should come back, with an array for each array of knobs, in the same shapes.",
        )

        def moved(*weights: float, rate: float = rate, state: Any = (knobs, slopes)) -> list[Array]:
            return [k - rate * sum(w * s[i] for w, s in zip(weights, state[1], strict=True))
                    for i, k in enumerate(state[0])]  # fmt: skip

        right = [c / n for c in counts]
        if len(set(counts)) > 1:  # with even shards it is right
            no_mistake(answer, moved(*right), {
                "That is the mean of the means. A machine with one picture speaks as loudly as one "
                "with forty; it should speak for the pictures that it has.":
                    moved(*[1 / machines] * machines),
            })  # fmt: skip
        no_mistake(answer, moved(*right), {
            "You have added up the sums, and the step is too long by the number of all pictures.":
                moved(*counts),
            "The means are added up as they are. A mean times its pictures is a sum.":
                moved(*[1] * machines),
            "You divide by the number of machines. It is the pictures that are counted.":
                moved(*[c / machines for c in counts]),
            "You went uphill. It is minus.": moved(*right, rate=-rate),
            "The direction is right, and the length is not: where does the learning rate come in?":
                moved(*right, rate=1),
            "Only the first machine has been listened to.": moved(1, *[0] * (machines - 1)),
        })  # fmt: skip
        expect(
            all_near(answer, moved(*right), EXACT),
            f"With {' + '.join(map(str, counts))} pictures another step comes out than the whole "
            "batch would take. Add up mean times pictures over the machines, divide by all "
            "pictures, and move each array against that.",
        )
        expect(not student.changed, CHANGED.format("knobs and gradients"))


ring = all_reduce.ring


@exercise("dice", title="Machines that throw their own dice", points=4, minutes=15)
def dice(student: Student) -> None:
    """Shards of one common order: every picture once in each epoch, and another order in each."""
    expect_number(
        student, "predicted_unseen", 250,
        "One machine misses a picture in one case of two. The other one does not know of that, and "
        "misses it in one case of two as well.",
    )  # fmt: skip
    same_in_epochs = same_in_seeds = False
    rng = student.random(65)
    for machines, n in ((2, 100), (3, 100), (4, 42)):
        seed = int(rng.integers(1000))
        epochs = []
        for epoch in range(2):
            shards = [
                student.call("my_pictures", seed, epoch, m, machines, n) for m in range(machines)
            ]
            expect(
                all(_is_shard(s) for s in shards),
                "Each machine should get a list of numbers, those of its pictures.",
            )
            visited = np.sort(np.concatenate([np.ravel(s).astype(int) for s in shards]))
            missing = n - len(np.unique(visited))
            expect(
                missing == 0,
                f"With {machines} machines and {n} pictures, {missing} are seen by nobody. What do "
                "the machines have to share, so that their shards fit together?",
            )
            expect(
                len(visited) == n,
                "Every picture is seen, but some by more than one machine. Whose is which?",
            )
            epochs.append([np.ravel(s).tolist() for s in shards])
        same_in_epochs |= epochs[0] == epochs[1]
        other = [student.call("my_pictures", seed + 1, 0, m, machines, n) for m in range(machines)]
        same_in_seeds |= [np.ravel(s).tolist() for s in other] == epochs[0]
    expect(
        not same_in_epochs,
        "In the second epoch the pictures come in the same order as in the first. What has the "
        "order to depend on, besides the seed?",
        worth=1,
    )
    expect(
        not same_in_seeds,
        "Another seed gives the same order. Then nobody can repeat a training with other dice.",
        worth=1,
    )


pays = all_reduce.pays


def _is_shard(shard: Any) -> bool:
    """Whether it is a list or array of whole numbers, none of them below 0."""
    try:
        numbers = np.asarray(shard)
    except (TypeError, ValueError):
        return False
    fine = numbers.ndim == 1 and (numbers.size == 0 or numbers.dtype.kind in "iuf")
    return fine and bool(np.all(numbers >= 0)) and bool(np.all(numbers == np.floor(numbers)))
