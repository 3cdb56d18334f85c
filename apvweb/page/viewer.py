"""The page of who only looks on: the view of another, as it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trame.ui.vuetify3 import VAppLayout
from trame.widgets import html
from trame.widgets import vuetify3 as v3

from servermanager import Session, ViewProxy
from servermanager.ui.chart_interaction import interaction_with

from ..parts.live_view import LiveView
from ..parts.publishing import Publisher
from ..parts.view_sockets import ViewSockets
from ..parts.widgets import ViewElement
from .shell import AWAY, THEMES

if TYPE_CHECKING:
    from ..pages import Page, Pages

NOTHING: Any = {"address": "", "label": ""}


class ViewerContent:
    """Pictures of the newest view of a session, in the size that it has there. Nothing can be changed here."""

    def __init__(self, page: Page, session: Session) -> None:
        self.session = session
        self.trame: Any = page.server.trame
        self._sockets = ViewSockets.of(self.trame)
        self._publisher = Publisher.of(self.trame)
        self._publisher.begin("apv_looked_at", NOTHING)
        self.live: LiveView | None = None
        self._end = session.on_change(lambda _: self._follow())
        self._follow()

    @classmethod
    def make(cls, pages: Pages, page: Page, session: Session) -> ViewerContent:
        """Furnish a page."""
        pages.sockets.share(page.server.trame)
        content = cls(page, session)
        content.trame.state.trame__template_error = AWAY
        with VAppLayout(content.trame, vuetify_config=THEMES, theme="dark"), v3.VMain(classes="apv-main"):
            ViewElement(
                v_if="apv_looked_at.address",
                address=("apv_looked_at.address",),
                label=("apv_looked_at.label",),
                fixed=("true",),
            )
            html.P("There is no view to look at yet.", v_else=True, classes="apv-pad", role="status")
        return content

    async def close(self) -> None:
        """End it."""
        self._end()
        if self.live is not None:
            self._sockets.remove(self.live)

    def _follow(self) -> None:
        """Look at the view that was made last."""
        views = self.session.all_views()
        newest: ViewProxy | None = views[-1] if views else None
        if self.live is not None and self.live.view is newest:
            return
        if self.live is not None:
            self._sockets.remove(self.live)
            self.live = None
        told = NOTHING
        if newest is not None:
            self.live = LiveView(newest, interaction_with(newest), may_change=False)
            self._sockets.add(self.live)
            told = {"address": self.live.address, "label": f"{newest.scene_type.label} of another person"}
        self._publisher.put("apv_looked_at", told)
