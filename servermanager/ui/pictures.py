"""The pictures of a view for one consumer: one under way, the newest next, the last one exact."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Literal

from async_paraview.records import dataclass
from async_paraview.scene.props.screens import POINTS_PER_INCH
from services_core import Closed, ConnectionLost, RemoteError, RequestCancelled, ServicesError

from ..streams import TypedStream
from ..views.images import Image
from ..views.view_proxy import ViewProxy
from .feeding.link import LinkQuality
from .feeding.statistics import FeedStatistics, Meter
from .pointing.events import Surface

_log = logging.getLogger(__name__)

STALLED_S: Final = 2.0
"""A consumer that has not painted a picture for so long gets none drawn for it, until it has."""
FIRST_WAIT_S: Final = 0.1
LONGEST_WAIT_S: Final = 3.0
"""Between attempts to get pictures again that failed; each is twice as long as the one before."""
LONGEST_EMPTY_S: Final = 10.0
"""For so long at most the last picture stays until a server that has begun anew has the data for others."""

FeedKind = Literal["waiting", "live", "stalled", "paused", "failed", "ended"]


@dataclass(frozen=True, slots=True)
class FeedState:
    """How a feed is.

    "waiting": for the first picture, or for the server to be back; "live"; "stalled": the consumer does not paint;
    "paused"; "failed": no picture can be made, which is tried again; "ended": there will be no more.
    """

    kind: FeedKind
    reason: str = ""
    """Why it waits, failed, or ended."""


class PictureFeed:
    """Gives one consumer the pictures of a view, as a context or between `start` and `close`. Belongs to the loop.

    `show(image)` is called with a picture, and not again before `painted(sequence)` was called with its number: then
    with the newest there is. `images` whose format browsers know: `PictureFeed(view, show, still_format="png")`.
    """

    def __init__(
        self,
        view: ViewProxy,
        show: Callable[[Image], object],
        *,
        image_format: str = "auto",
        still_format: str | None = None,
        quality: int | None = None,
    ) -> None:
        """Take pictures of a view. Formats are those of `ViewProxy.images`.

        `quality` is that of JPEG, 1 to 100; None: as good as the consumer paints in time, at most what the link to the
        server bears.
        """
        self.view = view
        self._show = show
        self._format = image_format
        self._still_format = still_format
        self._fixed_quality = quality
        self._link = LinkQuality()
        self._meter = Meter()
        self._last: Image | None = None
        self._under_way: int | None = None
        self._shown_at = 0.0
        self._is_paused = False
        self._is_anew = False
        self._may_go_on = asyncio.Event()
        self._may_go_on.set()
        self._back = asyncio.Event()
        self._state = FeedState("waiting")
        self._watchers: list[Callable[[FeedState], None]] = []
        self._images: TypedStream[Image] | None = None
        self._task: asyncio.Task[None] | None = None
        self._unwatch: Callable[[], None] = _nothing

    # --- for the consumer

    def start(self) -> None:
        """Begin. Local; without effect if it has begun."""
        if self._task is None and self._state.kind != "ended":
            self._unwatch = self.view.session.on_connection(lambda _: self._back.set())
            self._task = asyncio.get_running_loop().create_task(self._run())

    def close(self) -> None:
        """End: there are no more pictures. Never blocks; may be repeated."""
        self._unwatch()
        if self._task is not None:
            self._task.cancel()
        self._become("ended", "it was closed")
        self._watchers.clear()

    async def __aenter__(self) -> PictureFeed:
        self.start()
        return self

    async def __aexit__(self, *exception: object) -> None:
        self.close()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    def painted(self, sequence: int) -> None:
        """Note that the consumer has painted the picture with that number: the next may come."""
        if self._under_way is None or sequence != self._under_way:
            return  # of a picture before `again`
        now = time.monotonic()
        self._link.painted(now - self._shown_at)
        self._meter.painted(sequence, now)
        self._under_way = None
        self._wake()

    def again(self) -> None:
        """Show the last picture once more, and what comes from now on: the consumer is another, or has lost it."""
        self._under_way = None
        self._link = LinkQuality()
        if self._last is not None and not self._is_paused:
            self._give(self._last)
        self._wake()

    def pause(self) -> None:
        """Show nothing more until `resume`: nobody sees it. Nothing is drawn for it meanwhile."""
        self._is_paused = True
        images, self._images = self._images, None
        if images is not None:
            images.close()
        self._wake()

    def resume(self) -> None:
        """Show pictures again."""
        self._is_paused = False
        self._wake()

    def resize(self, width: float, height: float, pixel_ratio: float = 1.0) -> Surface:
        """Have the view fill a place of so many CSS pixels; returns that place. No step of undo.

        Its ViewSize is that in device pixels then, and its PPI is such that texts are as large as without the ratio.
        Sizes may be fractions; device pixels are rounded, and at least one. What was shown stays until a picture of the
        new size is there. Raises ValueError for what is no size, or if the view was deleted; Refused for who only looks
        on.
        """
        surface = Surface(width, height, pixel_ratio)
        wanted = {"ViewSize": [*surface.pixels], "PPI": surface.ppi}
        if any(getattr(self.view, name) != value for name, value in wanted.items()):
            with self.view.session.undo.paused():
                self.view.update(**wanted)
        return surface

    def noticed(self) -> None:
        """Note that something happened now that the next picture will show, for the statistics."""
        self._meter.noticed(time.monotonic(), time.time())

    # --- how it is

    @property
    def state(self) -> FeedState:
        """Return how it is."""
        return self._state

    @property
    def last(self) -> Image | None:
        """Return the picture that was shown last."""
        return self._last

    @property
    def statistics(self) -> FeedStatistics:
        """Return how many pictures there were, how soon, how large."""
        return self._meter.statistics(time.monotonic())

    def watch(self, watcher: Callable[[FeedState], None]) -> Callable[[], None]:
        """Have `watcher(state)` called when it is otherwise; calling what is returned ends it."""
        self._watchers.append(watcher)

        def end() -> None:
            with suppress(ValueError):
                self._watchers.remove(watcher)

        return end

    # --- inside

    async def _run(self) -> None:
        wait_s = FIRST_WAIT_S
        while True:
            seen = self._meter.count
            try:
                while await self._feed():
                    pass
                self._become("ended", "the session was closed" if self._has_view() else f"{self.view!r} was deleted")
                return
            except Closed:
                self._become("ended", "the session was closed")
                return
            except ConnectionLost as error:
                if self.view.session.connection.kind == "lost":
                    self._become("ended", str(error))
                    return
                self._become("waiting", str(error))
                self._is_anew = self._last is not None
            except ServicesError as error:
                self._become("failed", str(error))
            except ValueError as error:  # the view was deleted
                self._become("ended", str(error))
                return
            wait_s = FIRST_WAIT_S if self._meter.count > seen else min(2 * wait_s, LONGEST_WAIT_S)
            await self._pause(wait_s)

    async def _feed(self) -> bool:
        """Show pictures until the consumer stalls or wants others; returns whether to go on."""
        await self._room()
        if not self._has_view():
            raise ValueError(f"{self.view!r} was deleted")
        if self._is_anew:
            await self._shows_again()
            self._is_anew = False
        quality = self._fixed_quality or self._link.quality
        images = self.view.images(format=self._format, quality=quality, still_format=self._still_format)
        self._images = images
        async with images:
            while True:
                try:
                    async with asyncio.timeout(STALLED_S):
                        await self._room()
                except TimeoutError:
                    if not self._is_paused:
                        self._become("stalled", f"no picture was painted for {STALLED_S:g} s")
                    return True
                if self._is_paused or (self._fixed_quality is None and self._link.quality != quality):
                    return True
                image = await anext(images, None)
                if image is None:
                    return self._images is not images
                if self._under_way is None and not self._is_paused:
                    self._give(image)

    async def _shows_again(self) -> None:
        """Wait until a server that has begun anew has the data that the view shows: what was shown last stays so long.

        Not without end: who moves the camera while a filter executes for minutes sees what there is.
        """
        with suppress(RemoteError, RequestCancelled, TimeoutError):  # what cannot be shown: the pictures tell
            async with asyncio.timeout(LONGEST_EMPTY_S):
                await self.view.ready()

    def _has_view(self) -> bool:
        return bool(self.view.session.scene.has_view(self.view))

    async def _room(self) -> None:
        """Wait until a picture may be shown."""
        while self._under_way is not None or self._is_paused:
            self._may_go_on.clear()
            if self._is_paused:
                self._become("paused")
            await self._may_go_on.wait()

    def _give(self, image: Image) -> None:
        self._last, self._under_way, self._shown_at = image, image.sequence, time.monotonic()
        self._meter.shown(image, self._shown_at, time.time())
        self._become("live")
        try:
            self._show(image)
        except Exception:  # it is the consumer's: others are not to suffer, and it says `again` when it is back
            _log.exception("a picture could not be shown")

    def _wake(self) -> None:
        self._may_go_on.set()

    async def _pause(self, wait_s: float) -> None:
        """Wait, but no longer than until the connection is otherwise."""
        self._back.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await self._back.wait()

    def _become(self, kind: FeedKind, reason: str = "") -> None:
        state = FeedState(kind, reason)
        if state == self._state or self._state.kind == "ended":
            return
        self._state = state
        for watcher in list(self._watchers):
            try:
                watcher(state)
            except Exception:
                _log.exception("a callback failed")


def place_of(view: ViewProxy) -> Surface:
    """Return the place that a view is drawn for, as its ViewSize and PPI say."""
    ratio = view.PPI / POINTS_PER_INCH
    width, height = view.ViewSize
    return Surface(width / ratio, height / ratio, ratio)


def _nothing() -> None:
    """Do nothing: nobody is watched yet."""
