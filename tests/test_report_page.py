"""The report as a page: safe, self-contained, in both languages, without a person in it."""

from __future__ import annotations

import json
import re
import tomllib
from html.parser import HTMLParser
from itertools import pairwise

import jinja2
import pytest

from codemerge.answers.report_facts import report_facts
from codemerge.files import report_templates
from codemerge.files.pages import MADE_WITH
from codemerge.files.plan_sheet import plan_sheets, write_plan
from codemerge.files.report import render, write_report
from codemerge.library.numerals import hours, number, percent
from codemerge.rules.shipped import shipped
from codemerge.rules.words import owner_title
from tests.report_world import conflict, project, records, world

TEMPLATES = shipped("rules").parent / "src" / "codemerge" / "files" / "templates"


class Outline(HTMLParser):
    """What a page is made of: tags, attributes, ids, links; complains of what isn't closed."""

    VOID = frozenset({"meta", "br", "rect", "line", "path"})

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.wrong: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note the tag, and that it must be closed."""
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """Note a tag that closes itself."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        """Close the last open tag, or complain."""
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def all_of(self, name: str) -> list[str]:
        """Return every value of an attribute."""
        return [a[name] or "" for _, a in self.tags if name in a]


@pytest.fixture(scope="module", params=["sv", "en"])
def page(request):
    return render(report_facts(world(), request.param))


def test_it_is_well_formed_and_every_link_leads_somewhere(page):
    outline = Outline(page)

    assert outline.wrong == []
    assert outline.open == []
    ids = outline.all_of("id")
    assert len(ids) == len(set(ids))
    assert {h.removeprefix("#") for h in outline.all_of("href")} <= set(ids)


def test_nothing_runs_and_nothing_is_fetched(page):
    outline = Outline(page)

    assert not {"script", "link", "iframe", "img", "object", "form"} & {t for t, _ in outline.tags}
    assert not [n for _, attrs in outline.tags for n in attrs if n.startswith("on") or n in {"src", "style"}]
    assert all(h.startswith("#") for h in outline.all_of("href"))
    assert not re.search(r"https?://|url\(|@import", page)
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page.replace("&#39;", "'")


def test_every_picture_says_what_it_shows_and_has_a_table(page):
    outline = Outline(page)

    pictures = [a for t, a in outline.tags if t == "svg"]
    assert all(a.get("aria-label") or a.get("aria-hidden") for a in pictures)
    assert page.count("<details") >= 4
    assert all(a.get("scope") in {"col", "row"} for t, a in outline.tags if t == "th")


def test_headings_go_down_one_step_at_a_time(page):
    levels = [int(t[1]) for t, _ in Outline(page).tags if re.fullmatch(r"h\d", t)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_it_speaks_the_language_asked_for():
    swedish, english = (render(report_facts(world(), lang)) for lang in ("sv", "en"))

    assert '<html lang="sv">' in swedish
    assert "Möjligt under förutsättning: 3 beslut och 2 åtgärder återstår" in swedish
    assert "Det här kan rapporten inte svara på" in swedish
    assert '<html lang="en">' in english
    assert "Possible on condition: 3 decisions and 2 tasks remain" in english
    assert not re.search(r"{\w+}", swedish + english), "a placeholder was left unfilled"


def test_what_the_data_says_is_text_never_markup():
    """A name from a register can't become a tag, nor steer a terminal."""
    nasty = conflict("EXM-001", "exam", "exam/A/4", message="<b onclick=x>\x1b[31m&amp;", resolution="</td>")

    page = render(report_facts(world(conflicts=[nasty]), "sv"))

    assert "<b onclick" not in page
    assert "&lt;b onclick=x&gt;\\x1b[31m&amp;amp;" in page
    assert Outline(page).wrong == []


@pytest.mark.parametrize("secret", ["Kim Hemlig", "anka", "bosse"])
def test_persons_are_not_named(page, secret):
    facts = json.dumps(report_facts(world(), "sv"), ensure_ascii=False)

    assert secret not in page
    assert secret not in facts


def test_a_register_that_refers_to_persons_is_hidden_too():
    """Who has which role tells of a person although the register itself isn't sensitive."""
    seen = conflict("CAT-011", "exam_room", "exam_room/B/1|DT1", message="a room")
    hidden = conflict("CAT-011", "user_role", "user_role/B/anka|R1", message="anka's role")

    page = render(report_facts(world(conflicts=[seen, hidden]), "en"))

    assert "a room" in page
    assert "anka" not in page


def test_facts_are_plain_values():
    facts = report_facts(world())

    assert json.loads(json.dumps(facts, ensure_ascii=False)) == facts
    assert render(facts) == render(json.loads(json.dumps(facts)))


def test_an_empty_run_still_says_what_it_can():
    bare = world(
        conflicts=[conflict("ROM-001", "room", "room/A/x", status="waived")],
        records={"exam": records("exam")},
    )

    page = render(report_facts(bare, "sv"))

    assert "Möjligt" in page
    assert Outline(page).wrong == []


def test_three_regions_are_shown_both_ways():
    page = render(report_facts(world(project=project(regions=("A", "B", "C"))), "sv"))

    assert "Remiss skriven i A, undersökning i C" in page


def test_the_same_run_gives_the_same_bytes(tmp_path):
    for name in ("one.html", "two.html"):
        write_report(report_facts(world()), tmp_path / name)
    for name in ("one.xlsx", "two.xlsx"):
        write_plan(report_facts(world()), tmp_path / name)

    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_the_plan_is_exported_with_the_numbers_of_the_page():
    facts = report_facts(world(), "sv")

    activities, points, owners = plan_sheets(facts).values()

    assert len(activities) == 1 + len(facts["plan"]["activities"])
    assert len(points) == 1 + len(facts["plan"]["points"])
    assert sum(row[1] for row in owners[1:]) == facts["effort"]["total"]["rows"]


def test_every_text_the_templates_ask_for_exists():
    words = tomllib.loads((shipped("rules") / "words" / "report.toml").read_text(encoding="utf-8"))
    asked = {
        key
        for path in TEMPLATES.glob("*.j2")
        for key in re.findall(r'\bt\(["\']([\w.]+)["\'](?! ~)', path.read_text(encoding="utf-8"))
    }

    for key in sorted(asked):
        found = words
        for step in key.split("."):
            found = found[step]
        assert set(found) == {"sv", "en"}, key


@pytest.mark.parametrize(
    ("value", "swedish", "english"),
    [(0, "0", "0"), (1234, "1\u00a0234", "1,234"), (1234567, "1\u00a0234\u00a0567", "1,234,567")],
)
def test_whole_numbers_are_written_as_people_do(value, swedish, english):
    assert number(value, "sv") == swedish
    assert number(value, "en") == english


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0, "0\u00a0%"),
        (1, "100\u00a0%"),
        (0.0995, "10\u00a0%"),
        (0.5, "50\u00a0%"),
        (0.034, "3,4\u00a0%"),
        (0.9996, ">\u00a099,9\u00a0%"),
        (0.0001, "<\u00a00,1\u00a0%"),
        (0.993, "99,3\u00a0%"),
    ],
)
def test_a_share_is_never_rounded_to_none_or_all(share, written):
    assert percent(share, "sv") == written


def test_hours_and_professions_are_plain():
    assert hours(1234.56, "sv") == "1\u00a0235"
    assert hours(2.25, "sv") == "2,2"
    assert number(1234.5, "sv", 1) == "1\u00a0234,5"
    assert owner_title("sv", "radiologist") == "Röntgenläkare"
    assert owner_title("sv", "somebody else") == "somebody else"
    assert owner_title("sv", None) == "–"


def test_modules_are_what_the_templates_say():
    """A template that was changed without ``make docs`` would be shown as it was before."""
    if jinja2.__version__ != MADE_WITH:
        pytest.skip(f"made with Jinja {MADE_WITH}")
    for name, text in report_templates.modules():
        assert (report_templates.PAGES / name).read_text(encoding="utf-8") == text, f"make docs: {name}"


def test_another_version_of_jinja_compiles_the_templates_itself(monkeypatch):
    """What one version made need not fit the next: the page is the same."""
    facts = report_facts(world(), "sv")
    shipped_page = render(facts)
    monkeypatch.setattr(jinja2, "__version__", "0")
    report_templates.templates.cache_clear()
    try:
        assert isinstance(report_templates.templates().loader, jinja2.PackageLoader)
        assert render(facts) == shipped_page
    finally:
        report_templates.templates.cache_clear()
