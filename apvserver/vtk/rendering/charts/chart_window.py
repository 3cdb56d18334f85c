"""The one window off screen that all charts of a thread are drawn in, one at a time.

A window that takes several samples to a pixel takes long to make: its OpenGL compiles anew what resolves them, and all
that it draws with. Between two drawings of a chart nothing of it is left in the window, so that they need but one.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from ..opengl import create_window, require_opengl

_SAMPLES: Final = 8


class ChartWindow:
    """A window with a renderer for each chart, of which one draws. Of the thread that made it; see `chart_window`."""

    def __init__(self) -> None:
        """Make it, without any renderer. Raises `OpenGLUnavailable`."""
        self.window = create_window(require_opengl().window_class)
        self.window.SetOffScreenRendering(True)
        self.window.SetAlphaBitPlanes(True)
        self.window.SetMultiSamples(_SAMPLES)
        self._renderers: list[Any] = []

    def join(self, renderer: Any) -> None:
        """Take the renderer of one more chart, which keeps what it has in the window until it leaves."""
        renderer.DrawOff()
        self._renderers.append(renderer)
        self.window.AddRenderer(renderer)

    def leave(self, renderer: Any) -> None:
        """Let go of a renderer, and free what it has; with the last one, the window is freed."""
        renderer.ReleaseGraphicsResources(self.window)
        self.window.RemoveRenderer(renderer)
        self._renderers.remove(renderer)
        if not self._renderers:
            self.window.Finalize()
            _of_thread.window = None

    @contextmanager
    def drawing_only(self, renderer: Any) -> Iterator[None]:
        """Have the window draw with one of its renderers."""
        renderer.DrawOn()
        try:
            yield
        finally:
            renderer.DrawOff()

    @contextmanager
    def having_only(self, renderer: Any) -> Iterator[None]:
        """Have the window without the renderers of other charts: for who goes through all that it has."""
        others = [one for one in self._renderers if one is not renderer]
        for one in others:
            self.window.RemoveRenderer(one)
        try:
            yield
        finally:
            for one in others:
                self.window.AddRenderer(one)


class _OfThread(threading.local):
    window: weakref.ref[ChartWindow] | None = None
    """Kept by its charts."""


_of_thread: Final = _OfThread()


def chart_window() -> ChartWindow:
    """Return the window of the charts of this thread, which is made for the first. Raises `OpenGLUnavailable`."""
    found = None if _of_thread.window is None else _of_thread.window()
    if found is None:
        found = ChartWindow()
        _of_thread.window = weakref.ref(found)
    return found
