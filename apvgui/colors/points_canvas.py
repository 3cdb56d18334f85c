"""What canvases have in common on which points of a color map are chosen, dragged, added and removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from servermanager.ui.editors.color_editor import ColorEditor, ColorState

MARGIN: Final = 8
WIDTH: Final = 240
Try = Callable[[Callable[[], object], str], object]
"""Does what may be refused, and says so with the words for what was tried."""


class PointsCanvas(QWidget):
    """Chooses points by mouse and keyboard; those of which kind, where, and what becomes of them, subclasses say."""

    def __init__(self, attempt: Try, height: int) -> None:
        super().__init__()
        self._attempt = attempt
        self._height = height
        self._editor: ColorEditor | None = None
        self._chosen: int | None = None
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(height)

    def sizeHint(self) -> QSize:
        """Return the size that it would like to have."""
        return QSize(WIDTH, self._height)

    def show_editor(self, editor: ColorEditor | None) -> None:
        """Show what an editor has; None: nothing."""
        self._editor = editor
        self._chosen = None
        self.update()

    # --- what a subclass knows

    def _count(self, state: ColorState) -> int:
        """Return how many points can be chosen."""
        raise NotImplementedError(f"{type(self).__name__} has no points")

    def _at(self, state: ColorState, place: QPointF) -> int | None:
        """Return the point that is at a place; None: none."""
        raise NotImplementedError(f"{type(self).__name__} has no points")

    def _move(self, editor: ColorEditor, chosen: int, place: QPointF) -> None:
        """Have a point at a place."""
        raise NotImplementedError(f"{type(self).__name__} moves no points")

    def _remove(self, editor: ColorEditor, chosen: int) -> None:
        """Take a point away."""
        raise NotImplementedError(f"{type(self).__name__} removes no points")

    def _enter(self, chosen: int) -> bool:
        """Do what Enter means for a point; returns whether it means anything."""
        return False

    # --- what is done

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the point that is there."""
        self._chosen = None if self._editor is None else self._at(self._editor.state, event.position())
        self._dragging = self._chosen is not None
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the point."""
        if self._editor is not None and self._chosen is not None and self._dragging:
            self._move(self._editor, self._chosen, event.position())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._dragging = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a point, or do something with it, by the keyboard."""
        editor, key, chosen = self._editor, Qt.Key(event.key()), self._chosen
        count = 0 if editor is None else self._count(editor.state)
        if editor is None or not count:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key == Qt.Key.Key_Right else -1
            self._chosen = ((-1 if chosen is None else chosen) + step) % count
            self.update()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and chosen is not None:
            self._chosen = None
            self._remove(editor, chosen)
        elif key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or chosen is None or not self._enter(chosen):
            super().keyPressEvent(event)
