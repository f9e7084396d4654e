"""What people have decided, as it stands now: one row per mapping, one row per conflict.

``stages/resolve.py`` and the MAP checks consume this; both frames are pure functions of the
decisions (``tables.DECISIONS``, in the order of the chain) and of what the records look like now::

    current_decisions(decisions, evidence, signoff, asked) -> DataFrame   (columns: CURRENT)
    current_conflict_decisions(decisions, record_ids) -> DataFrame   (columns: CURRENT_CONFLICTS)
    kept = evidence_of(records, entity)       # the evidence_hash column, "exact-meaning"

``evidence`` is any frame holding ``record_id`` and ``evidence_hash`` of every record of every
entity (concatenate ``records_<entity>.select("record_id", "evidence_hash")``).

How decisions stand: per mapping and reviewer the last one counts; ``withdraw`` removes that
reviewer's (or, where the reviewer has none standing, everybody's). The last one standing rules.
A mapping without a standing decision has no row. The mapping of a record without counterpart is
named with the empty code of the other region: ``mapping_id(entity, "exam/RKL/1", "exam/RÖ/")``.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from codemerge.library.identity import short_hash, short_hashes
from codemerge.model import Relationship, Status, Verdict
from codemerge.tables import FLAG, TEXT, TEXTS, WHOLE, Contract

# change: "" (as the reviewer saw it), "cosmetic" (case, spaces, usage: kept and noted),
#   "meaning" (stale: back to review), "gone" (a record is no longer in the catalogs: stale).
# status: accepted | rejected (keep_both) | review (unsure, stale, half signed, disagreement).
# decides_l, decides_r: the decision settles that record towards the other's region: propose
#   nothing else for it there (equivalent, keep_both and no counterpart of the record judged).
CURRENT = Contract(
    {
        "mapping_id": TEXT,
        "entity": TEXT,
        "region_l": TEXT,
        "code_l": TEXT,
        "region_r": TEXT,
        "code_r": TEXT,
        "verdict": TEXT,
        "relationship": TEXT,
        "status": TEXT,
        "decision_id": TEXT,
        "reviewers": TEXTS,  # who stand behind the ruling verdict, sorted
        "others": TEXTS,  # who say otherwise (of this pair, or of one of its records), sorted
        "people": WHOLE,  # how many must stand behind it
        "lacks": TEXTS,  # professions that must say so too and haven't, sorted
        "change": TEXT,
        "stale": FLAG,
        "half_signed": FLAG,
        "disagreement": FLAG,
        "decides_l": FLAG,
        "decides_r": FLAG,
        "decided_on": TEXT,
        "note": TEXT,
        "owner": TEXT,  # whom it was handed over to
        "evidence": TEXT,
        "common_name": TEXT,
        "group": TEXT,
        "combine": TEXT,
        "condition": TEXT,
    },
    ("entity", "region_l", "code_l", "region_r", "code_r", "mapping_id"),
)

# What a pair asks for beyond what is asked of all: so many different people, these professions among them.
# risks: the classes of risk that asked.
ASKS = Contract({"mapping_id": TEXT, "people": WHOLE, "roles": TEXTS, "risks": TEXTS}, ("mapping_id",))

# open_record_ids: rows of the conflict that the waiver didn't cover (it has grown since).
CURRENT_CONFLICTS = Contract(
    {
        "conflict_id": TEXT,
        "verdict": TEXT,
        "reviewer": TEXT,
        "decided_on": TEXT,
        "decision_id": TEXT,
        "note": TEXT,
        "resolution": TEXT,
        "owner": TEXT,
        "due": TEXT,
        "valid_until": TEXT,
        "open_record_ids": TEXTS,
    },
    ("conflict_id",),
)

_DECISIVE = (Verdict.ACCEPT.value, Verdict.KEEP_BOTH.value, Verdict.RETIRE.value)
_SUBJECT = ("mapping_id", "conflict_id")


def pair_evidence(evidence_l: str, evidence_r: str) -> str:
    """Join two records' ``exact-meaning`` hashes to the pair's, as a decision keeps it."""
    left, right = _two_parts(evidence_l), _two_parts(evidence_r)
    return f"{short_hash(left[0], right[0])}-{short_hash(left[1], right[1])}"


def conflict_evidence(record_ids: list[str]) -> str:
    """Return what a decision on a conflict keeps of its rows: one short hash per record, sorted."""
    return conflicts_evidence([record_ids])[0]


def conflicts_evidence(record_ids: Sequence[list[str]]) -> list[str]:
    """Return `conflict_evidence` of many conflicts: what several of them name is hashed once."""
    names = pl.Series(list({name for ids in record_ids for name in ids}), dtype=TEXT)
    hashed = dict(zip(names.to_list(), short_hashes(names, size=5).to_list(), strict=True))
    return [" ".join(sorted([hashed[name] for name in set(ids)])) for ids in record_ids]


def _two_parts(evidence: str) -> tuple[str, str]:
    exact, _, meaning = evidence.partition("-")
    return exact, meaning or exact


def standing(decisions: pl.DataFrame) -> pl.DataFrame:
    """Return the decisions that stand: the last per mapping (or conflict) and reviewer, none withdrawn.

    Args:
        decisions: ``tables.DECISIONS`` in the order of the chain.

    Returns:
        The same columns and ``at`` (position in the chain), in chain order.
    """
    said = decisions.with_row_index("at").with_columns(pl.col(*_SUBJECT, "reviewer").fill_null(""))
    withdrawn = pl.col("verdict") == Verdict.WITHDRAW.value
    # A withdrawal by somebody who has said nothing of the subject (an arbiter) clears it for all.
    own_before = (~withdrawn).cum_sum().over(*_SUBJECT, "reviewer", order_by="at") > 0
    last = said.with_columns(
        (withdrawn & ~own_before).alias("for_all"),
        pl.col("at").max().over(*_SUBJECT, "reviewer").alias("last_own"),
    ).with_columns(pl.when("for_all").then("at").max().over(*_SUBJECT).alias("cleared"))
    keep = (
        (pl.col("at") == pl.col("last_own")) & ~withdrawn & (pl.col("at") > pl.col("cleared").fill_null(-1))
    )
    return last.filter(keep.fill_null(False)).select("at", *decisions.columns).sort("at")


def current_decisions(
    decisions: pl.DataFrame, evidence: pl.DataFrame, signoff: int = 1, asked: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Say of every decided mapping what holds now.

    Args:
        decisions: ``tables.DECISIONS`` in the order of the chain.
        evidence: ``record_id, evidence_hash`` of every record there is now, all entities.
        signoff: how many different people must agree before a verdict rules.
        asked: columns `ASKS`, for the mappings that ask for more. A profession has said so when one
            of those behind the verdict wrote it as her ``role``; nobody has more than one.

    Returns:
        One row per mapping with a standing decision, columns `CURRENT`. Only rows with status
        ``accepted`` or ``rejected`` are to be obeyed; ``review`` rows go to a person.
    """
    if decisions.is_empty():
        return CURRENT.empty()
    stands = standing(decisions).filter(pl.col("mapping_id") != "")
    if stands.is_empty():
        return CURRENT.empty()
    ruling = stands.group_by("mapping_id", maintain_order=True).last()
    agree = (
        stands.join(ruling.select("mapping_id", v="verdict", rel="relationship"), on="mapping_id")
        .with_columns(
            same=(pl.col("verdict") == pl.col("v")) & pl.col("relationship").eq_missing(pl.col("rel"))
        )
        .group_by("mapping_id")
        .agg(
            reviewers=pl.col("reviewer").filter("same").unique().sort(),
            signed=pl.col("role").fill_null("").filter("same").unique(),
            others=pl.col("reviewer")
            .filter(~pl.col("same") & pl.col("verdict").is_in(_DECISIVE))
            .unique()
            .sort(),
        )
    )
    rows = (
        _with_change(ruling, evidence)
        .join(agree, on="mapping_id", how="left")
        .join(ASKS.empty() if asked is None else asked, on="mapping_id", how="left")
        .join(_contradicted(stands), on="mapping_id", how="left")
        .with_columns(_settles())
        .with_columns(
            others=pl.concat_list("others", pl.col("against").fill_null([])).list.unique().list.sort(),
            stale=pl.col("change").is_in(["meaning", "gone"]),
            people=pl.max_horizontal(pl.col("people").fill_null(1), signoff),
            lacks=pl.col("roles").fill_null([]).list.set_difference("signed").list.sort(),
        )
    )
    decisive = pl.col("verdict").is_in(_DECISIVE)
    flagged = rows.with_columns(
        half_signed=decisive
        & ((pl.col("reviewers").list.len() < pl.col("people")) | (pl.col("lacks").list.len() > 0)),
        disagreement=decisive & (pl.col("others").list.len() > 0),
    )
    doubt = ~decisive | pl.col("stale") | pl.col("half_signed") | pl.col("disagreement")
    return (
        flagged.with_columns(
            status=pl.when(doubt)
            .then(pl.lit(Status.REVIEW.value))
            .when(pl.col("verdict") == Verdict.KEEP_BOTH.value)
            .then(pl.lit(Status.REJECTED.value))
            .otherwise(pl.lit(Status.ACCEPTED.value))
        )
        .select(list(CURRENT.columns))
        .sort(CURRENT.sort)
    )


def _settles() -> list[pl.Expr]:
    """Say which record a decision settles towards the other's region."""
    equivalent = (pl.col("verdict") == Verdict.ACCEPT.value) & (
        pl.col("relationship") == Relationship.EQUIVALENT.value
    )
    alone = pl.col("verdict").is_in(_DECISIVE) & ((pl.col("code_l") == "") | (pl.col("code_r") == ""))
    apart = pl.col("verdict") == Verdict.KEEP_BOTH.value
    # "Different, keep both" settles the record whose row it was; a right record's row says so in `group`.
    by_right = pl.col("group").fill_null("") != ""
    return [
        ((equivalent | alone | (apart & ~by_right)) & (pl.col("code_l") != "")).alias("decides_l"),
        ((equivalent | alone | (apart & by_right)) & (pl.col("code_r") != "")).alias("decides_r"),
    ]


def _contradicted(stands: pl.DataFrame) -> pl.DataFrame:
    """Find verdicts on different pairs of one record that can't both be right, by different people.

    Returns:
        ``mapping_id, against`` (who decided otherwise): equivalent to one code by one reviewer, to
        another code, to nothing or kept apart by a second one. One person's own several rows are
        a matter of cardinality, not of disagreement.
    """
    settled = stands.filter(pl.col("verdict").is_in(_DECISIVE)).with_columns(_settles())
    keys = ["entity", "record", "towards"]
    sides = [
        settled.filter(f"decides_{side}").select(
            "mapping_id", "reviewer", "entity",
            record=pl.concat_str(f"region_{side}", pl.lit("/"), f"code_{side}"),
            towards=f"region_{other}",
        )
        for side, other in (("l", "r"), ("r", "l"))
    ]  # fmt: skip
    views = pl.concat(sides)
    return (
        views.join(views, on=keys, suffix="_2")
        .filter(
            (pl.col("mapping_id") != pl.col("mapping_id_2")) & (pl.col("reviewer") != pl.col("reviewer_2"))
        )
        .group_by("mapping_id")
        .agg(against=pl.col("reviewer_2").unique().sort())
    )


def _with_change(ruling: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """Add ``change``: what has happened to the two records since the decision."""
    known = dict(zip(evidence["record_id"].to_list(), evidence["evidence_hash"].to_list(), strict=True))
    names = (
        ruling.select("entity", "region_l", "code_l", "region_r", "code_r", "evidence").fill_null("").rows()
    )
    changes = []
    for entity, region_l, code_l, region_r, code_r, seen in names:
        now = [
            "" if code == "" else known.get(f"{entity}/{region}/{code}")
            for region, code in ((region_l, code_l), (region_r, code_r))
        ]
        if now[0] is None or now[1] is None:
            changes.append("gone")
        else:
            changes.append(classify_change(seen, pair_evidence(now[0], now[1])))
    return ruling.with_columns(change=pl.Series(changes, dtype=TEXT))


def classify_change(seen: str, now: str) -> str:
    """Compare two ``exact-meaning`` evidences: ``""``, ``cosmetic`` or ``meaning``."""
    if seen in {now, ""}:
        return ""
    return "cosmetic" if _two_parts(seen)[1] == _two_parts(now)[1] else "meaning"


def clearing(clears: Sequence[str], worded: Sequence[str], today: str) -> pl.Expr:
    """Say whether a decision clears its conflict.

    A waiver does that may be given and hasn't ended, and a resolution that the merge carries out.
    A resolution in people's own words (the same as their reason) is nothing a program can carry out:
    it clears only where a principle is what is asked for.

    Args:
        clears: checks that an accepted resolution clears.
        worded: checks that own words clear too.
        today: ISO date that waivers' ends are compared with; empty: none has ended.

    Returns:
        A flag over ``check, waivable, verdict, said`` (the decision's resolution), ``note, valid_until``.
    """
    said, note = pl.col("said").fill_null(""), pl.col("note").fill_null("")
    own_words = (said != "") & (said == note)
    ended = (pl.col("valid_until").fill_null("") != "") & (pl.col("valid_until") < pl.lit(today))
    waived = (pl.col("verdict") == Verdict.WAIVE.value) & pl.col("waivable") & ~ended
    agreed = pl.when(own_words).then(pl.col("check").is_in(worded)).otherwise(pl.col("check").is_in(clears))
    return (waived | ((pl.col("verdict") == Verdict.RESOLVE.value) & agreed)).fill_null(value=False)


def current_conflict_decisions(decisions: pl.DataFrame, record_ids: dict[str, list[str]]) -> pl.DataFrame:
    """Say of every decided conflict what holds now: the last standing decision rules.

    Args:
        decisions: ``tables.DECISIONS`` in the order of the chain.
        record_ids: the rows each open conflict has now, by conflict_id.

    Returns:
        One row per conflict with a standing decision, columns `CURRENT_CONFLICTS`. A waiver is
        full where ``open_record_ids`` is empty; else it holds for the other rows only.
    """
    stands = standing(decisions).filter(pl.col("conflict_id") != "")
    if stands.is_empty():
        return CURRENT_CONFLICTS.empty()
    ruling = stands.group_by("conflict_id", maintain_order=True).last()
    uncovered = [
        sorted(
            name
            for name in record_ids.get(conflict, [])
            if short_hash(name, size=5) not in set((covered or "").split())
        )
        if covered
        else []
        for conflict, covered in ruling.select("conflict_id", "evidence").rows()
    ]
    return (
        ruling.with_columns(open_record_ids=pl.Series(uncovered, dtype=TEXTS))
        .select(list(CURRENT_CONFLICTS.columns))
        .sort("conflict_id")
    )
