"""What a render view shows: its representations, where all stands beside them, and how much room that leaves."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final

from async_paraview.names import unknown_name
from async_paraview.scene.views import (
    CAMERA_PROPERTIES,
    RENDER_VIEW,
)

from ...base.errors import VtkError
from ...base.property_set import PropertySet
from ..annotations import grid_of, margins_within
from ..axes.grid_axes import Grid
from ..axes.polar_axes import Polar
from ..camera.framing import Margins, Room, union_of_bounds
from ..camera.looking import Looking
from ..images import Bounds, CameraState
from ..layout.arranging import Layout, Layouts
from ..layout.contents import contents_of
from ..looks.passes import peels_less
from ..representation import Representation
from ..view import View

_MANY_CELLS: Final = 10_000
"""Fewer translucent ones are drawn in all their layers while something moves."""


class UnknownRepresentation(VtkError, ValueError):
    """A view shows nothing of that identifier."""


class ShowingView(View):
    """A view with representations, and properties that say what stands beside them."""

    def __init__(self, properties: PropertySet) -> None:
        super().__init__(properties, RENDER_VIEW.owner)
        self._representations: dict[Hashable, Representation] = {}
        self._layouts = Layouts()

    def representation(self, identifier: Hashable) -> Representation:
        """Return the representation of that identifier. Raises `UnknownRepresentation`."""
        self._require_usable()
        found = self._representations.get(identifier)
        if found is None:
            names = (str(known) for known in self._representations)
            raise UnknownRepresentation(unknown_name("representation", identifier, names))
        return found

    @property
    def bounds(self) -> Bounds | None:
        """World bounds of all that is visible, None if nothing is."""
        self._require_usable()
        return union_of_bounds(box for r in self._representations.values() if r.is_visible and (box := r.bounds))

    @property
    def camera(self) -> CameraState:
        """The camera the next render uses, if it need not be fitted first."""
        self._require_usable()
        return CameraState(*map(self._properties.__getitem__, CAMERA_PROPERTIES))

    @property
    def has_level_of_detail(self) -> bool:
        """Whether a reduced drawing differs from a whole drawing."""
        seen = [one for one in self._representations.values() if one.is_visible]
        return any(one.has_level_of_detail for one in seen) or self._peels_less(seen)

    def _peels_less(self, seen: Sequence[Representation]) -> bool:
        """Return whether so much is translucent that a reduced drawing puts fewer layers of it in order."""
        through = [one for one in seen if one.is_translucent and not one.is_volume]
        return sum(one.drawn_cells for one in through) >= _MANY_CELLS and peels_less(self._properties.snapshot())

    @property
    def drawn_cells(self) -> int:
        """How many cells a whole drawing has, as far as they say how long it takes."""
        return sum(r.drawn_cells for r in self._representations.values() if r.is_visible)

    @property
    def frame_s(self) -> float:
        """How long one image may take while something moves."""
        return 1.0 / float(self._properties["InteractiveFrameRate"])

    @property
    def samples(self) -> int:
        """How many drawings the mean of a still image is made of."""
        return int(self._properties["StillSamples"])

    def layout(self, size: tuple[int, int] | None = None, scale: float = 1.0) -> Layout:
        """Return where legends, texts and axes stand in a picture of a size, in which a point has `scale` pixels."""
        self._require_usable()
        size = size or self._size
        contents = contents_of(self._representations, self._properties.snapshot(), size, self._legends_elsewhere)
        return self._layouts.of(contents, size, scale)

    def room(self, camera: CameraState | None = None, size: tuple[int, int] | None = None, scale: float = 1.0) -> Room:
        """Return a picture, as `layout`, and what of it the camera's fit leaves free: for grids, as it sees them."""
        self._require_usable()
        size = size or self._size
        shown = [one for one in self._representations.values() if one.is_visible]
        around = max((one.half_line_width for one in shown), default=0.0)
        looking = Looking(camera or self.camera, (size[0] / scale, size[1] / scale))
        beside = margins_within(self._properties.snapshot(), looking, self.layout(size, scale))
        margins = Margins(*[scale * around] * 4).beside(beside)
        if camera is not None:
            beyond = [one.margins_beyond(looking) for one in self._around()]
            widest = (scale * max(one) for one in zip(*beyond, strict=True))
            margins = margins.beside(Margins(*widest)) if beyond else margins
        return Room(size, margins)

    @property
    def visible(self) -> list[Representation]:
        """What is shown and can be seen."""
        self._require_usable()
        return [one for one in self._representations.values() if one.is_visible]

    @property
    def _size(self) -> tuple[int, int]:
        width, height = self._properties["ViewSize"]
        return width, height

    @property
    def drawn_bounds(self) -> Bounds | None:
        """Bounds of all that is visible, with what is drawn around points, and grids; None if nothing is."""
        shown = (one for one in self._representations.values() if one.is_visible)
        boxes = [box for one in shown if (box := one.drawn_bounds)]
        return union_of_bounds([*boxes, *(one.scene_bounds for one in self._around())])

    def _around(self) -> list[Grid | Polar]:
        """Return the axes that are to be seen around what is shown."""
        shown = [axes for one in self._representations.values() if one.is_visible for axes in (one.grid, one.polar)]
        wanted = [grid_of(self._properties.snapshot(), self.bounds), *shown]
        return [one for one in wanted if one is not None]

    @property
    def has_grids(self) -> bool:
        """Whether axes with numbers are to be seen around what is shown."""
        return bool(self._around())

    @property
    def awaited(self) -> frozenset[Hashable]:
        """What is to be seen here and has not arrived yet."""
        return frozenset(id_ for id_, one in self._representations.items() if one.is_awaited)
