"""The site is whole: each page is in its table of contents, and it is made without a warning (`make docs`)."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ..harness.page_blocks import PAGES, ROOT
from ..harness.time_limits import scaled

DOCS = ROOT / "docs"
WITHOUT = [name for name in ("sphinx", "myst_parser", "furo") if importlib.util.find_spec(name) is None]


def listed(page: Path) -> set[Path]:
    """The pages that the tables of contents of a page name."""
    tables = re.findall(r"^:::\{toctree\}\n(.*?)^:::", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    names = [line for table in tables for line in table.splitlines() if line and not line.startswith(":")]
    there = [path.with_suffix("") for path in DOCS.rglob("*") if path.suffix in (".md", ".rst")]
    return {path for name in names for path in there if path.match(str(page.parent / name))}


def test_every_page_is_in_a_table_of_contents() -> None:
    pages = {page.with_suffix("") for page in [*PAGES[1:], *DOCS.glob("api/*.rst")]} - {DOCS / "index"}
    named = listed(DOCS / "index.md") | listed(DOCS / "adr" / "index.md")
    missing = sorted(page.relative_to(DOCS).as_posix() for page in pages - named)
    assert missing == [], "add them to a table of contents in docs/index.md"


@pytest.mark.deep
@pytest.mark.timeout(scaled(900))
@pytest.mark.skipif(bool(WITHOUT), reason=f"not installed (pip install --group docs): {WITHOUT}")
def test_the_site_is_made_without_a_warning(tmp_path: Path) -> None:
    options = ("--builder", "html", "--fail-on-warning", "--keep-going", "--quiet")
    made = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, "--doctree-dir", str(tmp_path / "trees"), str(DOCS), str(tmp_path)],
        capture_output=True, text=True, timeout=scaled(800), check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    for name in ("index", "_gallery/index", "api/servermanager", "adr/index"):
        assert "Async ParaView in Python" in (tmp_path / f"{name}.html").read_text(encoding="utf-8")
