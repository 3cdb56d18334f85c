"""The status line: what is being done, the last message, how the connection is, and how many pictures come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QSizePolicy, QStatusBar

from servermanager.ui.workspace.message_log import LogEntry
from servermanager.ui.workspace.workspace import Workspace

from ..icons import icon
from ..labels import ShortText

MOST: Final = 160
"""So many characters of a message are shown here; all of it is in the dock."""


class StatusLine(QStatusBar):
    """What stands below the views."""

    def __init__(self, show_messages: Callable[[], object]) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self.setFixedHeight(self.fontMetrics().height() + 12)  # what comes and goes in it must not resize the views
        self._busy = ShortText()
        self._bar = QProgressBar()
        self._bar.setFixedWidth(120)
        self._bar.setMaximumHeight(12)
        self._bar.setTextVisible(False)
        self._message = QPushButton()
        self._message.setFlat(True)
        self._message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._message.setStyleSheet("text-align: left")
        self._message.clicked.connect(show_messages)
        self._connection = QLabel()
        self._connection.setContentsMargins(8, 0, 10, 0)
        self._connection.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.addWidget(self._message, 1)
        for one in (self._busy, self._bar, self._connection):
            self.addPermanentWidget(one)
        self._seen = 0
        self.clear_session()

    @property
    def message(self) -> str:
        """Return the message that is shown."""
        return self._message.text()

    @property
    def connection(self) -> str:
        """Return what is said of the connection."""
        return self._connection.text()

    def clear_session(self) -> None:
        """Say that there is no session."""
        self._busy.setText("")
        self._bar.setVisible(False)
        self._message.setVisible(False)
        self._connection.setText("no session")
        self._seen = 0

    def show_workspace(self, workspace: Workspace, where: str) -> None:
        """Show how a workspace is."""
        self._show_busy(workspace)
        self._show_message(workspace.log.last)
        connection = workspace.session.connection.kind
        self._connection.setText(where if connection == "connected" else f"{where}: {connection}")

    def _show_busy(self, workspace: Workspace) -> None:
        executing = workspace.progress.executing
        busy = workspace.busy
        self._busy.setText(busy[-1] if busy else "")
        self._bar.setVisible(bool(busy))
        fraction = executing[-1].fraction if executing else None
        self._bar.setRange(0, 0 if fraction is None else 100)
        if fraction is not None:
            self._bar.setValue(round(100 * fraction))

    def _show_message(self, last: LogEntry | None) -> None:
        if last is None or last.number == self._seen:
            self._message.setVisible(last is not None and self._message.isVisible())
            return
        self._seen = last.number
        text = last.text.splitlines()[0] if last.text else ""
        where = f"{last.name or last.action}: " if last.name or last.action else ""
        self._message.setIcon(icon(last.severity if last.severity in ("error", "warning") else "information"))
        self._message.setText((where + text)[:MOST])
        self._message.setToolTip(str(last))
        self._message.setVisible(True)
