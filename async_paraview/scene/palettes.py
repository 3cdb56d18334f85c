"""The palette of a session: the colors of pages and of ink that nobody has set otherwise; ParaView's palettes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from ..names import unknown_name
from ..records import dataclass
from .checks import COLOR, Choice, OrNone
from .types import SETTINGS, SceneProperty, SceneType
from .views import BACKGROUND_MODES

_P = SceneProperty
_COLOR: Final = OrNone(COLOR)

COLOR_PALETTE: Final = SceneType(
    "ColorPalette",
    SETTINGS,
    "palette",
    "The colors of what has none of its own, in all views of a session.",
    (
        _P("BackgroundColor", "of views whose Background is None; None: blue-gray, and white of charts", None, _COLOR),
        _P("BackgroundColor2", "at the top of scenes, with Gradient", (0.0, 0.0, 0.16), COLOR),
        _P(
            "BackgroundColorMode",
            "Single Color, or Gradient: from BackgroundColor to BackgroundColor2",
            BACKGROUND_MODES[0],
            Choice("background mode", BACKGROUND_MODES),
        ),
        _P("ForegroundColor", "of lines, points, grids and axes; None: seen on the background", None, _COLOR),
        _P("TextAnnotationColor", "of texts and legends; None: seen on the background", None, _COLOR),
        _P("SurfaceColor", "of surfaces that no array colors; None: white, or seen on the background", None, _COLOR),
    ),
)

_PAGES: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType({
    "BlueGrayBackground": {},
    "WhiteBackground": {"BackgroundColor": (1.0, 1.0, 1.0)},
    "BlackBackground": {"BackgroundColor": (0.0, 0.0, 0.0)},
    "WarmGrayBackground": {"BackgroundColor": (0.384313725, 0.364705882, 0.352941176)},
    "DarkGrayBackground": {"BackgroundColor": (0.29, 0.27, 0.26)},
    "NeutralGrayBackground": {"BackgroundColor": (0.42, 0.42, 0.42)},
    "LightGrayBackground": {"BackgroundColor": (0.46, 0.44, 0.42)},
    "GradientBackground": {
        "BackgroundColor": (0.29, 0.27, 0.26), "BackgroundColor2": (0.85, 0.83, 0.82),
        "BackgroundColorMode": BACKGROUND_MODES[1],
    },
})  # fmt: skip
"""By ParaView 6.2's names. Ink is black or white there as well, and here whichever is seen."""
_OTHER_NAMES: Final[Mapping[str, str]] = MappingProxyType({
    "print": "WhiteBackground", "PrintBackground": "WhiteBackground", "DefaultBackground": "BlueGrayBackground",
    "GrayBackground": "BlueGrayBackground",
})  # fmt: skip
PALETTE_NAMES: Final = (*_PAGES, *_OTHER_NAMES)


def palette_named(name: object) -> dict[str, Any]:
    """Return all properties of the palette of that name. Raises ValueError, with the nearest, for a name of none."""
    if not isinstance(name, str) or name not in PALETTE_NAMES:
        raise ValueError(unknown_name("palette", name, PALETTE_NAMES))
    page = _PAGES[_OTHER_NAMES.get(name, name)]
    return {one.name: page.get(one.name, one.default) for one in COLOR_PALETTE}


@dataclass(frozen=True)
class PaletteName:
    """The name of a palette; "" for none."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "str", "size": 1}

    def __call__(self, value: object) -> str:
        """See Check."""
        if value != "":
            palette_named(value)
        return str(value)
