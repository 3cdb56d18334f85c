"""Time and animation: the scene, the time keeper, and tracks with keyframes, all of this program."""

from __future__ import annotations

import bisect
import math
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar, Final

from ..views.animation import between, writer
from ..views.images import Image
from . import layouts
from .current import a_source, a_view, nearest, session, when_gone
from .files import _picture_options
from .pipeline import GetSources
from .views import GetViews

SEQUENCE, REAL_TIME, SNAP = "Sequence", "Real Time", "Snap To TimeSteps"
_CAMERA: Final = {
    "Position": "CameraPosition", "FocalPoint": "CameraFocalPoint", "ViewUp": "CameraViewUp",
    "ViewAngle": "CameraViewAngle", "ParallelScale": "CameraParallelScale",
}  # fmt: skip


class _Checked:
    """Something whose properties are those that its class names, and no others."""

    def __init__(self, **properties: Any) -> None:
        for name, value in properties.items():
            setattr(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_") and not hasattr(type(self), name):
            known = self.ListProperties()
            raise AttributeError(f"{type(self).__name__} has no property {name!r}{nearest(name, known)}")
        object.__setattr__(self, name, value)

    def ListProperties(self) -> list[str]:
        """Return the names of its properties."""
        known = type(self)
        return sorted(name for name in dir(known) if name[:1].isupper() and not callable(getattr(known, name)))


class TimeKeeper(_Checked):
    """The time of the session, and the times of all sources."""

    @property
    def Time(self) -> float:
        """Return the time."""
        return float(session().time or 0.0)

    @Time.setter
    def Time(self, time: float) -> None:
        session().time = time

    @property
    def TimestepValues(self) -> list[float]:
        """Return the times of all sources together."""
        from .files import wait_for_times

        return sorted({time for one in GetSources().values() for time in wait_for_times(one)})

    @property
    def TimeRange(self) -> list[float]:
        """Return the first and the last time."""
        times = self.TimestepValues
        return [times[0], times[-1]] if times else [0.0, 1.0]


class CompositeKeyFrame(_Checked):
    """A value at a part of an animation's time, 0 to 1, and how it changes to the next."""

    KeyTime = 0.0
    KeyValues: Any = (0.0,)
    Interpolation = "Ramp"
    """Ramp, Boolean, Exponential or Sinusoid."""
    Base, StartPower, EndPower = 2.0, 0.0, 1.0
    Phase, Frequency, Offset = 0.0, 1.0, 0.0

    def value(self, following: CompositeKeyFrame | None, part: float) -> Any:
        """Return the value at a part of the way to the next keyframe. Raises ValueError for an unknown way."""
        first = _listed(self.KeyValues)
        if self.Interpolation == "Sinusoid":
            wave = math.sin(2.0 * math.pi * (self.Frequency * part + self.Phase / 360.0))
            return [self.Offset + one * wave for one in first]
        if following is None or self.Interpolation == "Boolean":
            return first
        last = _listed(following.KeyValues)
        if self.Interpolation == "Exponential":
            power = self.StartPower + part * (self.EndPower - self.StartPower)
            low, high = self.Base**self.StartPower, self.Base**self.EndPower
            part = (self.Base**power - low) / (high - low)
        elif self.Interpolation != "Ramp":
            known = ["Ramp", "Boolean", "Exponential", "Sinusoid"]
            raise ValueError(f"keyframes change by {known}, not by {self.Interpolation!r}")
        return [one + part * (two - one) for one, two in zip(first, last, strict=True)]


class CameraKeyFrame(_Checked):
    """Where a camera is at a part of an animation's time."""

    KeyTime = 0.0
    Position: Any = None
    FocalPoint: Any = None
    ViewUp: Any = None
    ViewAngle: Any = None
    ParallelScale: Any = None
    PositionPathPoints: Any = ()
    FocalPathPoints: Any = ()
    ClosedPositionPath = 0
    ClosedFocalPath = 0


class Track(_Checked):
    """What becomes of a property in an animation: `KeyFrames`."""

    KeyFrames: Any = ()
    Enabled = 1
    TimeMode = "Normalized"
    StartTime = 0.0
    EndTime = 1.0

    def __init__(self, proxy: Any, name: str, index: int | None) -> None:
        """Move a property of a proxy, one of its numbers if `index` says which."""
        self._proxy, self._name, self._index = proxy, name, index
        super().__init__()

    @property
    def AnimatedProxy(self) -> Any:
        """Return what it moves."""
        return self._proxy

    @property
    def AnimatedPropertyName(self) -> str:
        """Return which property it moves."""
        return self._name

    def apply(self, part: float) -> None:
        """Set the property to what it is at a part of the animation's time."""
        frames = sorted(self.KeyFrames, key=lambda one: float(one.KeyTime))
        if not frames or not self.Enabled or not self.StartTime <= part <= self.EndTime:
            return
        first, following, way = _at(frames, (part - self.StartTime) / ((self.EndTime - self.StartTime) or 1.0))
        new = first.value(following, way)
        before = getattr(self._proxy, self._name)
        if self._index is not None and self._index >= 0 and isinstance(before, list) and len(before) > 1:
            before[self._index] = new[0]
            new = before
        setattr(self._proxy, self._name, new if isinstance(before, list) or len(new) > 1 else _like(before, new[0]))


class CameraTrack(_Checked):
    """Where the camera of a view goes in an animation: `KeyFrames`, or an orbit along their PositionPathPoints."""

    KeyFrames: Any = ()
    Enabled = 1
    Mode = "Interpolate Camera"
    TimeMode = "Normalized"
    StartTime = 0.0
    EndTime = 1.0
    Interpolation: Any = "Linear"

    def __init__(self, view: Any) -> None:
        """Move the camera of a view."""
        self._view = view
        super().__init__()

    @property
    def AnimatedProxy(self) -> Any:
        """Return the view."""
        return self._view

    def apply(self, part: float) -> None:
        """Put the camera where it is at a part of the animation's time."""
        frames = sorted(self.KeyFrames, key=lambda one: float(one.KeyTime))
        if not frames or not self.Enabled:
            return
        if self.Mode == "Path-based":
            self._view.update(**_on_path(frames, part))
            return
        first, following, way = _at(frames, part)
        keys = [_camera_of(first), _camera_of(following or first)]
        self._view.update(**between(keys, way))


def _camera_of(frame: CameraKeyFrame) -> dict[str, Any]:
    found = {ours: getattr(frame, theirs) for theirs, ours in _CAMERA.items()}
    return {name: value for name, value in found.items() if value is not None}


def _on_path(frames: list[Any], part: float) -> dict[str, Any]:
    """Return the camera on the path of points of the first keyframe, which is closed if that says so."""
    first = frames[0]
    camera: dict[str, Any] = {}
    for points, closed, name in (
        (first.PositionPathPoints, first.ClosedPositionPath, "CameraPosition"),
        (first.FocalPathPoints, first.ClosedFocalPath, "CameraFocalPoint"),
    ):
        places = [list(points[at : at + 3]) for at in range(0, len(points), 3)]
        if places:
            keys = [{name: one} for one in [*places, *(places[:1] if closed else [])]]
            camera |= between(keys, part) if len(keys) > 1 else keys[0]
    return {**_camera_of(first), **camera}


def _at(frames: list[Any], part: float) -> tuple[Any, Any, float]:
    """Return the keyframe before a time, that after it, and how much of the way between them has passed."""
    times = [float(one.KeyTime) for one in frames]
    place = max(0, bisect.bisect_right(times, part) - 1)
    if place + 1 >= len(frames):
        return frames[-1], None, 0.0
    span = times[place + 1] - times[place]
    return frames[place], frames[place + 1], max(0.0, part - times[place]) / span if span else 0.0


def _listed(value: Any) -> list[float]:
    return [float(one) for one in value] if hasattr(value, "__iter__") else [float(value)]


def _like(before: Any, new: float) -> Any:
    """Return a number of the type that the property has."""
    return round(new) if isinstance(before, int) else new


class AnimationScene(_Checked):
    """The animation: times, and what moves meanwhile."""

    PlayMode = SEQUENCE
    NumberOfFrames = 10
    Loop = 0
    Stride = 1
    Duration = 10
    LockStartTime = LockEndTime = 0
    Cues: ClassVar[Any] = ()

    def __init__(self) -> None:
        """Begin with no tracks."""
        self._start: float | None = None
        self._end: float | None = None
        self._tracks: list[Any] = []
        super().__init__()

    @property
    def TimeKeeper(self) -> TimeKeeper:
        """Return the time keeper."""
        return _Scene.keeper

    @property
    def StartTime(self) -> float:
        """Return when it begins: at the first time of the data unless told otherwise."""
        return _Scene.keeper.TimeRange[0] if self._start is None else self._start

    @StartTime.setter
    def StartTime(self, time: float) -> None:
        self._start = float(time)

    @property
    def EndTime(self) -> float:
        """Return when it ends: at the last time of the data unless told otherwise."""
        return _Scene.keeper.TimeRange[1] if self._end is None else self._end

    @EndTime.setter
    def EndTime(self, time: float) -> None:
        self._end = float(time)

    @property
    def AnimationTime(self) -> float:
        """Return the time that is shown."""
        return _Scene.keeper.Time

    @AnimationTime.setter
    def AnimationTime(self, time: float) -> None:
        _Scene.keeper.Time = float(time)
        span = self.EndTime - self.StartTime
        part = min(1.0, max(0.0, (time - self.StartTime) / span if span else 0.0))
        for track in self._tracks:
            track.apply(part)

    def times(self) -> list[float]:
        """Return the times of its pictures."""
        first, last = self.StartTime, self.EndTime
        if self.PlayMode == SNAP:
            found = [one for one in _Scene.keeper.TimestepValues if first <= one <= last]
            return found[:: int(self.Stride)] or [first]
        count = int(self.NumberOfFrames)
        if self.PlayMode not in (SEQUENCE, REAL_TIME) or count < 1:
            raise ValueError(f"an animation of {count} frames, {self.PlayMode!r}, cannot be played")
        return [first + (last - first) * one / max(1, count - 1) for one in range(count)][:: int(self.Stride)]

    def UpdateAnimationUsingDataTimeSteps(self) -> None:
        """Have a picture for each time of the data."""
        times = _Scene.keeper.TimestepValues
        if len(times) > 1:
            self._start = self._end = None
            self.PlayMode, self.NumberOfFrames = SNAP, len(times)

    def Play(self) -> None:
        """Show all of its times in turn, each when all is there."""
        for time in self.times():
            self.AnimationTime = time
            for view in GetViews():
                view.Update()

    def _step(self, choose: Callable[[list[float], float], float]) -> None:
        self.AnimationTime = choose(self.times(), self.AnimationTime)

    def GoToFirst(self) -> None:
        """Show its first time."""
        self._step(lambda times, _: times[0])

    def GoToLast(self) -> None:
        """Show its last time."""
        self._step(lambda times, _: times[-1])

    def GoToNext(self) -> None:
        """Show the next time."""
        self._step(lambda times, now: next((one for one in times if one > now), times[-1]))

    def GoToPrevious(self) -> None:
        """Show the time before."""
        self._step(lambda times, now: next((one for one in reversed(times) if one < now), times[0]))

    def Stop(self) -> None:
        """Do nothing: `Play` has ended when it returns."""

    def add(self, track: Any) -> Any:
        """Have a track move something."""
        self._tracks.append(track)
        return track

    def tracks(self) -> Iterator[Any]:
        """Yield what moves something."""
        return iter(self._tracks)


class _Scene:
    """The one animation of the session."""

    keeper: ClassVar[TimeKeeper] = TimeKeeper()
    scene: ClassVar[AnimationScene] = AnimationScene()


def _begin_anew() -> None:
    _Scene.scene = AnimationScene()


when_gone(_begin_anew)


def GetAnimationScene() -> AnimationScene:
    """Return the animation of the session."""
    return _Scene.scene


def GetTimeKeeper() -> TimeKeeper:
    """Return the time keeper of the session."""
    return _Scene.keeper


def GetTimeTrack() -> TimeKeeper:
    """Return what moves the time: the time keeper."""
    return _Scene.keeper


def GetAnimationTrack(propertyname_or_property: str, index: int | None = None, proxy: Any = None) -> Track:
    """Return the track of a property, of the active source by default; it is made if there is none.

    `index` is the number of the value that moves. Raises AttributeError for a name that is no property.
    """
    name = propertyname_or_property
    proxy = a_source(None, "GetAnimationTrack") if proxy is None else proxy
    getattr(proxy, name)
    for one in _Scene.scene.tracks():
        if isinstance(one, Track) and (one._proxy, one._name, one._index) == (proxy, name, index):
            return one
    made: Track = _Scene.scene.add(Track(proxy, name, index))
    return made


def GetCameraTrack(view: Any = None) -> CameraTrack:
    """Return the track of a view's camera, of the active view by default; it is made if there is none."""
    view = a_view(view, "GetCameraTrack")
    for one in _Scene.scene.tracks():
        if isinstance(one, CameraTrack) and one.AnimatedProxy is view:
            return one
    made: CameraTrack = _Scene.scene.add(CameraTrack(view))
    return made


def AnimateReader(reader: Any = None, view: Any = None) -> AnimationScene:
    """Show all times of a reader in turn."""
    a_source(reader, "AnimateReader").UpdatePipeline()
    _Scene.scene.UpdateAnimationUsingDataTimeSteps()
    _Scene.scene.Play()
    return _Scene.scene


def SaveAnimation(
    filename: str | os.PathLike[str], viewOrLayout: Any = None, scene: AnimationScene | None = None, **params: Any
) -> bool:
    """Write the animation as pictures (name.0000.png, ...) or as a video (.mp4, .mkv, .mov, .webm).

    FrameRate is that of a video, FrameWindow the first and the last picture, ImageResolution their size. Raises
    ValueError for options that are not there, and a kind of file that is none.
    """
    path, animation = Path(filename), scene or _Scene.scene
    rate = float(params.pop("FrameRate", 25.0))
    first, last = params.pop("FrameWindow", (0, len(animation.times()) - 1))
    suffix = params.pop("SuffixFormat", ".%04d")
    times = animation.times()[int(first) : int(last) + 1]
    options = _picture_options(params)
    pictured = viewOrLayout if isinstance(viewOrLayout, layouts.Layout) else a_view(viewOrLayout, "SaveAnimation")
    if path.suffix.lower() in (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"):
        path = path.with_name(f"{path.stem}{suffix}{path.suffix}")
    target, before = writer(path, rate), animation.AnimationTime
    try:
        for index, time in enumerate(times):
            animation.AnimationTime = time
            target.write(int(first) + index if "%" in path.name else index, _picture(pictured, options))
        target.finish()
    except BaseException:
        target.abandon()
        raise
    finally:
        animation.AnimationTime = before
    return True


WriteAnimation = SaveAnimation


def _picture(pictured: Any, options: dict[str, Any]) -> Image:
    if isinstance(pictured, layouts.Layout):
        raise ValueError("SaveAnimation: pictures of whole layouts are saved one by one, by SaveScreenshot")
    pictured.fit_once()
    found: Image = pictured.screenshot(format="lz4", **options)
    return found
