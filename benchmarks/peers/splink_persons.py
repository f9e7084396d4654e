"""Splink 5 on two registers of persons: training, prediction and clustering, as its documentation advises.

    python benchmarks/peers/splink_persons.py PROJECT CLUSTERS.parquet

Six fields; names with term frequencies; tight blocking rules for training (careless ones take ten
times the time and memory); the threshold is Splink's customary 0.95.
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

sys.path.insert(0, str(Path(__file__).parent))

from plain_catalogs import sources


def settings() -> SettingsCreator:
    frequent = {"term_frequency_adjustments": True}
    return SettingsCreator(
        unique_id_column_name="code",
        link_type="link_only",
        blocking_rules_to_generate_predictions=[
            block_on("personnummer"), block_on("email"), block_on("family_name", "given_name", "birth_date"),
            block_on("given_name", "birth_date", "title"), block_on("family_name", "birth_date"),
        ],
        comparisons=[
            cl.NameComparison("given_name").configure(**frequent),
            cl.NameComparison("family_name").configure(**frequent),
            cl.LevenshteinAtThresholds("birth_date", [1, 2]),
            cl.ExactMatch("personnummer"),
            cl.ExactMatch("email"),
            cl.ExactMatch("title").configure(**frequent),
        ],
        retain_intermediate_calculation_columns=False,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("project", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    logging.getLogger("splink").setLevel(logging.ERROR)
    engine = duckdb.connect()
    engine.execute("SET memory_limit = '12GB'")
    api = DuckDBAPI(connection=engine)
    columns = "code, given_name, family_name, birth_date, personnummer, email, title"
    tables = []
    for n, (_, _, path) in enumerate(sources(asked.project)):
        engine.execute(f"CREATE TABLE side_{n} AS SELECT {columns} FROM read_parquet('{path}')")
        tables.append(api.register(f"side_{n}"))
    linker = Linker(tables, settings())
    linker.training.estimate_probability_two_random_records_match(
        [block_on("personnummer"), block_on("given_name", "family_name", "birth_date")], recall=0.8
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("family_name", "birth_date"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("personnummer"))
    pairs = linker.inference.predict(threshold_match_probability=0.5)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        pairs, threshold_match_probability=0.95
    )
    engine.execute(
        f"COPY (SELECT source_dataset, code, cluster_id FROM {clusters.physical_name}) TO '{asked.out}' (FORMAT parquet)"
    )


if __name__ == "__main__":
    main()
