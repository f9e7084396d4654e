"""Checks of persons and providers: shared accounts, foreign identities, whose data it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from codemerge.library.checks.world import (
    World,
    as_findings,
    findings,
    holds,
    in_use,
    known_fields,
    meant,
    nothing,
    pair_cause,
)
from codemerge.library.filled import fill, filled

if TYPE_CHECKING:
    from codemerge.rules.check import Check
    from codemerge.rules.page import Entity


def shared_account(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """An account is not one person's: flagged (``given.flag``) or named so (``given.words``).

    ``given.fields``: where the words are looked for; ``given.named``: fields that show a person when
    filled. Of full severity where it may sign (``given.signs``), else lesser.
    """
    frame, given = world.of(entity.id), check.given
    if frame is None:
        return nothing()
    flagged = (
        (meant(entity, given["flag"]) == "yes") if given["flag"] in frame.columns else pl.lit(value=False)
    )
    words = "|".join(given.get("words", []))
    texts = [
        pl.col(n).fill_null("").str.contains(f"(?i){words}") for n in known_fields(frame, given["fields"])
    ]
    person = [filled(n) for n in known_fields(frame, given.get("named", []))]
    sounds = (
        pl.any_horizontal(texts) & ~pl.any_horizontal(person) if texts and person else pl.lit(value=False)
    )
    signs = (
        (meant(entity, given["signs"]) == "yes") if given["signs"] in frame.columns else pl.lit(value=False)
    )
    suspect = pl.col("active").fill_null(value=True) & (flagged | sounds).fill_null(value=False)
    return findings(
        frame.filter(suspect),
        record_ids=pl.concat_list("record_id"),
        field=pl.lit(given["flag"]),
        cause=fill("{}/{}", "region", "code"),
        lesser=~signs.fill_null(value=False),
    )


def foreign_prefix(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """An HSA-ID (``given.field``) was issued by another organisation than the region that lists it."""
    frame, name = world.of(entity.id), check.given["field"]
    orgs = {r: (world.project.about(r).org or "").replace("-", "") for r in world.project.regions}
    orgs = {r: org for r, org in orgs.items() if org}
    if frame is None or not holds(frame, name) or not orgs:
        return nothing()
    rows = frame.select(
        "record_id",
        "region",
        _owner=pl.col(name).str.extract(r"(?i)^\s*SE(?:16)?(\d{10})", 1),
        _own=pl.col("region").replace_strict(orgs, default=None, return_dtype=pl.String),
    )
    return as_findings(
        rows.filter(pl.col("_owner") != pl.col("_own")).select(
            pl.concat_list("record_id").alias("record_ids"),
            pl.lit(name).alias("field"),
            fill("{}/SE{}", "region", "_owner").alias("cause"),
        )
    )


def without_provider(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """Rows don't say which care provider they belong to, and neither does the project.

    Only where the list names providers at all (``given.field``): a project that declares the
    regions' organisation numbers has said it for every row.
    """
    frame, name = world.of(entity.id), check.given["field"]
    if frame is None or name not in frame.columns:
        return nothing()
    told = [r for r in world.project.regions if world.project.about(r).org]
    if not holds(frame, name):
        return nothing()
    rows = in_use(frame.select("record_id", "region", "active", name))
    return findings(
        rows.filter(~pl.col("region").is_in(told) & filled(name).any() & ~filled(name)),
        record_ids=pl.concat_list("record_id"),
        field=pl.lit(name),
        cause=pl.col("region"),
    )


def without_assignment(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """A linked person has an account in use with another provider but no role there.

    ``given.links``: the entity of role assignments; ``given.account``: its reference to the account;
    ``given.role``: the account's own role field.
    """
    frame, links = world.of(entity.id), world.of(check.given["links"])
    if frame is None or links is None:
        return nothing()
    linked = world.pairs_in(entity.id)
    if linked.is_empty():
        return nothing()
    members = pl.concat([linked.select(record_id="l"), linked.select(record_id="r")]).unique()
    held = in_use(links.select("region", "active", check.given["account"]))
    held = held.select("region", code=pl.col(check.given["account"]).str.strip_chars())
    shown = ["record_id", "region", "code", "active", *known_fields(frame, [check.given["role"]])]
    rows = in_use(frame.select(shown)).join(members, on="record_id", how="semi")
    rows = rows.join(held, on=["region", "code"], how="anti")
    if check.given["role"] in rows.columns:
        rows = rows.filter(~filled(check.given["role"]))
    rows = rows.filter(pl.col("region").is_in(links["region"].unique().implode()))
    return as_findings(
        rows.select(
            pl.concat_list("record_id").alias("record_ids"),
            pl.lit(check.given["role"]).alias("field"),
            pl.col("region").alias("cause"),
        )
    )


def person_rights(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """The accounts of a linked person together hold more rights than either, or only one administers.

    ``given.role``: the account's own role; ``given.links``, ``given.link_user``, ``given.link_role``:
    further roles; ``given.roles``, ``given.rights``, ``given.admin``: where a role's rights stand.
    Rights are compared as words; an account whose rights aren't known is no evidence.
    """
    given, pairs = check.given, world.pairs_in(entity.id)
    if pairs.is_empty():
        return nothing()
    held = _rights_held(world, check, entity, pl.concat([pairs["l"], pairs["r"]]))
    if held is None:
        return nothing()
    for side in ("l", "r"):
        mine = held.rename({"record_id": side, "rights": f"_rights_{side}", "admin": f"_admin_{side}"})
        pairs = pairs.join(mine, on=side, how="inner", maintain_order="left")
    union = pl.col("_rights_l").list.set_union("_rights_r").list.len()
    grows = (union > pl.col("_rights_l").list.len()) & (union > pl.col("_rights_r").list.len())
    crosses = pl.col("_admin_l") != pl.col("_admin_r")
    sides = [
        fill("{}: {}", f"region_{s}", pl.col(f"_rights_{s}").list.sort().list.join(", ")) for s in ("l", "r")
    ]
    return as_findings(
        pairs.filter(grows | crosses).select(
            pl.concat_list("l", "r").alias("record_ids"),
            pl.lit(given["role"]).alias("field"),
            pair_cause().alias("cause"),
            pl.concat_str(sides, separator="; ").alias("detail"),
        )
    )


def _rights_held(world: World, check: Check, entity: Entity, of: pl.Series) -> pl.DataFrame | None:
    """Return ``record_id, rights, admin`` of those of the accounts whose roles' rights are known."""
    given, page = check.given, world.rules.entities.get(check.given["roles"])
    frame, roles, links = world.of(entity.id), world.of(given["roles"]), world.of(given["links"])
    if frame is None or roles is None or page is None:
        return None
    accounts = frame.select("record_id", "region", "code", role=pl.col(given["role"]).str.strip_chars())
    accounts = accounts.filter(pl.col("record_id").is_in(of.implode()))
    own = accounts.select("record_id", "region", "role")
    if links is not None:
        more = in_use(links.select("region", "active", given["link_user"], given["link_role"])).select(
            "region",
            code=pl.col(given["link_user"]).str.strip_chars(),
            role=pl.col(given["link_role"]).str.strip_chars(),
        )
        more = more.join(accounts.select("record_id", "region", "code"), on=["region", "code"])
        own = pl.concat([own, more.select("record_id", "region", "role")])
    rule = page.field_named(given["rights"])
    parts = pl.col(given["rights"]).str.to_lowercase().str.split((rule.separator if rule else None) or ",")
    words = roles.filter(filled(given["rights"])).select(
        "region",
        role=pl.col("code"),
        rights=parts.list.eval(pl.element().str.strip_chars()),
        admin=(meant(page, given["admin"]) == "yes").fill_null(value=False),
    )
    joined = own.unique().join(words, on=["region", "role"])
    return (
        joined.group_by("record_id")
        .agg(pl.col("rights").explode().unique().sort(), pl.col("admin").any())
        .sort("record_id")
    )


def marked(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """Records that normalisation has marked (``given.column``, true or false), about ``given.field``."""
    frame = world.of(entity.id)
    if frame is None or check.given["column"] not in frame.columns:
        return nothing()
    return findings(
        frame.select("record_id", "region", check.given["column"]).filter(check.given["column"]),
        record_ids=pl.concat_list("record_id"),
        field=pl.lit(check.given["field"]),
        cause=pl.col("region"),
    )


CHECKS = {
    "shared_account": shared_account,
    "foreign_prefix": foreign_prefix,
    "without_provider": without_provider,
    "without_assignment": without_assignment,
    "person_rights": person_rights,
    "marked": marked,
}
