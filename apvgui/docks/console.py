"""The Python console: lines with `session` among their names, run as tasks, so that the window never waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QKeyEvent, QPalette, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from ..appearance import error_color
from ..interpreter import Interpreter, syntax_told

MOST_LINES: Final = 5000
MOST_HISTORY: Final = 500
_INDENT: Final = "    "
_WELCOME: Final = (
    "Python, with session in it; await works. Tab completes, Up and Down go through what was typed before, "
    "Ctrl+C interrupts.\n"
)


class Input(QPlainTextEdit):
    """Where lines are typed: Enter runs them when they are complete, Shift+Enter begins another one."""

    entered = Signal()
    completed = Signal()
    interrupted = Signal()
    earlier = Signal()
    later = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setPlaceholderText("sphere = session.sources.SphereSource()")
        self.setAccessibleName("Python input")
        self.textChanged.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        lines = min(8, max(1, self.document().blockCount()))
        height = self.fontMetrics().lineSpacing() * lines + 2 * int(self.document().documentMargin()) + 4
        self.setFixedHeight(height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Run, complete, go through the history, or type."""
        key, modifiers = event.key(), event.modifiers()
        action = _action(key, modifiers, self.textCursor(), self.document().blockCount())
        if action is None:
            super().keyPressEvent(event)
        else:
            getattr(self, action).emit()


def _action(key: int, modifiers: Qt.KeyboardModifier, cursor: QTextCursor, lines: int) -> str | None:
    """Return the signal that a key means, None if it types."""
    shifted = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not shifted:
        return "entered"
    if key == Qt.Key.Key_Tab and cursor.block().text()[: cursor.positionInBlock()].strip():
        return "completed"
    if key == Qt.Key.Key_C and modifiers == Qt.KeyboardModifier.ControlModifier and not cursor.hasSelection():
        return "interrupted"
    if key == Qt.Key.Key_Up and cursor.blockNumber() == 0:
        return "earlier"
    if key == Qt.Key.Key_Down and cursor.blockNumber() == lines - 1:
        return "later"
    return None


class Console(QWidget):
    """Output above, input below. `start(work, about)` begins a task and returns it."""

    def __init__(self, start: Callable[..., asyncio.Task[Any]], names: dict[str, Any]) -> None:
        super().__init__()
        self._start = start
        self.interpreter = Interpreter(names, self.write)
        self._history: list[str] = []
        self._at = 0
        self._running: asyncio.Task[Any] | None = None
        self._completer = QCompleter(self)
        self._build()
        self.write(_WELCOME, quiet=True)

    def _build(self) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setStyleHint(QFont.StyleHint.Monospace)
        self.output = QPlainTextEdit(readOnly=True)
        self.output.setMaximumBlockCount(MOST_LINES)
        self.output.setAccessibleName("Python output")
        self.input = Input()
        prompt = QLabel(">>>")
        for one in (self.output, self.input, prompt):
            one.setFont(font)
        self.stop = QPushButton("Interrupt")
        self.stop.setToolTip("Cancel what is awaited (Ctrl+C); the session stays")
        self.stop.setVisible(False)
        self.stop.clicked.connect(self.interrupt)
        row = QHBoxLayout()
        row.setContentsMargins(6, 4, 6, 4)
        row.addWidget(prompt, alignment=Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.input, 1)
        row.addWidget(self.stop, alignment=Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.output, 1)
        column.addLayout(row)
        self.setFocusProxy(self.input)
        self._connect()

    def _connect(self) -> None:
        self.input.entered.connect(self.enter)
        self.input.completed.connect(self.complete)
        self.input.interrupted.connect(self.interrupt)
        self.input.earlier.connect(lambda: self._recall(-1))
        self.input.later.connect(lambda: self._recall(1))
        self._completer.setWidget(self.input)
        self._completer.activated.connect(self._take)
        self._popup = self._completer.popup()
        assert self._popup is not None
        self._popup.installEventFilter(self)

    # --- running

    def enter(self) -> None:
        """Run what is typed, if it is complete; else begin another line."""
        source = self.input.toPlainText()
        if not source.strip():
            return
        if self._running is not None:
            self.write("something is awaited still: Interrupt ends that\n", error=True)
            return
        try:
            code = self.interpreter.compiled(source)
        except (SyntaxError, ValueError, OverflowError) as error:
            self._accept(source)
            self.write(syntax_told(error), error=True)
            return
        if code is None:
            self._new_line(source)
            return
        self._accept(source)
        self._running = self._start(self.interpreter.run(code), "Python console")
        self._running.add_done_callback(self._ended)
        self.stop.setVisible(True)

    def _new_line(self, source: str) -> None:
        last = source.rsplit("\n", 1)[-1]
        indent = last[: len(last) - len(last.lstrip())] + (_INDENT if last.rstrip().endswith(":") else "")
        self.input.moveCursor(QTextCursor.MoveOperation.End)
        self.input.insertPlainText(f"\n{indent}")

    def _accept(self, source: str) -> None:
        first, *others = source.rstrip("\n").split("\n")
        self.write("\n".join([f">>> {first}", *(f"... {one}" for one in others)]) + "\n", quiet=True)
        self._history = [*[one for one in self._history if one != source], source][-MOST_HISTORY:]
        self._at = len(self._history)
        self.input.clear()

    def _ended(self, _: object) -> None:
        self._running = None
        self.stop.setVisible(False)

    def interrupt(self) -> None:
        """Cancel what is awaited, if anything is; else leave out what is typed."""
        if self._running is not None:
            self._running.cancel()
        else:
            self.input.clear()

    def write(self, text: str, *, error: bool = False, quiet: bool = False) -> None:
        """Write a text at the end of the output."""
        cursor = self.output.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(text, self._format(error=error, quiet=quiet))
        bar = self.output.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _format(self, *, error: bool, quiet: bool) -> QTextCharFormat:
        made = QTextCharFormat()
        palette = self.palette()
        color: QColor = palette.color(QPalette.ColorRole.Text)
        if error:
            color = error_color(palette)
        elif quiet:
            color = palette.color(QPalette.ColorRole.Link)
        made.setForeground(color)
        return made

    # --- history and completion

    def _recall(self, step: int) -> None:
        self._at = min(max(self._at + step, 0), len(self._history))
        self.input.setPlainText(self._history[self._at] if self._at < len(self._history) else "")
        self.input.moveCursor(QTextCursor.MoveOperation.End)

    def complete(self) -> None:
        """Complete the word before the cursor: at once if there is one way to, else with a list to choose from."""
        cursor = self.input.textCursor()
        begin, found = self.interpreter.complete(cursor.block().text(), cursor.positionInBlock())
        if len(found) == 1:
            self._replace(begin, found[0])
        elif found:
            self._begin = begin
            from PySide6.QtCore import QStringListModel

            self._completer.setModel(QStringListModel(found, self._completer))
            self._completer.setCompletionPrefix("")
            rectangle = self.input.cursorRect()
            rectangle.setWidth(360)
            self._completer.complete(rectangle)

    def _take(self, text: str) -> None:
        self._replace(self._begin, text)

    def _replace(self, begin: int, text: str) -> None:
        cursor = self.input.textCursor()
        end = cursor.positionInBlock()
        start = cursor.block().position()
        cursor.setPosition(start + begin)
        cursor.setPosition(start + end, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)
        self.input.setTextCursor(cursor)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the choice of the list of completions by Tab as well."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab:
            popup = self._popup
            assert popup is not None
            index = popup.currentIndex()
            popup.hide()
            if index.isValid():
                self._take(str(index.data()))
            return True
        return super().eventFilter(watched, event)
