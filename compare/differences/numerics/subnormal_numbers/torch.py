"""As the standard of floating-point arithmetic says."""

import torch


def default():
    """2·10⁻⁴⁰, in units of 10⁻⁴⁰."""
    return (torch.tensor(1e-40) * 2).item() / 1e-40


def matched():
    """log(10⁻⁴⁰ + 10⁻³⁰), kept away from there."""
    return (torch.tensor(1e-40) + 1e-30).log().item()
