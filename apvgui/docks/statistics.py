"""How the pictures of the views are doing: how soon they come, how many, how large."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from servermanager.ui.feeding.statistics import FeedStatistics

from ..views.live_view import LiveView

EVERY_MS: Final = 500
ROWS: Final = (
    "Pictures", "Pictures per second", "Bytes", "Bytes per second", "Event to painted, median",
    "Event to painted, 90 %", "Rendering the last one", "Encoding the last one", "State",
)  # fmt: skip


class Statistics(QWidget):
    """A column for each view; read twice a second, while it is seen."""

    def __init__(self, views: Callable[[], Sequence[LiveView]]) -> None:
        super().__init__()
        self._views = views
        self.table = QTableWidget(len(ROWS), 0)
        self.table.setVerticalHeaderLabels(ROWS)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.setAccessibleName("Statistics of the views")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.refresh)

    def end(self) -> None:
        """Read no more."""
        self._timer.stop()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to read."""
        super().showEvent(event)
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop reading."""
        super().hideEvent(event)
        self._timer.stop()

    def refresh(self) -> None:
        """Show the statistics as they are now."""
        views = self._views()
        self.table.setColumnCount(len(views))
        self.table.setHorizontalHeaderLabels([one.name for one in views])
        for column, view in enumerate(views):
            for row, text in enumerate(cells(view)):
                item = self.table.item(row, column)
                if item is None:
                    item = QTableWidgetItem()
                    self.table.setItem(row, column, item)
                item.setText(text)


def cells(view: LiveView) -> tuple[str, ...]:
    """Return what stands in the column of a view."""
    found = view.statistics
    state = view.state
    told = f"{state.kind}: {state.reason}" if state.reason else state.kind
    return (*numbers(found), told) if found is not None else ("",) * (len(ROWS) - 1) + (told,)


def numbers(found: FeedStatistics) -> tuple[str, ...]:
    """Return statistics as texts, with units."""
    return (
        str(found.pictures),
        f"{found.frames_per_s:.1f}",
        size(found.size_bytes),
        f"{size(found.bytes_per_s)}/s",
        milliseconds(found.latency_s),
        milliseconds(found.latency_p90_s),
        milliseconds(found.render_s),
        milliseconds(found.encode_s),
    )


def milliseconds(seconds: float | None) -> str:
    """Return a time as it is told; a dash where it is not known."""
    return "-" if seconds is None else f"{1000.0 * seconds:.1f} ms"


def size(count: float) -> str:
    """Return a number of bytes as it is told."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024.0:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024.0
    return f"{count:.1f} TiB"
