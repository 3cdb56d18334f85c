"""What draws the legends of one view."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from ..paper import Paper
from .bar import ScalarBar
from .placing import Placed


class Legends:
    """The legends of one view; each is painted anew only where something of it has changed."""

    def __init__(self) -> None:
        """Have none yet."""
        self._bars: dict[Hashable, ScalarBar] = {}

    def props(self, placed: Iterable[Placed], paper: Paper, height: int) -> list[Any]:
        """Return what draws legends upon that paper, in a picture of that height."""
        before, self._bars = self._bars, {}
        for one in placed:
            bar = self._bars[one.wanted.key] = before.get(one.wanted.key) or ScalarBar()
            bar.draw(one.arranged, one.place, one.wanted.look, paper, height)
        return [bar.prop for bar in self._bars.values()]

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Have all else drawn."""
        for bar in self._bars.values():
            bar.prop.VisibilityOff()
        try:
            yield
        finally:
            for bar in self._bars.values():
                bar.prop.VisibilityOn()
