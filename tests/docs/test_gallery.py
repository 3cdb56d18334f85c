"""The gallery of the site: its examples make the pictures that are shown, and no example is forgotten."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from ..harness.apvtest import ROOT, Program, colours, pixels
from ..harness.time_limits import scaled

SMALL = sorted((ROOT / "examples" / "gallery").glob("*.py"))
FIGURES = sorted((ROOT / "examples" / "figures").glob("*.py"))
WITHOUT_PICTURES = {"comparison.py", "comparison_paraview.py", "io_service.py"}
"""Examples that print what they find."""

ONE_AFTER_THE_OTHER = """
import ast, sys
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        code = compile(file.read(), path, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    await eval(code, {"__name__": "__main__"})
"""


@pytest.fixture
def gallery() -> Iterator[ModuleType]:
    pytest.importorskip("sphinx", reason="Sphinx is not installed (pip install --group docs)")
    spec = importlib.util.spec_from_file_location("gallery", ROOT / "docs" / "gallery.py")
    assert spec is not None and spec.loader is not None
    module = sys.modules["gallery"] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        yield module
    finally:
        del sys.modules["gallery"]


def test_every_example_with_a_picture_is_shown(gallery: ModuleType) -> None:
    there = {path.name for path in (ROOT / "examples").glob("*.py")}
    assert {one.file for one in gallery.LARGE} == there - WITHOUT_PICTURES
    assert [one.name for one in gallery.SMALL] == [path.stem for path in SMALL]
    assert [one.name for one in gallery.FIGURES] == [path.stem for path in FIGURES]
    assert [gallery.FIGURES[5].title, gallery.FIGURES[5].program] == ["Contour lines", "python"]
    for one in (*gallery.FIGURES, *gallery.SMALL):
        assert one.summary.endswith("."), f"examples/{one.file} does not begin with a sentence that says what is seen"


def test_an_example_that_makes_no_picture_is_an_error(
    gallery: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "blind.py").write_text('"""Nothing."""\nprint("dark")\n', encoding="utf-8")
    monkeypatch.setattr(gallery, "EXAMPLES", tmp_path)
    monkeypatch.setattr(gallery, "SMALL", (gallery.Shown("blind.py", (), "blind.png"),))
    monkeypatch.setattr(gallery, "FIGURES", ())
    monkeypatch.setattr(gallery, "LARGE", ())
    with pytest.raises(gallery.ExtensionError, match=r"examples/blind.py made no blind.png; it printed:\ndark"):
        gallery.make(tmp_path / "made")


@pytest.mark.timeout(scaled(180))
def test_each_short_example_makes_its_picture(tmp_path: Path) -> None:
    """In one process, one after the other, which begins VTK once."""
    arguments = ("-m", "apvpython", "-c", ONE_AFTER_THE_OTHER, *map(str, SMALL))
    with Program(*arguments, directory=tmp_path) as program:
        assert program.wait(deadline_s=150) == 0, program.errors
        assert program.errors == ""
    for path in SMALL:
        picture = pixels(tmp_path / f"{path.stem}.png")
        assert picture.shape == (480, 640, 3), path.stem
        background = (picture == picture[-1, 0]).all(axis=2).mean()
        assert colours(picture) > 20 and background < 0.95, f"{path.stem} shows nothing, or next to nothing"
