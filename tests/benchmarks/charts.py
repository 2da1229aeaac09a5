"""Small charts for the README, as SVG: readable on any ground, in print, and without colour."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Points = Sequence[tuple[float, float]]
WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 44, 44, 64
DASHES = ("none", "7 5", "2 4")
INK, GROUND, FAINT = "#1d2b2a", "#fffdf8", "#d8d4c8"


def chart(title: str, across: str, up: str, lines: Mapping[str, Points]) -> str:
    """Lines over a logarithmic axis; the upward one begins at nothing, so that flat looks flat."""
    sizes = sorted({x for points in lines.values() for x, _ in points})
    most = _ceiling(max(y for points in lines.values() for _, y in points))

    def place(x: float, y: float) -> tuple[float, float]:
        low, high = math.log(sizes[0]), math.log(sizes[-1])
        share = (math.log(x) - low) / (high - low) if high > low else 0.5
        return LEFT + share * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - y / most * (HEIGHT - TOP - BOTTOM)

    parts = [_text(LEFT, 24, f"{title}, {up}", weight="bold"), _text(LEFT, HEIGHT - 8, across)]
    for share in (0, 0.5, 1):
        x, y = place(sizes[0], share * most)
        parts.append(f'<path d="M{x:.0f} {y:.1f}H{WIDTH - RIGHT}" stroke="{FAINT}"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{share * most:g}", anchor="end"))
    for size in sizes:
        parts.append(_text(place(size, 0)[0], HEIGHT - BOTTOM + 20, f"{size:,.0f}", anchor="middle"))
    for at, (name, points) in enumerate(lines.items()):
        parts += _line(name, [place(x, y) for x, y in points], at)
    label = escape(title, {'"': "&quot;"})
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}" '
        f'font-family="sans-serif" font-size="13" fill="{INK}"><rect width="{WIDTH}" height="{HEIGHT}" rx="10" '
        f'fill="{GROUND}"/>{"".join(parts)}</svg>\n'
    )


def _line(name: str, points: Points, at: int) -> list[str]:
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    x = LEFT + 230 * at
    return [
        f'<path d="{path}" fill="none" stroke="{INK}" stroke-width="2" stroke-dasharray="{DASHES[at % len(DASHES)]}"/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points),
        f'<path d="M{x + 150} {HEIGHT - 13}h28" stroke="{INK}" stroke-width="2" '
        f'stroke-dasharray="{DASHES[at % len(DASHES)]}"/>',
        _text(x + 184, HEIGHT - 8, name),
    ]


def _text(x: float, y: float, words: str, *, anchor: str = "start", weight: str = "normal") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}">{escape(words)}</text>'


def _ceiling(value: float) -> float:
    """The next round number: 1, 2 or 5 and zeros."""
    step = 10.0 ** math.floor(math.log10(value))
    return next(one * step for one in (1, 2, 5, 10) if one * step >= value)
