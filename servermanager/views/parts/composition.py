"""Where legends, texts and axes stand in a picture of a view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from async_paraview.records import dataclass

Pixels = tuple[int, int, int, int]
"""Left, top, right and bottom, counted from the upper left corner; right and bottom are the first beyond."""


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """What stands beside the scene of a view, and the pixels that it takes: left, top, right, bottom from the top left.

    `kind` is "legend", "text", "picture", "orientation axes", "axes grid" or "scale bar", of these two each number and
    title; `name` that of a legend's color map, or what a text says. `is_put` tells whether it stands at a place that
    was set; everything else makes way for the rest. `letters` are what its texts take.
    """

    kind: str
    name: str
    box: Pixels
    is_put: bool
    letters: tuple[Pixels, ...]


@dataclass(frozen=True, slots=True)
class Composition:
    """A picture of a size, and what stands in it beside the scene.

    `scene` are the pixels that the rest leaves for the scene; `shrunk` is the part of their sizes that legends and
    texts have, 1 where there is place enough. `remarks` tell what is not as it was asked for: sizes that had to shrink,
    what is cut off, what covers each other.
    """

    size: tuple[int, int]
    scene: Pixels
    items: tuple[PlacedItem, ...]
    shrunk: float
    remarks: tuple[str, ...]
    larger: float
    """How many times as large as in the view itself the scene is seen."""
    shift: tuple[float, float]
    """Where the upper left corner of what the view shows is."""

    def place_of(self, x: float, y: float) -> tuple[float, float]:
        """Return where in the picture that is which the view itself shows at a place."""
        return self.larger * x + self.shift[0], self.larger * y + self.shift[1]

    @classmethod
    def from_reply(cls, told: Mapping[str, Any]) -> Composition:
        """Make it of the answer of a server."""
        items = tuple(
            PlacedItem(
                one["kind"], one["name"], _pixels(one["box"]), one["is_put"], tuple(map(_pixels, one["letters"]))
            )
            for one in told["items"]
        )
        width, height = told["size"]
        x, y = told["shift"]
        scene, remarks = _pixels(told["scene"]), tuple(told["remarks"])
        return cls((width, height), scene, items, told["shrunk"], remarks, told["larger"], (x, y))


def _pixels(told: Any) -> Pixels:
    left, top, right, bottom = told
    return left, top, right, bottom
