"""The flow picture: how one region's methods meet the other's, as ribbons as wide as their volume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from codemerge.files.report_pictures import NARROW, WIDE, svg

_ROOM, _TOP, _GAP, _LEAST = 300, 24, 8, 9.0  # height of all volume, of the heading, between nodes, of text
_NODE = 10


@dataclass(frozen=True)
class Names:
    """What the picture calls things.

    Args:
        methods: concept → name.
        nowhere: no counterpart.
        unstated: a record that says no method.
        ends: the two regions.
        label: what a screen reader says.
    """

    methods: Mapping[str, str]
    nowhere: str
    unstated: str
    ends: tuple[str, str]
    label: str


@dataclass(frozen=True)
class _Side:
    """One column of nodes: name → top and height, in order."""

    nodes: dict[str | None, tuple[float, float]]

    @property
    def bottom(self) -> float:
        return max((top + size for top, size in self.nodes.values()), default=float(_TOP))


def flow(flows: Sequence[Mapping[str, Any]], names: Names) -> Markup:
    """Draw how volume goes from one region's methods to the other's, for a wide and a narrow page.

    Args:
        flows: ``from, to, volume`` (``to`` None: no counterpart).
        names: what to call things.
    """
    drawn = [f for f in flows if f["volume"] > 0]
    scale = _ROOM / (sum(f["volume"] for f in drawn) or 1)
    sides = (_side(drawn, "from", scale), _side(drawn, "to", scale))
    return Markup("").join(_drawn(drawn, names, sides, scale, width) for width in (WIDE, NARROW))


def _side(flows: Sequence[Mapping[str, Any]], which: str, scale: float) -> _Side:
    sums: dict[str | None, int] = {}
    for one in flows:
        sums[one[which]] = sums.get(one[which], 0) + one["volume"]
    at, nodes = float(_TOP), {}
    for name in sorted(sums, key=lambda k: (k is None, -sums[k], k or "")):
        nodes[name] = (at, sums[name] * scale)
        at += max(sums[name] * scale, _LEAST) + _GAP
    return _Side(nodes)


def _drawn(
    flows: Sequence[Mapping[str, Any]], names: Names, sides: tuple[_Side, _Side], scale: float, width: int
) -> Markup:
    margin, letters = (160, 20) if width == WIDE else (112, 14)
    left, right = sides
    out = [
        f'<text class="end" x="{margin}" y="14" text-anchor="end">{escape(names.ends[0])}</text>',
        f'<text class="end" x="{width - margin}" y="14">{escape(names.ends[1])}</text>',
        *_ribbons(flows, sides, scale, (margin, width - margin - _NODE)),
    ]
    for side, x, anchor in ((left, margin - _NODE, "end"), (right, width - margin - _NODE, "start")):
        for name, (top, size) in side.nodes.items():
            text = names.nowhere if name is None else names.methods.get(name, name) or names.unstated
            out.append(_node(x, top, size, _short(text, letters), anchor))
    height = int(max(left.bottom, right.bottom)) + 16
    return svg(width, height, "".join(out), names.label, style="wide" if width == WIDE else "narrow")


def _short(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"


def _node(x: float, top: float, size: float, text: str, anchor: str) -> str:
    beside = x - 5 if anchor == "end" else x + _NODE + 5
    middle = top + max(size, _LEAST) / 2 + 4
    return (
        f'<rect class="node" x="{x}" y="{top:.1f}" width="{_NODE}" height="{max(size, 1):.1f}"/>'
        f'<text x="{beside}" y="{middle:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def _ribbons(
    flows: Sequence[Mapping[str, Any]],
    sides: tuple[_Side, _Side],
    scale: float,
    between: tuple[float, float],
) -> list[str]:
    (x0, x1), (left, right) = between, sides
    middle = (x0 + x1) / 2
    starts = list(left.nodes)
    used = ({k: v[0] for k, v in left.nodes.items()}, {k: v[0] for k, v in right.nodes.items()})
    out = []
    for one in sorted(
        flows, key=lambda f: (starts.index(f["from"]), f["to"] is None, right.nodes[f["to"]][0])
    ):
        size = one["volume"] * scale
        a, b = used[0][one["from"]], used[1][one["to"]]
        used[0][one["from"]] += size
        used[1][one["to"]] += size
        there = f"M{x0},{a:.1f}C{middle},{a:.1f} {middle},{b:.1f} {x1},{b:.1f}"
        back = f"L{x1},{b + size:.1f}C{middle},{b + size:.1f} {middle},{a + size:.1f} {x0},{a + size:.1f}Z"
        out.append(f'<path class="ribbon {_style(one)}" d="{there}{back}"/>')
    return out


def _style(one: Mapping[str, Any]) -> str:
    if one["to"] is None:
        return "p-untouched"
    if not one["from"] or not one["to"]:
        return "p-retired"
    return "s0" if one["from"] == one["to"] else "p-review"
