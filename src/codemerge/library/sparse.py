"""The most alike of very many texts without looking at every pair: rare pieces, then letters, then all.

A slip of the pen spoils one piece of a name and spares the rest. The pieces are the words, their
beginnings and their ends; keys are rare pieces and pairs of pieces of two words. Of the texts that
share a key with a text, those whose pairs of letters are most alike (as 256 bits) are compared
letter by letter (indel ratio), and the best are kept. Texts of three rare words or more that differ
within one of them always share a key; how many others are missed is measured in docs/benchmarks.md.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from codemerge.library.distinct import Side
from codemerge.library.grams import letter_groups, scattered
from codemerge.library.number_order import place_in_run

Keys = npt.NDArray[np.uint32]
Bits = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

FOUND = {"l": pl.UInt32, "r": pl.UInt32, "similarity": pl.UInt8}
_WORDS = 5  # rarest words of a text that keys are made of
_COMMON = 0.2  # share of texts above which a word tells nothing
_PIECE = 4  # letters of a word's beginning and end
_BITS = 256  # of a text's pairs of letters
_CHUNK = 4_000  # left texts looked up at a time, so that memory stays flat
_CELLS = 8_000_000  # pairs compared at a time where all are


def most_alike(
    left: pl.Series, right: pl.Series, *, top: int = 10, least: int = 60, most: int = 150, near: int = 32
) -> pl.DataFrame:
    """Find, for each left text, the most alike right ones among those it shares a rare piece with.

    Args:
        left: texts, cleaned as they are to be compared; words parted by single spaces; better
            distinct, for what stands in more texts than ``most`` finds nothing.
        right: the same of the right side.
        top: right texts kept per left one; of equals the first.
        least: similarity (0–100) below which nothing is found.
        most: right texts that a key may stand in and still be looked up.
        near: right texts per left one that are compared letter by letter.

    Returns:
        Columns FOUND: ``l, r`` (rows), ``similarity`` 0–100; sorted by ``l``, the best first.
    """
    texts = [np.array(side.fill_null("").to_list(), dtype=object) for side in (left, right)]
    keys_l, keys_r = _keys(left, right)
    index = _Index(keys_r, most)
    bits_l, bits_r = _bits(left), _bits(right)
    found = [pl.DataFrame(schema=FOUND)]
    for start in range(0, len(left), _CHUNK):
        a, b = index.sharing(keys_l[start : start + _CHUNK])
        a, b = _nearest(a, b, bits_l[:, start : start + _CHUNK], bits_r, max(near, top))
        found.append(_scored(a + start, b, texts[0], texts[1], top, least))
    return pl.concat(found)


def of_records(
    found: pl.DataFrame, left: Side, right: Side, most: int
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Return every pair of records whose values were found alike.

    Args:
        found: FOUND, over the values of both sides.
        left: which records hold which value.
        right: the same of the right side.
        most: pairs of records above which two values make none.

    Returns:
        Places of the records in ``left`` and ``right``.
    """
    order_l, order_r = np.argsort(left.codes, kind="stable"), np.argsort(right.codes, kind="stable")
    starts_l = np.searchsorted(left.codes[order_l], found["l"].to_numpy() + np.int32(1))
    starts_r = np.searchsorted(right.codes[order_r], found["r"].to_numpy() + np.int32(1))
    held_l = left.counts[found["l"].to_numpy()].astype(np.int64)
    held_r = right.counts[found["r"].to_numpy()].astype(np.int64)
    made = np.where(held_l * held_r <= most, held_l * held_r, 0)
    pair = np.repeat(np.arange(len(made)), made)
    nth = np.arange(len(pair)) - np.repeat(np.cumsum(made) - made, made)
    a = order_l[starts_l[pair] + nth // held_r[pair]]
    b = order_r[starts_r[pair] + nth % held_r[pair]]
    return a.astype(np.uint32), b.astype(np.uint32)


def all_alike(left: pl.Series, right: pl.Series, *, top: int = 10, least: int = 60) -> pl.DataFrame:
    """Do what `most_alike` does by looking at every pair: nothing of ``least`` or more is missed."""
    from rapidfuzz import fuzz, process

    texts = [side.fill_null("").to_list() for side in (left, right)]
    step = max(1, _CELLS // max(len(right), 1))
    found = [pl.DataFrame(schema=FOUND)]
    for start in range(0, len(left), step):
        tile = process.cdist(
            texts[0][start : start + step], texts[1], scorer=fuzz.ratio, dtype=np.uint8,
            score_cutoff=least, workers=-1,
        )  # fmt: skip
        a, b = np.nonzero(tile)
        found.append(_best(a + start, b, tile[a, b], top))
    return pl.concat(found)


def _scored(
    a: Places,
    b: Places,
    left: npt.NDArray[np.object_],
    right: npt.NDArray[np.object_],
    top: int,
    least: int,
) -> pl.DataFrame:
    from rapidfuzz import fuzz, process

    score = process.cpdist(
        left[a], right[b], scorer=fuzz.ratio, dtype=np.uint8, score_cutoff=least, workers=-1
    )
    held = np.nonzero(score)[0]
    return _best(a[held], b[held], score[held], top)


def _best(a: Places, b: Places, score: npt.NDArray[np.uint8], top: int) -> pl.DataFrame:
    """Keep the best of every left text."""
    order = np.lexsort((b, -score.astype(np.int16), a))
    kept = order[place_in_run(a[order]) < top]
    return pl.DataFrame({"l": a[kept], "r": b[kept], "similarity": score[kept]}, schema_overrides=FOUND)


def _nearest(a: Places, b: Places, left: Bits, right: Bits, near: int) -> tuple[Places, Places]:
    """Keep, of every left text's pairs, those that differ in the fewest bits."""
    apart = np.zeros(len(a), dtype=np.uint16)
    for one, other in zip(left, right, strict=True):
        apart += np.bitwise_count(one[a] ^ other[b])
    # Left text, difference and right text in one number: sorting it sorts by all three.
    packed = np.sort((a.astype(np.uint64) << 44) | (apart.astype(np.uint64) << 32) | b.astype(np.uint64))
    packed = packed[place_in_run((packed >> 44).astype(np.int64)) < near]
    return (packed >> 44).astype(np.int64), (packed & np.uint64(2**32 - 1)).astype(np.int64)


class _Index:
    """The right texts by key."""

    def __init__(self, keys: Keys, most: int) -> None:
        flat = keys.ravel()
        order = np.argsort(flat)
        order = order[np.searchsorted(flat[order], 1) :]  # 0 is no key
        ordered = flat[order]
        starts = np.nonzero(np.diff(ordered, prepend=np.uint32(0)))[0]
        sizes = np.diff(np.append(starts, len(ordered)))
        rare = sizes <= most
        self.keys = ordered[starts[rare]]
        self.texts = (order // keys.shape[1])[np.repeat(rare, sizes)].astype(np.uint32)
        self.sizes = sizes[rare]
        self.starts = np.cumsum(self.sizes) - self.sizes

    def sharing(self, keys: Keys) -> tuple[Places, Places]:
        """Return pairs of a row of ``keys`` and a right text that have a key in common, sorted, each once."""
        if not len(self.keys):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        flat = keys.ravel()
        order = np.argsort(flat)
        at = np.searchsorted(self.keys, flat[order])
        at[at == len(self.keys)] = 0
        hit = self.keys[at] == flat[order]
        at, row = at[hit], (order // keys.shape[1])[hit].astype(np.uint64)
        count = self.sizes[at]
        begin = np.repeat(self.starts[at] - (np.cumsum(count) - count), count)
        begin += np.arange(len(begin))
        packed = np.repeat(row << np.uint64(32), count)
        packed |= self.texts[begin]
        packed.sort()
        packed = packed[np.diff(packed, prepend=np.uint64(2**64 - 1)) != 0]
        return (packed >> np.uint64(32)).astype(np.int64), (packed & np.uint64(2**32 - 1)).astype(np.int64)


def _keys(left: pl.Series, right: pl.Series) -> tuple[Keys, Keys]:
    """Return a row of keys per text; 0 where there is none."""
    whole, first, last = _pieces(pl.concat([left.alias("t"), right.alias("t")]))
    same = pl.concat([left, right]).hash(seed=4).to_numpy()[:, None]
    parts = [same, whole, first, last, _joined(first, last)]
    for n in range(1, _WORDS):
        for a in (np.where(first == 0, whole, first), last):
            for b in (np.where(first == 0, whole, first), last):
                parts.append(_joined(a[:, n:], b[:, :-n]))
    keys = np.concatenate([scattered(part).astype(np.uint32) for part in parts], axis=1)
    return keys[: len(left)], keys[len(left) :]


def _pieces(texts: pl.Series) -> tuple[Bits, Bits, Bits]:
    """Return each text's rarest words, their beginnings and ends, as numbers; 0 where there is none."""
    words = pl.DataFrame({"n": np.arange(len(texts)), "w": texts.fill_null("").str.split(" ")}).explode("w")
    words = words.filter(pl.col("w") != "")
    often = words.group_by("w").len().filter(pl.col("len") <= max(_COMMON * len(texts), 10))
    words = words.join(often, on="w").unique(["n", "w"]).sort("n", "len", "w")
    words = words.with_columns(at=pl.int_range(pl.len()).over("n")).filter(pl.col("at") < _WORDS)
    long = pl.col("w").str.len_chars() > _PIECE
    told = words.select(
        "n", "at", whole=pl.col("w").hash(seed=1),
        first=pl.when(long).then(pl.col("w").str.head(_PIECE).hash(seed=2)),
        last=pl.when(long).then(pl.col("w").str.tail(_PIECE).hash(seed=3)),
    )  # fmt: skip
    tables = []
    for name in ("whole", "first", "last"):
        table = np.zeros((len(texts), _WORDS), dtype=np.uint64)
        table[told["n"].to_numpy(), told["at"].to_numpy()] = told[name].fill_null(0).to_numpy()
        tables.append(table)
    return tables[0], tables[1], tables[2]


def _joined(one: Bits, other: Bits) -> Bits:
    """Make one number of two, in either order; 0 where either is."""
    both: Bits = np.where((one != 0) & (other != 0), one + other, np.uint64(0))
    return both


def _bits(texts: pl.Series) -> Bits:
    """Write the pairs of letters of every text as bits: a row of numbers per 64 of them."""
    out = np.zeros((_BITS // 64, len(texts)), dtype=np.uint64)
    for start in range(0, len(texts), _CHUNK):
        some = texts.slice(start, _CHUNK).fill_null("")
        rows, groups = letter_groups(some, (2,))
        held = np.zeros((len(some), _BITS), dtype=np.bool_)
        held[rows, (scattered(groups) % np.uint64(_BITS)).astype(np.int64)] = True
        out[:, start : start + len(some)] = np.packbits(held, axis=1).view(np.uint64).T
    return out
