"""`session.animation`: the times of an animation, what moves meanwhile, and going through them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any, ClassVar, Final, Protocol

from async_paraview.scene.animation import (
    ALL_VALUES,
    CAMERA_TRACK,
    REAL_TIME,
    SCENE,
    SEQUENCE,
    SNAP,
    TIME_KEEPER,
    TIME_TRACK,
    TRACK,
)
from async_paraview.scene.types import SceneType
from services_core import Closed

from ..views.animation import Frame, Pictured
from ..views.render_view import RenderViewProxy
from ..views.shared.shared_proxy import SharedProxy
from .frame_times import Timing, lower_bound
from .time_keeper import TimeKeeperProxy, TimeOwner
from .tracks import CameraTrackProxy, TimeTrackProxy, TrackProxy, check_animated

ANIMATION_TIME: Final = "AnimationTime"


class AnimationOwner(TimeOwner, Protocol):
    """A scene, as its animation knows it."""

    def all_shared(self, kind: str) -> list[Any]:
        """Return what is shared of a kind, in the order of its making."""

    def create_shared(self, kind: str, **properties: Any) -> Any:
        """Make a track, as a step of undo."""

    def only_one(self, kind: str) -> Any:
        """Return that of which there is one in a session."""

    def all_views(self) -> list[Any]:
        """Return the views."""


class AnimationSceneProxy(SharedProxy):
    """The animation of a session, for all programs that are in it.

    Its properties (`help()`) are attributes: PlayMode, NumberOfFrames, StartTime, ... Setting AnimationTime moves all
    that its tracks move, fire and forget; `await go_to(time)` is done when that is.
    """

    __slots__ = ("_following", "_playing", "_stop")

    scene_type: ClassVar[SceneType] = SCENE

    _scene: AnimationOwner

    def __init__(self, scene: AnimationOwner, name: str) -> None:
        super().__init__(scene, name)
        self._playing = False
        self._stop = False
        self._following: asyncio.Task[None] | None = None

    # --- what belongs to it

    @property
    def time_keeper(self) -> TimeKeeperProxy:
        """Return what knows the times of the data."""
        found: TimeKeeperProxy = self._scene.only_one(TIME_KEEPER.name)
        return found

    @property
    def time_track(self) -> TimeTrackProxy:
        """Return what says which time of the data is shown."""
        found: TimeTrackProxy = self._scene.only_one(TIME_TRACK.name)
        return found

    @property
    def tracks(self) -> list[TrackProxy | CameraTrackProxy]:
        """Return what moves properties, and cameras, in the order of their making. Local."""
        return [*self._scene.all_shared(TRACK.name), *self._scene.all_shared(CAMERA_TRACK.name)]

    def track(self, proxy: Any, name: str, index: int | None = None) -> TrackProxy:
        """Return the track of a property, which is made if there is none; fire and forget.

        `proxy` is a source, an object, a view, what is shown in one, or a color map; of a source, Visibility and
        Opacity are those of all that shows it. `index` is the number of the value that moves, None: all of them. Raises
        AttributeError, TypeError and ValueError for what cannot be animated, as far as that is known by now.
        """
        there: list[TrackProxy] = self._scene.all_shared(TRACK.name)
        found = next((one for one in there if one.is_of(proxy, name, index)), None)
        if found is not None:
            return found
        element = ALL_VALUES if index is None else index
        check_animated(proxy, name, element)
        made: TrackProxy = self._scene.create_shared(
            TRACK.name, AnimatedProxy=proxy, AnimatedPropertyName=name, AnimatedElement=element
        )
        return made

    def new_track(self, kind: str) -> TrackProxy | CameraTrackProxy:
        """Make a track that moves nothing yet, a "KeyFrameAnimationCue" or a "CameraAnimationCue"; fire and forget."""
        if kind not in (TRACK.name, CAMERA_TRACK.name):
            raise ValueError(f"tracks are a {TRACK.name} or a {CAMERA_TRACK.name}, not {kind!r:.60}")
        made: TrackProxy | CameraTrackProxy = self._scene.create_shared(kind)
        return made

    def camera_track(self, view: RenderViewProxy) -> CameraTrackProxy:
        """Return the track of a view's camera, which is made if there is none; fire and forget. Raises TypeError."""
        if not isinstance(view, RenderViewProxy):
            raise TypeError(f"the camera of a render view is animated, not that of {view!r:.60}")
        there: list[CameraTrackProxy] = self._scene.all_shared(CAMERA_TRACK.name)
        found = next((one for one in there if one.AnimatedProxy is view), None)
        if found is not None:
            return found
        made: CameraTrackProxy = self._scene.create_shared(CAMERA_TRACK.name, AnimatedProxy=view)
        return made

    # --- its times

    @property
    def timing(self) -> Timing:
        """Return its times, with those of the data that are known by now. Local."""
        return Timing(
            mode=SNAP if self.PlayMode == SNAP else SEQUENCE,
            start=float(self.StartTime),
            end=float(self.EndTime),
            count=int(self.NumberOfFrames),
            steps=tuple(self.time_keeper.TimestepValues),
            stride=int(self.Stride),
            frames_per_step=int(self.FramesPerTimestep),
        )

    def _read(self, name: str) -> Any:
        value = super()._read(name)
        if value is not None or name not in ("StartTime", "EndTime", ANIMATION_TIME):
            return value
        if name == ANIMATION_TIME:
            return self.time_keeper.Time
        first, last = self.time_keeper.TimeRange
        if name == "StartTime":
            return first
        return last if last != first else first + 1.0

    def _assign(self, name: str, value: Any) -> None:
        if name == ANIMATION_TIME and value is not None:
            self._go(float(self._plain(name, value)))
            if self._data_followers():
                self._following = asyncio.ensure_future(self._follow_data())
                self._following.add_done_callback(_forget)
        else:
            super()._assign(name, value)

    def update(self, **properties: Any) -> None:
        time = properties.pop(ANIMATION_TIME, None)
        if properties:
            super().update(**properties)
        if time is not None:
            self._assign(ANIMATION_TIME, time)

    async def update_using_data_time_steps(self) -> list[float]:
        """Have it go through the times of the data, if there are any, and begin and end with them; returns those.

        StartTime and EndTime stay where they are locked.
        """
        times = await self.time_keeper.refresh()
        unlocked = {"StartTime": not self.LockStartTime, "EndTime": not self.LockEndTime}
        free: dict[str, Any] = {name: None for name, on in unlocked.items() if on and name in self._set}
        if times:
            self.update(PlayMode=SNAP, **free)
        elif self.PlayMode == SNAP:
            self.update(PlayMode=SEQUENCE, **free)
        elif free:
            self.update(**free)
        timing, now = self.timing, float(self.AnimationTime)
        if not timing.start <= now <= timing.end:
            await self.go_to(timing.start)
        elif times and lower_bound(times, now) != now:
            await self.go_to(lower_bound(times, now))
        return times

    # --- going through them

    async def go_to(self, time: float) -> None:
        """Show a time of the animation: of the data, and of all that tracks move; done when the server is told.

        What views show of it is waited for by `view.ready()`, and pictures have it. Raises ValueError, Busy, or what
        ended the connection; RemoteError if data that a camera follows cannot be made.
        """
        for one in self.tracks:
            for proxy in one.definitions_needed():
                await proxy.definition()
        await self.time_keeper.known()
        self._go(float(self._plain(ANIMATION_TIME, time)))
        await self._follow_data()

    async def go_to_first(self) -> None:
        """Show its first time."""
        await self.time_keeper.refresh()
        await self.go_to(self.timing.start)

    async def go_to_last(self) -> None:
        """Show its last time."""
        await self.time_keeper.refresh()
        await self.go_to(self.timing.end)

    async def go_to_next(self) -> None:
        """Show the next time; the last one if there is none."""
        await self.time_keeper.refresh()
        await self.go_to(self.timing.next_to(float(self.AnimationTime)))

    async def go_to_previous(self) -> None:
        """Show the time before; the first one if there is none."""
        await self.time_keeper.refresh()
        await self.go_to(self.timing.before(float(self.AnimationTime)))

    async def play(self, *, reverse: bool = False, progress: Callable[[float], object] | None = None) -> None:
        """Go through its times, from the present one on; each is shown in all views before the next one comes.

        From the first one if it is at its end. `progress(time)` is called after each. It ends at its end, unless it is
        a Loop, by `stop()`, or when its task is cancelled. In "Real Time" the whole takes Duration seconds, with as
        many times as can be shown. Raises RuntimeError if it is playing, and as `go_to` and `view.ready`.
        """
        if self._playing:
            raise RuntimeError("the animation is playing already: stop() ends that")
        self._playing, self._stop = True, False
        try:
            await self.time_keeper.refresh()
            while True:
                await (
                    self._play_by_clock(reverse, progress)
                    if self.PlayMode == REAL_TIME
                    else self._play_frames(reverse, progress)
                )
                if self._stop or not self.Loop:
                    return
                await asyncio.sleep(0)
        finally:
            self._playing = False

    async def _play_frames(self, reverse: bool, progress: Callable[[float], object] | None) -> None:
        timing = self.timing
        if reverse:
            mirrored = timing.played(timing.start)[::-1]
            now = float(self.AnimationTime)
            later = [one for one in mirrored if one <= now] if timing.start < now <= timing.end else mirrored
        else:
            later = timing.played(float(self.AnimationTime))
        for time in later:
            if self._stop:
                return
            await self._show(time, progress)

    async def _play_by_clock(self, reverse: bool, progress: Callable[[float], object] | None) -> None:
        loop, timing, duration = asyncio.get_running_loop(), self.timing, float(self.Duration)
        began = loop.time() - timing.passed(float(self.AnimationTime), reverse=reverse) * duration
        while not self._stop:
            part = min(1.0, (loop.time() - began) / duration)
            passed = 1.0 - part if reverse else part
            await self._show(timing.start + passed * (timing.end - timing.start), progress)
            if part >= 1.0:
                return

    async def _show(self, time: float, progress: Callable[[float], object] | None) -> None:
        await self.go_to(time)
        for view in self._scene.all_views():
            await view.ready()
        if progress is not None:
            progress(time)

    @property
    def is_playing(self) -> bool:
        """Return whether this program plays it."""
        return self._playing

    def stop(self) -> None:
        """Have it played no further than the time that is shown now."""
        self._stop = True

    async def frames(
        self,
        pictured: Pictured,
        *,
        window: tuple[int, int] | None = None,
        stride: int = 1,
        **options: Any,
    ) -> AsyncGenerator[Frame, None]:
        """Make a picture of a view, or of a layout, at each of its times; afterwards it is where it was.

        `window` has the numbers of the first and of the last time, of those without the Stride; every `stride`-th of
        them is made. Raises ValueError for a window that is empty, and a stride below 1.
        """
        if stride < 1:
            raise ValueError(f"frames are made in strides of 1 or more, not of {stride}")
        await self.time_keeper.refresh()
        times = self.timing.all
        first, last = (0, len(times) - 1) if window is None else (int(window[0]), int(window[1]))
        chosen = list(range(max(0, first), min(last, len(times) - 1) + 1, int(stride)))
        if not chosen:
            raise ValueError(f"frames {first} to {last} are none of the animation's, which has {len(times)}")
        before, was_set = float(self.AnimationTime), self._scene.time is not None
        try:
            for number in chosen:
                await self.go_to(times[number])
                image = await pictured.screenshot(**options)
                yield Frame(number, len(chosen), times[number], image)
        finally:
            try:
                await self.go_to(before)
                if not was_set:
                    self._scene.time = None
            except Closed:
                pass  # then there is nothing left to be set back

    # --- inside

    def _go(self, time: float) -> None:
        """Move all that moves without data, and tell the server."""
        self._own()
        start, end = float(self.StartTime), float(self.EndTime)
        with self._scene.undo.paused():
            for one in self.tracks:
                part = one.part(time, start, end)
                if part is not None:
                    one.apply(part)
            shown = self.time_track.time_at(time, start, end)
            if shown is not None:
                self._scene.time = shown
            if shown == time:
                if self._set.get(ANIMATION_TIME) is not None:
                    self._change({ANIMATION_TIME: None})
            elif self._set.get(ANIMATION_TIME) != time:
                self._change({ANIMATION_TIME: time})
        self._scene.update_vtk_objects()

    def _data_followers(self) -> list[CameraTrackProxy]:
        return [one for one in self._scene.all_shared(CAMERA_TRACK.name) if one.Enabled and one.follows_data]

    async def _follow_data(self) -> None:
        for one in self._data_followers():
            await one.follow()


def _forget(task: asyncio.Task[None]) -> None:
    """Have asyncio not complain of a camera that could not follow its data: whoever shows that is told."""
    if not task.cancelled():
        task.exception()
