"""All types of views, representations and texts, by the names that servers are asked for them by."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from ..records import dataclass
from .animation import CAMERA_KEY_FRAME, CAMERA_TRACK, KEY_FRAME, SCENE, TIME_KEEPER, TIME_TRACK, TRACK
from .charts import representations as shown_in_charts
from .charts import views as charts
from .color_maps import COLOR_MAP, PIECEWISE_FUNCTION
from .extracts.types import EXTRACT_TYPES
from .layouts import LAYOUT
from .looks.volumes import VOLUME_PARTS
from .palettes import COLOR_PALETTE
from .parts import PART_TYPES, Part
from .props.light import LIGHT
from .props.widget import WIDGET
from .representations import REPRESENTATION
from .scalar_bars import SCALAR_BAR
from .text import TEXT
from .types import SceneType
from .views import RENDER_VIEW


@dataclass(frozen=True)
class KindOfView:
    """A kind of view: its type, and that of what is shown in it."""

    view: SceneType
    representation: SceneType


KINDS_OF_VIEWS: Final[Mapping[str, KindOfView]] = MappingProxyType({
    view.name: KindOfView(view, representation)
    for view, representation in (
        (RENDER_VIEW, REPRESENTATION),
        (charts.XY_CHART_VIEW, shown_in_charts.XY_CHART),
        (charts.XY_POINT_CHART_VIEW, shown_in_charts.XY_POINT_CHART),
        (charts.XY_BAR_CHART_VIEW, shown_in_charts.XY_BAR_CHART),
        (charts.HISTOGRAM_VIEW, shown_in_charts.HISTOGRAM_CHART),
        (charts.QUARTILE_VIEW, shown_in_charts.QUARTILE_CHART),
        (charts.BOX_VIEW, shown_in_charts.BOX_CHART),
        (charts.PARALLEL_VIEW, shown_in_charts.PARALLEL_CHART),
        (charts.MATRIX_VIEW, shown_in_charts.MATRIX_CHART),
        (charts.IMAGE_VIEW, shown_in_charts.IMAGE_CHART),
    )
})  # fmt: skip

SCENE_TYPES: Final[Mapping[str, SceneType]] = MappingProxyType(
    {
        one.wire_type: one
        for one in (
            *(kind.view for kind in KINDS_OF_VIEWS.values()),
            *(kind.representation for kind in KINDS_OF_VIEWS.values()),
            TEXT,
            LIGHT,
            WIDGET,
            SCALAR_BAR,
            COLOR_MAP,
            PIECEWISE_FUNCTION,
            *PART_TYPES,
            *VOLUME_PARTS,
            LAYOUT,
            SCENE,
            TIME_KEEPER,
            TRACK,
            CAMERA_TRACK,
            TIME_TRACK,
            KEY_FRAME,
            CAMERA_KEY_FRAME,
            COLOR_PALETTE,
            *EXTRACT_TYPES,
        )
    }
)

COLOR_MAP_TYPES: Final[Mapping[str, SceneType]] = MappingProxyType(
    {one.name: one for one in (COLOR_MAP, PIECEWISE_FUNCTION)}
)
"""What is shared by name in a session, by the kind that messages say."""

SHARED_TYPES: Final[Mapping[str, SceneType]] = MappingProxyType(
    {one.name: one for one in (LAYOUT, SCENE, TIME_KEEPER, TRACK, CAMERA_TRACK, TIME_TRACK, COLOR_PALETTE)}
)
"""What the programs of a session share, by the kind that messages say; of these a server only uses the palette."""
ONLY_ONE: Final = frozenset(one.name for one in (SCENE, TIME_KEEPER, TIME_TRACK, COLOR_PALETTE))
"""Of these there is one in a session, whose name is empty."""

PARTS: Final = frozenset(one.name for type_ in SCENE_TYPES.values() for one in type_ if isinstance(one.check, Part))
"""The properties that are parts with properties of their own."""


LISTS: Final[Mapping[str, SceneType]] = MappingProxyType({"Texts": TEXT, "AdditionalLights": LIGHT, "Widgets": WIDGET})
"""The properties of views that are lists of maps, and the types of those."""


def scene_overview() -> dict[str, list[dict[str, Any]]]:
    """Return all types by group, a line each, as in the list of all types of a server."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in SCENE_TYPES.values():
        found.setdefault(one.group, []).append(one.summary())
    return found
