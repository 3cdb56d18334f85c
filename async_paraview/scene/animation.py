"""The types of an animation: its scene, the keeper of times, and tracks with keyframes. A server only keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..records import dataclass
from .checks import ANY_LENGTH, FRACTION, POSITION, Choice, Direction, Flag, Name, Number, OrNone, Whole, is_list
from .lists import Numbers
from .references import BY_ID, BY_NAME, PROXY, VIEW, ReferencesTo, ReferenceTo
from .types import ANIMATION, SceneProperty, SceneType

SEQUENCE: Final = "Sequence"
REAL_TIME: Final = "Real Time"
SNAP: Final = "Snap To TimeSteps"
PLAY_MODES: Final = (SEQUENCE, REAL_TIME, SNAP)
NORMALIZED: Final = "Normalized"
RELATIVE: Final = "Relative"
BOOLEAN, RAMP, EXPONENTIAL, SINUSOID = "Boolean", "Ramp", "Exponential", "Sinusoid"
NO_INTERPOLATION: Final = "None"
INTERPOLATIONS: Final = (NO_INTERPOLATION, BOOLEAN, RAMP, EXPONENTIAL, SINUSOID)
"""How values change from a keyframe to the next, in the order of ParaView's numbers."""
INTERPOLATE_CAMERA, PATH_BASED, FOLLOW_DATA = "Interpolate Camera", "Path-based", "Follow-data"
CAMERA_MODES: Final = (INTERPOLATE_CAMERA, PATH_BASED, FOLLOW_DATA)
LINEAR, SPLINE = "Linear", "Spline"
PATH: Final = "Path"
ALL_VALUES: Final = -1
"""In place of the number of a value: all values of a property."""
MOST_KEY_FRAMES: Final = 10_000
MOST_FRAMES: Final = 10_000_000

_P = SceneProperty
_TIME: Final = Number(-1e300, 1e300)


KEY_FRAME: Final = SceneType(
    "CompositeKeyFrame",
    ANIMATION,
    "keyframe",
    "What a property is at a part of a track's time, and how it changes from there to the next keyframe.",
    (
        _P("KeyTime", "when, as a part of the track's time, 0 to 1", 0.0, FRACTION),
        _P("KeyValues", "the values then; of a wave how far it goes", (0.0,), Numbers(4096)),
        _P(
            "Interpolation",
            "until the next one: Ramp, Boolean (they stay), Exponential, Sinusoid, or None (nothing is set)",
            RAMP,
            Choice("interpolation", INTERPOLATIONS),
        ),
        _P("Base", "of the power that Exponential follows", 2.0, Number(1e-30, 1e30)),
        _P("StartPower", "of Base, here", 0.0, Number(-1000.0, 1000.0)),
        _P("EndPower", "of Base, at the next keyframe", 1.0, Number(-1000.0, 1000.0)),
        _P("Phase", "of Sinusoid, here, in degrees", 0.0, _TIME),
        _P("Frequency", "how many waves Sinusoid has until the next keyframe", 1.0, _TIME),
        _P("Offset", "what Sinusoid is added to", 0.0, _TIME),
    ),
)

CAMERA_KEY_FRAME: Final = SceneType(
    "CameraKeyFrame",
    ANIMATION,
    "keyframe of a camera",
    "Where a camera is at a part of a track's time, or on which paths it goes until the next keyframe.",
    (
        _P("KeyTime", "when, as a part of the track's time, 0 to 1", 0.0, FRACTION),
        _P("Position", "where the camera is", (0.0, 0.0, 0.0), POSITION),
        _P("FocalPoint", "what it looks at", (0.0, 0.0, 0.0), POSITION),
        _P("ViewUp", "which way is up", (0.0, 1.0, 0.0), Direction()),
        _P("ViewAngle", "the vertical angle that it sees, in degrees", 30.0, Number(1e-6, 179.9)),
        _P("ParallelScale", "half the height that it sees, with a parallel projection", 1.0, Number(1e-30, 1e30)),
        _P("PositionPathPoints", "x, y, z, ... of the path of a Path-based camera",
           (5.0, 0.0, 0.0, 5.0, 5.0, 0.0, 5.0, 0.0, 0.0), Numbers(30_000, 3)),
        _P("FocalPathPoints", "x, y, z, ... of the path of what it looks at", (0.0, 0.0, 0.0, 1.0, 0.0, 0.0),
           Numbers(30_000, 3)),
        _P("PositionMode", "where positions come from", PATH, Choice("mode of a path", (PATH,)), panel="never"),
        _P("FocalPointMode", "where focal points come from", PATH, Choice("mode of a path", (PATH,)), panel="never"),
        _P("ClosedPositionPath", "whether that path ends where it begins", False, Flag()),
        _P("ClosedFocalPath", "whether that path ends where it begins", False, Flag()),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class KeyFrames:
    """A list of keyframes, each a map of some of the properties of its type; in the order of their times."""

    type: SceneType

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "keyframes", "size": ANY_LENGTH, "kind": "indexed"}

    def __call__(self, value: object) -> tuple[Mapping[str, Any], ...]:
        """See Check."""
        if not is_list(value) or len(value) > MOST_KEY_FRAMES:
            raise ValueError(f"expected a list of at most {MOST_KEY_FRAMES} keyframes")
        found = [self._one(number, one) for number, one in enumerate(value)]
        return tuple(sorted(found, key=lambda one: float(one["KeyTime"])))

    def _one(self, number: int, value: object) -> Mapping[str, Any]:
        known = self.type.by_name
        if not isinstance(value, Mapping) or not set(value) <= set(known):
            unknown = sorted(set(value) - set(known)) if isinstance(value, Mapping) else repr(value)[:60]
            raise ValueError(f"keyframe {number} is a map with some of {', '.join(known)}, and not of {unknown}")
        found = {}
        for name, one in known.items():
            try:
                found[name] = one.check(value[name]) if name in value else one.initial
            except ValueError as error:
                raise ValueError(f"keyframe {number}: {name} = {value[name]!r:.80}: {error}") from None
        return found


SCENE: Final = SceneType(
    "AnimationScene",
    ANIMATION,
    "animation",
    "The animation of a session: its times, and how they are gone through.",
    (
        _P("PlayMode", "Sequence (NumberOfFrames), Real Time (in Duration) or Snap To TimeSteps (those of the data)",
           SEQUENCE, Choice("play mode", PLAY_MODES)),
        _P("AnimationTime", "the time of the animation; None: that of the session", None, OrNone(_TIME)),
        _P("StartTime", "when it begins; None: at the first time of the data", None, OrNone(_TIME)),
        _P("EndTime", "when it ends; None: at the last time of the data", None, OrNone(_TIME)),
        _P("LockStartTime", "whether StartTime stays when times of the data are taken", False, Flag()),
        _P("LockEndTime", "whether EndTime stays when times of the data are taken", False, Flag()),
        _P("NumberOfFrames", "how many pictures a Sequence has", 10, Whole(1, MOST_FRAMES)),
        _P("Duration", "how long it takes in Real Time, in seconds", 10.0, Number(1e-3, 1e6)),
        _P("FramesPerTimestep", "how many pictures each time of the data has", 1, Whole(1, 100_000)),
        _P("Stride", "every how many times are gone through", 1, Whole(1, MOST_FRAMES)),
        _P("Loop", "whether it begins again when it has ended", False, Flag()),
    ),
)  # fmt: skip

TIME_KEEPER: Final = SceneType(
    "TimeKeeper",
    ANIMATION,
    "time keeper",
    "The times of all sources of a session.",
    (
        _P("SuppressedTimeSources", "sources whose times are left out", (), ReferencesTo(ReferenceTo((PROXY,)))),
    ),
)  # fmt: skip

_OF_TRACKS: Final = (
    _P("Enabled", "whether it moves anything", True, Flag()),
    _P("TimeMode", "of StartTime and EndTime: Normalized (parts of the animation's) or Relative (since it began)",
       NORMALIZED, Choice("time mode", (NORMALIZED, RELATIVE))),
    _P("StartTime", "when it begins", 0.0, _TIME),
    _P("EndTime", "when it ends", 1.0, _TIME),
)  # fmt: skip

TRACK: Final = SceneType(
    "KeyFrameAnimationCue",
    ANIMATION,
    "track",
    "What becomes of a property in an animation.",
    (
        _P("AnimatedProxy", "whose property it moves", None, OrNone(ReferenceTo((*BY_ID, *BY_NAME)))),
        _P("AnimatedPropertyName", "the property that it moves", None, OrNone(Name())),
        _P("AnimatedElement", "the number of the value that it moves, from 0; -1: all of them", 0,
           Whole(ALL_VALUES, 4095)),
        *_OF_TRACKS,
        _P("KeyFrames", "its keyframes, at least two", (), KeyFrames(KEY_FRAME)),
    ),
)  # fmt: skip

CAMERA_TRACK: Final = SceneType(
    "CameraAnimationCue",
    ANIMATION,
    "track of a camera",
    "Where the camera of a view goes in an animation.",
    (
        _P("AnimatedProxy", "the view", None, OrNone(ReferenceTo((VIEW,)))),
        _P("Mode", "Interpolate Camera (from one keyframe to the next), Path-based or Follow-data",
           INTERPOLATE_CAMERA, Choice("mode of a camera", CAMERA_MODES)),
        _P("Interpolation", "how it goes from one keyframe to the next: Linear or Spline", SPLINE,
           Choice("interpolation", (LINEAR, SPLINE))),
        _P("DataSource", "what a Follow-data camera goes with", None, OrNone(ReferenceTo((PROXY,)))),
        *_OF_TRACKS,
        _P("KeyFrames", "its keyframes, at least two; of a Follow-data camera none", (), KeyFrames(CAMERA_KEY_FRAME)),
    ),
)  # fmt: skip

TIME_TRACK: Final = SceneType(
    "TimeAnimationCue",
    ANIMATION,
    "track of time",
    "Which time of the data is shown at a time of the animation.",
    (
        _P("UseAnimationTime", "whether it is that of the animation itself; else KeyFrames tell it", True, Flag()),
        *_OF_TRACKS,
        _P("KeyFrames", "times of the data, if UseAnimationTime is off", (), KeyFrames(KEY_FRAME)),
    ),
)
