"""What can be made: sources, filters, readers and writers by category, searched, and whether a filter fits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from async_paraview.information import DataInformation
from async_paraview.names import words
from async_paraview.records import dataclass

from ...model.definitions import DefinitionManager, TypeSummary
from .data_kinds import why_not

MENUS: Final = ("sources", "filters", "readers", "writers")
OTHERS: Final = "Others"
"""The category of what has none."""
AT_ONCE: Final = 32
"""So many definitions are asked for at a time."""


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """One thing that can be made, as a menu or a search shows it."""

    name: str
    """What `Workspace.add` takes."""
    label: str
    group: str
    category: str
    summary: str
    curated: bool
    """Whether it has ParaView's name and properties; the others are bare classes of VTK."""
    why_not: str = ""
    """Why it cannot be applied to the active output; "": it can."""

    @property
    def fits(self) -> bool:
        """Return whether it can be applied."""
        return not self.why_not


class Catalog:
    """All types of the server. What is awaited here is asked for once, and answered from memory afterwards."""

    def __init__(self, definitions: DefinitionManager) -> None:
        self._definitions = definitions

    async def menu(
        self, group: str, *, data: DataInformation | None = None, bare: bool = False
    ) -> dict[str, tuple[CatalogEntry, ...]]:
        """Return the types of a group by category, categories and labels in the order of the alphabet.

        `group` is one of `MENUS`. Of filters, with `data`, each says whether it fits. With `bare` VTK's bare classes
        are among them, as "Others". Raises RemoteError, ConnectionLost.
        """
        listed = [one for one in await self._definitions.list(group) if one.curated or bare]
        return _by_category(await self._entries(listed, data))

    async def search(
        self, text: str, *, group: str = "", data: DataInformation | None = None
    ) -> tuple[CatalogEntry, ...]:
        """Return what has that text in its name, label, category or summary: names that begin so come first.

        VTK's bare classes come last. Raises as `menu`.
        """
        wanted = text.casefold().strip()
        groups = (group,) if group else MENUS
        found = [one for one in await self._definitions.find(wanted) if one.group in groups]
        found.sort(key=lambda one: _rank(one, wanted))
        return await self._entries(found, data)

    def label(self, type_name: str) -> str:
        """Return what a type is called: "Plot Over Line". Local: until it is known here, its name in words."""
        return self._definitions.label(type_name) or words(type_name.removeprefix("vtk"))

    async def why_not(self, type_name: str, data: DataInformation) -> str:
        """Return why a filter cannot be applied to data, "": it can. Raises RemoteError (UnknownType)."""
        return why_not(await self._definitions.definition(type_name), data)

    async def _entries(self, listed: Sequence[TypeSummary], data: DataInformation | None) -> tuple[CatalogEntry, ...]:
        reasons = await self._reasons([one.name for one in listed if one.group == "filters" and one.curated], data)
        return tuple(
            CatalogEntry(
                one.name,
                one.label or one.name,
                one.group,
                one.category or OTHERS,
                one.summary,
                one.curated,
                reasons.get(one.name, ""),
            )
            for one in listed
        )

    async def _reasons(self, names: Sequence[str], data: DataInformation | None) -> dict[str, str]:
        found: dict[str, str] = {}
        if data is None:
            return found
        for first in range(0, len(names), AT_ONCE):
            some = names[first : first + AT_ONCE]
            reasons = await asyncio.gather(*(self._why(one, data) for one in some))
            found |= dict(zip(some, reasons, strict=True))
        return found

    async def _why(self, name: str, data: DataInformation) -> str:
        await self._definitions.answered(name)
        definition = self._definitions.look(name)
        return "" if definition is None else why_not(definition, data)


def _by_category(entries: Sequence[CatalogEntry]) -> dict[str, tuple[CatalogEntry, ...]]:
    found: dict[str, list[CatalogEntry]] = {}
    for one in sorted(entries, key=lambda one: (one.category == OTHERS, one.category, one.label.casefold())):
        found.setdefault(one.category, []).append(one)
    return {category: tuple(several) for category, several in found.items()}


def _rank(one: TypeSummary, wanted: str) -> tuple[bool, bool, bool, str]:
    names = (one.name.casefold(), one.label.casefold())
    begins = any(name.startswith(wanted) for name in names)
    has = any(wanted in name for name in names)
    return not one.curated, not begins, not has, one.label.casefold()
