"""All layouts of a session, a tab for each, and the frames of their views."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QTabWidget, QToolButton, QVBoxLayout, QWidget

from servermanager import RenderViewProxy, Session, ViewProxy
from servermanager.layouts.layout import LayoutProxy
from servermanager.ui.naming import ViewNames
from servermanager.ui.new_views import VIEW_LABELS, new_view

from ..icons import icon
from .frame import ViewFrame
from .layout_area import CellContent, LayoutArea
from .live_view import LiveView
from .picture_view import PictureView


class Acting(Protocol):
    """Whoever does what is asked for in frames, and tells what goes wrong."""

    def attempt(self, action: Callable[[], object], about: str) -> bool:
        """Do what returns at once; returns whether nothing was raised."""


class ViewTabs(QTabWidget):
    """The layouts of one session. `refresh` shows what has changed; `end` lets go of all views."""

    activated = Signal(object)
    """Somebody has pressed in a view, or chosen its tab."""
    happened = Signal(object, object)
    """What came of a press in a view: that view, and a happening."""
    moved = Signal()
    """The camera of a view may have been moved."""

    def __init__(self, session: Session, names: ViewNames, acting: Acting) -> None:
        super().__init__()
        self._session = session
        self._name_of = names
        self._acting = acting
        self._frames: dict[int, ViewFrame] = {}
        self._views: dict[int, PictureView] = {}
        self._empty: dict[tuple[str, int], ViewFrame] = {}
        self._areas: dict[str, LayoutArea] = {}
        self._active: ViewProxy | None = None
        self.setDocumentMode(True)
        self.setTabsClosable(True)
        self.setMovable(False)
        self.tabCloseRequested.connect(self._close_tab)
        self.currentChanged.connect(lambda _: self._pause_hidden())
        self.tabBarDoubleClicked.connect(self._rename)
        more = QToolButton()
        more.setIcon(icon("add"))
        more.setToolTip("New layout (Ctrl+T)")
        more.setAccessibleName("New layout")
        more.setAutoRaise(True)
        more.clicked.connect(self.add_layout)
        self.setCornerWidget(more, Qt.Corner.TopRightCorner)

    # --- what is shown

    def views(self) -> list[PictureView]:
        """Return the widgets of all views."""
        return list(self._views.values())

    def widget_of(self, view: ViewProxy) -> PictureView | None:
        """Return the widget of a view, None if it is in no layout."""
        return self._views.get(view.id)

    def refresh(self, active: ViewProxy | None) -> None:
        """Show the layouts as they are now, and which view is the active one."""
        layouts = {one.name: one for one in self._session.layouts}
        for name in [one for one in self._areas if one not in layouts]:
            area = self._areas.pop(name)
            self._keep_frames(area)
            self.removeTab(self.indexOf(area))
            area.deleteLater()
        for name, layout in layouts.items():
            self._refresh_layout(name, layout)
        self._forget_views()
        self._show_active(active)
        self.setTabsClosable(self.count() > 1)
        self._pause_hidden()

    def _refresh_layout(self, name: str, layout: LayoutProxy) -> None:
        if name in self._areas:
            self._areas[name].refresh()
            self.setTabText(self.indexOf(self._areas[name]), str(layout.Name))
        else:
            self._areas[name] = LayoutArea(layout, lambda content: self._frame(layout, content))
            self.addTab(self._areas[name], str(layout.Name))

    def _keep_frames(self, area: LayoutArea) -> None:
        for frame in self._frames.values():
            if area.isAncestorOf(frame):
                frame.setParent(None)

    def _forget_views(self) -> None:
        there = {one.id for layout in self._session.layouts for one in layout.views}
        for id_ in [one for one in self._views if one not in there]:
            self._views.pop(id_).end()
            frame = self._frames.pop(id_)
            frame.setParent(None)
            frame.deleteLater()
        for key in [one for one, frame in self._empty.items() if frame.parent() is None]:
            self._empty.pop(key).deleteLater()

    def _show_active(self, active: ViewProxy | None) -> None:
        changed, self._active = active is not self._active, active
        for id_, frame in self._frames.items():
            frame.active = active is not None and id_ == active.id
        layout = None if active is None else self._session.layouts.of(active)
        if changed and layout is not None and layout.name in self._areas:
            self.setCurrentWidget(self._areas[layout.name])

    def _pause_hidden(self) -> None:
        current = self.currentWidget()
        for one in self._views.values():
            one.live.pause(current is None or not current.isAncestorOf(one))

    def end(self) -> None:
        """Let go of all views."""
        for one in self._views.values():
            one.end()
        self._views.clear()

    # --- frames

    def _frame(self, layout: LayoutProxy, content: CellContent) -> ViewFrame:
        view = layout.view(content.location)
        if view is None:
            return self._empty_frame(layout, content.location)
        if view.id not in self._frames:
            self._frames[view.id] = self._view_frame(view)
        return self._frames[view.id]

    def _view_frame(self, view: ViewProxy) -> ViewFrame:
        name = self._name_of(view)
        widget = PictureView(LiveView(view, name))
        widget.live.moved = self.moved.emit
        widget.pressed.connect(lambda: self.activated.emit(view))
        widget.happened.connect(lambda happening: self.happened.emit(view, happening))
        self._views[view.id] = widget
        frame = ViewFrame(name, widget)
        frame.on_press = lambda: self.activated.emit(view)
        if isinstance(view, RenderViewProxy):
            frame.add_button("fit", "Fit the camera to what is shown (R)", lambda: self._try(view.reset_camera, "fit"))
        frame.add_button("split_horizontal", "Split to the right", lambda: self.split(view, across=True))
        frame.add_button("split_vertical", "Split below", lambda: self.split(view, across=False))
        frame.add_button("maximize", "Show alone, or all again", lambda: self.maximize(view))
        frame.add_button("close", "Close this view", lambda: self.close_view(view))
        return frame

    def _empty_frame(self, layout: LayoutProxy, location: int) -> ViewFrame:
        key = (layout.name, location)
        if key not in self._empty:
            choice = QWidget()
            column = QVBoxLayout(choice)
            column.addStretch(1)
            column.addWidget(QLabel("Create a view here:"), alignment=Qt.AlignmentFlag.AlignHCenter)
            grid = QGridLayout()
            for at, (kind, label) in enumerate(VIEW_LABELS.items()):
                button = QPushButton(icon("render_view" if kind == "RenderView" else "chart"), label)
                button.clicked.connect(lambda _=False, kind=kind: self.make(layout, location, kind))
                grid.addWidget(button, at // 2, at % 2)
            column.addLayout(grid)
            column.addStretch(1)
            frame = ViewFrame("Empty", choice)
            frame.add_button(
                "close", "Close this cell", lambda: self._try(lambda: layout.collapse(location), "close cell")
            )
            self._empty[key] = frame
        return self._empty[key]

    # --- what is done with them

    def make(self, layout: LayoutProxy, location: int, kind: str) -> None:
        """Make a view of a kind in an empty cell; it becomes the active one."""

        def made() -> None:
            with self._session.undo.all_or_nothing(f"create {VIEW_LABELS[kind]}"):
                view = new_view(self._session.scene, kind)
                layout.assign(view, location)
            self.activated.emit(view)

        self._try(made, f"create {VIEW_LABELS[kind]}")

    def split(self, view: ViewProxy, *, across: bool) -> None:
        """Split the cell of a view: the new half is empty."""

        def done() -> None:
            layout = self._session.layouts.of(view)
            if layout is not None:
                (layout.split_horizontal if across else layout.split_vertical)(layout.location(view))

        self._try(done, "split view")

    def maximize(self, view: ViewProxy) -> None:
        """Show a view alone, or all of its layout again."""
        layout = self._session.layouts.of(view)
        if layout is not None and layout.name in self._areas:
            area = self._areas[layout.name]
            area.maximize(layout.location(view) if area.maximized is None else None)

    def close_view(self, view: ViewProxy) -> None:
        """Delete a view, and its cell unless that is the only one."""

        def done() -> None:
            layout = self._session.layouts.of(view)
            with self._session.undo.all_or_nothing(f"close {self._name_of(view)}"):
                location = -1 if layout is None else layout.location(view)
                view.delete()
                if layout is not None and location > 0:
                    layout.collapse(location)

        self._try(done, f"close {self._name_of(view)}")

    def add_layout(self) -> None:
        """Make another layout, with an empty cell."""
        made: list[LayoutProxy] = []
        if self._try(lambda: made.append(self._session.layouts.create()), "create layout"):
            self.refresh(self._active)
            self.setCurrentWidget(self._areas[made[0].name])

    def _layout_at(self, index: int) -> LayoutProxy | None:
        widget = self.widget(index)
        return widget.layout_proxy if isinstance(widget, LayoutArea) else None

    def _close_tab(self, index: int) -> None:
        layout = self._layout_at(index)
        if layout is None:
            return

        def done() -> None:
            with self._session.undo.all_or_nothing(f"close {layout.Name}"):
                for view in layout.views:
                    view.delete()
                layout.delete()

        self._try(done, f"close {layout.Name}")

    def _rename(self, index: int) -> None:
        from PySide6.QtWidgets import QInputDialog

        layout = self._layout_at(index)
        if layout is None:
            return
        dialog = QInputDialog(self)
        dialog.setWindowTitle("Rename layout")
        dialog.setLabelText("Name:")
        dialog.setTextValue(str(layout.Name))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def named(text: str) -> None:
            self._try(lambda: setattr(layout, "Name", text), "rename layout")
            self.refresh(self._active)

        dialog.textValueSelected.connect(named)
        dialog.open()

    def _try(self, action: Callable[[], object], about: str) -> bool:
        return self._acting.attempt(action, about)
