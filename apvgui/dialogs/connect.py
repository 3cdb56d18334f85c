"""The dialog that asks where the session is to be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from services_core import ConfigurationError

from ..appearance import error_color
from ..labels import LongText
from ..window.server_choice import ServerChoice, servers_here

REVERSE_PORT: Final = 11111
WAYS: Final = ("Built in", "Server that runs", "Over ssh", "Wait for a server")
_ABOUT: Final = (
    "A session of this machine, in a process of its own. Nothing listens, and it ends with the window.",
    "A server that was started before (apvserver). Of your servers on this machine the token is found; of others it "
    "stands in a file, a copy of the server's. curve:// addresses use keys: apvpython keys tells yours.",
    "Starts a server on another machine, over the ssh of this system, and ends it with the window. ssh must not need a "
    "password (keys, or an agent).",
    "For machines that nobody can connect to: start apvserver --reverse-connection there, with this machine's name.",
)

Start = Callable[..., "asyncio.Task[Any]"]


class ConnectDialog(QDialog):
    """Asks for a `ServerChoice`; `chosen` is emitted with one that could be connected to."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None, start: Start, recent: Sequence[str], last: ServerChoice) -> None:
        super().__init__(parent)
        self._start = start
        self._backend = last.backend
        self.setWindowTitle("Connect to a server")
        self.setMinimumWidth(620)
        self._ways = QListWidget()
        self._ways.addItems(WAYS)
        self._ways.setFixedWidth(150)
        self._ways.setAccessibleName("Kind of server")
        self._pages = QStackedWidget()
        for page in (self._built_in(), self._running(recent), self._over_ssh(), self._waiting()):
            self._pages.addWidget(page)
        self._ways.currentRowChanged.connect(self._pages.setCurrentIndex)
        self._error = LongText()
        self._error.show_color(error_color(self.palette()))
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._connect = self._buttons.addButton("Connect", QDialogButtonBox.ButtonRole.AcceptRole)
        self._buttons.accepted.connect(self.try_choice)
        self._buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(self._ways)
        row.addWidget(self._pages, 1)
        column = QVBoxLayout(self)
        column.addLayout(row, 1)
        column.addWidget(self._error)
        column.addWidget(self._buttons)
        self._show_choice(last)
        start(self._find_servers(), "look for servers")

    # --- pages

    def _page(self, way: int) -> tuple[QWidget, QFormLayout]:
        page = QWidget()
        form = QFormLayout(page)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        about = QLabel(_ABOUT[way])
        about.setWordWrap(True)
        form.addRow(about)
        return page, form

    def _built_in(self) -> QWidget:
        return self._page(0)[0]

    def _running(self, recent: Sequence[str]) -> QWidget:
        page, form = self._page(1)
        self._url = QComboBox()
        self._url.setEditable(True)
        self._url.addItems(["auto", *(one for one in recent if "ssh://" not in one)])
        self._url.setToolTip("tcp://host:port, curve://host:port, or auto: the newest of yours on this machine")
        self._token_file = QLineEdit()
        self._token_file.setPlaceholderText("found by itself on this machine")
        browse = QPushButton("...")
        browse.setFixedWidth(32)
        browse.setAccessibleName("Choose a token file")
        browse.clicked.connect(self._browse)
        token = QHBoxLayout()
        token.addWidget(self._token_file)
        token.addWidget(browse)
        self._session = QLineEdit()
        self._session.setPlaceholderText("a session of your own")
        self._session.setToolTip("The token of another program's session, which is joined (session.token)")
        form.addRow("Address:", self._url)
        form.addRow("Token file:", token)
        form.addRow("Join session:", self._session)
        return page

    def _over_ssh(self) -> QWidget:
        page, form = self._page(2)
        self._host = QLineEdit()
        self._host.setPlaceholderText("user@bigmachine")
        form.addRow("Host:", self._host)
        return page

    def _waiting(self) -> QWidget:
        page, form = self._page(3)
        self._interface = QLineEdit("127.0.0.1")
        self._port = QSpinBox()
        self._port.setRange(1, 65535)
        self._port.setValue(REVERSE_PORT)
        self._insecure = QCheckBox("also beyond this machine: whoever comes first is taken for the server")
        form.addRow("Address:", self._interface)
        form.addRow("Port:", self._port)
        form.addRow("", self._insecure)
        return page

    # --- what is chosen

    def choice(self) -> ServerChoice:
        """Return what is said in the dialog."""
        way = self._ways.currentRow()
        if way == 1:
            return ServerChoice(
                url=self._url.currentText().strip(),
                token_file=self._token_file.text().strip(),
                session=self._session.text().strip(),
            )
        if way == 2:
            return ServerChoice(url=f"ssh://{self._host.text().strip().removeprefix('ssh://')}")
        if way == 3:
            at = f"{self._interface.text().strip()}:{self._port.value()}"
            return ServerChoice(url=f"reverse+tcp://{at}", insecure=self._insecure.isChecked())
        return ServerChoice(backend=self._backend)

    def try_choice(self) -> None:
        """Emit what is said, if it could be connected to; else say what is wrong with it."""
        choice = self.choice()
        self._connect.setEnabled(False)
        self._start(self._checked(choice), "look at an address")

    @property
    def error(self) -> str:
        """Return what is said to be wrong."""
        return self._error.text()

    async def _checked(self, choice: ServerChoice) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(None, choice.check)
        except ConfigurationError as error:
            self._error.setText(str(error))
            return
        finally:
            self._connect.setEnabled(True)
        self.chosen.emit(choice)
        self.accept()

    async def _find_servers(self) -> None:
        found = await asyncio.get_running_loop().run_in_executor(None, servers_here)
        known = {self._url.itemText(at) for at in range(self._url.count())}
        text = self._url.currentText()
        for one in reversed(found):
            if one not in known:
                self._url.insertItem(1, one)
        self._url.setEditText(text)

    def _browse(self) -> None:
        dialog = QFileDialog(self, "Token file of the server")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._token_file.setText)
        dialog.open()

    def _show_choice(self, last: ServerChoice) -> None:
        url = last.url
        if url.startswith("ssh://"):
            self._host.setText(url.removeprefix("ssh://"))
        elif url and not url.startswith("reverse+"):
            self._url.setEditText(url)
            self._token_file.setText(last.token_file)
        self._ways.setCurrentRow(0 if not url else 2 if url.startswith("ssh://") else 3 if "reverse+" in url else 1)
