"""The widget of a live picture: what the page and the kernel know of it together, and their messages."""

from __future__ import annotations

import contextvars
import uuid
from collections.abc import Callable, Mapping
from functools import partial
from importlib.resources import files
from typing import Any, Final

import anywidget
import traitlets

from servermanager.live_face import CallSoon
from servermanager.sync.shown import behind
from servermanager.ui.page import FILES, SCRIPT
from servermanager.ui.pictures import place_of
from servermanager.views.view_proxy import ViewProxy
from services_core import Closed

from .link import Link

_PAGE: Final = files("apvnotebook") / "page"


class LiveView(anywidget.AnyWidget):
    """A picture of a view that lives in the page, for layouts of widgets: `ipywidgets.HBox([LiveView(view), slider])`.

    A view that a cell ends with shows itself, without this. Dragging, the wheel (after a click), fingers and keys move
    the camera as in ParaView, a click tells what is there, the corner changes the size. A place is as large as ViewSize
    and PPI say, and has as many pixels as the screen has there. `view` may be one of `servermanager.sync`, too; then
    pictures come also while a cell blocks, where the kernel gets messages of the page meanwhile (JupyterLab 4.4 or
    newer with ipykernel 7 or newer). Nothing is sent while nobody can see it.
    """

    _esm = "\n".join(one.read_text(encoding="utf-8") for one in (FILES / SCRIPT, _PAGE / "live_view.js"))
    _css = (_PAGE / "live_view.css").read_text(encoding="utf-8")

    mark = traitlets.Unicode().tag(sync=True)
    """Which live view it is, in the still pictures of it."""
    title = traitlets.Unicode().tag(sync=True)
    """What it is called by programs that read the page aloud."""
    width = traitlets.Int().tag(sync=True)
    """How wide the picture is at first, in CSS pixels."""
    height = traitlets.Int().tag(sync=True)
    """How high it is at first."""
    covers = traitlets.Bool().tag(sync=True)
    """Whether it is put in the place of still pictures of it."""

    def __init__(self, view: Any, *, call_soon: CallSoon | None = None, covers: bool = False) -> None:
        """Show a view, of this loop's session or a blocking one.

        `call_soon` is that of its session's loop; None: it is found. Raises TypeError for what is no view.
        """
        target, found = behind(view) if call_soon is None else (view, call_soon)
        if not isinstance(target, ViewProxy):
            raise TypeError(f"a live picture is one of a view, such as session.views.RenderView(), not of {view!r:.80}")
        self.view = target
        """What it shows."""
        self.when_still: Callable[[bytes], None] = _ignore
        """Called in the session's loop with a PNG, when the picture has come to rest and is another."""
        self.when_ended: Callable[[], None] = _ignore
        """Called when the view or its session is no more, before it is closed."""
        self._soon = found
        self._link = Link(target, self._tell, lambda png: self.when_still(png), self._end)
        self._answering = contextvars.Context()
        place = place_of(target)
        super().__init__(
            mark=uuid.uuid4().hex,
            title=f"{target.scene_type.label} {target.id}",
            width=max(1, round(place.width)),
            height=max(1, round(place.height)),
            covers=covers,
        )
        self.on_msg(self.hear)

    def hear(self, _widget: object, content: Mapping[str, Any], _buffers: object) -> None:
        """Hand on what the page says, to the loop of the session. Called by the kernel, on any thread."""
        # Its context tells the kernel on which of its threads the page's next message is to be heard: that of this one.
        context = contextvars.copy_context()

        def hand_on() -> None:
            self._answering = context
            self._link.hear(content)

        try:
            self._soon(hand_on)
        except (Closed, RuntimeError):  # the loop of the session has ended
            self._end()

    def _tell(self, content: dict[str, Any], buffers: list[bytes | memoryview]) -> None:
        """Say something to the page. In the session's loop."""
        self._answering.run(partial(self.send, content, buffers))

    def _end(self) -> None:
        """Close it: there is nothing to be shown any more."""
        self.when_ended()
        self._answering.run(self.close)


def _ignore(*_: object) -> None:
    """Do nothing: nobody has asked."""
