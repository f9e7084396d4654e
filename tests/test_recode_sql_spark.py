"""Optional: the recoding view in Spark, local mode; run where pyspark and Java are installed."""

from __future__ import annotations

import re

import pytest

from codemerge.answers.selection import select
from codemerge.files.exchange_sql import combined_sql, recode_sql
from tests.small_runs import small_run

pyspark = pytest.importorskip("pyspark", reason="pip install pyspark to try Spark")


def test_the_scripts_run_in_spark_and_every_code_survives(tmp_path):
    """Quotes, blanks, line breaks, backslashes; the split flagged, every row kept."""
    odd = [{"code": c, "label": c} for c in ("007", "=1+1", "a'b", 'a"b', " 9", "9 ", "å", "a\nb", "a\\b")]
    run = small_run(a=[*odd, {"code": "3", "label": "Knee"}, {"code": "810E0", "label": "Knee right"}])
    builder = pyspark.sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    spark = builder.config("spark.sql.warehouse.dir", str(tmp_path / "warehouse")).getOrCreate()
    try:
        for script in (combined_sql(select(run), "spark"), _archive(), recode_sql(select(run), "spark")):
            for statement in re.split(r";\n(?=CREATE|INSERT|$)", re.sub(r"^--.*\n", "", script)):
                if statement.strip():
                    spark.sql(statement)
        codes = {row[0] for row in spark.sql("SELECT combined_code FROM combined_gadget").collect()}
        found = spark.sql(
            "SELECT n, combined_code, recode_status FROM codemerge_recoded ORDER BY n"
        ).collect()
    finally:
        spark.stop()

    assert codes == set(run.combined["gadget"]["combined_code"])
    assert [tuple(row) for row in found] == [(1, "007", "recoded"), (2, None, "split"), (3, None, "unknown")]


def _archive() -> str:
    return (
        "CREATE TABLE performed_examinations (region STRING, code STRING, n INT);\n"
        "INSERT INTO performed_examinations VALUES ('B', 'K7', 1), ('B', 'K0', 2), ('A', '9', 3);\n"
    )
