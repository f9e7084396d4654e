"""The report in a browser, where one is installed: nothing cut, nothing blocked, prints to A4."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

from codemerge.answers.report_facts import report_facts
from codemerge.files.report import render
from tests.report_world import world

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PROBE = """<script>
addEventListener("load", () => {
  document.querySelectorAll("details").forEach(d => d.open = true);
  const wide = document.documentElement.clientWidth, found = [];
  for (const e of document.querySelectorAll("main *, header *, footer *")) {
    if (wide < 640 && e.closest("table.many thead")) continue;  // kept for screen readers, out of sight
    const box = e.getBoundingClientRect();
    if (box.width && (box.right > wide + 1 || box.left < -1)) found.push(e.outerHTML.slice(0, 90));
  }
  for (const text of document.querySelectorAll("svg text")) {
    const box = text.getBoundingClientRect(), frame = text.ownerSVGElement.getBoundingClientRect();
    if (box.width && (box.right > frame.right + 1 || box.left < frame.left - 1)) found.push(text.outerHTML);
  }
  document.title = "PROBE" + JSON.stringify(found);
});
</script></head>"""

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no browser installed")


def browse(page: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    """Open a page without a window."""
    profile = f"--user-data-dir={page.parent / 'profile'}"
    call = [str(BROWSER), *QUIET, profile, *flags, page.as_uri()]
    return subprocess.run(call, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def page() -> str:
    return render(report_facts(world(), "sv"))


@pytest.mark.parametrize("width", [400, 1400])
def test_nothing_is_wider_than_the_window(page, width, tmp_path):
    """A frame stands for a window: browsers don't make theirs narrower than 500 pixels."""
    probed = re.sub(r"<meta http-equiv[^>]*>", "", page).replace("</head>", PROBE)
    (tmp_path / "inner.html").write_text(probed, encoding="utf-8")
    outer = tmp_path / "outer.html"
    outer.write_text(
        f'<iframe src="inner.html" style="width:{width}px;height:900px;border:0"></iframe><script>'
        "addEventListener('load', () => setTimeout(() => { const t = document.querySelector('iframe')"
        ".contentDocument.title; document.body.textContent = t }, 500))</script>",
        encoding="utf-8",
    )

    result = browse(
        outer,
        f"--window-size={width + 100},1000",
        "--allow-file-access-from-files",
        "--virtual-time-budget=5000",
        "--dump-dom",
    )

    found = re.search(r"PROBE(\[.*?\])</body>", result.stdout, re.DOTALL)
    assert found, result.stdout[-300:]
    assert json.loads(unescape(found.group(1))) == []


def test_its_own_policy_blocks_nothing_of_it(page, tmp_path):
    """The page obeys the policy it carries: no style, picture or script of it is refused."""
    (tmp_path / "report.html").write_text(page, encoding="utf-8")

    result = browse(tmp_path / "report.html", "--enable-logging=stderr", "--v=0", "--dump-dom")

    assert "Content Security Policy" not in result.stderr
    assert "Det här kan rapporten inte svara på" in result.stdout


def test_it_prints_to_a4(page, tmp_path):
    (tmp_path / "report.html").write_text(page, encoding="utf-8")

    browse(tmp_path / "report.html", "--no-pdf-header-footer", f"--print-to-pdf={tmp_path / 'report.pdf'}")

    pdf = (tmp_path / "report.pdf").read_bytes()
    sizes = {
        (round(float(w)), round(float(h)))
        for w, h in re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    }
    assert sizes in ({(595, 842)}, {(596, 842)})
