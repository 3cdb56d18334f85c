"""The left side of the page: the pipeline, and panels of what is active there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trame.widgets import html
from trame.widgets import vuetify3 as v3

from ..parts.panel_part import PanelPart
from ..parts.pipeline_part import PipelinePart
from .colors import Colors
from .information import Information
from .section import Section, tabs

if TYPE_CHECKING:
    from .content import PageContent

TABS: Final = (
    ("source", "Properties"),
    ("representation", "Display"),
    ("view", "View"),
    ("colors", "Colors"),
    ("information", "Info"),
)
WIDTH: Final = 350
NARROW: Final = 760
"""On pages that are narrower it lies above the views, and is put away by a click beside it."""
NOT_SHOWN: Final = (
    "{name} is not shown in the active view. "
    "Its eye shows it there; a click into another view makes that the active one."
)
FIRST: Final = ("Representation", "Visibility", "ColorBy")
"""What is changed most stands first, wherever it is."""


class Sidebar(Section):
    """The pipeline browser, and below it the panels of the active source, how it is shown, the view, and its colors."""

    def __init__(self, content: PageContent) -> None:
        super().__init__(content)
        self._pipeline = PipelinePart(self.trame, self.work, refused=content.refused)
        self._panels = {
            place: PanelPart(
                self.trame,
                label=label,
                first=FIRST,
                change=self.work.change,
                browse=content.browse,
                refused=content.refused,
            )
            for place, label in TABS[:3]
        }
        self._colors = Colors(content)
        self._information = Information(content)
        self._information.model.watch(self._panels["representation"].tell)  # arrays are known now that colors come of
        self._tab = self.own_name("tab", TABS[0][0])
        self._search = self.own_name("search", "")
        self._advanced = self.own_name("advanced", False)
        self._titles = self.own_name("titles", {})
        self.trame.state.change(self._search)(self._searched)
        self.trame.state.change(self._advanced)(self._advance)
        self.ends.append(self.work.panels.watch(self._follow))
        self.ends.append(self.work.widgets.watch(self._tell_handles))
        self._follow()

    def lay_out(self) -> None:
        """Place it."""
        with (
            v3.VNavigationDrawer(
                v_model="apv_drawer",
                width=WIDTH,
                aria_label="Pipeline and properties",
                raw_attrs=[f':mobile-breakpoint="{NARROW}"'],
            ),
            html.Div(classes="apv-side"),
        ):
            with html.Section(classes="apv-side-top", aria_label="Pipeline browser"):
                self._pipeline.widget()
            self._lay_out_actions()
            tabs(self._tab, TABS, "Panels")
            self._lay_out_search()
            with html.Div(classes="apv-side-panels"):
                for place, part in self._panels.items():
                    with html.Div(v_show=f"{self._tab} === '{place}'"):
                        with html.Div(classes="apv-panel-head"):
                            html.H2(
                                "{{ " + f"{self._titles}.{place} || 'Nothing is active'" + " }}",
                                classes="apv-title",
                                raw_attrs=[f':title="{self._titles}.{place}"'],
                            )
                            if place == "source":
                                self._lay_out_handles()
                        part.widget()
                with html.Div(v_show=f"{self._tab} === 'colors'"):
                    self._colors.lay_out()
                with html.Div(v_show=f"{self._tab} === 'information'"):
                    self._information.lay_out()

    def close(self) -> None:
        """End all of it."""
        super().close()
        self._pipeline.close()
        for part in self._panels.values():
            part.close()
        self._colors.close()
        self._information.close()

    def _lay_out_actions(self) -> None:
        active = "apv_active"
        remove = self.calls("delete", self._delete, bool)
        with html.Div(classes="apv-side-actions", role="toolbar", aria_label="Of the active source"):
            for icon, label, call, given in (
                ("mdi-play-circle-outline", "Execute", self.calls("execute", self._update), "[]"),
                ("mdi-content-copy", "Duplicate", self.calls("copy", self._copy), "[]"),
                ("mdi-delete-outline", "Delete", remove, "[false]"),
                ("mdi-delete-sweep-outline", "Delete with all that depends on it", remove, "[true]"),
                ("mdi-restore", "Set all properties back to their defaults", self.calls("reset", self._reset), "[]"),
            ):
                v3.VBtn(
                    icon=icon,
                    size="x-small",
                    variant="text",
                    disabled=(f"!{active}",),
                    click=(call, given),
                    aria_label=label,
                    title=label,
                )
            v3.VBtn(
                "Stop",
                v_if="apv_busy.executing",
                size="small",
                variant="tonal",
                color="error",
                prepend_icon="mdi-stop",
                click=(self.calls("stop", self._stop), "[]"),
                aria_label="Stop all that executes",
            )

    def _lay_out_handles(self) -> None:
        """Place the switch of the handles: there where any suit the active source."""
        toggle = self.trame.trigger_name(self.calls("show handles", self.work.widgets.toggle))
        with html.Label(v_if="apv_handles", classes="apv-handles", title="What it is moved with in the active view"):
            html.Input(
                type="checkbox",
                raw_attrs=[
                    ':checked="apv_handles.shown"',
                    f"@change=\"$event.target.checked = apv_handles.shown; trigger('{toggle}')\"",
                ],
            )
            html.Span("{{ apv_handles.label }}")

    def _lay_out_search(self) -> None:
        with html.Div(classes="apv-side-search", v_show=f"['source','representation','view'].includes({self._tab})"):
            html.Input(
                classes="apv-field",
                type="search",
                placeholder="Search properties",
                aria_label="Search properties",
                raw_attrs=[f':value="{self._search}"', f'@input="{self._search} = $event.target.value"'],
            )
            with html.Label(classes="apv-all"):
                html.Input(
                    type="checkbox",
                    raw_attrs=[f':checked="{self._advanced}"', f'@change="{self._advanced} = $event.target.checked"'],
                )
                html.Span(" advanced")

    def _follow(self) -> None:
        panels = self.work.panels
        shown = {"source": panels.source, "representation": panels.representation, "view": panels.view}
        titles = {}
        for place, panel in shown.items():
            self._panels[place].show(panel)
            if panel is not None:
                titles[place] = panels.name_and_type(place)
        active = self.session.proxies.active.source
        if active is not None and panels.representation is None:
            titles["representation"] = NOT_SHOWN.format(name=self.session.proxies.name_of(active.id))
        self.publisher.put(self._titles, titles)
        self.content.told("active", 0 if active is None else active.id)
        self._tell_handles()

    def _searched(self, **state: object) -> None:
        for part in self._panels.values():
            part.search(str(state[self._search])[:100])

    def _advance(self, **state: object) -> None:
        for part in self._panels.values():
            part.advance(state[self._advanced] is True)

    def _active(self) -> int:
        source = self.session.proxies.active.source
        if source is None:
            raise ValueError("no source is active: choose one in the pipeline browser")
        return source.id

    def _update(self) -> None:
        self.work.update(self._active())

    def _copy(self) -> None:
        self.work.copy(self._active())

    def _delete(self, dependents: bool) -> None:
        self.work.delete(self._active(), dependents=dependents)

    def _reset(self) -> None:
        panel = self.work.panels.source
        if panel is not None:
            panel.reset()

    def _tell_handles(self) -> None:
        switch = self.work.widgets.switch
        self.content.told("handles", None if switch is None else {"label": switch.label, "shown": switch.shown})

    def _stop(self) -> None:
        self.work.stop()
