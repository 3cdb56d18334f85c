"""The pages on rendering name every property that there is."""

from __future__ import annotations

from pathlib import Path

from servermanager.views.view_properties import REPRESENTATION, VIEW

DOCS = Path(__file__).parents[2] / "docs"


def test_every_property_of_representations_is_in_its_page() -> None:
    page = (DOCS / "representations.md").read_text(encoding="utf-8")
    assert [name for name in REPRESENTATION if name not in page] == []


def test_every_property_of_views_is_in_their_pages() -> None:
    page = "".join(
        (DOCS / name).read_text(encoding="utf-8") for name in ("views.md", "representations.md", "protocol.md")
    )
    told_by_help = {
        "Background2",
        "AxesGridColor",
        "YTitle",
        "ZTitle",
        "CameraViewAngle",
        "CameraParallelScale",
        "UseFXAA",
    }
    assert [name for name in VIEW if name not in page and name not in told_by_help] == []
