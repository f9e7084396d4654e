"""One-to-one assignment: the choice of pairs whose bits add up to most, not each row's best.

Candidate pairs form a sparse graph; each connected component is solved by itself (Edmonds'
blossom algorithm, as in rustworkx). Equal sums are told apart by position, so the answer is always
the same; callers learn of ties from the margin and never accept them.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.uint32]
_FLOOR = -6.0  # bits below which leaving both records unmatched is better: odds of 1 in 64
_SPREAD = 1 << 24  # room below one step of weight for telling equal sums apart


def components(
    left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], nodes: int
) -> npt.NDArray[np.int64]:
    """Label each node with the smallest node it is connected to."""
    label = np.arange(nodes, dtype=np.int64)
    while True:
        low = np.minimum(label[left], label[right])
        before = label.copy()
        np.minimum.at(label, left, low)
        np.minimum.at(label, right, low)
        label = label[label]  # jump: halves the way to the smallest
        if np.array_equal(label, before):
            return label


def assign_pairs(left: Rows, right: Rows, bits: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Choose pairs so that no record is used twice and the sum of bits is largest.

    Args:
        left: records of each candidate pair, any numbering; pairs sorted by them.
        right: the same of the right side.
        bits: match weight of each pair.

    Returns:
        One flag per pair.
    """
    chosen = np.zeros(len(bits), dtype=np.bool_)
    if not len(bits):
        return chosen
    _, a = np.unique(left, return_inverse=True)
    names, b = np.unique(right, return_inverse=True)
    useful = np.nonzero(bits > _FLOOR)[0]
    if not len(useful):
        return chosen
    a, b = a[useful].astype(np.int64), b[useful].astype(np.int64)
    sure = _dominant(a, b, bits[useful] - _FLOOR)
    chosen[useful[sure]] = True
    rest = ~np.isin(a, a[sure]) & ~np.isin(b, b[sure])
    useful, a, b = useful[rest], a[rest], b[rest]
    if not len(useful):
        return chosen
    offset = int(a.max()) + 1
    label = components(a, b + offset, offset + len(names))[a]
    order = np.argsort(label, kind="stable")
    bounds = np.nonzero(np.diff(label[order], prepend=-1, append=-1))[0]
    for start, stop in pairwise(bounds):
        part = order[start:stop]
        chosen[useful[part[_solve(a[part], b[part], bits[useful[part]])]]] = True
    return chosen


def _dominant(
    a: npt.NDArray[np.int64], b: npt.NDArray[np.int64], worth: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Find pairs worth more than the best other pair of their left and of their right record together.

    Such a pair is in every best assignment: whatever two pairs it would push out are worth less.
    Taking them away leaves others dominant, so it is done until nothing changes.
    """
    sure = np.zeros(len(worth), dtype=np.bool_)
    alive = np.ones(len(worth), dtype=np.bool_)
    while True:
        at = np.nonzero(alive)[0]
        found = at[worth[at] > _other(a[at], worth[at]) + _other(b[at], worth[at])]
        if not len(found):
            return sure
        sure[found] = True
        alive &= ~np.isin(a, a[found]) & ~np.isin(b, b[found])


def _other(side: npt.NDArray[np.int64], worth: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the best other pair of the same record, 0 where there is none."""
    out = np.zeros(len(worth))
    several = np.nonzero(np.bincount(side)[side] > 1)[0] if len(side) else np.zeros(0, dtype=np.int64)
    if len(several):
        order = several[np.lexsort((-worth[several], side[several]))]
        starts = np.nonzero(np.diff(side[order], prepend=-1))[0]
        sizes = np.diff(np.append(starts, len(order)))
        out[order] = np.repeat(worth[order[starts]], sizes)
        out[order[starts]] = worth[order[starts + 1]]
    return out


def _solve(
    a: npt.NDArray[np.int64], b: npt.NDArray[np.int64], bits: npt.NDArray[np.float64]
) -> npt.NDArray[np.int64]:
    """Return positions of the chosen pairs of one component."""
    if len(bits) == 1 or len(set(a.tolist())) == 1 or len(set(b.tolist())) == 1:
        return np.array([int(np.argmax(bits))])
    import rustworkx

    left, right = np.unique(a), np.unique(b)
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from([None] * (len(left) + len(right)))
    ends = zip(
        np.searchsorted(left, a).tolist(),
        (np.searchsorted(right, b) + len(left)).tolist(),
        range(len(bits)),
        strict=True,
    )
    place = {(x, y): n for x, y, n in ends}
    steps = np.round((bits - _FLOOR) * 1024).astype(np.int64)
    weights = [int(w) * _SPREAD + (n * 40503 % 65521) for n, w in enumerate(steps)]
    graph.add_edges_from([(x, y, weights[n]) for (x, y), n in place.items()])
    found = rustworkx.max_weight_matching(graph, max_cardinality=False, weight_fn=int)
    return np.array(sorted(place[(min(pair), max(pair))] for pair in found), dtype=np.int64)
