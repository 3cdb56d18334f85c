"""What README.md and the pages of docs show is run as it stands there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from ..harness.apvtest import BACKENDS, ROOT, Program, colours, pixels

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(page: Path) -> list[str]:
    """The Python code of a page."""
    return re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def complete(page: Path) -> list[str]:
    """Those that make a session of their own: they need nothing that is not there."""
    return [code for code in blocks(page) if re.search(r"\bconnect\(\)", code)]


def test_only_the_readme_has_whole_scripts() -> None:
    """A page that gets one has it run here, too."""
    assert {page.name: len(complete(page)) for page in PAGES if complete(page)} == {"README.md": 1}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_example_is_python(page: Path) -> None:
    for code in blocks(page):
        compile(code, page.name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_script_of_the_readme_runs_as_it_stands(backend: str, tmp_path: Path) -> None:
    (code,) = complete(ROOT / "README.md")
    (tmp_path / "script.py").write_text(code, encoding="utf-8")
    arguments = ("-m", "apvpython", "script.py")
    with Program(*arguments, directory=tmp_path, APV_COMMUNICATION_BACKEND=backend) as program:
        assert program.wait(deadline_s=60) == 0, program.errors
        assert program.errors == ""
        assert re.search(r"Wavelet.* finished 1\.0", program.output), program.output
    picture = pixels(tmp_path / "wavelet.png")
    assert picture.shape == (600, 800, 3) and colours(picture) > 100
