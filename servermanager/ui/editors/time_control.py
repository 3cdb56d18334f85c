"""The times of a session as a toolbar has them: where it is, going elsewhere, playing. Frames are never queued."""

from __future__ import annotations

import asyncio
import bisect
from collections.abc import Sequence
from typing import Final

from async_paraview.records import dataclass
from async_paraview.scene.animation import SNAP

from ...animations.animation_scene import AnimationSceneProxy
from ..owner import TimesOwner
from .watched import Watched

MODES: Final = ("Snap To TimeSteps", "Sequence", "Real Time")


@dataclass(frozen=True, slots=True)
class TimeState:
    """What a time toolbar shows.

    `times` are those that it steps through, growing; `index` is the number of the one it is at, or after.
    """

    time: float
    times: tuple[float, ...]
    index: int
    is_playing: bool
    loops: bool
    mode: str
    can_go_back: bool
    can_go_on: bool


class TimeControl(Watched):
    """Goes through the times of a session. No method waits: each has done what it can when it returns.

    While one time is being shown, of those that are asked for meanwhile the last one is next. What goes wrong is
    `error`.
    """

    def __init__(self, session: TimesOwner) -> None:
        """Control the times of a session, and follow what changes them."""
        super().__init__()
        self._scene: AnimationSceneProxy = session.animation
        self._session = session
        self._wanted: float | None = None
        self._going: asyncio.Task[None] | None = None
        self._playing: asyncio.Task[None] | None = None
        self._ends.append(session.watch_time(self._tell))
        for one in (self._scene, self._scene.time_keeper):
            self._ends.append(one.watch(lambda *_: self._tell()))

    @property
    def state(self) -> TimeState:
        """Return what is shown now."""
        times, time = tuple(self._scene.timing.all), float(self._scene.AnimationTime)
        time = time if self._wanted is None else self._wanted
        index = max(0, bisect.bisect_right(times, time) - 1)
        return TimeState(
            time=time,
            times=times,
            index=index,
            is_playing=self._playing is not None,
            loops=bool(self._scene.Loop),
            mode=self._scene.PlayMode,
            can_go_back=bool(times) and time > times[0],
            can_go_on=bool(times) and time < times[-1],
        )

    def refresh(self) -> None:
        """Ask the sources for their times; if there are any, step through those. Executes nothing."""

        async def ask() -> None:
            before = self._scene.PlayMode
            times = await self._scene.time_keeper.refresh()
            if times and before != SNAP:
                await self._step_through(times)
            self._tell()

        self._start(ask)

    # --- going elsewhere

    def go_to(self, time: float) -> None:
        """Show a time."""
        self._wanted = float(time)
        self._tell()
        if self._going is None:
            self._going = self._start(self._go)
            self._going.add_done_callback(self._gone)

    def go_to_index(self, index: int) -> None:
        """Show one of the times by its number, from 0; the first or the last one past these."""
        times = self.state.times
        if times:
            self.go_to(times[min(max(index, 0), len(times) - 1)])

    def first(self) -> None:
        """Show the first time."""
        self.go_to_index(0)

    def last(self) -> None:
        """Show the last time."""
        self.go_to_index(len(self.state.times) - 1)

    def next(self) -> None:
        """Show the time that comes next; after the last one the first, if it loops."""
        state = self.state
        later = [at for at, one in enumerate(state.times) if one > state.time]
        if later or state.loops:
            self.go_to_index(later[0] if later else 0)

    def previous(self) -> None:
        """Show the time before; before the first one the last, if it loops."""
        state = self.state
        earlier = [at for at, one in enumerate(state.times) if one < state.time]
        if earlier or state.loops:
            self.go_to_index(earlier[-1] if earlier else len(state.times) - 1)

    # --- playing

    def play(self, *, reverse: bool = False) -> None:
        """Go through the times from the present one on; each is shown before the next comes."""
        if self._playing is None and not self._is_closed:

            async def play() -> None:
                await self._scene.play(reverse=reverse, progress=lambda _: self._tell())

            self._playing = self._start(play)
            self._playing.add_done_callback(self._played)
            self._tell()

    def stop(self) -> None:
        """Stop after the time that is being shown."""
        if self._playing is not None:
            self._scene.stop()

    def toggle(self) -> None:
        """Play, or stop."""
        if self._playing is None:
            self.play()
        else:
            self.stop()

    def set_loops(self, loops: bool) -> None:
        """Begin anew at the end, or stop there."""
        self._scene.Loop = loops
        self._tell()

    def set_mode(self, mode: str) -> None:
        """Step through the times of the data ("Snap To TimeSteps"), or frames between ("Sequence", "Real Time")."""
        self._scene.PlayMode = mode
        self._tell()

    def close(self) -> None:
        """Stop, and watch nothing more."""
        self.stop()
        super().close()

    # --- inside

    async def _step_through(self, times: Sequence[float]) -> None:
        """Go through the times of the data from now on. They have some: that is no step of anybody's undo."""
        own = self._scene.set_values()
        free = {f"{end}Time": None for end in ("Start", "End") if not getattr(self._scene, f"Lock{end}Time")}
        with self._session.undo.paused():
            self._scene.update(PlayMode=SNAP, **{name: None for name in free if name in own})
        now = float(self._scene.AnimationTime)
        nearest = times[max(0, bisect.bisect_right(times, now) - 1)]
        if nearest != now:
            await self._scene.go_to(nearest)

    async def _go(self) -> None:
        while self._wanted is not None:
            time, self._wanted = self._wanted, None
            await self._scene.go_to(time)
            for view in self._session.all_views():
                await view.ready()
            self._tell()

    def _gone(self, _: asyncio.Task[None]) -> None:
        self._going = None
        if self._wanted is not None and not self._is_closed:  # the one before could not be shown
            self.go_to(self._wanted)

    def _played(self, _: asyncio.Task[None]) -> None:
        self._playing = None
        self._tell()
