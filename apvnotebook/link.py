"""The session's half of a live picture: pictures on their way to the page, and what a person does on its way back."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from servermanager.ui.chart_interaction import interaction_with
from servermanager.ui.pictures import FeedState, PictureFeed, place_of
from servermanager.ui.pointing.events import PRESS, InputEvent, Surface, bounded_ratio
from servermanager.ui.pointing.happenings import Failed, Happening, Picked
from servermanager.ui.pointing.person import Interaction
from servermanager.views.images import Image
from servermanager.views.render_view import RenderViewProxy
from servermanager.views.view_proxy import ViewProxy
from services_core import ConnectionState, ServicesError

from .sentences import said_of_connection, said_of_pick, said_of_state

_log = logging.getLogger(__name__)

REST_S: Final = 1.0
"""A still picture that has stayed for so long is that which the notebook keeps."""

STATE: Final = "state"
FOUND: Final = "found"
"""What is said below a picture is of how it is, or of what a person has done in it."""

Tell = Callable[[dict[str, Any], list[bytes | memoryview]], None]
"""Says something to the page: plain data, and bytes beside it."""


class Link:
    """Joins a view to its place in a page. Belongs to the session's loop, but for `__init__`."""

    def __init__(
        self, view: ViewProxy, tell: Tell, when_still: Callable[[bytes], None], when_ended: Callable[[], None]
    ) -> None:
        """Join `view` to what is told by `tell`.

        `when_still(png)` is called when the picture has come to rest and is another than the time before;
        `when_ended()` when there will be no more.
        """
        self._view = view
        self._tell = tell
        self._when_still = when_still
        self._when_ended = when_ended
        self._kept: bytes | memoryview = b""
        self._resting: asyncio.TimerHandle | None = None
        self._feed: PictureFeed | None = None
        self._interaction: Interaction | None = None
        self._unwatch: Callable[[], None] | None = None
        self._hovers = False

    def hear(self, content: Mapping[str, Any]) -> None:
        """Do what the page asks for; what is no message of it is refused, and the log tells."""
        try:
            work = self._understood(content)
        except (KeyError, TypeError, ValueError) as error:
            _log.warning("a page has sent what no page of this package sends: %r", error)
            return
        try:
            work()
        except ServicesError as error:
            self._say(FOUND, str(error))

    def close(self) -> None:
        """End: nothing more is told. Never blocks; may be repeated."""
        self._rests_no_more()
        if self._feed is not None:
            self._feed.close()
        if self._interaction is not None:
            self._interaction.close()
        if self._unwatch is not None:
            self._unwatch()

    # --- what the page says

    def _understood(self, content: Mapping[str, Any]) -> Callable[[], object]:
        """Return what is to be done for a message. Raises KeyError, TypeError or ValueError for what is none."""
        kind = content["kind"]
        if kind == "painted":
            return partial(self._fed().painted, int(content["sequence"]))
        if kind == "visible":
            return partial(self._seen, _ratio_in(content)) if content["visible"] is True else self._fed().pause
        if kind == "resize":
            return partial(self._resize, Surface(content["width"], content["height"], _ratio_in(content)))
        if kind == "event":
            return partial(self._happened, InputEvent.from_message(content["event"]))
        raise ValueError(f"{kind!r:.40} is no kind of message")

    def _seen(self, pixel_ratio: float) -> None:
        feed = self._fed()
        feed.resume()
        feed.again()
        place = place_of(self._view)
        if not math.isclose(place.pixel_ratio, pixel_ratio) and self._view.scene.connection.membership.may_change:
            self._resize(Surface(place.width, place.height, pixel_ratio))

    def _happened(self, event: InputEvent) -> None:
        feed = self._fed()
        if self._interaction is not None:
            if event.kind == PRESS:
                self._rests_no_more()
            feed.noticed()
            self._interaction.handle(event)
            self._tell_hovered(getattr(self._interaction, "hovered", None) is not None)

    def _tell_hovered(self, on: bool) -> None:
        """Say whether what is under the pointer can be dragged, when that is otherwise."""
        if on != self._hovers:
            self._hovers = on
            self._tell({"kind": "hovered", "on": on}, [])

    def _resize(self, surface: Surface) -> None:
        self._fed().resize(surface.width, surface.height, surface.pixel_ratio)

    # --- what is said to it

    def _fed(self) -> PictureFeed:
        """Return what brings the pictures; it begins when a page asks for the first."""
        if self._feed is None:
            self._feed = PictureFeed(self._view, self._show, still_format="png")
            self._feed.watch(self._feed_is)
            self._unwatch = self._view.session.on_connection(self._connection_is)
            self._interaction = interaction_with(self._view)
            self._interaction.watch(self._came_of_it)
            self._feed.start()
        return self._feed

    def _show(self, image: Image) -> None:
        place = place_of(self._view)
        if self._interaction is not None and self._interaction.surface != place:
            self._interaction.resize(place.width, place.height, place.pixel_ratio)
        self._rests_no_more()
        said: dict[str, Any] = {"kind": "picture", "sequence": image.sequence, "place": [place.width, place.height]}
        said |= {"format": image.format, "still": image.still}
        if isinstance(self._view, RenderViewProxy):
            said["handles"] = any(one.can_be_dragged for one in self._view.widgets)
        self._tell(said, [image.data])
        if image.still and image.data != self._kept:
            self._resting = asyncio.get_running_loop().call_later(REST_S, self._keep, image)

    def _rests_no_more(self) -> None:
        if self._resting is not None:
            self._resting.cancel()
            self._resting = None

    def _keep(self, image: Image) -> None:
        self._kept = image.data
        self._when_still(bytes(image.data))

    def _feed_is(self, state: FeedState) -> None:
        if state.kind == "ended":
            self.close()
            self._when_ended()
        else:
            self._say(STATE, said_of_state(state))

    def _connection_is(self, state: ConnectionState) -> None:
        self._say(STATE, said_of_connection(state))

    def _came_of_it(self, happening: Happening) -> None:
        if isinstance(happening, Picked):
            self._say(FOUND, said_of_pick(happening.result))
        elif isinstance(happening, Failed):
            self._say(FOUND, f"{happening.doing} failed: {happening.error}")

    def _say(self, of: str, text: str) -> None:
        self._tell({"kind": "said", "of": of, "text": text}, [])


def _ratio_in(content: Mapping[str, Any]) -> float:
    """Return the pixel ratio that a page tells. Raises KeyError or ValueError for none."""
    return bounded_ratio(Surface(1, 1, content["pixel_ratio"]).pixel_ratio)
