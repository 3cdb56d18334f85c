"""What is said of a camera before there is anything that it can be fitted to: done in the same order once there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, replace
from typing import Any, Final

import numpy as np

from async_paraview.names import unknown_name
from async_paraview.records import dataclass
from async_paraview.scene.views import CAMERA_PROPERTIES, PLACING_THE_CAMERA

from ...base.errors import InvalidProperty
from ..images import Bounds, CameraState
from .camera_moves import moved
from .framing import DIRECTIONS, UNIT_BOX, Room, as_vector, fit_camera, rooms_for_one_camera, upright


@dataclass(frozen=True)
class Framed:
    """A camera, and the room that it was fitted to; None: it was put where it is."""

    camera: CameraState
    room: Room | None = None

    @property
    def aside(self) -> tuple[float, float]:
        """How far beside what it looks at the middle of the scene is (`Room.aside`)."""
        return (0.0, 0.0) if self.room is None else self.room.aside


@dataclass(frozen=True)
class Rooms:
    """The pictures in which all of what a camera is fitted to is to be seen."""

    seen_by: Callable[[CameraState | None, tuple[int, int] | None], Sequence[Room]]
    """Returns them, the one of the view itself first, of that size or its own, with room for the texts of grids as
    that camera sees them; None: without."""
    again: int = 0
    """So often a camera is fitted again beside texts of grids, which stand elsewhere then."""


Step = Callable[[Framed, Bounds, Rooms], Framed]
"""What becomes of a camera, once the box is known that it is fitted to, and the pictures that are to show all of it."""

MOST_STEPS: Final = 1000
"""So many are kept; past it only from where it looks, and the way up, are kept of those before."""

_ALL_OF_A_PLACE: Final = PLACING_THE_CAMERA | {"CameraViewUp"}


def fitted(
    camera: CameraState, box: Bounds | None, direction: object, rooms: Rooms, size: tuple[int, int] | None = None
) -> Framed:
    """Return the camera that just sees the box along a direction, or as it looks now if that is None.

    In several rooms it is the one that sees all of it in each of them. Raises `InvalidProperty`.
    """
    framed = _fitted(camera, box, direction, rooms.seen_by(None, size))
    for _ in range(rooms.again):
        framed = _fitted(camera, box, direction, rooms.seen_by(framed.camera, size))
    return framed


def _fitted(camera: CameraState, box: Bounds | None, direction: object, rooms: Sequence[Room]) -> Framed:
    if direction is None:
        look, view_up = as_vector(np.subtract(camera.focal_point, camera.position)), camera.view_up
    elif isinstance(direction, str) and direction in DIRECTIONS:
        look, view_up = DIRECTIONS[direction]
    else:
        raise InvalidProperty(unknown_name("direction", direction, DIRECTIONS))
    view_up = upright(look, view_up)
    found = []
    for room in rooms_for_one_camera(rooms):
        position, focal_point, scale = fit_camera(
            box or UNIT_BOX,
            look,
            view_up,
            view_angle=camera.view_angle,
            room=room,
            parallel=camera.parallel_projection,
        )
        placed = replace(camera, position=position, focal_point=focal_point, view_up=view_up, parallel_scale=scale)
        found.append(Framed(placed, room))
    return max(found, key=_how_much_is_seen)


def _how_much_is_seen(framed: Framed) -> float:
    camera = framed.camera
    if camera.parallel_projection:
        return camera.parallel_scale
    return float(np.linalg.norm(np.subtract(camera.focal_point, camera.position)))


def with_properties(camera: CameraState, changes: Mapping[str, Any]) -> CameraState:
    """Return the camera with some of its properties as they are named in views."""
    return CameraState(*(changes.get(name, now) for name, now in zip(CAMERA_PROPERTIES, astuple(camera), strict=True)))


class WaitingCamera:
    """The steps of a camera since it was to be fitted to something, while there is nothing."""

    def __init__(self) -> None:
        self._first: CameraState | None = None
        self._steps: list[Step] = []
        self._was_set = False
        """Whether places were set since: then it depends on the box from where it looks."""

    def __bool__(self) -> bool:
        return self._first is not None

    def forget(self) -> None:
        """Begin anew, with no steps."""
        self._first, self._steps, self._was_set = None, [], False

    def copy(self) -> WaitingCamera:
        """Return the same steps, for another view."""
        made = WaitingCamera()
        made._first, made._steps, made._was_set = self._first, list(self._steps), self._was_set
        return made

    def fit(self, camera: CameraState, direction: object, size: tuple[int, int]) -> None:
        """Take that a camera, as it is now, is to be fitted to a picture of that size."""
        if direction is not None or not self._was_set:
            self.forget()
        self._add(camera, _fit(direction, size), size)

    def move(self, camera: CameraState, kind: object, numbers: Mapping[str, Any], size: tuple[int, int]) -> None:
        """Take a movement of a camera, as it is now; one that was never to be fitted is fitted before."""
        if not self:
            self.fit(camera, None, size)

        def move(before: Framed, *_: object) -> Framed:
            return replace(before, camera=moved(before.camera, kind, numbers, aside=before.aside))

        self._add(camera, move, size)

    def set(self, camera: CameraState, changes: Mapping[str, Any], size: tuple[int, int]) -> None:
        """Take properties that a camera, as it is now, is given; all that say where it is end the waiting."""
        if not self or changes.keys() >= _ALL_OF_A_PLACE:
            self.forget()
            return
        places = not PLACING_THE_CAMERA.isdisjoint(changes)
        self._was_set |= places

        def change(before: Framed, *_: object) -> Framed:
            after = with_properties(before.camera, changes)
            if after.position == after.focal_point:
                return before  # it would look nowhere
            return Framed(after) if places else replace(before, camera=after)

        self._add(camera, change, size)

    def placed(self, box: Bounds, rooms: Rooms) -> Framed:
        """Return the camera as it is after all steps, with the box that it is fitted to. Only where there are any."""
        assert self._first is not None
        framed = Framed(self._first)
        for step in self._steps:
            framed = step(framed, box, rooms)
        return framed

    def _add(self, camera: CameraState, step: Step, size: tuple[int, int]) -> None:
        if len(self._steps) >= MOST_STEPS:
            self.forget()
            self._steps.append(_fit(None, size))
        if self._first is None:
            self._first = camera
        self._steps.append(step)


def _fit(direction: object, size: tuple[int, int]) -> Step:
    def fit(before: Framed, box: Bounds, rooms: Rooms) -> Framed:
        return fitted(before.camera, box, direction, rooms, size)

    return fit
