"""A live view as a part of a page: it turns with the mouse, fingers and keys, and stays live while filters execute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from servermanager import RenderViewProxy, ViewInteraction, ViewProxy
from servermanager.ui.pointing.happenings import Failed, Happening, ModeChanged

from .live_view import Interaction, LiveView
from .publishing import Publisher, new_name
from .view_sockets import ViewSockets
from .widgets import ViewElement


class ViewPart:
    """A view on pages of a trame server, which must not have started when the first part is made.

    `widget()` places it in a layout; it fills the element around it. One window at a time has its pictures: give each
    browser a view of its own. Made in the loop of the session; `close` ends it, and leaves the view as it is.
    """

    def __init__(
        self,
        server: Any,
        view: RenderViewProxy,
        *,
        interaction: Interaction | None = None,
        label: str = "View of the data",
        quality: int | None = None,
        may_change: bool = True,
    ) -> None:
        """Show a view. `quality` is that of JPEGs while it moves, 1 to 100; None: as fits the link.

        `interaction` says what pointer and keys do; None: as in ParaView. Without `may_change` it is looked at only.
        """
        self.live = LiveView(view, interaction or ViewInteraction(view), quality=quality, may_change=may_change)
        self.failed: Callable[[str, str], None] | None = None
        """Called with what could not be done in the view, and why."""
        self._sockets = ViewSockets.of(server)
        self._sockets.add(self.live)
        self._publisher = Publisher.of(server)
        self._name = new_name("view")
        self._label = label
        self._may_change = may_change
        self._publisher.begin(self._name, self._told())
        self.live.interaction.watch(self._happened)

    @property
    def view(self) -> ViewProxy:
        """Return the view."""
        return self.live.view

    @property
    def interaction(self) -> Interaction:
        """Return what makes of events what they mean."""
        return self.live.interaction

    def widget(self, **attributes: Any) -> ViewElement:
        """Place it in the layout that is being made; `attributes` as of any widget of trame."""
        of = self._name
        return ViewElement(
            address=(f"{of}.address",),
            label=(f"{of}.label",),
            mode=(f"{of}.mode",),
            fixed=(f"{of}.fixed",),
            **attributes,
        )

    def close(self) -> None:
        """Close its socket, and show nothing more."""
        self._sockets.remove(self.live)

    def _told(self) -> dict[str, Any]:
        return {
            "address": self.live.address,
            "label": self._label,
            "mode": self.live.interaction.mode,
            "fixed": not self._may_change,
        }

    def _happened(self, happening: Happening) -> None:
        if isinstance(happening, ModeChanged):
            self._publisher.put(self._name, self._told())
        elif isinstance(happening, Failed) and self.failed is not None:
            self.failed(happening.doing, str(happening.error))
