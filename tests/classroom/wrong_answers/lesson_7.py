"""Typical wrong answers to the exercises of lesson 7, each with its hint."""

from __future__ import annotations

from tests.classroom.hints import WrongAnswer

SUMS = "np.sum(picture[i : i + k, j : j + m] * window)"
FIRST = "row, column = divmod(int(np.argmax(square)), 2)"
OURS = "return her_order.transpose(2, 3, 1, 0).reshape(-1, len(kernel))"
ZEROS = "(before, after), (before, after)"
FRAMED = f"    framed = np.pad(pictures, ((0, 0), {ZEROS}, (0, 0)))\n    ### STUDENT"

LESSON_7 = [
    WrongAnswer(
        "knobs", "the colours forgotten",
        "predicted_windows = 2432", "predicted_windows = 832",
        "for each of the three colours",
    ),
    WrongAnswer(
        "knobs", "the dense layer shares its weights",
        "predicted_dense = 98336", "predicted_dense = 3104",
        "for each pixel and each colour",
    ),
    WrongAnswer(
        "knobs", "every window looks at one picture",
        "3 * 3 * channels * n + n", "3 * 3 * n + n",
        "looks at all pictures that the first one gives",
    ),
    WrongAnswer(
        "knobs", "no biases in the windows",
        "3 * 3 * channels * n + n", "3 * 3 * channels * n",
        "The windows have a bias each",
    ),
    WrongAnswer(
        "knobs", "no biases in the scores",
        "* channels * classes + classes", "* channels * classes",
        "The scores have a bias each",
    ),
    WrongAnswer(
        "knobs", "zeros around the picture",
        "(height - 2) // 2, (width - 2) // 2, n", "height // 2, width // 2, n",
        "does not fit at every pixel",
    ),
    WrongAnswer(
        "knobs", "no pool",
        "(height - 2) // 2, (width - 2) // 2, n", "height - 2, width - 2, n",
        "halve its height and its width",
    ),
    WrongAnswer(
        "knobs", "half a pixel rounded up",
        "(height - 2) // 2, (width - 2) // 2, n", "(height - 1) // 2, (width - 1) // 2, n",
        "One that is left over alone is dropped",
    ),
    WrongAnswer(
        "knobs", "a window for each place",
        "        count += 3 * 3 * channels * n + n\n",
        "        count += (3 * 3 * channels * n + n) * (height - 2) * (width - 2)\n",
        "They are not counted again",
    ),
    WrongAnswer(
        "slide", "turned on paper",
        "predicted_sum = -1", "predicted_sum = 1",
        "The window is not turned",
    ),
    WrongAnswer(
        "slide", "rounded up",
        "predicted_places = [3, 4]", "predicted_places = [4, 5]",
        "if the last one has to be inside",
    ),
    WrongAnswer(
        "slide", "turned by half a turn",
        SUMS, SUMS.replace("window", "window[::-1, ::-1]"),
        "as mathematicians do",
    ),
    WrongAnswer(
        "slide", "rows and columns of the window exchanged",
        SUMS, "np.sum(picture[i : i + m, j : j + k] * window.T)",
        "Rows and columns of the window",
    ),
    WrongAnswer(
        "slide", "a product of matrices",
        SUMS, "np.sum(picture[i : i + k, j : j + k] @ window)",
        "that is the product of matrices",
    ),
    WrongAnswer(
        "slide", "the last place left out",
        "range(0, w - m + 1, stride)\n    down = range(0, h - k + 1, stride)",
        "range(0, w - m, stride)\n    down = range(0, h - k, stride)",
        "stops before it has been at the last row",
    ),
    WrongAnswer(
        "slide", "no stride",
        "range(0, w - m + 1, stride)\n    down = range(0, h - k + 1, stride)",
        "range(w - m + 1)\n    down = range(h - k + 1)",
        "moves by one pixel",
    ),
    WrongAnswer(
        "slide", "a stride in one direction",
        "range(0, w - m + 1, stride)", "range(w - m + 1)",
        "by the stride in one direction",
    ),
    WrongAnswer(
        "slide", "zeros around the picture",
        "    (h, w), (k, m) = picture.shape, window.shape\n",
        "    (h, w), (k, m) = picture.shape, window.shape\n"
        "    picture = np.pad(picture, ((0, k - 1), (0, m - 1)))\n"
        "    h, w = picture.shape\n",
        "Only the places count at which all of it is inside",
    ),
    WrongAnswer(
        "slide", "the mean",
        SUMS, SUMS.replace("sum", "mean"),
        "It is a sum, and not a mean",
    ),
    WrongAnswer(
        "pool", "shared on paper",
        "predicted_shares = [0, 5, 0, 0]", "predicted_shares = [0, 2.5, 2.5, 0]",
        "two are equally large",
    ),
    WrongAnswer(
        "pool", "the mean",
        ".max(axis=(1, 3))", ".mean(axis=(1, 3))",
        "These are the means of the squares",
    ),
    WrongAnswer(
        "pool", "rows that are no squares",
        "reshape(h, 2, w, 2).max(axis=(1, 3))", "reshape(h, w, 4).max(axis=2)",
        "Which four pixels",
    ),
    WrongAnswer(
        "pool", "shared among equals",
        f"        {FIRST}\n        shares[2 * i + row, 2 * j + column] = slope[i, j]\n",
        "        same = square == square.max()\n"
        "        shares[2 * i : 2 * i + 2, 2 * j : 2 * j + 2] = same * slope[i, j] / same.sum()\n",
        "Equal numbers have shared the slope",
    ),
    WrongAnswer(
        "pool", "all equals get all",
        f"        {FIRST}\n        shares[2 * i + row, 2 * j + column] = slope[i, j]\n",
        "        same = square == square.max()\n"
        "        shares[2 * i : 2 * i + 2, 2 * j : 2 * j + 2] = same * slope[i, j]\n",
        "more goes back than has come",
    ),
    WrongAnswer(
        "pool", "the last of the equal numbers",
        FIRST, "row, column = divmod(3 - int(np.argmax(square[::-1, ::-1])), 2)",
        "to the last of the equal numbers",
    ),
    WrongAnswer(
        "pool", "column by column",
        FIRST, "column, row = divmod(int(np.argmax(square.T)), 2)",
        "column by column",
    ),
    WrongAnswer(
        "pool", "the rest cut off",
        "    return shares\n", "    return shares[: 2 * len(slope), : 2 * len(slope[0])]\n",
        "Those that nobody looks at get 0",
    ),
    WrongAnswer(
        "field", "three windows side by side",
        "predicted_field = 7", "predicted_field = 9",
        "see one more on their side",
    ),
    WrongAnswer(
        "field", "the stride without effect",
        "predicted_field_by_two = 11", "predicted_field_by_two = 8",
        "reaches twice as far",
    ),
    WrongAnswer(
        "field", "no strides",
        "        apart *= stride\n", "",
        "does not know by how much the layers move",
    ),
    WrongAnswer(
        "field", "whole windows added",
        "(size - 1) * apart", "size * apart",
        "Windows side by side overlap",
    ),
    WrongAnswer(
        "field", "the layer's own step",
        "        wide += (size - 1) * apart\n        apart *= stride\n",
        "        apart *= stride\n        wide += (size - 1) * apart\n",
        "depends on the layers *before* it",
    ),
    WrongAnswer(
        "field", "from the end",
        "for size, stride in layers:", "for size, stride in reversed(layers):",
        "You have begun with the last layer",
    ),
    WrongAnswer(
        "field", "one step remembered",
        "apart *= stride", "apart = stride",
        "Only the step of the last layer",
    ),
    WrongAnswer(
        "zeros", "a zero on both sides",
        "predicted_by_two = [0, 1]", "predicted_by_two = [1, 1]",
        "Where does it end?",
    ),
    WrongAnswer(
        "zeros", "the odd zero before",
        "return zeros // 2, zeros - zeros // 2, places",
        "return zeros - zeros // 2, zeros // 2, places",
        "the odd zero is before the picture",
    ),
    WrongAnswer(
        "zeros", "as for a step of one",
        "zeros = max((places - 1) * stride + size - side, 0)", "zeros = size - 1",
        "Where does the *last* window end?",
    ),
    WrongAnswer(
        "zeros", "fewer than none",
        "zeros = max((places - 1) * stride + size - side, 0)",
        "zeros = (places - 1) * stride + size - side",
        "nothing has to be put around them",
    ),
    WrongAnswer(
        "zeros", "rounded down",
        "places = -(-side // stride)", "places = side // stride",
        "The last pixels have to be seen",
    ),
    WrongAnswer(
        "zeros", "places inside the picture",
        "places = -(-side // stride)", "places = (side - size) // stride + 1",
        "these are the places of a window that stays inside",
    ),
    WrongAnswer(
        "carry", "place by place in hers",
        "predicted_hers = 113", "predicted_hers = 212",
        "Four whole pictures of 25 come before it",
    ),
    WrongAnswer(
        "carry", "only reshaped",
        "return kernel.transpose(2, 3, 1, 0)",
        "return kernel.reshape(*kernel.shape[2:], *kernel.shape[1::-1])",
        "`reshape` moves no number: which function moves axes?",
    ),
    WrongAnswer(
        "carry", "all axes turned round",
        "return kernel.transpose(2, 3, 1, 0)", "return kernel.T",
        "have become its columns",
    ),
    WrongAnswer(
        "carry", "channels and windows exchanged",
        "return kernel.transpose(2, 3, 1, 0)", "return kernel.transpose(2, 3, 0, 1)",
        "rows, columns, channels, windows",
    ),
    WrongAnswer(
        "carry", "turned by half a turn",
        "return kernel.transpose(2, 3, 1, 0)",
        "return kernel.transpose(2, 3, 1, 0)[::-1, ::-1]",
        "All frameworks use them as they are written",
    ),
    WrongAnswer(
        "carry", "still window by window",
        OURS, "return kernel.T",
        "its rows are still in her order",
    ),
    WrongAnswer(
        "carry", "the dense kernel not turned round",
        OURS, "return her_order.transpose(0, 2, 3, 1).reshape(len(kernel), -1)",
        "Ours is the other way round",
    ),
    WrongAnswer(
        "carry", "the dense kernel only reshaped",
        OURS, "return kernel.reshape(-1, len(kernel))",
        "First the dense kernel needs its axes",
    ),
    WrongAnswer(
        "carry", "sorted the other way",
        "kernel.reshape(-1, windows, rows, columns)\n    return her_order.transpose(2, 3, 1, 0)",
        "kernel.reshape(-1, rows, columns, windows)\n    return her_order.transpose(3, 1, 2, 0)",
        "You have sorted the other way round",
    ),
    WrongAnswer(
        "carry", "columns before rows",
        OURS, OURS.replace("2, 3, 1, 0", "3, 2, 1, 0"),
        "Rows and columns of the flattened pictures",
    ),
    WrongAnswer(
        "way_back", "the kernel taken for right",
        'predicted_right = ["bias", "pictures"]', 'predicted_right = ["bias"]',
        "does not need what came in",
    ),
    WrongAnswer(
        "way_back", "the defect left in",
        FRAMED, FRAMED.replace(ZEROS, "(after, before), (after, before)"),
        "where does each of the two put the zeros?",
    ),
    WrongAnswer(
        "way_back", "all zeros after",
        FRAMED, FRAMED.replace(ZEROS, "(0, before + after), (0, before + after)"),
        "it is wrong elsewhere",
    ),
]  # fmt: skip
