"""Time and animation by the names of ParaView's: the scene, the time keeper, tracks, and their keyframes."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

from async_paraview.scene.animation import CAMERA_KEY_FRAME, INTERPOLATIONS, KEY_FRAME
from async_paraview.scene.types import SceneType
from async_paraview.values import copied, payload_value

from ..animations.animation_scene import AnimationSceneProxy
from ..animations.time_keeper import TimeKeeperProxy
from ..animations.tracks import AnyTrack, CameraTrackProxy, TrackProxy
from ..states.paraview.names import by_python
from .current import a_source, a_view, give, nearest, run, session
from .files import OF_FILES, SUFFIXES_OF_PICTURES, pictured_with
from .proxies import Scripted, set_all
from .values import taken_window
from .views import GetViews

_FORMAT: Final = re.compile(r"\{:(0?\d*)d?\}")
"""How ParaView 6 writes numbers of files: .{:04d}; before it was .%04d."""


class _KeyFrame:
    """A keyframe, whose properties are those of its type; setting one of a keyframe of a track changes the track."""

    _type: SceneType

    def __init__(self, registrationName: str | None = None, **properties: Any) -> None:
        """Have properties as at first, but for those that are given. Raises AttributeError, ValueError."""
        self._values = copied(self._type.initial)
        self._track: Any = None
        for name, value in properties.items():
            setattr(self, name, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        self._check_name(name)
        value = copied(self._values[name])
        return int(value) if isinstance(value, bool) else value

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            object.__setattr__(self, name, value)
            return
        self._check_name(name)
        plain = payload_value(name, value)
        if name == "KeyValues" and not isinstance(plain, list):
            plain = [plain]
        if name == "Interpolation" and isinstance(plain, int) and 0 <= plain < len(INTERPOLATIONS):
            plain = INTERPOLATIONS[plain]
        try:
            self._values[name] = copied(self._type.by_name[name].check(plain))
        except ValueError as error:
            raise ValueError(f"{self._type.name}.{name} = {value!r:.80}: {error}") from None
        if self._track is not None:
            _tell(self._track)

    def _check_name(self, name: str) -> None:
        if name not in self._type.by_name:
            raise AttributeError(f"{self._type.name} has no property {name!r}{nearest(name, self._type.by_name)}")

    def ListProperties(self) -> list[str]:
        """Return the names of its properties."""
        return list(self._type.by_name)

    def __repr__(self) -> str:
        return f"<{self._type.name}: {self._values}>"


class CompositeKeyFrame(_KeyFrame):
    """A value at a part of a track's time, 0 to 1, and how it changes to the next: Ramp, Boolean, Exponential, ..."""

    _type = KEY_FRAME


class CameraKeyFrame(_KeyFrame):
    """Where a camera is at a part of a track's time, or on which paths it goes."""

    _type = CAMERA_KEY_FRAME


_attached: Final[WeakKeyDictionary[Any, list[_KeyFrame]]] = WeakKeyDictionary()
"""The keyframes of tracks, as scripts have them, by the tracks themselves."""


def _tell(target: Any) -> None:
    """Have a track take its keyframes as they are now."""
    frames = _attached.get(target)
    if frames is not None:
        session()._face.write(target, "KeyFrames", [dict(one._values) for one in frames])


class ScriptedTrack(Scripted):
    """A track of a property, of a camera or of the time."""

    __slots__ = ()

    @property
    def KeyFrames(self) -> list[_KeyFrame]:
        """Return its keyframes, in the order of their times; setting properties of them changes the track."""
        values = [dict(one) for one in self._face.read(self._target, "KeyFrames")]
        known = sorted(_attached.get(self._target, ()), key=lambda one: float(one.KeyTime))
        if [one._values for one in known] != values:
            kind = CameraKeyFrame if isinstance(self._target, CameraTrackProxy) else CompositeKeyFrame
            known = [kind(**one) for one in values]
            self._attach(known)
        return known

    @KeyFrames.setter
    def KeyFrames(self, frames: Iterable[Any]) -> None:
        given = list(frames)
        kind: type[_KeyFrame] = CameraKeyFrame if isinstance(self._target, CameraTrackProxy) else CompositeKeyFrame
        made = [kind(**one) if isinstance(one, Mapping) else one for one in given]
        wrong = next((one for one in made if not isinstance(one, kind)), None)
        if wrong is not None:
            raise TypeError(f"KeyFrames of a {self._target.type_name} are {kind.__name__}s, not {wrong!r:.60}")
        self._face.write(self._target, "KeyFrames", [dict(one._values) for one in made])
        self._attach(made)

    def _attach(self, frames: list[_KeyFrame]) -> None:
        for one in _attached.get(self._target, ()):
            one._track = None
        _attached[self._target] = frames
        for one in frames:
            one._track = self._target

    def GetAnimatedProxy(self) -> Any:
        """Return whose property it moves."""
        return self.AnimatedProxy


give(AnyTrack, ScriptedTrack)


class ScriptedTimeKeeper(Scripted):
    """The time of the session, and the times of all sources."""

    __slots__ = ()

    @property
    def TimestepValues(self) -> list[float]:
        """Return the times of all sources together, which are asked for them."""
        return list(run(self, lambda target: target.refresh()))

    @property
    def TimeRange(self) -> list[float]:
        """Return the first and the last time; 0 and 1 if there are none."""
        times = self.TimestepValues
        return [times[0], times[-1]] if times else [0.0, 1.0]


give(TimeKeeperProxy, ScriptedTimeKeeper)


class _Cues(list[Any]):
    """The tracks of an animation: what is removed is deleted."""

    def remove(self, track: Any) -> None:
        """Delete a track. Raises ValueError if it is none of the animation."""
        super().remove(track)
        track.delete()

    def append(self, track: Any) -> None:
        """Take a track: it belongs to the animation since it was made."""
        if track not in self:
            raise ValueError(f"{track!r} was deleted; GetAnimationTrack makes another one")


class ScriptedScene(Scripted):
    """The animation: times, and what moves meanwhile."""

    __slots__ = ()

    @property
    def TimeKeeper(self) -> Any:
        """Return the time keeper."""
        return self.time_keeper

    @property
    def AnimationTime(self) -> float:
        """Return the time that is shown."""
        return float(self._face.read(self._target, "AnimationTime"))

    @AnimationTime.setter
    def AnimationTime(self, time: float) -> None:
        run(self, lambda target: target.go_to(time))

    def _get(self, name: str) -> Any:
        if name in ("StartTime", "EndTime"):
            run(self, lambda target: target.time_keeper.known())
        return super()._get(name)

    @property
    def Cues(self) -> _Cues:
        """Return the tracks, that of the time first."""
        return _Cues([self.time_track, *self.tracks])

    @Cues.setter
    def Cues(self, tracks: Any) -> None:
        """Take the tracks that there are, as states of ParaView say them: the others are deleted. Raises ValueError."""
        wanted, there = tracks if isinstance(tracks, (list, tuple)) else [tracks], self.Cues
        for one in wanted:
            there.append(one)
        for one in there:
            if one not in wanted and one != self.time_track:
                one.delete()

    @property
    def ViewModules(self) -> list[Any]:
        """Return the views."""
        return GetViews()

    @ViewModules.setter
    def ViewModules(self, views: Any) -> None:
        """Take the views, as states of ParaView say them: all views of a session show its time. Raises ValueError."""
        for one in views if isinstance(views, (list, tuple)) else [views]:
            if one not in GetViews():
                raise ValueError(f"AnimationScene.ViewModules are views of the session, not {one!r:.60}")

    @property
    def InPlay(self) -> int:
        """Return 1 while it is played, else 0."""
        return int(self.is_playing)

    def UpdateAnimationUsingDataTimeSteps(self) -> bool:
        """Have a picture for each time of the data, if there are any."""
        run(self, lambda target: target.update_using_data_time_steps())
        return True

    def Play(self) -> None:
        """Show all of its times in turn, each when all is there."""
        for view in GetViews():
            view.fit_once()
        self.play()

    def Reverse(self) -> None:
        """Show all of its times in turn, the last one first."""
        for view in GetViews():
            view.fit_once()
        self.play(reverse=True)

    def Stop(self) -> None:
        """Have it played no further, if another thread plays it."""
        self.stop()

    def GoToFirst(self) -> None:
        """Show its first time."""
        self.go_to_first()

    def GoToLast(self) -> None:
        """Show its last time."""
        self.go_to_last()

    def GoToNext(self) -> None:
        """Show the next time."""
        self.go_to_next()

    def GoToPrevious(self) -> None:
        """Show the time before."""
        self.go_to_previous()

    def FindAnimationCue(self, animatedProxy: Any, animatedPropertyName: str) -> Any:
        """Return the track of a property, None if there is none."""
        return _found(animatedProxy, animatedPropertyName, None)


give(AnimationSceneProxy, ScriptedScene)


def GetAnimationScene() -> Any:
    """Return the animation of the session."""
    return session().animation


def GetTimeKeeper() -> Any:
    """Return the time keeper of the session."""
    return session().animation.time_keeper


def GetTimeTrack() -> Any:
    """Return the track that says which time of the data is shown."""
    return session().animation.time_track


def GetAnimationTrack(
    propertyname_or_property: str, index: int | None = None, proxy: Any = None, registrationName: str | None = None
) -> Any:
    """Return the track of a property, of the active source by default; it is made if there is none.

    `index` is the number of the value that moves, -1 for all of them; a new track without it moves the first one. Of a
    source, Visibility and Opacity are those of all that shows it. Raises AttributeError for a name that is no property,
    TypeError for one without numbers.
    """
    proxy = a_source(None, "GetAnimationTrack") if proxy is None else proxy
    name = _named(proxy, propertyname_or_property)
    found = _found(proxy, name, index)
    return session().animation.track(proxy, name, 0 if index is None else index) if found is None else found


def _named(proxy: Any, name: str) -> str:
    """Return what a property is called that has another name in ParaView's states: ContourValues is Isosurfaces."""
    known = by_python(("sources", "filters", "implicit_functions", "extended_sources")).get(proxy._target.type_name)
    listed = proxy.ListProperties() if known is not None else [name]
    if name in listed or known is None or name not in known.properties:
        return name
    return next((one for one in known.properties[name].names() if one in listed), name)


def _found(proxy: Any, name: str, index: int | None) -> Any:
    tracks = [one for one in session().animation.tracks if isinstance(one._target, TrackProxy)]
    return next((one for one in tracks if one.is_of(proxy, name, index)), None)


def KeyFrameAnimationCue(registrationName: str | None = None, **properties: Any) -> Any:
    """Make a track, which belongs to the animation at once; it moves what its AnimatedProxy is set to."""
    return _track("KeyFrameAnimationCue", properties)


def CameraAnimationCue(registrationName: str | None = None, **properties: Any) -> Any:
    """Make a track of a camera, which belongs to the animation at once; it moves that of its AnimatedProxy, a view."""
    return _track("CameraAnimationCue", properties)


def _track(kind: str, properties: Mapping[str, Any]) -> Any:
    made = run(session().animation, lambda target: target.new_track(kind))
    set_all(made, properties)
    return made


def GetRepresentationAnimationHelper(sourceproxy: Any) -> Any:
    """Return a source: a track of its Visibility or Opacity moves that of all that shows it."""
    return a_source(sourceproxy, "GetRepresentationAnimationHelper")


def GetCameraTrack(view: Any = None, registrationName: str | None = None) -> Any:
    """Return the track of a view's camera, of the active view by default; it is made if there is none."""
    return session().animation.camera_track(a_view(view, "GetCameraTrack"))


def AnimateReader(reader: Any = None, view: Any = None) -> Any:
    """Show all times of a reader in turn."""
    a_source(reader, "AnimateReader").UpdatePipeline()
    scene = GetAnimationScene()
    scene.UpdateAnimationUsingDataTimeSteps()
    scene.Play()
    return scene


def SaveAnimation(filename: str | os.PathLike[str], viewOrLayout: Any = None, scene: Any = None, **params: Any) -> bool:
    """Write the animation as pictures (name.0000.png, ...) or as a video (.mp4, .mkv, .mov, .webm) or .gif.

    FrameRate is that of a video, FrameWindow the first and the last frame, FrameStride 3 makes every third of them,
    ImageResolution is their size; the rest is as of `SaveScreenshot`. Raises ValueError for options that are not
    there, and a kind of file that is none.
    """
    if scene is not None and scene is not session().animation:
        raise ValueError("SaveAnimation: a session has one animation: GetAnimationScene()")
    path = Path(filename)
    options: dict[str, Any] = {"frame_rate": float(params.pop("FrameRate", 1))}
    if (window := taken_window(params.pop("FrameWindow", None))) is not None:
        options["window"] = window
    options["stride"] = int(params.pop("FrameStride", 1))
    without = [one for one in (*OF_FILES, "Compression", "BitRate") if params.pop(one, None) is not None]
    if without:
        told = f"SaveAnimation: {', '.join(without)} is without effect here: files are packed as they always are"
        warnings.warn(told, UserWarning, stacklevel=2)
    suffix = str(params.pop("SuffixFormat", ".%04d"))
    pictured, more = pictured_with(viewOrLayout, params, "SaveAnimation")
    if path.suffix.lower() in SUFFIXES_OF_PICTURES:
        stem = path.stem.replace("%", "%%")
        path = path.with_name(f"{stem}{_FORMAT.sub(_as_printf, suffix)}{path.suffix}")
    pictured.fit_once()
    pictured.save_animation(os.fspath(path), **options, **more)
    return True


WriteAnimation = SaveAnimation


def _as_printf(found: re.Match[str]) -> str:
    return f"%{found[1]}d"
