"""The panels of what is active: of the source, of how it is shown in the active view, and of that view."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from services_core import RemoteError, RequestCancelled

from ...model.property_holder import PropertyHolder
from ...views.view_proxy import ViewProxy
from ..naming import ViewNames, own_name, type_label
from ..panels.panel import Panel
from ..watchers import Watcher, Watchers
from .actions import Actions
from .browser import PipelineBrowser

PLACES: Final = ("source", "representation", "view")


class ActivePanels:
    """Follows what is active: `panels.source`, `.representation`, `.view`; None where nothing is, or not yet."""

    def __init__(
        self,
        browser: PipelineBrowser,
        actions: Actions,
        active: Callable[[str], PropertyHolder | None],
        *,
        opened: Callable[[Panel], object],
    ) -> None:
        """Begin with what `active(place)` says, in the loop that runs."""
        self._browser = browser
        self._actions = actions
        self._opened = opened
        self._active = active
        self._panels: dict[str, Panel] = {}
        self._asked: dict[str, PropertyHolder] = {}
        self.view_names = ViewNames()
        """What views are called: "Render View 1"."""
        self._names: dict[str, str] = {}
        self.apply_at_once = True
        """Whether panels that are opened from now on set changes at once, as ParaView with auto-apply."""
        self._watchers = Watchers()
        self._end = browser.watch(self._follow)
        self._follow()

    @property
    def source(self) -> Panel | None:
        """Return the panel of the active source."""
        return self._panels.get("source")

    @property
    def representation(self) -> Panel | None:
        """Return the panel of how the active source is shown in the active view."""
        return self._panels.get("representation")

    @property
    def view(self) -> Panel | None:
        """Return the panel of the active view."""
        return self._panels.get("view")

    def name(self, place: str) -> str:
        """Return what the panel of a place is of: "Wavelet1", "Render View 1"; "" where there is none."""
        proxy = self._panels[place].proxy if place in self._panels else None
        if proxy is None:
            return ""
        return self.view_names(proxy) if isinstance(proxy, ViewProxy) else own_name(proxy)

    def name_and_type(self, place: str) -> str:
        """Return the same, with the label of the type of a source whose name does not tell it: "half (Clip)"."""
        name = self.name(place)
        label = type_label(self._panels[place].proxy) if name and place == "source" else ""
        return name if name.casefold().startswith(label.replace(" ", "").casefold()) else f"{name} ({label})"

    def find(self, proxy: int) -> Panel | None:
        """Return the panel of a proxy by its number, if that is active."""
        return next((one for one in self._panels.values() if one.proxy.id == proxy), None)

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher()` called when there are other panels, or lines may be others; what is returned ends it."""
        return self._watchers.add(watcher)

    def close(self) -> None:
        """Follow no more."""
        self._end()
        for panel in self._panels.values():
            panel.close()
        self._panels.clear()
        self._watchers.clear()

    def _follow(self) -> None:
        for place in PLACES:
            wanted, known = self._active(place), self._panels.get(place)
            if known is not None and known.proxy is not wanted:
                known.close()
                del self._panels[place]
                self._watchers.tell()
            if wanted is None:
                self._asked.pop(place, None)
            elif self._asked.get(place) is not wanted:
                self._asked[place] = wanted
                self._actions.start(f"open the panel of {own_name(wanted)}", self._open(place, wanted), wanted.id)
        names = {place: self.name(place) for place in self._panels}
        if names != self._names:
            self._names = names
            self._watchers.tell()

    async def _open(self, place: str, wanted: PropertyHolder) -> None:
        panel = await Panel.of(wanted)
        if self._asked.get(place) is not wanted:
            panel.close()
            return
        panel.apply_at_once = self.apply_at_once
        self._panels[place] = panel
        panel.watch(self._watchers.tell)
        self._watchers.tell()
        self._opened(panel)
        await look(panel)


async def look(panel: Panel) -> None:
    """Have choices and sliders made of what there is now, as far as that can be had: messages tell what fails."""
    with suppress(RemoteError, RequestCancelled):
        await panel.refresh()
