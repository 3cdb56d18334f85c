"""Labels of what is shown: at its points, at its cells and along lines of contours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ..checks import COLOR, FRACTION, Choice, Flag, Name, OrNone, Whole
from ..lists import PointArrayOrNone
from ..scalar_bars import NumberFormat
from ..types import SceneProperty
from .fonts import FAMILIES, FONTS, font_file
from .light import Numbered

POINT_LABEL: Final = "PointLabel"
CELL_LABEL: Final = "CellLabel"
CONTOUR_LABEL: Final = "ContourLabel"
KINDS_OF_LABELS: Final = {
    POINT_LABEL: "PointFieldDataArrayName",
    CELL_LABEL: "CellFieldDataArrayName",
    CONTOUR_LABEL: "ContourLabelArrayName",
}
"""What begins the names of their properties, and which of these names the array with what they say."""
MOST_LABELS: Final = 1000
JUSTIFICATIONS: Final = ("Left", "Center", "Right")
_WORDS: Final = {
    POINT_LABEL: ("points have labels", "the array whose values they say; None: the numbers of the points"),
    CELL_LABEL: ("cells have labels", "the array whose values they say; None: the numbers of the cells"),
    CONTOUR_LABEL: (
        "lines have labels along them, as contours have",
        "the point array whose values they say, the same all along a line; None: that which colors it, or the scalars",
    ),
}

_P = SceneProperty


def labels() -> Iterator[SceneProperty]:
    """Yield the properties of the labels of a representation."""
    for kind, array in KINDS_OF_LABELS.items():
        whether, says = _WORDS[kind]
        hidden: dict[str, Any] = {"property": f"{kind}Visibility", "equals": True}
        yield _P(f"{kind}Visibility", f"whether {whether}", False, Flag(), half="both")
        check = OrNone(Name()) if kind == CELL_LABEL else PointArrayOrNone()
        yield _P(array, says, None, check, half="both", hidden_unless=hidden)
        yield from _looks(kind, hidden)
    yield _P(
        "MaximumNumberOfLabels",
        "how many labels of each of these there are at most; those that would cover another are left out",
        100,
        Whole(1, MOST_LABELS),
        half="both",
    )


def _looks(kind: str, hidden: dict[str, Any]) -> Iterator[SceneProperty]:
    yield _P(
        f"{kind}Format",
        'how numbers are written, as "{:.3g}" or "%.2f"; None: '
        + ("with as many digits as tell them apart" if kind == CONTOUR_LABEL else "with 4 digits"),
        None,
        OrNone(NumberFormat()),
        hidden_unless=hidden,
    )
    yield _P(
        f"{kind}Color", "of their letters; None: seen on the background", None, OrNone(COLOR), hidden_unless=hidden
    )
    yield _P(f"{kind}Opacity", "of their letters, 0 to 1", 1.0, FRACTION, hidden_unless=hidden)
    yield _P(f"{kind}FontSize", "of their letters, in points", 14, Whole(4, 200), hidden_unless=hidden)
    yield _P(f"{kind}FontFamily", FAMILIES, "Arial", Choice("font", FONTS), hidden_unless=hidden)
    yield font_file(kind, "their letters")
    yield _P(f"{kind}Bold", "whether their letters are bold", False, Flag(), hidden_unless=hidden)
    yield _P(f"{kind}Italic", "whether their letters are so", False, Flag(), hidden_unless=hidden)
    if kind != CONTOUR_LABEL:
        yield _P(
            f"{kind}Justification",
            "which side of a label is at its place: Left, Center or Right",
            "Left" if kind == POINT_LABEL else "Center",
            Numbered("justification", JUSTIFICATIONS, 0),
            hidden_unless=hidden,
        )
