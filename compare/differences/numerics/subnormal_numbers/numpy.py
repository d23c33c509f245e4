"""As the standard of floating-point arithmetic says."""

import numpy as np


def default():
    """2·10⁻⁴⁰, in units of 10⁻⁴⁰."""
    return float(np.float32(1e-40) * np.float32(2)) / 1e-40


def matched():
    """log(10⁻⁴⁰ + 10⁻³⁰), kept away from there."""
    return float(np.log(np.float32(1e-40) + np.float32(1e-30)))
