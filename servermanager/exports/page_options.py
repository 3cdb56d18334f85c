"""The options of `ExportView` for pages (.svg, .pdf, .eps): those of ParaView, by its names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from async_paraview.names import unknown_name

from .export import PAGES

_RASTERIZE: Final = "Rasterize3Dgeometry"
_ONLY: Final[Mapping[str, tuple[tuple[Any, ...], str]]] = {
    "Compressoutputfile": ((0, 1), "pictures and pages of PDF files are compressed"),
    "Drawbackground": ((1,), "the background is drawn; save_screenshot(transparent=True) leaves it out"),
    "Cullhiddenprimitives": ((0, 1), "what is hidden is not seen"),
    "Linewidthscalingfactor": ((0.714, 1), "a pixel of a view is a point of the page"),
    "Pointsizescalingfactor": ((0.714, 1), "a pixel of a view is a point of the page"),
    "GL2PSdepthsortmethod": (
        ("Simple sorting (fast, good)", "BSP sorting (slow, best)"),
        "polygons are drawn in the order of their depths",
    ),
    "Dontrasterizecubeaxes": ((0, 1), "numbers of axes are texts wherever they can be"),
    "Rendertextaspaths": ((0,), "texts stay texts, in fonts that PDF and EPS files have in them"),
}
"""What options may be, and how it is here."""


def page_options(path: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a page is exported as options say. Raises ValueError for those that are not there."""
    is_page = Path(path).suffix.lower() in PAGES
    found: dict[str, Any] = {}
    for name, value in said.items():
        if not is_page:
            raise ValueError(
                f"ExportView: {name!r} is no option here, of which only {', '.join(PAGES)} files have some"
            )
        if name == _RASTERIZE:
            found["scene"] = "raster" if value else "vector"
        elif name not in _ONLY:
            raise ValueError(f"ExportView: {unknown_name('option', name, (_RASTERIZE, *_ONLY))}")
        elif value not in _ONLY[name][0]:
            raise ValueError(f"ExportView: {name} cannot be {value!r}: {_ONLY[name][1]}")
    return found
