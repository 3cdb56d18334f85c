"""Links by which others come into the session of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trame.widgets import html
from trame.widgets import vuetify3 as v3

from ..parts.widgets import LinkElement
from .section import Section

if TYPE_CHECKING:
    from .content import PageContent


class Sharing(Section):
    """A dialog with two links: one for who may change things, one for who looks on."""

    def __init__(self, content: PageContent) -> None:
        super().__init__(content)
        self._open = self.own_name("sharing", False)
        self._links = self.own_name("links", {"editor": "", "viewer": ""})

    def open(self) -> None:
        """Show the dialog."""
        self.work.do("make links for others", self._invite())

    async def _invite(self) -> None:
        links = {role: await self.content.pages.invite(self.session, role) for role in ("editor", "viewer")}
        self.publisher.put(self._links, links)
        self.publisher.put(self._open, True)

    def lay_out(self) -> None:
        """Place it."""
        with v3.VDialog(v_model=(self._open,), max_width=640, aria_label="Share this session"), v3.VCard():
            v3.VCardTitle("Share this session")
            with v3.VCardText():
                html.P(
                    "Whoever opens a link is in this session until its pages are closed. Links need no key: give them "
                    "to whom you mean, and to nobody else.",
                    classes="apv-quiet",
                )
                LinkElement(path=(f"{self._links}.editor",), label="May change everything, in a view of their own")
                LinkElement(path=(f"{self._links}.viewer",), label="Looks on")
            with v3.VCardActions():
                v3.VSpacer()
                v3.VBtn("Close", click=f"{self._open} = false")
