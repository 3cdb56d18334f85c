"""A view with panels beside it, and a line of text: all that an application of one view needs of a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trame.widgets import html
from trame.widgets import vuetify3 as v3

from servermanager import Panel, RenderViewProxy, Workspace
from servermanager.model.property_holder import PropertyHolder

from .panel_part import PanelPart
from .publishing import Publisher, new_name
from .view_part import ViewPart


class ViewWithPanels:
    """Parts for the pages of a trame server, side by side; where a page is narrow the panels come below the view.

    Made in the loop of the session. `widgets` places them in a layout; `close` ends them, and leaves the session open.
    """

    def __init__(self, server: Any, view: RenderViewProxy, *, label: str = "View of the data") -> None:
        """Begin with the view alone; `label` is what screen readers say of it."""
        self.work = Workspace(view.session)
        """What the panels change the session by, and where errors stand."""
        self.view = ViewPart(server, view, label=label)
        self._server = server
        self._publisher = Publisher.of(server)
        self._panels: list[tuple[str, PanelPart]] = []
        self._status = new_name("status")
        self._publisher.begin(self._status, "")
        self._errors = new_name("errors")
        self._publisher.begin(self._errors, "")
        self.view.failed = lambda what, why: self._failed(f"{what}: {why}")
        self.work.log.watch(self._logged)

    async def add_panel(self, heading: str, proxy: PropertyHolder, names: Sequence[str]) -> Panel:
        """Add some properties of a proxy, below those that were added before. Raises RemoteError, AttributeError."""
        panel = await Panel.of(proxy)
        for name in names:
            panel.line(name)  # raises, suggesting the nearest names
        part = PanelPart(
            self._server, panel, names=names, label=heading or panel.title, change=self._change, refused=self._refused
        )
        self._panels.append((heading, part))
        return panel

    def say(self, text: str) -> None:
        """Have this stand below the panels."""
        self._publisher.put(self._status, text)

    def widgets(self) -> None:
        """Place all of it in the layout that is being made."""
        with v3.VRow(no_gutters=True, style="height: 100%"):
            with v3.VCol(cols=12, md=3, order=2, order_md=1, classes="pa-4", style="overflow: auto; max-height: 100%"):
                for heading, part in self._panels:
                    if heading:
                        html.H2(heading, classes="text-subtitle-1")
                    part.widget(classes="mb-3")
                html.P(f"{{{{ {self._status} }}}}", classes="apv-status text-body-2", raw_attrs=['role="status"'])
                html.P(f"{{{{ {self._errors} }}}}", classes="text-body-2 text-error", raw_attrs=['role="alert"'])
            with v3.VCol(cols=12, md=9, order=1, order_md=2, classes="apv-beside"):
                self.view.widget()

    async def close(self) -> None:
        """End it."""
        self.view.close()
        for _, part in self._panels:
            part.close()
        await self.work.close()

    def _change(self, panel: Panel, name: str, given: Any) -> None:
        if self.work.change(panel, name, given):
            self._failed("")  # what was wrong before may be so no longer; what still is will be told again

    def _refused(self, what: str, why: str) -> None:
        self._failed(f"{what}: {why}")

    def _logged(self) -> None:
        last = self.work.log.last
        self._failed(
            f"{last.name or last.action}: {last.text}" if last is not None and last.severity == "error" else ""
        )

    def _failed(self, text: str) -> None:
        self._publisher.put(self._errors, text)
