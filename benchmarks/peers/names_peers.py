"""Peers on names: string_grouper, and scikit-learn with sparse_dot_topn; letters in threes, cosine, ten best.

python benchmarks/peers/names_peers.py {string_grouper,sparse_dot_topn} NAMES.parquet FOUND.parquet
"""

from __future__ import annotations

import sys

import pandas as pd

TOP, LEAST = 10, 0.5


def string_grouper(names: pd.DataFrame) -> pd.DataFrame:
    from string_grouper import match_strings

    found = match_strings(names["left"], names["right"], max_n_matches=TOP, min_similarity=LEAST)
    return found[["left_index", "right_index", "similarity"]]


def sparse_dot_topn(names: pd.DataFrame) -> pd.DataFrame:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(3, 3))
    vectors.fit(pd.concat([names["left"], names["right"]]))
    left, right = vectors.transform(names["left"]), vectors.transform(names["right"])
    found = sp_matmul_topn(left, right.T.tocsr(), top_n=TOP, threshold=LEAST, n_threads=2).tocoo()
    return pd.DataFrame({"left_index": found.row, "right_index": found.col, "similarity": found.data})


if __name__ == "__main__":
    way, source, out = sys.argv[1:]
    {"string_grouper": string_grouper, "sparse_dot_topn": sparse_dot_topn}[way](
        pd.read_parquet(source)
    ).to_parquet(out)
