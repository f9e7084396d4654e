"""The recoding view in a real PostgreSQL gives what the DuckDB recoding gives, code by code."""

from __future__ import annotations

import pytest

from codemerge.answers.selection import select
from codemerge.files.exchange_sql import combined_sql, recode_sql
from tests.postgres import server
from tests.small_runs import small_run

psycopg = pytest.importorskip("psycopg")


def test_the_scripts_run_in_postgresql_and_every_code_survives():
    """Quotes, blanks, line breaks and formulas; the split flagged, every row kept."""
    odd = [
        {"code": c, "label": c}
        for c in ("007", "810E0", "=1+1", "a'b", 'a"b', " 9", "9 ", "å", "a\nb", "a\\b")
    ]
    run = small_run(a=[*odd, {"code": "3", "label": "Knee"}])
    with server() as address, psycopg.connect(address) as database:
        database.execute(combined_sql(select(run), "postgres"))
        codes = {row[0] for row in database.execute('SELECT combined_code FROM "combined_gadget"')}
        database.execute("CREATE TABLE performed_examinations (region text, code text, n int)")
        rows = [("B", "K7", 1), ("B", "K0", 2), ("A", "a'b", 3), ("A", "9", 4)]
        database.cursor().executemany("INSERT INTO performed_examinations VALUES (%s, %s, %s)", rows)
        database.execute(recode_sql(select(run), "postgres"))
        found = database.execute(
            "SELECT n, combined_code, recode_status FROM codemerge_recoded ORDER BY n"
        ).fetchall()

    assert codes == set(run.combined["gadget"]["combined_code"])
    assert found == [(1, "007", "recoded"), (2, None, "split"), (3, "a'b", "recoded"), (4, None, "unknown")]
