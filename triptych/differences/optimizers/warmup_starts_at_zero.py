"""The first step of a warmup: a rate of zero, or a third

A linear warmup over four steps to a rate of 1. PyTorch's `LinearLR` starts at a third by default.
Keras's `CosineDecay` and Optax's warmups count from step 0, where the rate is the initial value:
with the usual 0 the first batch changes nothing.
"""

kind = "difference"
symptoms = """learning rate is 0 at the first step, warmup_steps off by one, first update does
nothing, loss does not change after the first step; optax.warmup_cosine_decay_schedule,
warmup_constant_schedule, linear_schedule, join_schedules init_value; CosineDecay warmup_target,
LinearLR start_factor, linear warmup"""
matters = """A check that compares weights after one step finds no update at all, and a warmup of
one step does nothing. With PyTorch's default a warmup starts a third up, where Adam's first steps
can be too long already."""
remedy = """For a first step that moves, start at `peak / warmup_steps`. PyTorch's `LinearLR`
refuses a `start_factor` of 0: write the warmup as a `LambdaLR`."""
sources = [
    "torch/optim/lr_scheduler.py, LinearLR, start_factor",
    "keras/src/optimizers/schedules/learning_rate_schedule.py, CosineDecay, warmup_target",
    "optax/schedules/_schedule.py, warmup_cosine_decay_schedule, polynomial_schedule",
]
lessons = []

observed = {
    "torch": [0.3333333, 0.5, 0.6666667, 0.8333333, 1.0],
    "keras": [0.0, 0.25, 0.5, 0.75, 1.0],
    "jax": [0.0, 0.25, 0.5, 0.75, 1.0],
}
round_off = 1e-6  # float32


def torch():
    """PyTorch's warmup starts at a third."""

    import torch
    from torch.optim import lr_scheduler

    def default():
        """The learning rates of five steps, the first four of them warmup."""
        return rates(lambda optimizer: lr_scheduler.LinearLR(optimizer, total_iters=4))

    def matched():
        """The same from 0."""
        return rates(lambda optimizer: lr_scheduler.LambdaLR(optimizer, lambda s: min(s / 4, 1)))

    def rates(make):
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
        scheduler, found = make(optimizer), []
        for _ in range(5):
            found += scheduler.get_last_lr()
            optimizer.step()
            scheduler.step()
        return found

    return default, matched


def keras():
    """Keras's warmup starts at the initial rate, usually 0."""

    import keras

    def default():
        """The learning rates of five steps, the first four of them warmup."""
        schedule = keras.optimizers.schedules.CosineDecay(
            0.0, decay_steps=4, warmup_target=1.0, warmup_steps=4
        )
        return [float(schedule(step)) for step in range(5)]

    return default, default  # nothing to change


def jax():
    """Optax's warmup starts at the initial value, usually 0."""

    import optax

    def default():
        """The learning rates of five steps, the first four of them warmup."""
        schedule = optax.warmup_cosine_decay_schedule(
            init_value=0.0, peak_value=1.0, warmup_steps=4, decay_steps=8
        )
        return [float(schedule(step)) for step in range(5)]

    return default, default  # nothing to change
