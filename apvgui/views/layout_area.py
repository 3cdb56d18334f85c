"""One layout as widgets: splitters where its cells are split, a frame in each cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from async_paraview.scene.layouts import HORIZONTAL
from servermanager.layouts.layout import LayoutProxy

from .frame import ViewFrame

WHOLE: Final = 10_000
"""Sizes of splitters are parts of it."""
SETTLED_MS: Final = 250
"""When a splitter has not moved for so long, the layout is told where it stands."""
_SAME: Final = 0.004

Structure = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class CellContent:
    """What stands in a cell: the number of the cell, and that of its view, None if it is empty."""

    location: int
    view: int | None


class LayoutArea(QWidget):
    """Shows a layout, and tells it when a splitter was moved."""

    def __init__(self, layout: LayoutProxy, frame_of: Callable[[CellContent], ViewFrame]) -> None:
        """Show a layout; `frame_of(content)` gives the frame for a cell: the same one for the same view."""
        super().__init__()
        self.layout_proxy = layout
        self._frame_of = frame_of
        self._splitters: dict[int, QSplitter] = {}
        self._structure: Structure | None = None
        self._root: QWidget | None = None
        self._maximized: int | None = None
        self._moved: set[int] = set()
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(self._tell_fractions)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.refresh()

    @property
    def maximized(self) -> int | None:
        """Return the number of the only cell that is shown, None if all are."""
        return self._maximized

    def refresh(self) -> None:
        """Show the layout as it is now."""
        structure = self._read(0)
        if structure != self._structure:
            self._structure = structure
            self._rebuild()
        for at, splitter in self._splitters.items():
            self._size(at, splitter)
        self._show_maximized()

    def maximize(self, location: int | None) -> None:
        """Show one cell alone, or all again."""
        self._maximized = location
        self._show_maximized()

    def _read(self, at: int) -> Structure:
        split = self.layout_proxy.split_of(at)
        if split is not None:
            return (split[0], self._read(2 * at + 1), self._read(2 * at + 2))
        view = self.layout_proxy.view(at)
        return (at, None if view is None else view.id)

    def _rebuild(self) -> None:
        old = self._root
        self._splitters = {}
        self._maximized = None
        self._root = self._built(0)
        column = self.layout()
        assert column is not None
        if old is not None and old is not self._root and not isinstance(old, QSplitter):
            column.removeWidget(old)
            if old.parent() is self:
                old.setParent(None)
        column.addWidget(self._root)
        self._root.show()
        if isinstance(old, QSplitter):
            for frame in old.findChildren(ViewFrame):  # what is shown no more is not to end with the splitter
                frame.setParent(None)
            old.setParent(None)
            old.deleteLater()

    def _built(self, at: int) -> QWidget:
        split = self.layout_proxy.split_of(at)
        if split is None:
            view = self.layout_proxy.view(at)
            frame = self._frame_of(CellContent(at, None if view is None else view.id))
            frame.setVisible(True)
            return frame
        across = split[0] == HORIZONTAL
        splitter = QSplitter(Qt.Orientation.Horizontal if across else Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(5)
        splitter.addWidget(self._built(2 * at + 1))
        splitter.addWidget(self._built(2 * at + 2))
        splitter.splitterMoved.connect(lambda *_: self._note_moved(at))
        self._splitters[at] = splitter
        return splitter

    def _size(self, at: int, splitter: QSplitter) -> None:
        split = self.layout_proxy.split_of(at)
        if split is None or at in self._moved or abs(_fraction(splitter) - split[1]) < _SAME:
            return
        first = round(WHOLE * split[1])
        splitter.setSizes([first, WHOLE - first])

    def _note_moved(self, at: int) -> None:
        self._moved.add(at)
        self._settled.start()

    def _tell_fractions(self) -> None:
        moved, self._moved = self._moved, set()
        for at in moved & self._splitters.keys():
            split, fraction = self.layout_proxy.split_of(at), _fraction(self._splitters[at])
            if split is not None and abs(split[1] - fraction) >= _SAME:
                self.layout_proxy.set_split_fraction(at, round(fraction, 4))

    def _show_maximized(self) -> None:
        for at, splitter in self._splitters.items():
            for half in (1, 2):
                shown = self._maximized is None or _is_within(self._maximized, 2 * at + half)
                widget = splitter.widget(half - 1)
                outside = self._maximized is not None and not _is_within(self._maximized, at)
                if widget is not None:
                    widget.setVisible(shown or outside)


def _fraction(splitter: QSplitter) -> float:
    first, second = [*splitter.sizes(), 0, 0][:2]
    return first / (first + second) if first + second else 0.0


def _is_within(cell: int, ancestor: int) -> bool:
    while cell > ancestor:
        cell = (cell - 1) // 2
    return cell == ancestor
