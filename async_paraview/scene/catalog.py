"""All types of views, representations and texts, by the names that servers are asked for them by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from .color_maps import COLOR_MAP, PIECEWISE_FUNCTION
from .light import LIGHT
from .parts import PART_TYPES, Part
from .representations import CHART_REPRESENTATION, REPRESENTATION
from .scalar_bars import SCALAR_BAR
from .text import TEXT
from .types import SceneType
from .views import CHART_VIEW, RENDER_VIEW

SCENE_TYPES: Final[Mapping[str, SceneType]] = MappingProxyType(
    {
        one.wire_type: one
        for one in (
            RENDER_VIEW, CHART_VIEW, REPRESENTATION, CHART_REPRESENTATION, TEXT, LIGHT, SCALAR_BAR, COLOR_MAP,
            PIECEWISE_FUNCTION, *PART_TYPES,
        )
    }
)  # fmt: skip


@dataclass(frozen=True)
class KindOfView:
    """A kind of view: its type, and that of what is shown in it."""

    view: SceneType
    representation: SceneType


KINDS_OF_VIEWS: Final[Mapping[str, KindOfView]] = MappingProxyType({
    RENDER_VIEW.name: KindOfView(RENDER_VIEW, REPRESENTATION),
    CHART_VIEW.name: KindOfView(CHART_VIEW, CHART_REPRESENTATION),
})  # fmt: skip

COLOR_MAP_TYPES: Final[Mapping[str, SceneType]] = MappingProxyType(
    {one.name: one for one in (COLOR_MAP, PIECEWISE_FUNCTION)}
)
"""What is shared by name in a session, by the kind that messages say."""

PARTS: Final = frozenset(one.name for type_ in SCENE_TYPES.values() for one in type_ if isinstance(one.check, Part))
"""The properties that are parts with properties of their own."""


LISTS: Final[Mapping[str, SceneType]] = MappingProxyType({"Texts": TEXT, "AdditionalLights": LIGHT})
"""The properties of views that are lists of maps, and the types of those."""


def scene_overview() -> dict[str, list[dict[str, Any]]]:
    """Return all types by group, a line each, as in the list of all types of a server."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in SCENE_TYPES.values():
        found.setdefault(one.group, []).append(one.summary())
    return found
