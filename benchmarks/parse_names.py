"""How fast names parse: prints load time, and seconds for 10 000 distinct names on one core.

The names are synthetic: made by putting words of the vocabulary together, some of them misspelt, so that
every path of the parser is walked. ``--data FILE --column NAME`` times a catalog of your own instead.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import polars as pl

from codemerge.library.parser import read_names
from codemerge.library.vocabulary import Vocabulary
from codemerge.rules.facets import load_vocabulary

ROOT = Path(__file__).parents[1]


def synthetic_names(vocabulary: Vocabulary, count: int, seed: int = 1) -> list[str]:
    rng = random.Random(seed)
    words = sorted(key for key in vocabulary.phrases if key.count(" ") < 2 and "#" not in key)
    tails = sorted(vocabulary.tails)
    names: set[str] = set()
    while len(names) < count:
        parts = rng.sample(words, rng.randint(2, 5))
        if rng.random() < 0.2:  # a compound nobody listed
            parts[0] = parts[0].split(" ")[0] + "s" + rng.choice(tails)
        if rng.random() < 0.1:  # a slip of the finger
            place = rng.randrange(len(parts[-1]))
            parts[-1] = parts[-1][:place] + parts[-1][place + 1 :]
        names.add(rng.choice((" ", " - ", ", ")).join(parts))
    return sorted(names)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--data", type=Path)
    options.add_argument("--column", default="description")
    given = options.parse_args()
    start, cpu = time.perf_counter(), time.process_time()
    facets, vocabulary = load_vocabulary([ROOT / "rules"])
    print(f"load: {time.perf_counter() - start:.3f} s ({time.process_time() - cpu:.3f} s CPU), "
          f"{len(vocabulary.phrases)} phrases, {len(vocabulary.titles)} concepts")  # fmt: skip
    if given.data:
        names = pl.read_csv(given.data, infer_schema=False)[given.column].drop_nulls().unique().to_list()
    else:
        names = synthetic_names(vocabulary, given.count)
    frame = pl.DataFrame({"label": names})
    start, cpu = time.perf_counter(), time.process_time()
    out = read_names(frame, vocabulary, list(facets), text="label")
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    print(f"parse: {len(names)} distinct names in {seconds:.3f} s ({cpu:.3f} s CPU), "
          f"{out.filter(pl.col('unknown').list.len() > 0).height} with an unknown word")  # fmt: skip


if __name__ == "__main__":
    main()
