"""Blocking views in notebooks: they show themselves, and what shows them works in the loop of their session."""

from __future__ import annotations

import asyncio
from typing import Any

from ..live_face import CallSoon, in_page, show_live, still_samples
from .blocking import Blocking
from .face import Face


class ShownView(Blocking):
    """What a blocking view has beside what the asynchronous one has."""

    __slots__ = ()

    _face: Face

    def _ipython_display_(self) -> None:
        """Show a live picture of it, where a cell of a notebook ends with it; its session's own thread makes it."""
        if not in_page():
            raise NotImplementedError  # as IPython asks: it is shown as other things are
        first: bytes = self.screenshot(samples=still_samples(self))._repr_png_()
        if not show_live(*behind(self), first):
            raise NotImplementedError


def behind(one: Any) -> tuple[Any, CallSoon]:
    """Return what a blocking object stands for, and how functions are called in the loop of that.

    What stands for nothing is returned as it is, with the loop that runs here. Raises RuntimeError if none does.
    """
    if isinstance(one, Blocking):
        face: Any = one._face
        return face.unwrap(one), face.call_soon
    return one, asyncio.get_running_loop().call_soon_threadsafe
