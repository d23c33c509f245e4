"""Answers to the exercises of lesson 7: honest ones in other forms, and cheats with their hints."""

from __future__ import annotations

from tests.classroom.hints import COURSE, LIBRARY, REFUSED, Cheat

HONEST_WITH_WINDOWS = [
    Cheat(7, "knobs", "backwards, by itself", """
def knobs(height, width, channels, windows, classes):
    if not windows:
        return (height * width * channels + 1) * classes
    first, *others = windows
    own = (9 * channels + 1) * first
    return own + knobs((height - 2) // 2, (width - 2) // 2, first, others, classes)
""", ""),
    Cheat(7, "slide", "all places at once", """
def slide(picture, window, stride):
    parts = np.lib.stride_tricks.sliding_window_view(picture, window.shape)
    return np.tensordot(parts[::stride, ::stride], window, 2)
""", ""),
    Cheat(7, "slide", "slices, one for each number of the window", """
def slide(picture, window, stride):
    (h, w), (k, m) = picture.shape, window.shape
    found = 0
    for i in range(k):
        for j in range(m):
            found = found + window[i, j] * picture[i : h - k + 1 + i, j : w - m + 1 + j]
    return found[::stride, ::stride]
""", ""),
    Cheat(7, "pool", "four pictures, and whoever is first", """
def corners(picture):
    h, w = (side // 2 * 2 for side in picture.shape)
    return [picture[i:h:2, j:w:2] for i in (0, 1) for j in (0, 1)]
def pool(picture):
    a, b, c, d = corners(picture)
    return np.maximum(np.maximum(a, b), np.maximum(c, d))
def back(picture, slope):
    shares, best = np.zeros(picture.shape), pool(picture)
    free = np.ones(slope.shape, bool)
    for part, share in zip(corners(picture), corners(shares)):
        hit = free & (part == best)
        share[hit] = slope[hit]
        free &= ~hit
    return shares
""", ""),
    Cheat(7, "field", "from the last layer to the picture", """
def field(layers):
    wide = 1
    for size, stride in reversed(layers):
        wide = (wide - 1) * stride + size
    return wide
""", ""),
    Cheat(7, "zeros", "counted", """
def same(side, size, stride):
    places = len(range(0, side, stride))
    zeros = 0
    while side + zeros < (places - 1) * stride + size:
        zeros += 1
    return [zeros // 2, zeros // 2 + zeros % 2, places]
""", ""),
    Cheat(7, "carry", "number by number", """
def carried_windows(kernel):
    m, c, k, _ = kernel.shape
    found = np.zeros((k, k, c, m))
    for a, b, i, j in np.ndindex(kernel.shape):
        found[i, j, b, a] = kernel[a, b, i, j]
    return found
def carried_dense(kernel, rows, columns, windows):
    places = np.arange(kernel.shape[1]).reshape(windows, rows, columns)
    return kernel.T[np.moveaxis(places, 0, 2).ravel()]
""", ""),
    Cheat(7, "way_back", "written anew", """
def backwards(pictures, kernel, slope, stride, zeros):
    k, (n, rows, columns, _) = len(kernel), slope.shape
    frame = ((0, 0), zeros, zeros, (0, 0))
    framed = np.pad(pictures, frame)
    by_kernel, by_framed = np.zeros_like(kernel), np.zeros_like(framed)
    for i in range(rows):
        for j in range(columns):
            here = np.s_[:, stride * i : stride * i + k, stride * j : stride * j + k]
            by_kernel += np.einsum("nklc,nm->klcm", framed[here], slope[:, i, j])
            by_framed[here] += np.einsum("klcm,nm->nklc", kernel, slope[:, i, j])
    inside = slice(zeros[0], zeros[0] + pictures.shape[1])
    return [by_kernel, slope.sum(axis=(0, 1, 2)), by_framed[:, inside, inside]]
""", ""),
]  # fmt: skip

READY_MADE_WINDOWS = [
    Cheat(7, "knobs", "the contract counts them", """
from adapters.layers import Pool2D
def knobs(height, width, channels, windows, classes):
    layers = []
    for n in windows:
        layers += [Conv2D(channels, n, 3), Pool2D("max", 2)]
        channels = n
    layers = (*layers, Flatten())
    (last,) = Net(layers, "softmax", input_shape=(height, width, 1)).outputs[-1]
    net = Net((*layers, Dense(last, classes)), "softmax", input_shape=(height, width, 1))
    return sum(int(np.prod(p.shape)) for p in net.parameters)
""", COURSE),
    Cheat(7, "slide", "SciPy has it", """
def slide(picture, window, stride):
    from scipy import signal
    return signal.correlate2d(picture, window, "valid")[::stride, ::stride]
""", LIBRARY),
    Cheat(7, "slide", "PyTorch has it", """
def slide(picture, window, stride):
    import torch
    x, w = (torch.tensor(a)[None, None] for a in (picture, window))
    return torch.nn.functional.conv2d(x, w, stride=stride)[0, 0].numpy()
""", LIBRARY),
    Cheat(7, "slide", "a backend of one layer", """
def slide(picture, window, stride):
    net = Net((Conv2D(1, 1, len(window), stride),), "squared", input_shape=(*picture.shape, 1))
    model = exercises.Model(net, [window[..., None, None], np.zeros(1)], SGD(0.1))
    return model.forward(picture[None, ..., None])[0, ..., 0]
""", COURSE),
    Cheat(7, "slide", "the check's own", """
def slide(picture, window, stride):
    from classroom.checks.sliding import _slid
    return _slid(picture, window, stride)
""", REFUSED),
    Cheat(7, "pool", "the reference's way back", """
from adapters.layers import Pool2D
from adapters.numpy_layers import pool2d_backward
def back(picture, slope):
    x, g = (np.asarray(a, float)[None, ..., None] for a in (picture, slope))
    return pool2d_backward(Pool2D("max", 2), [], x, None, g)[1]()[0, ..., 0]
""", COURSE),
    Cheat(7, "pool", "the slope of PyTorch", """
def back(picture, slope):
    import torch
    x = torch.tensor(picture, dtype=torch.float64)[None, None].requires_grad_()
    torch.nn.functional.max_pool2d(x, 2).backward(torch.tensor(slope)[None, None])
    return x.grad[0, 0].numpy()
""", LIBRARY),
    Cheat(7, "field", "the lesson's drawing knows it", """
from adapters.layers import Pool2D
from course.plotting.convolution import receptive_fields
def field(layers):
    return receptive_fields([Pool2D("max", *layer) for layer in layers])[-1]
""", COURSE),
    Cheat(7, "zeros", "the contract knows it", """
from adapters.layers import pictures as _pictures
def same(side, size, stride):
    return *_pictures.around(Conv2D(1, 1, size, stride, "same"), side), -(-side // stride)
""", COURSE),
    Cheat(7, "way_back", "the reference's", """
from adapters.numpy_layers import conv2d_backward
def backwards(pictures, kernel, slope, stride, zeros):
    layer = Conv2D(*kernel.shape[2:], len(kernel), stride, "same")
    (w, b), by_x = conv2d_backward(layer, [kernel, np.zeros(kernel.shape[-1])], pictures, slope,
                                   slope)
    return w, b, by_x()
""", COURSE),
]  # fmt: skip
