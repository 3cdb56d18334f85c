"""A panel as a widget: a search field, a line for each property, and what is wrong with an entry below it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from servermanager.ui.panels.panel import Panel
from servermanager.ui.panels.panel_line import PanelLine
from servermanager.ui.workspace.active_widgets import HandlesSwitch

from ..appearance import error_color
from ..icons import icon
from ..labels import LEAST, LongText, ShortText
from .editor import LineEditor
from .making import WIDE, make_editor, signature
from .structured_editors import Browse

INDENT: Final = 14
RESET: Final = 22
BUDGET_S: Final = 0.006
"""So long rows are made at a time."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A line, and how deep it stands below what holds it."""

    depth: int
    line: PanelLine


@dataclass(frozen=True, slots=True)
class Hands:
    """What lines need of the window: who sets a property to what was entered, and who shows files of the server."""

    change: Callable[[Panel, str, Any], object]
    browse: Browse
    apply: Callable[[Panel], object] = lambda panel: panel.apply()


def flattened(lines: Sequence[PanelLine], depth: int = 0) -> Iterator[Shown]:
    """Yield lines, and after each those of what it holds."""
    for line in lines:
        yield Shown(depth, line)
        yield from flattened(line.lines, depth + 1)


class SectionTitle(QToolButton):
    """The title of a panel. It is cut off where there is no room: names of files are long."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(
            QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed
        )  # buttons do not shrink by themselves

    def minimumSizeHint(self) -> QSize:
        """Return that it needs little room."""
        return QSize(LEAST, super().minimumSizeHint().height())


class Row(QWidget):
    """One property: its label and editor; a button that sets it back and an error, once there is need of them."""

    def __init__(self, shown: Shown, panel: Panel, hands: Hands) -> None:
        super().__init__()
        line = shown.line
        self.signature = (shown.depth, *signature(line))
        self._panel, self._name, self._change = panel, line.name, hands.change
        self._wide = line.editor in WIDE
        self._label = ShortText(line.label)
        self.editor: LineEditor = make_editor(line, self._give, hands.browse)
        self._label.setBuddy(self.editor)
        self.editor.dragging = self._drag
        self._heading: QLabel | None = None
        self._reset: QToolButton | None = None
        self._error: LongText | None = None
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(INDENT * shown.depth, 1, 0, 1)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(1)
        grid.addWidget(self._label, 1, 0, 1, 2 if self._wide else 1)
        grid.addWidget(self.editor, *((2, 0, 1, 3) if self._wide else (1, 1)))
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        grid.setColumnMinimumWidth(2, RESET)
        self.show_line(line)

    @property
    def error(self) -> str:
        """Return what is said to be wrong, "" if nothing is."""
        return "" if self._error is None or self._error.isHidden() else self._error.text()

    def show_line(self, line: PanelLine) -> None:
        """Show the line as it is now."""
        if line != self.editor.line:
            self.editor.show_line(line)
        self.editor.setEnabled(line.enabled)
        self.editor.setToolTip("" if line.enabled else line.why_disabled)
        why = f"<br><i>{_as_html(line.why_disabled)}</i>" if line.why_disabled else ""
        self._label.setText(line.label)
        self._label.color_role = QPalette.ColorRole.Link if line.pending else QPalette.ColorRole.WindowText
        self._label.show_tip(f"<b>{line.name}</b><br>{_as_html(line.doc)}{why}")
        self._show_reset(line)
        self._show_error(line.error)

    def _show_reset(self, line: PanelLine) -> None:
        wanted = line.is_set and line.enabled and line.editor != "input"
        if self._reset is None and wanted:
            button = self._reset = QToolButton(self)
            button.setIcon(icon("reset"))
            button.setAutoRaise(True)
            button.setFixedSize(RESET, RESET)
            button.clicked.connect(lambda: self._panel.reset(self._name))
            button.setAccessibleName(f"Set {line.label} back")
            self._grid.addWidget(button, 1, 2, Qt.AlignmentFlag.AlignTop)
        if self._reset is not None:
            self._reset.setVisible(wanted)
            self._reset.setToolTip(f"Set {line.label} back to {line.default!r:.80}")

    def _show_error(self, text: str) -> None:
        if self._error is None and text:
            label = self._error = LongText(self)
            label.show_color(error_color(self.palette()))
            self._grid.addWidget(label, 3, 0, 1, 3)
        if self._error is not None:
            self._error.setText(text)
            self._error.setVisible(bool(text))

    def show_heading(self, text: str) -> None:
        """Show what stands above it, "" for nothing."""
        if self._heading is None and text:
            heading = self._heading = QLabel(self)
            heading.setObjectName("heading")
            self._grid.addWidget(heading, 0, 0, 1, 3)
        if self._heading is not None:
            self._heading.setText(text)
            self._heading.setVisible(bool(text))

    def _drag(self, begins: bool) -> None:
        if begins:
            self._panel.begin_drag(self._name)
        else:
            self._panel.end_drag()

    def _give(self, value: Any) -> None:
        self._change(self._panel, self._name, value)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to set the property back, and to have its name for a script."""
        menu = QMenu(self)
        reset = QAction("Set back", menu, enabled=self.editor.line.is_set)
        reset.triggered.connect(lambda: self._panel.reset(self._name))
        copy = QAction(f"Copy the name {self._name}", menu)
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(self._name))
        menu.addActions([reset, copy])
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())


def _as_html(text: str) -> str:
    return escape(text).replace("\n", "<br>")


class PanelView(QWidget):
    """The lines of one panel, kept up to date in place: what is typed is not lost when another line changes."""

    def __init__(
        self, panel: Panel, hands: Hands, *, search: str = "", advanced: bool = False, folded: bool = False
    ) -> None:
        super().__init__()
        self._folded = folded
        self.panel = panel
        self._hands = hands
        self._search, self._advanced = search, advanced
        self._rows: list[Row] = []
        self._pool: dict[tuple[object, ...], Row] = {}
        self._shown: list[Shown] = []
        self._target: list[tuple[object, ...]] = []
        self._more = QTimer(self, singleShot=True, interval=0)
        self._more.timeout.connect(self._build)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 4, 4, 8)
        self._column.setSpacing(1)
        self._nothing = QLabel("no property has that in its name")
        self._nothing.setEnabled(False)
        self._column.addWidget(self._nothing)
        self._column.addStretch(1)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        self._end = panel.watch(self._soon.start)
        self.setVisible(not folded)
        self.refresh()

    def end(self) -> None:
        """Watch the panel no more."""
        self._end()
        self._soon.stop()
        self._more.stop()

    @property
    def folded(self) -> bool:
        """Whether nothing of it is seen: then no rows are made."""
        return self._folded

    @folded.setter
    def folded(self, folded: bool) -> None:
        self._folded = folded
        self.setVisible(not folded)
        self.refresh()

    def show_lines(self, search: str, *, advanced: bool) -> None:
        """Show the lines that have a text in their name; with `advanced` those for experts as well."""
        self._search, self._advanced = search, advanced
        self.refresh()

    @property
    def rows(self) -> list[Row]:
        """Return the rows that have been made, from above."""
        return list(self._rows)

    def row(self, name: str) -> Row:
        """Return the row of a property. Raises KeyError if it is not shown."""
        for one in self._rows:
            if one.editor.line.name == name:
                return one
        raise KeyError(f"{name} is not shown; there are {', '.join(one.editor.line.name for one in self._rows)}")

    def refresh(self) -> None:
        """Show the lines as they are now. Rows that are missing are made a few at a time: the window goes on."""
        if self._folded:
            return
        self._shown = list(flattened(self.panel.lines(self._search, advanced=self._advanced)))
        target = [(one.depth, *signature(one.line)) for one in self._shown]
        if target != self._target:
            self._target = target
            self._pool.update({row.signature: row for row in self._rows})
            self._rows = []
        for row, one in zip(self._rows, self._shown, strict=False):
            _show_in(row, one.line)
        self._nothing.setVisible(not self._shown)
        self._build()

    def _build(self) -> None:
        until = time.monotonic() + BUDGET_S
        while len(self._rows) < len(self._shown):
            at = len(self._rows)
            row = self._pool.pop(self._target[at], None)
            if row is None:
                row = Row(self._shown[at], self.panel, self._hands)
            else:
                _show_in(row, self._shown[at].line)
            above = self._shown[at - 1].line.heading if at else ""
            heading = self._shown[at].line.heading
            row.show_heading(heading if heading != above else "")
            if self._column.indexOf(row) != at:
                self._column.insertWidget(at, row)
            self._rows.append(row)
            if time.monotonic() > until:
                self._more.start()
                return
        for row in self._pool.values():
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._pool = {}


def _show_in(row: Row, line: PanelLine) -> None:
    if row.editor.line is not line and row.editor.line != line:
        row.show_line(line)


class PanelSection(QFrame):
    """A panel below a title that folds it; the menu of the title is filled by `fill_menu`."""

    def __init__(self, view: PanelView, fill_menu: Callable[[QMenu, Panel], object]) -> None:
        super().__init__()
        self._fill_menu = fill_menu
        self.view = view
        self._button = SectionTitle()
        self._button.setObjectName("section")
        self._button.setCheckable(True)
        self._button.setChecked(not view.folded)
        self._button.setAutoRaise(True)
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._button.setArrowType(Qt.ArrowType.RightArrow if view.folded else Qt.ArrowType.DownArrow)
        self._button.toggled.connect(self._fold)
        font = self._button.font()
        font.setBold(True)
        self._button.setFont(font)
        self.handles = QCheckBox()
        """Shows and hides the handles of what the panel is of; seen where there are any."""
        self.handles.setToolTip("What it is moved with in the active view")
        self.handles.hide()
        reset = self._reset = QToolButton()
        reset.setIcon(icon("reset"))
        reset.setAutoRaise(True)
        reset.setToolTip("Set all of them back")
        reset.clicked.connect(lambda: view.panel.reset())
        row = QHBoxLayout()
        row.setContentsMargins(2, 2, 4, 2)
        row.addWidget(self._button)
        row.addStretch(1)
        row.addWidget(self.handles)
        row.addWidget(reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(view)

    def show_title(self, title: str, type_label: str) -> None:
        """Have it be called so: "Properties (Wavelet1)"; the type is told where the pointer rests."""
        self._button.setText(title)
        self._button.setToolTip(f"<b>{_as_html(title)}</b><br>{_as_html(type_label)}")
        self._reset.setAccessibleName(f"Set all back: {title}")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with all lines."""
        menu = QMenu(self)
        self._fill_menu(menu, self.view.panel)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def _fold(self, open_: bool) -> None:
        self._button.setArrowType(Qt.ArrowType.DownArrow if open_ else Qt.ArrowType.RightArrow)
        self.view.folded = not open_

    def show_handles(self, switch: HandlesSwitch | None) -> None:
        """Show the switch of the handles, None for none."""
        self.handles.setVisible(switch is not None)
        if switch is not None:
            self.handles.setText(switch.label)
            self.handles.setChecked(switch.shown)

    def unfold(self) -> None:
        """Show the lines."""
        self._button.setChecked(True)
