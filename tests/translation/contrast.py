"""The contrast ratio of a colour with white, by WCAG 2.2."""

from __future__ import annotations

# Success criteria 1.4.3 and 1.4.11: text, large text, and meaningful graphics.
OF_TEXT, OF_LARGE_TEXT, OF_GRAPHICS = 4.5, 3.0, 3.0
LARGE = {"normal": 18.0, "bold": 14.0}  # points


def luminance(rgb: tuple[float, float, float]) -> float:
    """Relative luminance of a colour in sRGB, each part from 0 to 1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(rgb: tuple[float, float, float]) -> float:
    """The contrast ratio with white: 1 for white itself, 21 for black."""
    return 1.05 / (luminance(rgb) + 0.05)
