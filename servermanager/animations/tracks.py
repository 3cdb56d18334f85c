"""Tracks: what becomes of a property, of a camera or of the time in an animation."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from async_paraview.scene.animation import (
    ALL_VALUES,
    CAMERA_TRACK,
    FOLLOW_DATA,
    INTERPOLATE_CAMERA,
    NORMALIZED,
    TIME_TRACK,
    TRACK,
)
from async_paraview.scene.types import SceneType

from ..model.property_holder import PropertyHolder
from ..model.proxy import Proxy, SourceProxy
from ..views.render_view import RenderViewProxy
from ..views.scene_proxy import SceneProxy
from ..views.shared.shared_proxy import SharedProxy
from .camera_paths import following, interpolated, on_path
from .keyframes import values_at

OF_WHAT_SHOWS: Final = ("Visibility", "Opacity")
"""Properties that a track moves of all that shows a source, if it moves them of a source."""
_NUMBERS: Final = ("float", "int", "bool", "enum")


class AnyTrack(SharedProxy):
    """What all kinds of tracks have in common: times, and keyframes."""

    __slots__ = ()

    def part(self, time: float, start: float, end: float) -> float | None:
        """Return how much of its own time has passed, 0 to 1, at a time of an animation; None before it begins.

        After its end it has all passed: what was moved stays where it came to.
        """
        if not self.Enabled:
            return None
        now = time - start
        if self.TimeMode == NORMALIZED:
            now = now / (end - start) if end != start else 0.0
        begins, ends = float(self.StartTime), float(self.EndTime)
        if now < begins:
            return None
        return min(1.0, (now - begins) / (ends - begins)) if ends > begins else 1.0

    def _frames(self) -> list[Mapping[str, Any]]:
        frames: list[Mapping[str, Any]] = self._set.get("KeyFrames", [])
        return frames

    def delete(self) -> None:
        """Delete it, for all programs of the session. Raises ValueError for that of time, which there always is."""
        if not self.name:
            raise ValueError(f"the {self.scene_type.owner} is not deleted; Enabled=False leaves the time as it is")
        super().delete()


class TrackProxy(AnyTrack):
    """What becomes of a property: `AnimatedProxy`, `AnimatedPropertyName`, `AnimatedElement`, `KeyFrames`.

    Keyframes are maps: `track.KeyFrames = [{"KeyTime": 0, "KeyValues": [1]}, {"KeyTime": 1, "KeyValues": [2]}]`.
    """

    __slots__ = ()

    scene_type: ClassVar[SceneType] = TRACK

    def is_of(self, proxy: Any, name: str, index: int | None = None) -> bool:
        """Return whether it moves that property, and that of its values if `index` says which."""
        same = self.AnimatedProxy is proxy and name == self.AnimatedPropertyName
        return same and (index is None or index == self.AnimatedElement)

    def definitions_needed(self) -> list[Proxy]:
        """Return the proxies whose definitions say what their properties take."""
        proxy = self.AnimatedProxy
        return [proxy] if isinstance(proxy, Proxy) else []

    def apply(self, part: float) -> None:
        """Set the property to what it is at a part of the track's time; nothing, if it has fewer than two keyframes."""
        values = values_at(self._frames(), part)
        name, index = self.AnimatedPropertyName, int(self.AnimatedElement)
        if values is None or name is None or not values:
            return
        for one in self._targets(name):
            _set(one, name, index, values)

    def _targets(self, name: str) -> list[PropertyHolder]:
        proxy = self.AnimatedProxy
        if isinstance(proxy, SourceProxy) and name in OF_WHAT_SHOWS:
            return [one for one in self._scene.all_representations() if one.source.proxy is proxy]
        return [] if proxy is None else [proxy]


def named(proxy: Any, name: str) -> str:
    """Return what a property is called, which may be meant by another name of ParaView's."""
    return proxy.scene_type.aliases.get(name, name) if isinstance(proxy, SceneProxy) else name


def check_animated(proxy: Any, name: str, index: int) -> None:
    """Raise AttributeError, TypeError or ValueError if a property cannot be moved, as far as that is known by now."""
    if isinstance(proxy, SourceProxy) and name in OF_WHAT_SHOWS:
        return
    entry = proxy.entry(named(proxy, name))
    if entry is None:
        return
    if entry.get("type") not in _NUMBERS or entry.get("kind") == "object":
        raise TypeError(f"{proxy.type_name}.{name} has no numbers: nothing of it can be animated")
    size = int(entry.get("size", 1))
    if size and index >= size:
        raise ValueError(f"{proxy.type_name}.{name} has {size} values, and none of number {index}")


def _set(one: PropertyHolder, name: str, index: int, values: Sequence[float]) -> None:
    """Set a property, or one of its values, to numbers; whole ones are cut off, as ParaView's are."""
    entry = one.entry(named(one, name)) or {}
    before = getattr(one, name)
    several = isinstance(before, (list, tuple)) or entry.get("size", 1) != 1
    if not several:
        setattr(one, name, _as_entry(entry, values[0], before))
    elif index == ALL_VALUES:
        setattr(one, name, [_as_entry(entry, value, None) for value in values])
    else:
        numbers = list(before or ())
        numbers += [0.0 if entry.get("type") != "int" else 0] * (index + 1 - len(numbers))
        numbers[index] = _as_entry(entry, values[0], numbers[index])
        setattr(one, name, numbers)


def _as_entry(entry: Mapping[str, Any], value: float, before: Any) -> Any:
    """Return a number as a property takes it."""
    kind = entry.get("type") or ("bool" if isinstance(before, bool) else "int" if isinstance(before, int) else "float")
    if kind == "float":
        return value
    whole = int(value)
    if kind == "bool":
        return bool(whole)
    if kind == "enum":
        return next((name for name, number in entry.get("enumeration", ()) if number == whole), whole)
    return whole


class CameraTrackProxy(AnyTrack):
    """Where the camera of a view goes: from one keyframe to the next, along paths, or with data (`DataSource`)."""

    __slots__ = ()

    scene_type: ClassVar[SceneType] = CAMERA_TRACK

    @property
    def follows_data(self) -> bool:
        """Return whether it goes with data, which is executed first: see `follow`."""
        return bool(self.Mode == FOLLOW_DATA)

    def definitions_needed(self) -> list[Proxy]:
        """Return no proxies: those of views are known."""
        return []

    def apply(self, part: float) -> None:
        """Put the camera where it is at a part of the track's time."""
        view = self.AnimatedProxy
        if not isinstance(view, RenderViewProxy) or self.follows_data:
            return
        if self.Mode == INTERPOLATE_CAMERA:
            camera = interpolated(self._frames(), part, str(self.Interpolation))
        else:
            camera = on_path(self._frames(), part)
        if camera is not None:
            view.update(**camera)

    async def follow(self) -> None:
        """Have the camera look at the middle of its data at the time of the session. Raises as `update_pipeline`."""
        view, source = self.AnimatedProxy, self.DataSource
        if not isinstance(view, RenderViewProxy) or not isinstance(source, SourceProxy):
            return
        bounds = (await source.update_pipeline()).bounds
        if bounds is None:
            return
        camera = following(await view.camera(), bounds)
        with self._scene.undo.paused():
            view.update(**camera)

    def orbit(
        self, *, center: Sequence[float], normal: Sequence[float], origin: Sequence[float], points: int = 7
    ) -> None:
        """Have the camera go around `center`, from `origin`, perpendicular to `normal`, along a closed path.

        It is given Mode "Path-based" and keyframes with so many points. Raises ValueError where no circle is.
        """
        path = _circle(center, normal, origin, points)
        first = {
            "KeyTime": 0.0, "Position": list(origin), "FocalPoint": list(center), "ViewUp": list(normal),
            "PositionPathPoints": path, "FocalPathPoints": list(center), "ClosedPositionPath": True,
        }  # fmt: skip
        last = {**first, "KeyTime": 1.0}
        self.update(Mode="Path-based", KeyFrames=[first, last])


def _circle(center: Sequence[float], normal: Sequence[float], origin: Sequence[float], points: int) -> list[float]:
    import numpy as np

    axis, middle = np.asarray(normal, float), np.asarray(center, float)
    length = float(np.linalg.norm(axis))
    if not length or points < 3:
        raise ValueError(f"a circle has a normal, and at least 3 points; not {list(normal)} and {points}")
    axis = axis / length
    arm = np.asarray(origin, float) - middle
    along = axis * float(arm @ axis)
    arm = arm - along
    if not float(np.linalg.norm(arm)):
        raise ValueError(f"a circle around {list(normal)} has a radius: {list(origin)} is above {list(center)}")
    aside = np.cross(axis, arm)
    angles = [2.0 * np.pi * number / points for number in range(points)]
    places = [middle + along + arm * np.cos(angle) + aside * np.sin(angle) for angle in angles]
    return [float(one) for one in itertools.chain.from_iterable(places)]


class TimeTrackProxy(AnyTrack):
    """Which time of the data is shown at a time of the animation: that one, or by KeyFrames with UseAnimationTime off.

    `Enabled = False` leaves the time as it is.
    """

    __slots__ = ()

    scene_type: ClassVar[SceneType] = TIME_TRACK

    def time_at(self, time: float, start: float, end: float) -> float | None:
        """Return the time of the data; None to leave it as it is."""
        part = self.part(time, start, end)
        if part is None:
            return None
        if self.UseAnimationTime:
            return time
        values = values_at(self._frames(), part)
        return values[0] if values else None
