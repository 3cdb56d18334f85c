"""The color map of what is active: strip, opacities, range, presets, legend."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from async_paraview.scene.color_maps import RESCALE_MODES
from servermanager import RepresentationProxy
from servermanager.ui.editors.color_editor import ColorEditor, ColorState

from ..appearance import error_color
from ..background import Background
from ..labels import LongText, title
from ..panels.number_editors import NumberField
from ..scrolling import Scrolled
from .color_strip import ColorStrip
from .opacity_canvas import OpacityCanvas

OWN: Final = "(own points)"
MOST_COLORS: Final = 4096


class ColorMapPanel(QWidget):
    """Edits the colors of one representation at a time: `follow` says which."""

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self.editor: ColorEditor | None = None
        self._end: Callable[[], None] = lambda: None
        self._key: tuple[Any, ...] = ()
        self._presets: list[str] = []
        self._asking: asyncio.Task[Any] | None = None
        self._title = title()
        self._note = LongText()
        self.opacity = OpacityCanvas(background.attempt)
        self.strip = ColorStrip(background.attempt)
        self._body = QWidget()
        content = QWidget()
        inner = QVBoxLayout(self._body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.opacity)
        inner.addWidget(self.strip)
        inner.addLayout(self._range())
        inner.addLayout(self._choices())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(Scrolled(content))
        column = QVBoxLayout(content)
        column.setContentsMargins(8, 6, 8, 6)
        column.addWidget(self._title)
        column.addWidget(self._note)
        column.addWidget(self._body)
        column.addStretch(1)
        self.refresh()

    # --- what it consists of

    def _range(self) -> QHBoxLayout:
        self._low, self._high = NumberField(), NumberField()
        for field, name in ((self._low, "Low end of the range"), (self._high, "High end of the range")):
            field.setAccessibleName(name)
            field.setToolTip(name)
            field.given.connect(lambda _: self._rescale())
        rescale = QToolButton()
        rescale.setText("Rescale")
        rescale.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(rescale)
        for text, name in (
            ("to the data", "rescale_to_data"),
            ("to what is visible", "rescale_to_visible"),
            ("over all times", "rescale_over_times"),
        ):
            menu.addAction(text).triggered.connect(lambda _=False, name=name: self._do(name))
        rescale.setMenu(menu)
        row = QHBoxLayout()
        row.addWidget(self._low)
        row.addWidget(QLabel("to"))
        row.addWidget(self._high)
        row.addWidget(rescale)
        return row

    def _choices(self) -> QFormLayout:
        self._preset = QComboBox()
        self._preset.setAccessibleName("Preset")
        self._preset.setMinimumContentsLength(12)
        self._preset.activated.connect(self._choose_preset)
        self._follows = QComboBox()
        self._follows.setAccessibleName("When the data changes")
        self._follows.addItems(list(RESCALE_MODES))
        self._follows.setMinimumContentsLength(12)
        self._follows.activated.connect(lambda at: self._do("set_follows", RESCALE_MODES[at]))
        self._colors = QSpinBox()
        self._colors.setRange(1, MOST_COLORS)
        self._colors.setKeyboardTracking(False)
        self._colors.setAccessibleName("Number of colors")
        self._colors.valueChanged.connect(lambda number: self._do("set_number_of_colors", number))
        form = QFormLayout()
        form.addRow("Preset:", self._preset)
        form.addRow("When data change:", self._follows)
        form.addRow("Number of colors:", self._colors)
        self._flags = {
            "is_inverted": self._flag(form, "Inverted", "set_inverted"),
            "is_logarithmic": self._flag(form, "Logarithmic", "set_logarithmic"),
            "has_categories": self._flag(form, "Categories: a color for each value", "set_categories"),
            "maps_opacity": self._flag(form, "Opacities also of surfaces", "set_maps_opacity"),
            "legend": self._flag(form, "Legend in the view", "set_legend"),
        }
        count = QPushButton("Count Values")
        count.setToolTip("Show how many values there are of each size")
        count.clicked.connect(self._count)
        form.addRow(count)
        return form

    def _flag(self, form: QFormLayout, text: str, name: str) -> QCheckBox:
        box = QCheckBox(text)
        box.toggled.connect(lambda on: self._do(name, on))
        form.addRow(box)
        return box

    # --- what is shown

    def follow(self, shown: RepresentationProxy | None) -> None:
        """Edit the colors of another representation; of none if no array colors it."""
        colored = shown is not None and shown.color_map is not None and shown.opacity_function is not None
        key = (shown, shown.color_map, shown.view) if shown is not None and colored else ()
        if key == self._key:
            return
        self._key = key
        self._let_go()
        if shown is not None and colored:
            self.editor = ColorEditor(shown)
            self._end = self.editor.watch(self.refresh)
            self._asking = self._background.start(self._first(self.editor), "read the color map")
        self.strip.show_editor(self.editor)
        self.opacity.show_editor(self.editor)
        self.refresh()

    async def _first(self, editor: ColorEditor) -> None:
        if not self._presets:
            self._presets = await editor.presets()
        await editor.refresh()
        await editor.count()

    def _let_go(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        self._end()
        self._end = lambda: None
        if self.editor is not None:
            self.editor.close()
            self.editor = None

    def end(self) -> None:
        """Watch nothing more."""
        self._let_go()

    def refresh(self) -> None:
        """Show the colors as they are known now."""
        editor = self.editor
        self._body.setEnabled(editor is not None)
        error = None if editor is None else editor.error
        self._note.setVisible(editor is None or error is not None)
        self._note.setText(
            "No array colors what is active: choose one under Coloring." if editor is None else str(error)
        )
        color = error_color(self.palette()).name() if error is not None else "palette(placeholder-text)"
        self._note.show_color(color)
        self._title.setText("" if editor is None else editor.state.name)
        if editor is not None:
            self._show(editor.state)
        self.strip.update()
        self.opacity.update()

    def _show(self, state: ColorState) -> None:
        low, high = state.span or (None, None)
        self._low.show_number(low)
        self._high.show_number(high)
        widgets = (self._preset, self._follows, self._colors, *self._flags.values())
        blocked = [QSignalBlocker(one) for one in widgets]
        offered = [OWN, *self._presets]
        if [self._preset.itemText(at) for at in range(self._preset.count())] != offered:
            self._preset.clear()
            self._preset.addItems(offered)
        self._preset.setCurrentIndex(offered.index(state.preset) if state.preset in offered else 0)
        self._follows.setCurrentIndex(
            list(RESCALE_MODES).index(state.follows) if state.follows in RESCALE_MODES else -1
        )
        self._follows.setEnabled(not state.is_fixed)
        self._colors.setValue(min(state.number_of_colors, MOST_COLORS))
        for name, box in self._flags.items():
            box.setCheckState(Qt.CheckState.Checked if getattr(state, name) else Qt.CheckState.Unchecked)
        for one in blocked:
            one.unblock()

    # --- what is done

    def _do(self, name: str, *arguments: Any) -> None:
        editor = self.editor
        if editor is not None:
            self._background.attempt(lambda: getattr(editor, name)(*arguments), name.replace("_", " "))

    def _rescale(self) -> None:
        editor = self.editor
        if editor is None:
            return

        def rescale() -> None:
            editor.rescale(float(self._low.written), float(self._high.written))

        self._background.attempt(rescale, "rescale the colors")

    def _choose_preset(self, at: int) -> None:
        if at > 0:
            self._do("use_preset", self._presets[at - 1])

    def _count(self) -> None:
        if self.editor is not None:
            self._background.start(self.editor.count(), "count the values of the array")
