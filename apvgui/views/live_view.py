"""A view that is looked at: its pictures, what is done in it, and its name. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable

from servermanager import Image, ViewProxy
from servermanager.ui.chart_interaction import interaction_with
from servermanager.ui.feeding.statistics import FeedStatistics
from servermanager.ui.pictures import FeedState, PictureFeed
from servermanager.ui.pointing.events import MOVE, InputEvent
from servermanager.ui.pointing.happenings import Happening


class LiveView:
    """One view, one consumer of its pictures, and one person who moves it."""

    def __init__(self, view: ViewProxy, name: str) -> None:
        self.view = view
        self.name = name
        self.interaction = interaction_with(view)
        self.moved: Callable[[], object] = lambda: None
        """Called after each event that may have moved the camera."""
        self._feed: PictureFeed | None = None

    def begin(self, show: Callable[[Image], object]) -> None:
        """Have `show(image)` called with pictures, from now on."""
        self._feed = PictureFeed(self.view, show)
        self._feed.start()

    def end(self) -> None:
        """Come to the end: no more pictures, nothing under way."""
        if self._feed is not None:
            self._feed.close()
        self.interaction.close()

    def painted(self, sequence: int) -> None:
        """Note that a picture was painted."""
        if self._feed is not None:
            self._feed.painted(sequence)

    def pause(self, paused: bool) -> None:
        """Have no pictures made while nobody sees them, or have them again."""
        if self._feed is not None:
            (self._feed.pause if paused else self._feed.resume)()

    def resize(self, width: float, height: float, pixel_ratio: float) -> None:
        """Have pictures of so many pixels of the screen; sizes are in pixels of the window."""
        if self._feed is not None and self.view.session.role != "viewer":  # who looks on has the size of the others
            self._feed.resize(width, height, pixel_ratio)
        self.interaction.resize(width, height, pixel_ratio)

    def handle(self, event: InputEvent) -> bool:
        """Do what an event means; returns whether it means anything."""
        if self._feed is not None and (event.kind != MOVE or event.button):
            self._feed.noticed()
        meant = self.interaction.handle(event)
        if meant:
            self.moved()
        return meant

    def watch(self, watcher: Callable[[Happening], None]) -> Callable[[], None]:
        """Have `watcher(happening)` called with what comes of events; calling what is returned ends it."""
        return self.interaction.watch(watcher)

    @property
    def state(self) -> FeedState:
        """Return how its pictures are doing."""
        return FeedState("waiting") if self._feed is None else self._feed.state

    @property
    def statistics(self) -> FeedStatistics | None:
        """Return how many pictures there were, how soon, how large; None before it has begun."""
        return None if self._feed is None else self._feed.statistics
