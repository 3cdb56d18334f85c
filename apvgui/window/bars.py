"""The bars of time and of coloring: what they show follows the session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLabel, QMainWindow, QSlider, QToolBar

from servermanager.ui.editors.time_control import TimeControl
from servermanager.ui.panels.panel import Panel
from servermanager.ui.panels.panel_line import PanelLine
from servermanager.ui.workspace.workspace import Workspace

from ..icons import icon

Change = Callable[[Panel, str, Any], object]


class TimeBar:
    """Shows which time it is, of how many, in a bar whose buttons are commands of the window."""

    def __init__(self, bar: QToolBar, actions: Mapping[str, QAction]) -> None:
        self._actions = actions
        self._control: TimeControl | None = None
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setFixedWidth(140)
        self._slider.setAccessibleName("Time step")
        self._slider.valueChanged.connect(self._slid)
        self._label = QLabel()
        self._label.setMinimumWidth(150)
        self._label.setMargin(4)
        bar.addWidget(self._slider)
        bar.addWidget(self._label)
        self.refresh()

    @property
    def text(self) -> str:
        """Return what is said of the time."""
        return self._label.text()

    def follow(self, control: TimeControl | None) -> None:
        """Show the times of a session; None: of none."""
        self._control = control
        if control is not None:
            control.watch(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show which time it is now."""
        state = None if self._control is None else self._control.state
        times = () if state is None else state.times
        with QSignalBlocker(self._slider):
            self._slider.setEnabled(len(times) > 1)
            self._slider.setRange(0, max(0, len(times) - 1))
            if state is not None:
                self._slider.setValue(state.index)
        steps = f"  ({state.index + 1} of {len(times)})" if state is not None and times else ""
        self._label.setText("" if state is None else f"Time: {state.time:.6g}{steps}")
        playing = state is not None and state.is_playing
        self._actions["time_play"].setIcon(icon("pause" if playing else "play"))
        self._actions["time_play"].setText("Pause" if playing else "Play")
        self._actions["time_loop"].setChecked(state is not None and state.loops)

    def _slid(self, index: int) -> None:
        if self._control is not None:
            self._control.go_to_index(index)


class ColoringBar:
    """What colors the active source, and how it is represented: two lines of its display panel."""

    NAMES = ("ColorBy", "Representation")

    def __init__(self, window: QMainWindow, change: Change) -> None:
        self._change = change
        self._panel: Panel | None = None
        self._offered: dict[str, list[Any]] = {}
        self.bar = QToolBar("Coloring", window)
        self.bar.setObjectName("bar coloring")
        window.addToolBar(self.bar)
        self._boxes = {name: self._box(name) for name in self.NAMES}

    def _box(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setMinimumWidth(150)
        box.setEnabled(False)
        box.setAccessibleName("Color by" if name == "ColorBy" else name)
        box.setToolTip("What colors the active source" if name == "ColorBy" else "How the active source is represented")
        box.activated.connect(lambda at: self._chosen(name, at))
        self.bar.addWidget(box)
        return box

    def text(self, name: str) -> str:
        """Return what is chosen of "ColorBy" or "Representation"."""
        return self._boxes[name].currentText()

    def offered(self, name: str) -> list[str]:
        """Return what there is to choose of."""
        box = self._boxes[name]
        return [box.itemText(at) for at in range(box.count())]

    def choose(self, name: str, text: str) -> None:
        """Choose as a user does. Raises ValueError if that is not offered."""
        box = self._boxes[name]
        at = box.findText(text)
        if at < 0:
            raise ValueError(f"{text!r} is not offered; there are {', '.join(self.offered(name))}")
        box.setCurrentIndex(at)
        box.activated.emit(at)

    def follow(self, workspace: Workspace) -> Callable[[], None]:
        """Show the display of the active source; calling what is returned ends it."""

        def refresh() -> None:
            self.refresh(workspace.panels.representation)

        ends = [workspace.panels.watch(refresh), workspace.watch(refresh)]
        refresh()

        def ended() -> None:
            for end in ends:
                end()
            self.refresh(None)

        return ended

    def refresh(self, panel: Panel | None) -> None:
        """Show what a display panel says."""
        self._panel = panel
        for name, box in self._boxes.items():
            line = _line(panel, name)
            box.setEnabled(line is not None and line.enabled)
            with QSignalBlocker(box):
                if line is None:
                    box.clear()
                    self._offered[name] = []
                else:
                    self._show(name, box, line)

    def _show(self, name: str, box: QComboBox, line: PanelLine) -> None:
        offered = [one.value for one in line.choices]
        labels = [one.label for one in line.choices]
        if offered != self._offered.get(name) or labels != [box.itemText(at) for at in range(box.count())]:
            self._offered[name] = offered
            box.clear()
            box.addItems(labels)
        box.setCurrentIndex(offered.index(line.value) if line.value in offered else -1)

    def _chosen(self, name: str, at: int) -> None:
        if self._panel is not None and at < len(self._offered[name]):
            self._change(self._panel, name, self._offered[name][at])


def _line(panel: Panel | None, name: str) -> PanelLine | None:
    if panel is None:
        return None
    try:
        return panel.line(name)
    except AttributeError:  # a chart's display has other lines
        return None
