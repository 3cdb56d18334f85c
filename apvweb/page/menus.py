"""The menus of what can be made: sources, and filters of the active output, by category or by search."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from trame.widgets import html
from trame.widgets import vuetify3 as v3

from servermanager import CatalogEntry, DataInformation, SourceProxy

from ..parts.widgets import SearchElement, all_told
from .section import Section

if TYPE_CHECKING:
    from .content import PageContent

LOOKING: Final = "Looking…"
NOTHING: Final = "Nothing fits."
GROUPS: Final = {"sources": "Add a source", "filters": "Add a filter"}


class Menus(Section):
    """A dialog in which a source or a filter is chosen: those that do not fit say why."""

    def __init__(self, content: PageContent) -> None:
        super().__init__(content)
        self._open = self.own_name("adding", "")
        self._entries = self.own_name("addable", [])
        self._search = self.own_name("add_search", "")
        self._told = self.own_name("add_told", LOOKING)
        self._looking: asyncio.Task[Any] | None = None
        self.trame.state.change(self._search)(lambda **_: self._look())

    def open(self, group: str) -> None:
        """Show what there is of a group: "sources" or "filters". Raises ValueError for another."""
        if group not in GROUPS:
            raise ValueError(f"there is no menu of {group!r}")
        self.publisher.put(self._entries, [])
        self.publisher.put(self._told, LOOKING)
        self.publisher.put(self._search, "")
        self.publisher.put(self._open, group)
        self._look(group)

    def lay_out(self) -> None:
        """Place it."""
        add = self.calls("add", self._add, str)
        take = all_told(self.trame, self.calls("add", self._take_first, str))
        is_open = self._open
        with (
            v3.VDialog(
                model_value=(f"!!{is_open}",),
                update_modelValue=f"{is_open} = $event ? {is_open} : ''",
                max_width=720,
                scrollable=True,
                aria_label="Add a source or a filter",
            ),
            v3.VCard(),
        ):
            v3.VCardTitle("{{ " + is_open + " === 'sources' ? 'Add a source' : 'Add a filter' }}")
            with v3.VCardText(classes="apv-menu"):
                SearchElement(
                    value=(self._search,),
                    open=(f"!!{is_open}",),
                    label="Search by name, label or what it does",
                    search=f"{self._search} = $event",
                    take=take,
                )
                html.P(
                    "{{ " + self._told + " }}",
                    v_if=f"!{self._entries}.length",
                    classes="apv-quiet apv-pad",
                    role="status",
                )
                with html.Div(v_for=f"group in {self._entries}", key="group.category"):
                    html.H3("{{ group.category }}", classes="apv-title")
                    with html.Ul(classes="apv-entries"), html.Li(v_for="one in group.entries", key="one.name"):
                        _lay_out_entry(add)
            with v3.VCardActions():
                v3.VSpacer()
                v3.VBtn("Close", click=f"{is_open} = ''")

    def close(self) -> None:
        """End it."""
        super().close()
        if self._looking is not None:
            self._looking.cancel()

    # --- inside

    def _take_first(self, text: str) -> None:
        """Add the first that is found by a text, and fits."""
        group = self.trame.state[self._open]
        if group in GROUPS and text.strip():
            self.work.do(f"look for {text}", self._find_first(group, text.strip()[:100]))

    async def _find_first(self, group: str, text: str) -> None:
        data = self._data() if group == "filters" else None
        found = await self.work.catalog.search(text, group=group, data=data)
        first = next((one for one in found if not one.why_not), None)
        if first is not None and self.trame.state[self._open] == group:
            self._add(first.name)

    def _add(self, name: str) -> None:
        group = self.trame.state[self._open]
        source = self.session.proxies.active.source if group == "filters" else None
        self.publisher.put(self._open, "")
        self.work.add(name, None if source is None else source.id)

    def _look(self, group: str = "") -> None:
        group = group or self.trame.state[self._open]
        if self._looking is not None:
            self._looking.cancel()
        if group in GROUPS:
            self._looking = self.work.do(f"look for {group}", self._list(group)).task

    async def _list(self, group: str) -> None:
        text = str(self.trame.state[self._search] or "")[:100]
        data = self._data() if group == "filters" else None
        if text:
            found = await self.work.catalog.search(text, group=group, data=data)
            told = [{"category": "Found", "entries": [_told(one) for one in found[:60]]}] if found else []
        else:
            told = [
                {"category": category, "entries": [_told(one) for one in entries]}
                for category, entries in (await self.work.catalog.menu(group, data=data)).items()
            ]
        self.publisher.put(self._entries, told)
        self.publisher.put(self._told, NOTHING)

    def _data(self) -> DataInformation | None:
        """Return what is known of the active output."""
        source = self.session.proxies.active.source
        return source.information.get(0) if isinstance(source, SourceProxy) else None


def _lay_out_entry(add: Callable[..., None]) -> None:
    """Place the button of one entry."""
    attributes = [':disabled="!!one.why_not"', ':title="one.why_not || one.summary"', ':data-name="one.name"']
    with html.Button(type="button", click=(add, "[one.name]"), raw_attrs=attributes):
        html.Strong("{{ one.label }}")
        html.Span("{{ one.why_not || one.summary }}", classes="apv-quiet")


def _told(entry: CatalogEntry) -> Mapping[str, str]:
    return {"name": entry.name, "label": entry.label, "summary": entry.summary, "why_not": entry.why_not}
