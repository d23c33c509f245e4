"""Whether the steps of a decay include the warmup

A warmup of 4 steps and `decay_steps=8`: Optax's `warmup_cosine_decay_schedule` ends at step 8,
since its decay includes the warmup. Keras's `CosineDecay` ends at step 12, and so does a PyTorch
cosine of 8 steps after a warmup of 4. The rates shown are those at steps 4, 6, 8, 10 and 12.
"""

kind = "difference"
symptoms = """warmup_cosine_decay_schedule decay_steps includes warmup_steps, total steps, learning
rate reaches zero too early, schedule ends too early; CosineDecay warmup_steps, SequentialLR
milestones CosineAnnealingLR T_max"""
matters = """With the number of all steps the schedule of Keras never reaches its end; with the
number of steps after the warmup that of Optax stands at 0 while training goes on."""
remedy = """Pass `decay_steps=warmup + decay` in Optax, `decay_steps=decay` in Keras, and
`T_max=decay` in PyTorch."""
sources = [
    "optax/schedules/_schedule.py, warmup_cosine_decay_schedule, decay_steps",
    "keras/src/optimizers/schedules/learning_rate_schedule.py, CosineDecay, decay_steps",
    "torch/optim/lr_scheduler.py, SequentialLR",
]
lessons = []

observed = {
    "torch": [1.0, 0.8535534, 0.5, 0.1464466, 0.0],
    "keras": [1.0, 0.8535534, 0.5, 0.1464466, 0.0],
    "jax": [1.0, 0.5, 0.0, 0.0, 0.0],
}
round_off = 1e-6  # float32


def torch():
    """The cosine counts its own steps."""

    import torch
    from torch.optim import lr_scheduler

    def default():
        """The learning rate at steps 4, 6, 8, 10 and 12: a warmup of 4 and a decay of 8."""
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
        warmup = lr_scheduler.LinearLR(optimizer, total_iters=4)
        cosine = lr_scheduler.CosineAnnealingLR(optimizer, T_max=8)
        scheduler = lr_scheduler.SequentialLR(optimizer, [warmup, cosine], milestones=[4])
        rates = []
        for _ in range(13):
            rates += scheduler.get_last_lr()
            optimizer.step()
            scheduler.step()
        return rates[4::2]

    return default, default  # nothing to change


def keras():
    """The decay starts after the warmup."""

    import keras

    def default():
        """The learning rate at steps 4, 6, 8, 10 and 12: a warmup of 4 and a decay of 8."""
        schedule = keras.optimizers.schedules.CosineDecay(
            0.0, decay_steps=8, warmup_target=1.0, warmup_steps=4
        )
        return [float(schedule(step)) for step in range(4, 13, 2)]

    return default, default  # nothing to change


def jax():
    """Optax's decay includes the warmup."""

    import optax

    def default():
        """The learning rate at steps 4, 6, 8, 10 and 12: a warmup of 4 and `decay_steps=8`."""
        return rates(decay_steps=8)

    def matched():
        """The same with both together."""
        return rates(decay_steps=4 + 8)

    def rates(decay_steps):
        schedule = optax.warmup_cosine_decay_schedule(0.0, 1.0, 4, decay_steps)
        return [float(schedule(step)) for step in range(4, 13, 2)]

    return default, matched
