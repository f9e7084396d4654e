"""The project file that ``init`` guesses leads to the same tables as the one written by hand."""

from __future__ import annotations

import shutil

from codemerge.dry_run import Options, dry_run
from codemerge.files.project_writer import init_project
from codemerge.rules.loader import load_project, load_rules
from codemerge.rules.shipped import shipped


def test_init_and_dry_run_give_the_tables_of_the_hand_written_project(tmp_path):
    """Once declared defaults and the order of regions are copied in, as a person would."""
    by_hand = load_project(shipped("fixtures"))
    for region in ("ro", "rkl", "rjl"):
        shutil.copytree(shipped("fixtures") / region, tmp_path / region)
    guessed = load_project(init_project(tmp_path, [], load_rules(), by_hand.language).path)
    regions = {
        name: about.model_copy(update={"defaults": by_hand.about(name).defaults})
        for name, about in guessed.region.items()
    }
    guessed = guessed.model_copy(update={"regions": by_hand.regions, "region": regions})
    options = Options(language="sv", today="2026-11-22", tables_only=True)
    dry_run(guessed, tmp_path / "guessed", options)
    dry_run(by_hand, tmp_path / "by_hand", options)
    names = sorted(p.name for p in (tmp_path / "by_hand" / "tables").iterdir())
    assert sorted(p.name for p in (tmp_path / "guessed" / "tables").iterdir()) == names
    for name in names:
        one, other = ((tmp_path / run / "tables" / name).read_bytes() for run in ("guessed", "by_hand"))
        assert one == other, name
