"""The report's pictures: static SVG by a few small functions, coloured by the page's own styles.

Bars hold no text, so that they stretch to any width while their words stay ordinary text beside
them. Curve and flow hold text and are drawn twice, for a wide and a narrow page; the style sheet
shows one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup, escape

WIDE, NARROW = 720, 340
_SERIES = 5  # colours in the style sheet

Number = Callable[[float], str]


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
            out.append(f'<rect class="{escape(style)}" x="{at:.1f}" y="0" width="{max(width - 2, 1):.1f}" height="20"/>')
        at += width
    return _svg(1000, 20, "".join(out), label, "bar", stretch=True)


def share_bar(share: float, style: str, label: str) -> Markup:
    """Draw a share 0–1 of a full bar."""
    share = min(max(share, 0.0), 1.0)
    return bar([(style, share), ("p-rest", 1 - share)], label)


def curve(series: Sequence[dict[str, Any]], count: Number, share: Number, axis: str, label: str) -> Markup:
    """Draw how the share of volume grows with the number of codes, on a square-root scale.

    Args:
        series: ``name`` and ``points`` (``rank, share``), at most five.
        count, share: write a number of codes, a share.
        axis: what the horizontal axis counts.
        label: what a screen reader says.
    """
    return Markup("").join(_curve(series, count, share, axis, label, width) for width in (WIDE, NARROW))


def _curve(series: Sequence[dict[str, Any]], count: Number, share: Number, axis: str, label: str, width: int) -> Markup:
    height, left, bottom, top = (300 if width == WIDE else 240), 52, 40, 26
    most = max((s["points"][-1]["rank"] for s in series if s["points"]), default=1)
    across = width - left - 16

    def x(rank: float) -> float:
        return left + across * float(rank / most) ** 0.5

    def y(part: float) -> float:
        return top + (height - bottom - top) * (1 - part)

    out = [
        f'<line class="grid" x1="{left}" x2="{width - 16}" y1="{y(p):.1f}" y2="{y(p):.1f}"/>'
        f'<text x="{left - 6}" y="{y(p) + 4:.1f}" text-anchor="end">{escape(share(p))}</text>'
        for p in (0.0, 0.5, 0.8, 0.9, 1.0)
        if p != 0.9 or width == WIDE
    ]
    for rank in _ticks(most, width):
        anchor = "end" if x(rank) > width - 40 else "middle"
        out.append(f'<line class="grid" x1="{x(rank):.1f}" x2="{x(rank):.1f}" y1="{top}" y2="{height - bottom}"/>')
        out.append(f'<text x="{x(rank):.1f}" y="{height - bottom + 16}" text-anchor="{anchor}">{escape(count(rank))}</text>')
    out.append(f'<text x="{width - 16}" y="{height - 6}" text-anchor="end">{escape(axis)}</text>')
    for n, one in enumerate(series[:_SERIES]):
        path = "L".join(f"{x(p['rank']):.1f},{y(p['share']):.1f}" for p in [{"rank": 0, "share": 0.0}, *one["points"]])
        out.append(f'<path class="line s{n}" d="M{path}"/>')
        place = left + n * 90
        out.append(f'<line class="line s{n}" x1="{place}" x2="{place + 22}" y1="10" y2="10"/>')
        out.append(f'<text x="{place + 28}" y="14">{escape(one["name"])}</text>')
    return _svg(width, height, "".join(out), label, "wide" if width == WIDE else "narrow")


def _ticks(most: int, width: int) -> list[int]:
    steps = [10, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000]
    fits = [s for s in steps if s <= most and (s / most) ** 0.5 > 0.12]
    room = 6 if width == WIDE else 3
    return fits[-room:] if fits else [most]


def flow(flows: Sequence[dict[str, Any]], names: dict[str, str], nowhere: str, label: str, ends: tuple[str, str]) -> Markup:
    """Draw how volume goes from one region's methods to the other's.

    Args:
        flows: ``from, to, volume`` (``to`` None: no counterpart).
        names: what to call each method.
        nowhere: what to call no counterpart.
        label: what a screen reader says.
        ends: the two regions.
    """
    return Markup("").join(_flow(flows, names, nowhere, label, ends, width) for width in (WIDE, NARROW))


def _flow(
    flows: Sequence[dict[str, Any]], names: dict[str, str], nowhere: str, label: str, ends: tuple[str, str], width: int
) -> Markup:
    drawn = [f for f in flows if f["volume"] > 0]
    starts = _ranked(drawn, "from")
    goals = _ranked(drawn, "to")
    gap, top, room = 8, 24, 300
    total = sum(f["volume"] for f in drawn) or 1
    scale = room / total
    margin = 160 if width == WIDE else 112
    room_for = 20 if width == WIDE else 14  # characters that fit beside the nodes
    left = _places(starts, drawn, "from", scale, gap, top)
    right = _places(goals, drawn, "to", scale, gap, top)
    height = int(max([p + s for p, s in [*left.values(), *right.values()]] or [top])) + 16
    out = [
        f'<text class="end" x="{margin}" y="14" text-anchor="end">{escape(ends[0])}</text>',
        f'<text class="end" x="{width - margin}" y="14">{escape(ends[1])}</text>',
    ]
    out += _ribbons(drawn, starts, left, right, scale, margin, width)
    out += _nodes(left, names, nowhere, margin - 10, "end", room_for)
    out += _nodes(right, names, nowhere, width - margin, "start", room_for)
    return _svg(width, height, "".join(out), label, "wide" if width == WIDE else "narrow")


def _ranked(flows: Sequence[dict[str, Any]], side: str) -> list[str | None]:
    sums: dict[str | None, int] = {}
    for one in flows:
        sums[one[side]] = sums.get(one[side], 0) + one["volume"]
    return sorted(sums, key=lambda k: (k is None, -sums[k], k or ""))


def _places(
    order: list[str | None], flows: Sequence[dict[str, Any]], side: str, scale: float, gap: float, top: float
) -> dict[str | None, tuple[float, float]]:
    at, out = float(top), {}
    for name in order:
        size = sum(f["volume"] for f in flows if f[side] == name) * scale
        out[name] = (at, size)
        at += max(size, 9.0) + gap
    return out


def _ribbons(
    flows: Sequence[dict[str, Any]],
    starts: list[str | None],
    left: dict[str | None, tuple[float, float]],
    right: dict[str | None, tuple[float, float]],
    scale: float,
    margin: float,
    width: float,
) -> list[str]:
    out, used_l, used_r = [], {k: v[0] for k, v in left.items()}, {k: v[0] for k, v in right.items()}
    x0, x1 = margin, width - margin - 10
    middle = (x0 + x1) / 2
    for one in sorted(flows, key=lambda f: (starts.index(f["from"]), f["to"] is None, right[f["to"]][0])):
        size = one["volume"] * scale
        a, b = used_l[one["from"]], used_r[one["to"]]
        used_l[one["from"]] += size
        used_r[one["to"]] += size
        style = "p-untouched" if one["to"] is None else ("s0" if one["from"] == one["to"] else "p-review")
        out.append(
            f'<path class="ribbon {style}" d="M{x0},{a:.1f}C{middle},{a:.1f} {middle},{b:.1f} {x1},{b:.1f}'
            f'L{x1},{b + size:.1f}C{middle},{b + size:.1f} {middle},{a + size:.1f} {x0},{a + size:.1f}Z"/>'
        )
    return out


def _nodes(places: dict[str | None, tuple[float, float]], names: dict[str, str], nowhere: str, x: float, anchor: str, room: int) -> list[str]:
    out = []
    for name, (at, size) in places.items():
        text = nowhere if name is None else names.get(name, name)
        text = text if len(text) <= room else text[: room - 1].rstrip() + "…"
        beside = x - 5 if anchor == "end" else x + 5
        out.append(f'<rect class="node" x="{x if anchor == "end" else x - 10}" y="{at:.1f}" width="10" height="{max(size, 1):.1f}"/>')
        out.append(f'<text x="{beside}" y="{at + max(size, 9) / 2 + 4:.1f}" text-anchor="{anchor}">{escape(text)}</text>')
    return out


def _svg(width: float, height: float, body: str, label: str, style: str, stretch: bool = False) -> Markup:
    fit = ' preserveAspectRatio="none"' if stretch else ""
    return Markup(  # noqa: S704 - every text in it has passed escape()
        f'<svg class="{style}" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}"{fit}>{body}</svg>'
    )
