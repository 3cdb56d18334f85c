"""The properties of what is active: of the source, of how it is shown, and of the view; searched, and set back."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from servermanager.ui.panels.panel import Panel
from servermanager.ui.workspace.active_panels import ActivePanels
from servermanager.ui.workspace.active_widgets import ActiveWidgets

from ..icons import icon
from ..panels.panel_view import Hands, PanelSection, PanelView
from ..scrolling import Scrolled

PLACES: Final = (("source", "Properties"), ("representation", "Display"), ("view", "View"))
FOLDED: Final = "view"
"""It has many lines, which are rarely changed: they are shown when they are asked for."""


class Properties(QWidget):
    """The panels of what is active, one below the other."""

    def __init__(
        self, panels: ActivePanels, widgets: ActiveWidgets, hands: Hands, *, apply_at_once: bool = True
    ) -> None:
        super().__init__()
        self._widgets = widgets
        self._apply_at_once = apply_at_once
        self._copied: dict[str, Any] = {}
        self._panels = panels
        self._hands = hands
        self._sections: dict[str, tuple[Panel, PanelSection]] = {}
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._nothing = QLabel("Nothing is active: open a file, or make a source.")
        self._nothing.setWordWrap(True)
        self._nothing.setEnabled(False)
        self._nothing.setMargin(12)
        self._column.addWidget(self._nothing)
        self._column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._searching())
        column.addWidget(self._applying())
        column.addWidget(Scrolled(content), 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._ends = panels.watch(self.refresh), widgets.watch(self._show_handles)
        self.refresh()

    def _searching(self) -> QHBoxLayout:
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search properties")
        self._search.setClearButtonEnabled(True)
        self._search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._search.setAccessibleName("Search properties")
        self._search.textChanged.connect(self._show_lines)
        self._advanced = QToolButton()
        self._advanced.setIcon(icon("gear"))
        self._advanced.setCheckable(True)
        self._advanced.setToolTip("Show the properties for experts as well")
        self._advanced.setAccessibleName("Advanced properties")
        self._advanced.toggled.connect(self._show_lines)
        bar = QHBoxLayout()
        bar.setContentsMargins(6, 4, 6, 4)
        bar.addWidget(self._search, 1)
        bar.addWidget(self._advanced)
        return bar

    def _applying(self) -> QWidget:
        """Return what changes are applied, or forgotten, with: seen where they wait for that."""
        self._waiting = QWidget()
        row = QHBoxLayout(self._waiting)
        row.setContentsMargins(6, 0, 6, 4)
        self._apply = QPushButton(icon("apply"), "Apply")
        self._apply.setToolTip("Set all that was changed (Ctrl+Return)")
        self._apply.setShortcut("Ctrl+Return")
        self._apply.clicked.connect(self.apply)
        self._discard = QPushButton("Discard")
        self._discard.setToolTip("Forget what was changed")
        self._discard.clicked.connect(self.discard)
        row.addWidget(self._apply)
        row.addWidget(self._discard)
        self._waiting.setVisible(not self._apply_at_once)
        return self._waiting

    @property
    def apply_at_once(self) -> bool:
        """Whether what is entered is set at once; else it waits for Apply."""
        return self._apply_at_once

    @apply_at_once.setter
    def apply_at_once(self, at_once: bool) -> None:
        if at_once:
            self.apply()
        self._apply_at_once = at_once
        self._waiting.setVisible(not at_once)
        for panel, _ in self._sections.values():
            panel.apply_at_once = at_once

    def _pending(self) -> list[Panel]:
        return [panel for panel, _ in self._sections.values() if panel.has_pending]

    def apply(self) -> None:
        """Set all that waits."""
        for panel in self._pending():
            self._hands.apply(panel)

    def discard(self) -> None:
        """Forget all that waits."""
        for panel in self._pending():
            panel.discard()

    def _fill_menu(self, menu: QMenu, panel: Panel) -> None:
        menu.addAction("Copy What Was Set").triggered.connect(lambda: self._copy(panel))
        paste = menu.addAction("Paste")
        paste.setEnabled(bool(self._copied))
        paste.triggered.connect(lambda: panel.paste(self._copied))
        menu.addSeparator()
        menu.addAction("Set All Back").triggered.connect(lambda: panel.reset())

    def _copy(self, panel: Panel) -> None:
        self._copied = panel.copied()

    def end(self) -> None:
        """Watch the model no more."""
        for end in self._ends:
            end()
        for _, section in self._sections.values():
            section.view.end()

    @property
    def handles(self) -> QCheckBox | None:
        """Return the switch of the handles of the active source; None where there is none."""
        found = self._sections.get("source")
        return None if found is None or found[1].handles.isHidden() else found[1].handles

    def view(self, place: str) -> PanelView | None:
        """Return the lines of "source", "representation" or "view"; None where nothing is active."""
        found = self._sections.get(place)
        return None if found is None else found[1].view

    @property
    def search(self) -> QLineEdit:
        """Return the field that is searched by."""
        return self._search

    def refresh(self) -> None:
        """Show the panels of what is active now."""
        for place, title in PLACES:
            panel: Panel | None = getattr(self._panels, place)
            known = self._sections.get(place)
            if known is not None and known[0] is not panel:
                known[1].view.end()
                self._column.removeWidget(known[1])
                known[1].hide()
                known[1].deleteLater()
                del self._sections[place]
            if panel is not None and place not in self._sections:
                self._sections[place] = panel, self._section(place == FOLDED, panel)
            if panel is not None:
                self._sections[place][1].show_title(f"{title} ({self._panels.name(place)})", panel.title)
        waits = bool(self._pending())
        self._apply.setEnabled(waits)
        self._discard.setEnabled(waits)
        at = 0
        for place, _ in PLACES:
            if place in self._sections:
                section = self._sections[place][1]
                if self._column.indexOf(section) != at:
                    self._column.insertWidget(at, section)
                at += 1
        self._nothing.setVisible("source" not in self._sections)
        self._show_handles()

    def _show_handles(self) -> None:
        if "source" in self._sections:
            self._sections["source"][1].show_handles(self._widgets.switch)

    def refresh_lines(self) -> None:
        """Show the lines as they are now: what they offer is made of what is known of the data."""
        for _, section in self._sections.values():
            section.view.refresh()

    def _section(self, is_folded: bool, panel: Panel) -> PanelSection:
        search = self._search.text()
        folded = is_folded and not search
        view = PanelView(panel, self._hands, search=search, advanced=self._advanced.isChecked(), folded=folded)
        panel.apply_at_once = self._apply_at_once
        section = PanelSection(view, self._fill_menu)
        section.handles.clicked.connect(self._widgets.toggle)
        return section

    def _show_lines(self) -> None:
        for _, section in self._sections.values():
            if self._search.text():
                section.unfold()
            section.view.show_lines(self._search.text(), advanced=self._advanced.isChecked())
