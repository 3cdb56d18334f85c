"""What all axes in a scene are drawn with: lines at their places, and texts in front of them."""

from __future__ import annotations

from typing import Any

from .grid_texts import GridText
from .scene_lines import SceneLines
from .text_sheet import TextSheet


class LinesAndTexts:
    """Some axes: what draws them, and what was drawn last."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        self._lines = SceneLines()
        self.sheet = TextSheet()
        """What draws their texts."""
        self._drawn: tuple[Any, ...] | None = None
        """Which axes, and in what picture."""
        self.texts: list[GridText] = []
        """Those that are drawn."""
        self._remarks: tuple[str, ...] = ()

    @property
    def props(self) -> tuple[Any, ...]:
        """What the view adds to its renderer."""
        return self._lines.prop, self.sheet.prop

    @property
    def line_prop(self) -> Any:
        """What draws the lines."""
        return self._lines.prop
