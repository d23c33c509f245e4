"""The definition: the kernel slides, products are summed over window and inputs."""

import numpy as np

IMAGE = np.arange(2 * 3 * 3).reshape(2, 3, 3) % 5  # (inputs, height, width)
KERNEL = np.arange(2 * 3 * 2 * 4).reshape(2, 3, 2, 4) % 7  # (height, width, inputs, outputs)


def matched():
    """Two rows and one column of places, four outputs each."""
    windows = [IMAGE[:, row : row + 2, :].transpose(1, 2, 0) for row in range(2)]  # (2, 3, inputs)
    return [float(v) for w in windows for v in np.einsum("hwi,hwio->o", w, KERNEL)]


def default():
    """The shape in this definition, that of TensorFlow."""
    return list(KERNEL.shape)
