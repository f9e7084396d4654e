"""What an entity's page may say: fields, names, matching, how its clusters end.

A page is ``rules/<entity>.toml``. Everything that is known of an entity stands there; the code
knows verbs only. All models are frozen and refuse keys they don't know.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from codemerge.model import Ending


class Declared(BaseModel):
    """Root of everything a rules file declares: frozen, no unknown key.

    What only stands within another (a level, a field) never needs a validator of its own: each is built
    when it is first asked for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Words(Declared):
    """One text in both languages."""

    sv: str
    en: str

    def say(self, language: str) -> str:
        """Return the text in ``sv`` or ``en``."""
        return self.en if language == "en" else self.sv


def _linear(pattern: str) -> str:
    """Try a pattern on the engine that will run it: linear in time, so that no text can hang it."""
    import polars as pl

    try:
        pl.Series(["x"]).str.contains(pattern)
    except pl.exceptions.PolarsError:
        raise ValueError("a regular expression of Rust's regex: no look-around, no back-reference") from None
    return pattern


Pattern = Annotated[str, AfterValidator(_linear)]
FieldType = Literal["code", "text", "whole", "decimal", "date", "flag", "list", "reference"]
Usage = Literal["annual_volume", "last_used", "open_orders", "bookings"]
Lifecycle = Literal["status", "valid_from", "valid_to", "replaced_by"]
Survive = Literal["survivor", "filled", "longest", "union", "sum", "max", "min", "latest"]


class FieldRule(Declared):
    """One field of an entity.

    Args:
        name: column name in every table.
        title: header shown to people.
        type: how a cell is checked; the cell itself always stays text.
        aliases: headers, in Swedish and English, that mean this field; compared without case,
            spaces, dots and hyphens.
        required: an empty cell is a conflict (CAT-002).
        sensitive: personal data: hashed for joining, masked everywhere else, never a code.
        secret: never written anywhere, not even masked tables (personnummer).
        format: a linear-time (Rust) regular expression the whole cell must match.
        check: a named check of the cell: ``hsa_id``, ``personnummer``, ``ae_title``, ``kva``.
        references: entity whose code (or composite key part) the cell names.
        separator: between the values of a list or of several references.
        facet: the cell's words are read as this facet only, as declared by the region.
        values: what the region's words stand for, e.g. ``{ J = "yes", Aktiv = "active" }``.
        usage, lifecycle: what the field tells of the record's use or life.
        survive: which member's value a combined record keeps.
        clean: named cleaners run, in order, before values are compared (never on the value kept).
        alike: value → other values compared as if they were it (Olof: Olle).
        filled_from: where the cell is empty, what is compared instead: another field and the
            cleaners that get this one out of it, ``label:family_name``. The record isn't changed.
        protects: whatever stands here, but a no (protected identity), keeps the record's personal
            fields out of everything that is written; its crosswalk row is withheld under an opaque id.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Words
    type: FieldType = "text"
    aliases: tuple[str, ...] = ()
    required: bool = False
    sensitive: bool = False
    secret: bool = False
    format: Pattern | None = None
    check: str | None = None
    references: str | None = None
    separator: str | None = None
    facet: str | None = None
    values: dict[str, str] = {}
    usage: Usage | None = None
    lifecycle: Lifecycle | None = None
    survive: Survive = "survivor"
    clean: tuple[str, ...] = ()
    protects: bool = False
    alike: dict[str, tuple[str, ...]] = {}
    filled_from: str | None = None

    @model_validator(mode="after")
    def _consistent(self) -> FieldRule:
        if self.type == "reference" and not self.references:
            raise ValueError("a reference must say which entity it references")
        if self.secret and not self.sensitive:
            raise ValueError("a secret field is sensitive too: write sensitive = true")
        return self


class Level(Declared):
    """One step of a comparison; the first level that holds wins.

    Args:
        when: a comparator's name (``rules/words`` has its wording), e.g. ``same``, ``part_of``.
        at: the comparator's threshold, where it has one.
        m: share of true pairs found at this level, 0–1 exclusive.
        u: share of random pairs at this level; computed exactly from the catalogs if left out.
        rarity: agreement on a rare value counts more than on a common one.
        veto: at this level a pair is never accepted automatically.
        relationship: what this level makes of an otherwise equivalent pair (``none``: two things).
        clean: named cleaners run on both values before this level is judged.
    """

    when: str
    at: float | None = None
    clean: tuple[str, ...] = ()
    m: Annotated[float, Field(gt=0, lt=1)]
    u: Annotated[float, Field(gt=0, lt=1)] | None = None
    rarity: bool = False
    veto: bool = False
    relationship: Literal["narrower", "broader", "related", "none"] | None = None


class Comparison(Declared):
    """One facet or field compared, as ordered levels; missing on either side is no evidence.

    Args:
        of: facet, field or column every record has (``text_norm``, ``words``, ``active``).
        safety: a difference vetoes; present on one side only is at most narrower/broader and
            never automatic.
        clean: named cleaners run on both values first, in order.
        open: concept → concepts it leaves open (side chosen when ordered: left or right).
        together: concept → concepts that, all of them, are it (both sides: left and right).
        silent: concepts that say no more than silence (one side, either one): alone, they are no
            difference.
        unless: another comparison; where it finds the pair different, this one makes nothing of it
            (number follows from sides).
        per: ``value`` compares the value as a whole; ``word`` weighs each word by itself: the
            first level for a word both have, the last for a word only one has; ``gram`` compares
            groups of letters, rare ones most (``at`` is a cosine, see ``library/grams.py``).
        smooth: between two thresholds the weight is interpolated instead of stepping.
        omitted: share of true pairs, where at least one side says it, that only one side says it.
            Saying or not saying it is then evidence too (see ``library/weights.py``).
        learned_from: another comparison; m of each level is counted, in these two catalogs, among
            records that alone on their sides agree there. For habits that no page can know (code
            families); too few such records: no evidence.
        cap: the most bits, up or down, that this comparison may add.
        levels: ordered; the last is what is left when nothing else holds.
    """

    of: str
    title: Words
    safety: bool = False
    clean: tuple[str, ...] = ()
    open: dict[str, tuple[str, ...]] = {}
    together: dict[str, tuple[str, ...]] = {}
    silent: tuple[str, ...] = ()
    unless: str | None = None
    per: Literal["value", "word", "gram"] = "value"
    smooth: bool = False
    omitted: Annotated[float, Field(gt=0, lt=1)] | None = None
    learned_from: str | None = None
    cap: Annotated[float, Field(gt=0)] | None = None
    levels: Annotated[tuple[Level, ...], Field(min_length=2)]


class Matching(Declared):
    """How records of two regions are paired and what is certain enough.

    Args:
        candidates: ``all`` pairs, pairs sharing a ``blocks`` key, ``key`` (links: the composite
            key once its references are translated), ``sparse`` (pairs whose texts are most
            alike, see ``library/sparse.py``, and those sharing a ``blocks`` key), or ``none`` (never paired).
        all_pairs_limit: pairs of records above which two regions' ``all`` becomes ``sparse``.
        alike: the text that ``sparse`` looks at: a field or column, cleaned (``label:sorted_words``).
        blocks: lists of fields (or cleaned fields, ``name:family_name:sound``) that must agree.
        block_limit: a value of a block that would make more pairs than this makes none (a
            surname shared by thousands tells nothing); pairs it held must come by another block.
        floor: posterior below which a pair that shares a block isn't kept, not even as a candidate.
        only_where: pairs are made only of records whose field has this value.
        cardinality: what ``equivalent`` binds per pair of regions.
        ending: how clusters end.
        overlap: share of the smaller catalog expected to have a counterpart; the prior is it
            over the size of the larger catalog.
        prior: probability that a random candidate pair is a match; overrides ``overlap``.
        calibration: points (posterior, share that was right) that make the confidence of a chosen
            pair honest, from ``benchmarks/accuracy_calibrate.py``; empty: the posterior itself.
        accept, margin: confidence (0–1) and lead in bits over the runner-up for ``auto``.
        review: confidence above which a candidate is shown to a person.
        agree: fields that must all agree (non-empty, after cleaning) for ``auto``.
        strong: fields that alone make a pair certain when they agree.
    """

    candidates: Literal["all", "blocks", "key", "sparse", "none"]
    all_pairs_limit: Annotated[int, Field(gt=0)] = 1_000_000_000
    alike: str = "text_sorted"
    blocks: tuple[tuple[str, ...], ...] = ()
    block_limit: int = 10_000
    floor: Annotated[float, Field(ge=0, lt=1)] = 0.0
    only_where: dict[str, str] = {}
    cardinality: Literal["one-to-one", "many-to-one", "many-to-many"] = "one-to-one"
    ending: Ending
    overlap: Annotated[float, Field(gt=0, lt=1)] = 0.5
    prior: Annotated[float, Field(gt=0, lt=1)] | None = None
    calibration: tuple[tuple[float, float], ...] = ()
    accept: Annotated[float, Field(gt=0, le=1)] = 0.99
    margin: float = 2.0
    review: Annotated[float, Field(ge=0, le=1)] = 0.2
    agree: tuple[str, ...] = ()
    strong: tuple[str, ...] = ()


class Example(Declared):
    """Two names and what must be said of them; ``codemerge rules test`` runs them.

    Args:
        left, right: names as two regions would write them.
        expect: ``equivalent`` (and certain enough to be automatic as far as the facets go),
            ``review`` (equivalent, but something forbids certainty), ``narrower`` or ``broader``
            (left to right), ``related``, or ``different``.
    """

    left: str
    right: str
    expect: Literal["equivalent", "review", "narrower", "broader", "related", "different"]


class Entity(Declared):
    """One page: all that is known of an entity.

    Args:
        id: name in tables, files and commands.
        key: fields of a composite key (links); their values joined by ``|`` are the code.
        code_from: fields tried in order when a catalog has no code column (a declared surrogate).
        owner: profession that owns the entity's conflicts unless a check says otherwise.
        files: pieces of file or sheet names that suggest this entity.
        names: the field whose text is parsed to facets; none for entities without names.
        facets: facets the names of this entity have.
        sensitive: the whole entity is personal data: workbook of its own, texts erasable.
        example: pairs of names with what must be said of them.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    order: int
    name: Words
    plural: Words
    owner: str
    files: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    code_from: tuple[str, ...] = ()
    names: str | None = None
    facets: tuple[str, ...] = ()
    sensitive: bool = False
    field: tuple[FieldRule, ...]
    matching: Matching
    comparison: tuple[Comparison, ...] = ()
    example: tuple[Example, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Entity:
        names = [f.name for f in self.field]
        if len(set(names)) != len(names):
            raise ValueError(f"field declared twice: {sorted({n for n in names if names.count(n) > 1})}")
        for wanted in (*self.key, *self.code_from, *([self.names] if self.names else [])):
            if wanted not in names:
                raise ValueError(f"{wanted!r} is not a field of {self.id}: {', '.join(names)}")
        return self

    def field_named(self, name: str) -> FieldRule | None:
        """Return the field, or None."""
        return next((f for f in self.field if f.name == name), None)

    def fields_with(self, attribute: str, value: object) -> tuple[FieldRule, ...]:
        """Return the fields whose attribute has a value, in the page's order."""
        return tuple(f for f in self.field if getattr(f, attribute) == value)

    @property
    def references(self) -> tuple[FieldRule, ...]:
        """Fields that name records of an entity."""
        return tuple(f for f in self.field if f.references)
