"""A cosine schedule past its end

All reach 0 at the given step, here the fourth. Beyond it PyTorch's `CosineAnnealingLR` follows the
cosine up again, to 1 at the eighth step; Keras's `CosineDecay` and Optax's `cosine_decay_schedule`
stay at 0.
"""

kind = "difference"
symptoms = """CosineAnnealingLR after T_max goes up again, CosineDecay alpha,
optax.cosine_decay_schedule, schedule"""
matters = """Training for longer than the schedule raises the learning rate again in PyTorch, and
has no effect in Keras and Optax."""
remedy = """In PyTorch write the schedule as a `LambdaLR` that stops at its last step, or train
exactly as long as the schedule."""
sources = [
    "torch/optim/lr_scheduler.py, CosineAnnealingLR",
    "keras/src/optimizers/schedules/learning_rate_schedule.py, CosineDecay",
    "optax/schedules/_schedule.py, cosine_decay_schedule",
]
lessons = []

observed = {
    "torch": [1.0, 0.5, 0.0, 0.5, 1.0],
    "keras": [1.0, 0.5, 0.0, 0.0, 0.0],
    "jax": [1.0, 0.5, 0.0, 0.0, 0.0],
}
round_off = 1e-6  # float32


def torch():
    """PyTorch's cosine goes on."""

    import math

    import torch
    from torch.optim import lr_scheduler

    def default():
        """The learning rate at steps 0, 2, 4, 6 and 8 of a schedule for four."""
        return rates(lambda optimizer: lr_scheduler.CosineAnnealingLR(optimizer, T_max=4))

    def matched():
        """The same, with a cosine that stops."""

        def cosine(step):
            return (1 + math.cos(math.pi * min(step, 4) / 4)) / 2

        return rates(lambda optimizer: lr_scheduler.LambdaLR(optimizer, cosine))

    def rates(make):
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
        scheduler, found = make(optimizer), []
        for _ in range(9):
            found += scheduler.get_last_lr()
            optimizer.step()
            scheduler.step()
        return found[::2]

    return default, matched


def keras():
    """Keras's cosine stops."""

    import keras

    def default():
        """The learning rate at steps 0, 2, 4, 6 and 8 of a schedule for four."""
        schedule = keras.optimizers.schedules.CosineDecay(1.0, decay_steps=4)
        return [float(schedule(step)) for step in range(0, 9, 2)]

    def matched():
        """The same."""
        return default()

    return default, matched


def jax():
    """Optax's cosine stops."""

    import optax

    def default():
        """The learning rate at steps 0, 2, 4, 6 and 8 of a schedule for four."""
        schedule = optax.cosine_decay_schedule(1.0, decay_steps=4)
        return [float(schedule(step)) for step in range(0, 9, 2)]

    return default, default  # nothing to change
