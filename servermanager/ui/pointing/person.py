"""What all interactions with views have in common: place, modes, those who watch, work that goes on by itself."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Final

from services_core import Busy, ServicesError, suggest

from .events import InputEvent, Surface
from .happenings import Failed, Happening, ModeChanged

_log = logging.getLogger(__name__)

CAMERA: Final = "camera"
Watcher = Callable[[Happening], None]
Rectangle = tuple[float, float, float, float]


class Interaction(ABC):
    """Makes of events what they mean in a view. No method waits; what takes time goes on in tasks of its own.

    Whoever shows the view says `resize`, gives `handle` each event, and learns from `watch` what came of them. Made in
    the loop of the session. `close` ends it.
    """

    def __init__(self, size: Sequence[float], modes: Sequence[str], moving: str) -> None:
        """Begin with the mode "camera"; `moving` is what a drag does, for messages of what fails."""
        self.sticky = False
        """Whether a mode stays when its rectangle was drawn."""
        self._modes = tuple(modes)
        self._moving = moving
        self._mode = CAMERA
        width, height = size
        self._surface = Surface(float(width), float(height))
        self._watchers: list[Watcher] = []
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def modes(self) -> tuple[str, ...]:
        """Return what `mode` can be: "camera" first."""
        return self._modes

    @property
    def mode(self) -> str:
        """What a drag with the left button does: "camera", "zoom to box", or what selects. Setting it may raise."""
        return self._mode

    @mode.setter
    def mode(self, mode: str) -> None:
        if mode not in self._modes:
            near = suggest(str(mode), self._modes) or list(self._modes)
            raise ValueError(f"there is no mode {mode!r} of interaction; there are {', '.join(near)}")
        self._abandon()
        if mode != self._mode:
            self._mode = mode
            self._tell(ModeChanged(mode))

    @property
    def surface(self) -> Surface:
        """Return the place that shows the view."""
        return self._surface

    def resize(self, width: float, height: float, pixel_ratio: float = 1.0) -> None:
        """Say how large the place is that shows the view, in CSS pixels, and how many device pixels one of these has.

        Events are places in it. The view itself is resized by `PictureFeed.resize`. Raises ValueError.
        """
        self._surface = Surface(width, height, pixel_ratio)

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher(happening)` called with what comes of events; calling what is returned ends it."""
        self._watchers.append(watcher)

        def end() -> None:
            with suppress(ValueError):
                self._watchers.remove(watcher)

        return end

    def close(self) -> None:
        """Do nothing more: what is under way is given up."""
        self._abandon()
        for task in self._tasks:
            task.cancel()
        self._watchers.clear()

    def handle(self, event: InputEvent) -> bool:
        """Do what an event means; returns whether it means anything here. What goes wrong is told as `Failed`."""
        try:
            return self._do(event)
        except Busy:
            return True  # the way to the server is full: the next event says it
        except (ServicesError, ValueError) as error:
            self._abandon()
            self._tell(Failed(self._moving, error))
            return True

    # --- what a subclass knows

    @abstractmethod
    def _do(self, event: InputEvent) -> bool:
        """Do what an event means; returns whether it means anything here."""

    @abstractmethod
    def _abandon(self) -> None:
        """Give up what is being dragged."""

    # --- for subclasses

    def _start(self, doing: str, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        async def told() -> None:
            try:
                await work()
            except (ServicesError, ValueError) as error:
                self._tell(Failed(doing, error))

        return self._keep(told)

    def _keep(self, work: Callable[[], Coroutine[Any, Any, None]]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _tell(self, happening: Happening) -> None:
        for watcher in list(self._watchers):
            try:
                watcher(happening)
            except Exception:
                _log.exception("a callback failed")
