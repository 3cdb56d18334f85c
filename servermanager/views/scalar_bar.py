"""The legend of a color map in a view, or beside those of a layout, as a proxy of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from async_paraview.scene.scalar_bars import SCALAR_BAR

from .color_map import ColorMapProxy
from .parts.part import HasParts, PartProxy

BARS: Final = "ScalarBars"
"""The property of a view, or of a layout, that has what was set of its legends."""


class ScalarBarProxy(PartProxy):
    """The legend of a color map in a view, or beside all views of a layout.

    Its properties (`help()`) are Visibility, Title, Orientation, LabelFormat, ... There is one for all that shares the
    color map there. Every method is fire and forget.
    """

    __slots__ = ("name",)

    def __init__(self, view: HasParts, name: str) -> None:
        """Stand for the legend of the color map of that name; nothing is told."""
        super().__init__(view, SCALAR_BAR, (BARS, name))
        self.name = name
        """That of its color map."""

    @property
    def view(self) -> HasParts:
        """Return the view, or the layout, that it stands in."""
        return self.owner

    def __repr__(self) -> str:
        return f"<{self.type_name} of {self.name!r}: {self.set_values()}>"


def color_map_name(color_map: ColorMapProxy | str, session: Any) -> str:
    """Return the name of a color map whose legend is meant. Raises TypeError, ValueError for one of another session."""
    name = color_map if isinstance(color_map, str) else getattr(color_map, "name", None)
    if not isinstance(name, str):
        raise TypeError(f"the legend of a color map is asked for, or of one by its name, not of {color_map!r:.60}")
    if not isinstance(color_map, str) and color_map.session is not session:
        raise ValueError(f"{color_map!r} is of another session: of {color_map.session!r}, not of {session!r}")
    return name


def with_bar(
    bars: Mapping[str, Any], name: str, values: Mapping[str, Any], wrong: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what was set of all legends, and what the server is told of them, when one has these values."""
    others = {one: found for one, found in bars.items() if one != name}
    right = {**others, name: dict(values)} if values else others
    return right, {**others, name: {**values, **wrong}} if values or wrong else others
