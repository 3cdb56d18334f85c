"""What stands beside the scene of a view: legends, texts, bars, pictures, axes. Plain values."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import field
from typing import Any

from async_paraview.records import dataclass

from ..legends.placing import Wanted, wanted_legends
from ..overlays.mappers import OverlayMapper, TextMapper
from ..representation import Representation
from .boxes import Box, around
from .texts import Written

LEGEND, TEXT, PICTURE, AXES, GRID, SCALE = "legend", "text", "picture", "orientation axes", "axes grid", "scale bar"
"""Kinds of what stands beside a scene; a bar of progress counts as a picture. The last two are numbers and titles of
grids of axes, and of rulers and the scale bar: they make way for the others by themselves."""


@dataclass(frozen=True)
class Contents:
    """All that a view shows beside its scene."""

    legends: list[Wanted] = field(default_factory=list)
    texts: tuple[Written, ...] = ()
    """Those of the view."""
    data: Mapping[Hashable, Written] = field(default_factory=dict)
    """Texts that are data, by their representations."""
    pictures: Mapping[str, tuple[float, float, float, float]] = field(default_factory=dict)
    """Left, bottom, right and top of others that are data, as fractions, by name."""
    has_axes: bool = False
    """Whether orientation axes are shown."""

    @property
    def described(self) -> tuple[Any, ...]:
        """All of it that a layout depends on, to be compared."""
        legends = [(one.key, one.coloring.color_by, one.coloring.legend, one.look) for one in self.legends]
        return legends, self.texts, self.data, self.pictures, self.has_axes

    def picture_boxes(self, size: tuple[int, int]) -> dict[str, Box]:
        """Return the boxes of bars and pictures in a picture of a size."""
        width, height = size
        return {
            name: around(left * width, bottom * height, right * width, top * height)
            for name, (left, bottom, right, top) in self.pictures.items()
        }


def contents_of(
    shown: Mapping[Hashable, Representation], get: Mapping[str, Any], size: tuple[int, int], elsewhere: Collection[str]
) -> Contents:
    """Return what a view with these properties shows beside its scene, in a picture of a size.

    Legends of the color maps of the names `elsewhere` do not stand in it.
    """
    data: dict[Hashable, Written] = {}
    pictures: dict[str, tuple[float, float, float, float]] = {}
    for identifier, one in shown.items():
        drawing = one.drawing
        if not one.is_in_front or not isinstance(drawing, OverlayMapper):
            continue
        if isinstance(drawing, TextMapper):
            data[identifier] = Written(drawing.words, drawing.look)
        elif (part := drawing.part_of(one.properties, size)) is not None:
            pictures[f"{PICTURE} {len(pictures) + 1}"] = part
    return Contents(
        [one for one in wanted_legends(shown.values(), get["ScalarBars"]) if one.coloring.key[0] not in elsewhere],
        tuple(Written(one["Text"], one) for one in get["Texts"]),
        data,
        pictures,
        bool(get["OrientationAxesVisibility"]),
    )
