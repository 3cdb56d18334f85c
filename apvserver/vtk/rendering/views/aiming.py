"""Where the camera of a render view is: set, moved, or fitted to what is visible, as soon as that has arrived."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import astuple
from typing import Any

from async_paraview.scene.views import (
    CAMERA_PROPERTIES,
    PLACING_THE_CAMERA,
    RENDER_VIEW,
    STEREO_TYPES,
)

from ...base.errors import InvalidProperty
from ...base.property_set import PropertySet
from ..annotations import legend_grid_of, margins_within, surroundings_in
from ..axes.legend_grid import pieces_of
from ..camera.camera_moves import moved
from ..camera.framing import Room, union_of_bounds
from ..camera.looking import Looking
from ..camera.other_pictures import shifted
from ..camera.waiting import Framed, Rooms, WaitingCamera, fitted
from ..capabilities import ray_tracing
from ..fonts.files import check_fonts
from ..images import Bounds, CameraState
from ..layout.arranging import Item, Layout, scene_of
from ..layout.contents import GRID, SCALE
from ..textures.pictures import check_picture
from ..view import FITTED, PLACED, WAITING
from .showing import ShowingView

_FITS = 3
"""So often a camera is fitted again beside the texts of grids, which stand elsewhere then."""

_DEPENDENT = ("CameraPosition", "CameraFocalPoint", "StereoRender", "StereoType")
"""Properties that are right or wrong together."""


def _property_set() -> PropertySet:
    pictures = dict.fromkeys(("BackgroundTexture", "EnvironmentalBGTexture"), check_picture)
    return PropertySet(RENDER_VIEW, more={"EnableRayTracing": ray_tracing, **pictures})


def _accepted(before: PropertySet, changes: Mapping[str, object]) -> dict[str, Any]:
    """Return the changes as they will be stored. Raises `UnknownProperty`, `InvalidProperty`."""
    accepted = before.checked(changes)
    check_fonts(accepted, RENDER_VIEW.owner)
    position, focal_point, stereo, stereo_type = (
        accepted[name] if name in accepted else before[name] for name in _DEPENDENT
    )
    if position == focal_point:
        raise InvalidProperty("CameraPosition and CameraFocalPoint must differ: there is no direction")
    if stereo and stereo_type == STEREO_TYPES[0]:
        raise InvalidProperty(
            f"StereoType {STEREO_TYPES[0]} needs a screen of its own; there are {', '.join(STEREO_TYPES[1:])}"
        )
    return accepted


def _named(camera: CameraState) -> dict[str, Any]:
    return dict(zip(CAMERA_PROPERTIES, astuple(camera), strict=True))


class AimingView(ShowingView):
    """A view whose camera is fitted to what it shows until somebody puts it elsewhere."""

    def __init__(self) -> None:
        super().__init__(_property_set())
        self._camera_is_placed = False
        self._waiting = WaitingCamera()
        self._fitted_to: Room | None = None
        """The room that the camera was fitted to; None: it was put where it is."""
        self.linked: Callable[[], Sequence[AimingView]] = tuple
        """Returns the other views whose camera is that of this one: all of them show what any of them is fitted to."""
        self.when_fitted: Callable[[], object] = lambda: None
        """Called when the camera was fitted to what has become visible since."""
        self._fitted_without: frozenset[Hashable] | None = None
        """What was awaited when the camera was fitted to the rest; None: it was fitted to nothing yet."""
        self._changes = 0
        """How often something of the view was changed that is not the camera."""

    @classmethod
    def check_properties(cls, changes: Mapping[str, object]) -> None:
        """Raise what `set_properties` of a new view would raise."""
        _accepted(_property_set(), changes)

    def set_properties(self, changes: Mapping[str, object]) -> None:
        """Change properties, all or none. Raises `UnknownProperty`, `InvalidProperty`."""
        self._require_usable()
        accepted = _accepted(self._properties, changes)
        of_camera = {name: value for name, value in accepted.items() if name in CAMERA_PROPERTIES}
        if of_camera:
            self._waiting.set(self.camera, of_camera, self._size)
            if not PLACING_THE_CAMERA.isdisjoint(of_camera):
                self._fitted_to = None
        self._properties.take(accepted)
        self._changes += len(of_camera) < len(accepted)
        if not self._waiting:
            self._camera_is_placed |= not PLACING_THE_CAMERA.isdisjoint(of_camera)

    @property
    def camera_is_placed(self) -> bool:
        """See View."""
        return self._camera_is_placed

    def move_camera(self, kind: object, numbers: Mapping[str, Any]) -> None:
        """Move the camera as `camera_moves.moved` says, after fitting it if it was never placed.

        Before anything is to be seen the same is done as soon as there is.
        """
        self._require_usable()
        self._fit_if_unplaced()
        aside = Framed(self.camera, self._fitted_to).aside
        camera = moved(self.camera, kind, numbers, self._properties["CenterOfRotation"], aside)
        if not self._camera_is_placed:
            self._waiting.move(self.camera, kind, numbers, self._size)
        self._put(Framed(camera, self._fitted_to))

    def reset_camera(self, direction: str | None = None) -> None:
        """Move the camera so that all that is visible just fits, looking along `direction`.

        A direction is "+X", "-X", "+Y", ... ("-Z" looks down, with +Y up); None keeps direction and way
        up. Without anything visible the first render that has something to show fits the camera to it, and then does
        what was said of the camera since. Raises `InvalidProperty`.
        """
        box, awaited = self._bounds_to_fit(), self._awaited()
        before = self._framed_with(box).camera
        framed = fitted(before, box, direction, self._rooms())
        if box is None or awaited:
            self._waiting.fit(self.camera, direction, self._size)
        self._put(framed)
        self._camera_is_placed = False
        self._note_fit(awaited if box is not None else None)

    def take_hold(self) -> None:
        """See View: a camera that is seen stays from now on, whatever is still to come."""
        self._require_usable()
        if self._fitted_without is not None:
            self._note_fit(frozenset())

    def follow_camera(self, other: AimingView) -> bool:
        """Have the camera of another view, and whatever that waits for; returns whether it had none of it before."""
        before = self.camera, self._camera_is_placed, self._fitted_without, bool(self._waiting)
        self._put(Framed(other.camera, other._fitted_to))
        self._camera_is_placed, self._fitted_without = other._camera_is_placed, other._fitted_without
        self._waiting = other._waiting.copy()
        return before != (self.camera, self._camera_is_placed, self._fitted_without, bool(self._waiting))

    @property
    def camera_waits(self) -> bool:
        """Whether something was said of a camera that is to be fitted, or it was fitted to some of what is to come."""
        return bool(self._waiting) or self._fitted_without is not None

    def seen_properties(self) -> tuple[Mapping[str, Any], str]:
        """See `View.seen_properties`."""
        box = None if self._camera_is_placed else self._bounds_to_fit()
        if box is not None:
            return {**self.properties, **_named(self._framed_with(box).camera)}, FITTED
        return self.properties, PLACED if self._camera_is_placed else WAITING

    def composition(
        self, size: tuple[int, int] | None = None, magnification: int = 1, dpi: float | None = None
    ) -> dict[str, Any]:
        """See View."""
        self._require_usable()
        size, scale = self._asked(size, magnification, dpi)
        self._fit_if_unplaced()
        looking, layout = self._looking(size, scale), self.layout(size, scale)
        larger, shift = looking.of_view(Looking(self.camera, self._size))
        margins = margins_within(self._properties.snapshot(), looking, layout)
        scene = scene_of(Room(size, margins)).from_the_top(size[1])
        items = self._items_of_axes(looking, layout)
        return {**layout.told(items), "scene": scene, "larger": larger, "shift": shift}

    def _items_of_axes(self, looking: Looking, layout: Layout) -> Iterator[Item]:
        """Yield the numbers and titles of axes, rulers and the scale bar, as they are seen."""
        for axes in self._around():
            for text in axes.texts_in(looking, layout.scale):
                yield Item(GRID, text.text, text.box, False, (text.box,))
        looks = legend_grid_of(self._properties.snapshot())
        if looks is not None:
            for piece in pieces_of(looks, looking, surroundings_in(layout), layout.scale):
                if piece.text:
                    yield Item(SCALE, piece.text, piece.box, False, (piece.box,))

    def _looking(self, size: tuple[int, int], scale: float) -> Looking:
        """Return how a picture sees the scene: all that a fitted camera shows in the view, between its own legends."""
        looking = Looking(self.camera, size)
        is_the_page = all(abs(one / scale - own) < 1.0 for one, own in zip(size, self._size, strict=True))
        if self._fitted_to is None or is_the_page or (box := self._bounds_to_fit()) is None:
            return looking
        for _ in range(1 + (_FITS if self._around() else 0)):
            room = self.room(looking.camera, size, scale)
            looking = shifted(self.camera, box, self._fitted_to, room)
        return looking

    def _bounds_to_fit(self) -> Bounds | None:
        """Return bounds of all that is visible here, and in the views whose camera is that of this one."""
        boxes = (one.drawn_bounds for one in (self, *self.linked()))
        return union_of_bounds(box for box in boxes if box)

    def _rooms(self) -> Rooms:
        """Return the pictures in which all of what the camera is fitted to is to be seen: `room` of each."""
        linked = self.linked()

        def seen_by(camera: CameraState | None, size: tuple[int, int] | None) -> list[Room]:
            return [self.room(camera, size), *(one.room(camera) for one in linked)]

        return Rooms(seen_by, _FITS if any(one.has_grids for one in (self, *linked)) else 0)

    def _put(self, framed: Framed) -> None:
        self._properties.update(_named(framed.camera))
        self._fitted_to = framed.room

    def _awaited(self) -> frozenset[Hashable]:
        """Return what is to be seen and has not arrived yet, here and in the views whose camera is that of this one."""
        return self.awaited.union(*(one.awaited for one in self.linked()))

    def _note_fit(self, without: frozenset[Hashable] | None) -> None:
        """Note what the camera was fitted without: with nothing else to come it stays where it is."""
        self._fitted_without = without
        if without is not None and not without:
            self._waiting.forget()
            self._camera_is_placed = True

    def _still_awaited(self) -> frozenset[Hashable]:
        awaited = self._awaited()
        return awaited if self._fitted_without is None else self._fitted_without & awaited

    def _framed_with(self, box: Bounds | None) -> Framed:
        """Return the camera as it is if that is what is to be seen: fitted to it, if it waits for something."""
        if self._camera_is_placed or box is None or self._still_awaited() == self._fitted_without:
            return Framed(self.camera, self._fitted_to)
        if self._waiting:
            return self._waiting.placed(box, self._rooms())
        return fitted(self.camera, box, None, self._rooms())

    def _fit_if_unplaced(self) -> None:
        """Fit the camera to what is visible, if that was not done, or if some of what was awaited has come since."""
        if self._camera_is_placed:
            return
        still, box = self._still_awaited(), self._bounds_to_fit()
        if still == self._fitted_without:
            return
        if box is None and self._fitted_without is None:
            return
        if box is not None:
            framed = self._framed_with(box)
            if still and not self._waiting:
                self._waiting.fit(self.camera, None, self._size)
            self._put(framed)
        self._note_fit(still)
        self.when_fitted()
