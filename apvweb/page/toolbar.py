"""The bar at the top of the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from trame.widgets import html
from trame.widgets import vuetify3 as v3

from servermanager import RenderViewProxy
from servermanager.ui.chart_interaction import ChartInteraction
from servermanager.ui.new_views import VIEW_LABELS

from .section import Section

if TYPE_CHECKING:
    from .content import PageContent

DIRECTIONS: Final = ("+X", "-X", "+Y", "-Y", "+Z", "-Z")
MODES: Final = {
    "camera": ("mdi-rotate-orbit", "Turn"),
    "select points": ("mdi-vector-point-select", "Select points"),
    "select cells": ("mdi-selection-drag", "Select cells"),
    "select rows": ("mdi-selection-drag", "Select rows"),
    "zoom to box": ("mdi-magnify-plus-outline", "Zoom to a rectangle"),
}
"""Icons and labels of what a drag does."""
IS_DARK: Final = "(apv_dark ?? apv_system_dark)"
"""What was chosen for the page, and until then what is chosen for the system."""


class Toolbar(Section):
    """Open, add, undo, look, select, save, share; and how the connection is."""

    def __init__(self, content: PageContent) -> None:
        super().__init__(content)
        self.ends.append(self.work.watch(self._tell))
        self.ends.append(self.work.browser.watch(self._tell))
        self._tell()

    def lay_out(self) -> None:
        """Place it."""
        with v3.VAppBar(density="compact", flat=True, border=True, classes="apv-bar-top"):
            v3.VAppBarNavIcon(click="apv_drawer = !apv_drawer", aria_label="Pipeline and properties")
            with html.Div(classes="apv-tools", role="toolbar", aria_label="Tools"):
                self._lay_out_making()
                v3.VDivider(vertical=True, classes="mx-1")
                self._lay_out_undo()
                v3.VDivider(vertical=True, classes="mx-1")
                self._lay_out_modes()
                self._lay_out_camera()
                v3.VDivider(vertical=True, classes="mx-1")
                self._lay_out_saving()
            self._lay_out_state()
        v3.VProgressLinear(
            v_if="apv_busy.what",
            indeterminate=True,
            color="primary",
            height=3,
            absolute=True,
            classes="apv-busy",
            aria_label="Working",
        )

    # --- groups of buttons

    def _lay_out_making(self) -> None:
        content = self.content
        self._button("mdi-folder-open-outline", "Open a file (Ctrl O)", content.files.open, "open a file", text="Open")
        self._button(
            "mdi-plus-circle-outline", "Add a source", partial(content.menus.open, "sources"), "add", text="Source"
        )
        self._button(
            "mdi-filter-plus-outline",
            "Add a filter (Ctrl Space)",
            partial(content.menus.open, "filters"),
            "add",
            text="Filter",
        )

    def _lay_out_undo(self) -> None:
        for icon, label, which, call in (
            ("mdi-undo", "Undo", "undo", self.work.undo),
            ("mdi-redo", "Redo", "redo", self.work.redo),
        ):
            v3.VBtn(
                icon=icon,
                size="small",
                variant="text",
                disabled=(f"!apv_steps.{which}",),
                click=(self.calls(which, call), "[]"),
                raw_attrs=[
                    f":aria-label=\"'{label} ' + apv_steps.{which}\"",
                    f":title=\"'{label} ' + apv_steps.{which}\"",
                ],
            )

    def _lay_out_modes(self) -> None:
        choose = self.calls("choose what a drag does", self.content.stage.set_mode, str)
        for mode, (icon, label) in MODES.items():
            v3.VBtn(
                v_if=f"apv_mode.all.includes('{mode}')",
                icon=icon,
                size="small",
                variant=(f"apv_mode.now === '{mode}' ? 'tonal' : 'text'",),
                click=(choose, f"['{mode}']"),
                aria_label=label,
                title=label,
                raw_attrs=[f":aria-pressed=\"apv_mode.now === '{mode}'\""],
            )

    def _lay_out_camera(self) -> None:
        self._button("mdi-fit-to-screen-outline", "Show all (R)", partial(self._look, ""), "show all")
        with v3.VMenu():
            self._menu_button("mdi-axis-arrow", "Look along an axis")
            with v3.VList(density="compact"):
                for direction in DIRECTIONS:
                    v3.VListItem(
                        f"Look along {direction}", click=(self.calls("look", partial(self._look, direction)), "[]")
                    )
                v3.VDivider()
                v3.VListItem(
                    "{{ apv_axes ? 'Hide' : 'Show' }} orientation axes",
                    disabled=("apv_axes === null",),
                    click=(self.calls("show orientation axes", self._toggle_axes), "[]"),
                )

    def _lay_out_saving(self) -> None:
        files = self.content.files
        self._button("mdi-camera-outline", "Save a picture of the active view", files.save_picture, "save a picture")
        with v3.VMenu():
            self._menu_button("mdi-content-save-outline", "Save and load")
            with v3.VList(density="compact"):
                for label, call in (
                    ("Save the state", partial(files.save_state, ".json")),
                    ("Save the state for ParaView", partial(files.save_state, ".pvsm")),
                    ("Save the active output on the server", files.save_data),
                ):
                    v3.VListItem(label, click=(self.calls("save", call), "[]"))
                v3.VListItem("Load a state", click=files.asks_for_state)
        with v3.VMenu():
            self._menu_button("mdi-view-split-vertical", "Add a view")
            with v3.VList(density="compact"):
                add = self.calls("add a view", self.content.stage.add, str)
                for kind, label in VIEW_LABELS.items():
                    v3.VListItem(label, click=(add, f"['{kind}']"))
        if self.content.page.role == "owner":
            self._button("mdi-account-plus-outline", "Share this session", self.content.sharing.open, "share")
        v3.VBtn(
            icon=(f"{IS_DARK} ? 'mdi-weather-sunny' : 'mdi-weather-night'",),
            size="small",
            variant="text",
            click=f"apv_dark = {IS_DARK} === apv_system_dark ? !apv_system_dark : null",
            aria_label="Dark or light",
            title="Dark or light",
        )

    def _lay_out_state(self) -> None:
        v3.VSpacer()
        with html.Div(classes="apv-connection", role="status", aria_live="polite"):
            html.Span("{{ apv_busy.what }}", v_if="apv_busy.what", classes="apv-quiet apv-what")
            v3.VChip(
                "{{ apv_connection.text }}",
                v_if="!apv_connection.ok",
                color="error",
                size="small",
                variant="flat",
            )

    def _button(self, icon: str, label: str, call: Callable[[], Any], what: str, *, text: str = "") -> None:
        more: dict[str, Any] = {"prepend_icon": icon, "classes": "apv-with-text"} if text else {"icon": icon}
        v3.VBtn(
            *((text,) if text else ()),
            size="small",
            variant="text",
            click=(self.calls(what, call), "[]"),
            aria_label=label,
            title=label,
            **more,
        )

    def _menu_button(self, icon: str, label: str) -> None:
        with v3.Template(raw_attrs=['v-slot:activator="{ props }"']):
            v3.VBtn(icon=icon, size="small", variant="text", v_bind="props", aria_label=label, title=label)

    # --- what they do and show

    def _look(self, direction: str) -> None:
        live = self.content.stage.active
        if live is None:
            return
        if isinstance(live.view, RenderViewProxy):
            live.view.reset_camera(direction or None)
        elif isinstance(live.interaction, ChartInteraction):
            live.interaction.reset()

    def _scene(self) -> RenderViewProxy | None:
        live = self.content.stage.active
        return live.view if live is not None and isinstance(live.view, RenderViewProxy) else None

    def _toggle_axes(self) -> None:
        if (scene := self._scene()) is not None:
            scene.OrientationAxesVisibility = not scene.OrientationAxesVisibility

    def _tell(self) -> None:
        work, scene = self.work, self._scene()
        self.content.told("axes", None if scene is None else bool(scene.OrientationAxesVisibility))
        executing = bool(work.progress.executing)
        self.content.told("busy", {"what": work.busy[0] if work.busy else "", "executing": executing})
        self.content.told("steps", {"undo": work.undo_label, "redo": work.redo_label})
        self.content.told("connection", {"ok": work.is_connected, "text": work.connection})
