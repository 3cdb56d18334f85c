"""Views as outputs of cells: a still picture, which a saved notebook keeps, and in its place in the page a live one."""

from __future__ import annotations

import asyncio
import base64
import contextvars
import logging
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

from IPython.display import publish_display_data

from servermanager.live_face import CallSoon, still_samples
from servermanager.ui.pictures import place_of
from servermanager.views.view_proxy import ViewProxy
from services_core import ServicesError

from .live_view import LiveView
from .marks import marked, plain_png

_log = logging.getLogger(__name__)

_outputs: Final[dict[int, Output]] = {}
"""The outputs of views that are there, by `id`."""


def show(view: ViewProxy, call_soon: CallSoon, first: bytes | None) -> None:
    """Show a view as the output of the cell that runs, as `servermanager.live_face.show_live`."""
    output = _outputs.get(id(view))
    if output is None:
        output = _outputs[id(view)] = Output(view, call_soon)
    output.begin(first)


class Output:
    """One live view, with the outputs of cells that it is in."""

    def __init__(self, view: ViewProxy, call_soon: CallSoon) -> None:
        """Make the widget."""
        self._view = view
        self._call_soon = call_soon
        self._covers = page_is_covered(os.environ, sys.modules)
        self._live = LiveView(view, call_soon=call_soon, covers=self._covers)
        self._live.when_still = self._keep
        self._live.when_ended = self._end
        self._still: bytes = b""
        self._making: asyncio.Task[None] | None = None

    def begin(self, first: bytes | None) -> None:
        """Show it once more. Without a first picture one is made, and shown when it is there."""
        self._still = first or self._view._repr_png_() or plain_png(*self._view.ViewSize)
        self._publish(self._bundle(), update=False)
        if first is None:
            self._call_soon(self._make)

    def _make(self) -> None:
        self._making = asyncio.get_running_loop().create_task(self._made())

    async def _made(self) -> None:
        try:
            self._keep((await self._view.screenshot(samples=still_samples(self._view)))._repr_png_())
        except (ServicesError, ValueError) as error:
            said = f"{self._view!r}: no picture was made: {error}"
            _in_cell_that_runs(lambda: self._publish({**self._bundle(), "text/plain": said}, update=True))

    def _keep(self, png: bytes) -> None:
        """Have the notebook keep another picture."""
        self._still = png
        if self._covers:  # else it would be the widget that is shown anew
            _in_cell_that_runs(lambda: self._publish(self._bundle(), update=True))

    def _end(self) -> None:
        """Leave the last picture to the notebook: there is no view any more."""
        _outputs.pop(id(self._view), None)
        if not self._covers:
            _in_cell_that_runs(lambda: self._publish(self._picture(), update=True))

    def _picture(self) -> dict[str, Any]:
        picture = base64.b64encode(marked(self._still, self._live.mark)).decode("ascii")
        return {"image/png": picture, "text/plain": repr(self._view)}

    def _sizes(self) -> dict[str, Any]:
        """Return how large pages are to show the picture, if a CSS pixel has not one pixel of it."""
        place = place_of(self._view)
        return {} if place.pixel_ratio == 1 else {"image/png": {"width": place.width, "height": place.height}}

    def _bundle(self) -> dict[str, Any]:
        if self._covers:
            return self._picture()
        shown = self._live._repr_mimebundle_()
        return {**(shown[0] if shown else {}), **self._picture()}

    def _publish(self, bundle: Mapping[str, Any], *, update: bool) -> None:
        publish: Callable[..., None] = publish_display_data
        publish(dict(bundle), self._sizes(), transient={"display_id": self._live.mark}, update=update)


def page_is_covered(environment: Mapping[str, str], modules: Mapping[str, object]) -> bool:
    """Return whether the page is one document, in which a picture can be found, and covered by a live one.

    VS Code and Colab have each output in a document of its own: there the widget itself is the output.
    """
    return "VSCODE_PID" not in environment and "google.colab" not in modules


def _in_cell_that_runs(work: Callable[[], None]) -> None:
    """Call it as the cell that runs now does, whatever cell has begun what runs here: readers of others are gone."""
    contextvars.Context().run(work)
