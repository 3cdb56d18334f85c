"""What all editors of a panel have in common: they show a line, and give what a user enters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QWidget

from servermanager.ui.panels.panel_line import PanelLine

SHOWN_DIGITS: Final = 6
"""As in the page."""

Give = Callable[[Any], object]
"""Called with what was entered: plain values, or the text itself; the panel converts and checks it."""


class LineEditor(QWidget):
    """An editor of one line. It changes nothing by itself: what is entered is given, and comes back as a line."""

    def __init__(self, line: PanelLine, give: Give) -> None:
        super().__init__()
        self.line = line
        self._give = give
        self.dragging: Callable[[bool], object] = lambda _: None
        """Called when somebody begins, and ends, to drag something of it: all of that is one step of undo."""

    def show_line(self, line: PanelLine) -> None:
        """Show a line, without giving anything."""
        self.line = line
        blocked = [QSignalBlocker(one) for one in self.findChildren(QWidget)]  # not their models: views follow those
        try:
            self._show(line)
        finally:
            for one in blocked:
                one.unblock()

    def _show(self, line: PanelLine) -> None:
        raise NotImplementedError(f"{type(self).__name__} shows no lines")

    def give(self, value: Any) -> None:
        """Give what was entered."""
        self._give(value)

    def describe(self, widget: QWidget, text: str = "") -> None:
        """Have a part of the editor named for those who cannot see where it stands."""
        widget.setAccessibleName(f"{self.line.label} {text}".strip())


def told(number: Any) -> str:
    """Return a number, or a text in its place, as a field shows it: as few digits as say it exactly."""
    if number is None:
        return ""
    return str(number) if isinstance(number, int | str) else f"{number:.15g}"


def in_short(number: Any) -> str:
    """Return a number as a field shows it that nobody edits: with six digits, which there is room for."""
    return f"{number:.{SHOWN_DIGITS}g}" if isinstance(number, float) else told(number)
