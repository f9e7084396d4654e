"""The report's pictures: static SVG by a few small functions, coloured by the page's own styles.

Bars hold no text, so that they stretch to any width while their words stay ordinary text beside
them. Curve and flow hold text and are drawn twice, for a wide and a narrow page; the style sheet
shows one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

WIDE, NARROW = 720, 340
_SERIES = 5  # colours in the style sheet

_LEFT = 52  # room for the shares
_START = {"rank": 0, "share": 0.0}


def bar(parts: Sequence[tuple[str, float]], label: str) -> Markup:
    """Draw one stacked bar.

    Args:
        parts: style class and value, in order; drawn in proportion to their sum, or to the whole
            of 1 when they sum to less than that and are shares.
        label: what a screen reader says.
    """
    total = sum(v for _, v in parts) or 1.0
    out, at = [], 0.0
    for style, value in parts:
        width = 1000 * value / total
        if width > 0:
            seen = max(width - 2, 1)  # two units of air before the next part
            out.append(f'<rect class="{style}" x="{at:.1f}" y="0" width="{seen:.1f}" height="20"/>')
        at += width
    return svg(1000, 20, "".join(out), label, style="bar", stretch=True)


def share_bar(share: float, style: str, label: str) -> Markup:
    """Draw a share 0–1 of a full bar."""
    share = min(max(share, 0.0), 1.0)
    return bar([(style, share), ("p-rest", 1 - share)], label)


@dataclass(frozen=True)
class Axes:
    """How a curve writes its numbers.

    Args:
        count: writes a number of codes.
        share: writes a share.
        across: says what the horizontal axis counts.
        label: what a screen reader says.
    """

    count: Callable[[float], str]
    share: Callable[[float], str]
    across: str
    label: str


def curve(series: Sequence[dict[str, Any]], axes: Axes) -> Markup:
    """Draw how the share of volume grows with the number of codes, on a square-root scale.

    Args:
        series: ``name`` and ``points`` (``rank, share``), at most five.
        axes: how numbers are written.
    """
    return Markup("").join(_curve(series[:_SERIES], axes, width) for width in (WIDE, NARROW))


def _curve(series: Sequence[dict[str, Any]], axes: Axes, width: int) -> Markup:
    height = 300 if width == WIDE else 240
    most = max((s["points"][-1]["rank"] for s in series if s["points"]), default=1)
    right, floor, roof = width - 16, height - 40, 26

    def x(rank: float) -> float:
        return float(_LEFT + (right - _LEFT) * (rank / most) ** 0.5)

    def y(part: float) -> float:
        return float(roof + (floor - roof) * (1 - part))

    out = []
    for part in (0.0, 0.5, 0.8, 0.9, 1.0) if width == WIDE else (0.0, 0.5, 0.8, 1.0):
        out.append(f'<line class="grid" x1="{_LEFT}" x2="{right}" y1="{y(part):.1f}" y2="{y(part):.1f}"/>')
        out.append(_words(_LEFT - 6, y(part) + 4, axes.share(part), "end"))
    for rank in _ticks(most, width):
        out.append(f'<line class="grid" x1="{x(rank):.1f}" x2="{x(rank):.1f}" y1="{roof}" y2="{floor}"/>')
        out.append(_words(x(rank), floor + 16, axes.count(rank), "end" if x(rank) > width - 40 else "middle"))
    out.append(_words(right, height - 6, axes.across, "end"))
    for n, one in enumerate(series):
        path = "L".join(f"{x(p['rank']):.1f},{y(p['share']):.1f}" for p in [_START, *one["points"]])
        place = _LEFT + n * 90
        out.append(f'<path class="line s{n}" d="M{path}"/>')
        out.append(f'<line class="line s{n}" x1="{place}" x2="{place + 22}" y1="10" y2="10"/>')
        out.append(_words(place + 28, 14, one["name"], "start"))
    return svg(width, height, "".join(out), axes.label, style="wide" if width == WIDE else "narrow")


def _words(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _ticks(most: int, width: int) -> list[int]:
    steps = [10, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000]
    fits = [s for s in steps if s <= most and (s / most) ** 0.5 > 0.12]
    room = 6 if width == WIDE else 3
    return fits[-room:] if fits else [most]


def svg(width: float, height: float, body: str, label: str, *, style: str, stretch: bool = False) -> Markup:
    """Wrap shapes in a picture; every text in ``body`` has passed ``escape``.

    Args:
        width: of the drawing's own coordinates.
        height: of the same.
        body: the shapes.
        label: what a screen reader says.
        style: class in the style sheet.
        stretch: to any width, without keeping proportions.
    """
    fit = ' preserveAspectRatio="none"' if stretch else ""
    head = f'class="{style}" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}"'
    return Markup(f"<svg {head}{fit}>{body}</svg>")  # noqa: S704 - escaped above and by every drawer
