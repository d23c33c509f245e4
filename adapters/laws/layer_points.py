"""Laws of the layers at chosen points: kernels, padding, ties, repeated words, and what is missing.

The numbers are small whole ones, of which every backend's sums are exact or nearly so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adapters.contract import SGD, Array, Dense, Layer, LayerMissing, Net, Params, Shape
from adapters.laws.comparing import all_close, all_equal, close, equal, must
from adapters.laws.subject import Subject
from adapters.laws.tolerances import LIBRARY_CALL
from adapters.layers import (
    Attention,
    Conv2D,
    Embedding,
    Flatten,
    LayerNorm,
    Mean,
    Pool2D,
    Positions,
    Reshape,
    Residual,
)


@dataclass(frozen=True)
class Unheard(Layer):
    """A layer that no backend has."""

    def gives(self, shape: Shape) -> Shape:
        return shape


# One network for each kind of layer.
KINDS: tuple[Net, ...] = (
    Net((Conv2D(1, 1),), "squared", input_shape=(3, 3, 1)),
    Net((Pool2D(),), "squared", input_shape=(2, 2, 1)),
    Net((Flatten(),), "squared", input_shape=(2, 2)),
    Net((Reshape((2, 2)),), "squared", input_shape=(4,)),
    Net((Embedding(3, 2),), "squared", input_shape=(2,)),
    Net((Positions(2, 2),), "squared"),
    Net((LayerNorm(2),), "squared"),
    Net((Attention(2),), "squared", input_shape=(2, 2)),
    Net((Residual((Dense(2, 2),)),), "squared"),
    Net((Mean(),), "squared", input_shape=(2, 2)),
    Net((Dense(2, 2), Unheard()), "squared"),
    Net((Residual((Dense(2, 2), Residual((Unheard(),)))),), "squared"),
)


def law_missing_layer(subject: Subject) -> None:
    """A layer that the backend lacks raises LayerMissing, also inside a residual."""
    law = "a missing layer is named"
    for net in filter(subject.lacks, KINDS):
        params = [np.zeros(shape) for shape in net.shapes]
        try:
            subject.cls(net, params, SGD(1.0))
        except LayerMissing as error:
            words, missing = str(error), subject.lacks(net).partition(" has no ")[2]
            named = missing in words and subject.cls.backend in words and "\n" not in words
            must(law, named, f"the message is {words!r}")
        except Exception as error:
            raise AssertionError(f"{law}: {net.layers} raises {error!r}") from error
        else:
            raise AssertionError(f"{law}: {net.layers} is accepted")


def convolved(subject: Subject, picture: Array, kernel: Array, layer: Conv2D) -> Array:
    """The scores of one picture (height, width), by a kernel (size, size)."""
    net = Net((layer,), "squared", input_shape=(*picture.shape, 1))
    params = [kernel[:, :, None, None], np.zeros(1)]
    model = subject.make(net, params, SGD(1.0))
    return model.forward(picture[None, :, :, None])[0, :, :, 0]


def law_kernel_as_written(subject: Subject) -> None:
    """A convolution does not flip its kernel: a single 1 shows it turned by half a circle."""
    law = "the kernel is applied as it is written"
    picture, kernel = np.zeros((3, 3)), np.arange(1.0, 10.0).reshape(3, 3)
    picture[1, 1] = 1
    got = convolved(subject, picture, kernel, Conv2D(1, 1, 3, padding="same"))
    close(law, "score", got, kernel[::-1, ::-1].astype(subject.dtype), LIBRARY_CALL * subject.eps)


def law_padding_after(subject: Subject) -> None:
    """Where "same" needs an odd number of zeros, the larger half is after the picture."""
    law = "the odd zero of padding comes after the picture"
    picture = 10.0 ** np.arange(4).reshape(2, 2)
    kernel = np.array([[1.0, 2.0], [3.0, 4.0]])
    got = convolved(subject, picture, kernel, Conv2D(1, 1, 2, padding="same"))
    want: Array = np.array([[4321.0, 3010.0], [2100.0, 1000.0]], subject.dtype)
    close(law, "score", got, want, LIBRARY_CALL * subject.eps * 4321)
    # By two: windows of three begin at 0 and at 2, and the last pixel of the second is outside.
    kernel = np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 10.0], [0.0, 100.0, 1000.0]])
    got = convolved(subject, np.ones((4, 4)), kernel, Conv2D(1, 1, 3, 2, "same"))
    want = np.array([[1111.0, 101.0], [11.0, 1.0]], subject.dtype)
    close(law, "score at stride 2", got, want, LIBRARY_CALL * subject.eps * 1111)


def law_first_of_equals(subject: Subject) -> None:
    """Of equal numbers in a window of a max-pool the first, row by row, has all the gradient.

    Each pixel is the sum of its two channels. So the gradient by the kernel shows whose channels
    were taken.
    """
    law = "the first of equals has all the gradient"
    layers = (Conv2D(2, 1, 1), Pool2D("max", 2), Flatten())
    net = Net(layers, "squared", input_shape=(2, 4, 2))
    model = subject.make(net, [np.ones((1, 1, 2, 1)), np.zeros(1)], SGD(1.0))
    first = [[0.0, 3.0], [1.0, 2.0]], [[2.0, 1.0], [3.0, 0.0]]  # four pixels of 3
    second = [[0.0, 0.0], [4.0, 1.0]], [[1.0, 4.0], [0.0, 5.0]]  # 0, and three pixels of 5
    x = np.array([[[*a, *b] for a, b in zip(first, second, strict=True)]])
    y = np.array([[2.5, 4.0]])  # slopes of 1 and of 2
    want = [np.array([0.0 + 2 * 4, 3 + 2 * 1]).reshape(1, 1, 2, 1), np.array([3.0])]
    gradients = [g.astype(subject.dtype) for g in want]
    all_close(
        law, "gradient", model.gradients(x, y), gradients, [LIBRARY_CALL * subject.eps * 10] * 2
    )


def law_repeated_words(subject: Subject) -> None:
    """A word that occurs several times gets the gradients of all its places; others get none."""
    law = "each occurrence of a word counts"
    net = Net((Embedding(3, 2),), "squared", input_shape=(4,))
    model = subject.make(net, [np.zeros((3, 2))], SGD(1.0))
    x = np.array([[1, 1, 0, 1], [0, 1, 0, 0]])
    y = np.arange(16.0).reshape(2, 4, 2)
    want: Array = np.zeros((3, 2))
    for word, target in zip(x.reshape(-1), y.reshape(-1, 2), strict=True):
        want[word] -= 2 * target / 8  # the mean over two rows of four places
    all_equal(law, "gradient", model.gradients(x, y), [want.astype(subject.dtype)])
    model.step(x, y)
    all_equal(law, "after a step, parameter", model.params(), [-want.astype(subject.dtype)])


def law_layer_norm(subject: Subject) -> None:
    """The variance of a layer norm divides by the width, and ε stands inside the root."""
    law = "a layer norm divides by √(variance + ε)"
    net = Net((LayerNorm(4, epsilon=4.0),), "squared")
    scale, bias = np.array([3.0, 6.0, 9.0, 12.0]), np.array([1.0, 0.0, -1.0, 2.0])
    model = subject.make(net, [scale, bias], SGD(1.0))
    # mean 4, variance (9 + 1 + 1 + 9) / 4 = 5, root 3: normalized (−1, −⅓, ⅓, 1)
    want: Array = np.array([[-2.0, -2.0, 2.0, 14.0]], subject.dtype)
    got = model.forward(np.array([[1.0, 3.0, 5.0, 7.0]]))
    close(law, "score", got, want, 2 * LIBRARY_CALL * subject.eps * 14)


def law_causal_attention(subject: Subject) -> None:
    """A causal attention does not see what comes later, and any other does."""
    law = "a causal attention does not see the future"
    rng = np.random.default_rng(0)
    params: Params = [rng.normal(0, 0.5, (4, 4)) for _ in range(4)]
    x = rng.normal(size=(2, 5, 4))
    for changed in (1, 4):  # the first place from which on words are others
        other = x.copy()
        other[:, changed:] += 1
        for causal in (True, False):
            net = Net((Attention(4, 2, causal),), "squared", input_shape=(5, 4))
            model = subject.make(net, params, SGD(1.0))
            before, after = (model.forward(words)[:, :changed] for words in (x, other))
            if causal:
                equal(law, "score of an earlier word", after, before)
            else:
                must(law, not np.array_equal(before, after), "a layer that is not causal is blind")
