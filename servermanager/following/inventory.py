"""What a snapshot tells that there is: what is known here beside that, is there no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from async_paraview.operations import data, render

Names = tuple[frozenset[str], int]
"""What is set of something; and the number of the last change of ours to it that came before."""


@dataclass(slots=True)
class Inventory:
    """What one service has told, and what it is compared with: what it had been told from here before.

    What is known here and is not in it, others have deleted or set back; what was made or set here since is not meant.
    """

    number: int
    """Proxies that were made by changes with smaller numbers are there, or were deleted."""
    told: frozenset[int] = frozenset()
    """So are these views and representations."""
    proxies: dict[int, Names] = field(default_factory=dict)
    views: dict[int, Names] = field(default_factory=dict)
    drawn: dict[int, Names] = field(default_factory=dict)
    color_maps: dict[tuple[str, str], Names] = field(default_factory=dict)
    shared: dict[tuple[str, str], Names] = field(default_factory=dict)
    extracted: set[int] = field(default_factory=set)
    has_time: bool = False

    def note(self, change: Mapping[str, Any], seen: int) -> None:
        """Take an operation of the snapshot."""
        op = change["op"]
        if op == data.Update.op:
            for state in change["proxies"]:
                names = [name for kind in ("properties", "inputs", "objects") for name in state.get(kind, ())]
                self.proxies[state["id"]] = frozenset(names), seen
        elif op == data.CreateRepresentation.op:
            self.extracted.add(change["representation"])
        elif op == data.SetTime.op:
            self.has_time = True
        elif op == render.UpdateView.op:
            self.views[change["view"]] = frozenset(change.get("properties", ())), seen
        elif op == render.UpdateRepresentation.op:
            self.drawn[change["representation"]] = frozenset(change.get("properties", ())), seen
        elif op == render.UpdateColorMap.op:
            key = change.get("kind", "PVLookupTable"), change["name"]
            self.color_maps[key] = frozenset(change.get("properties", ())), seen

        elif op == render.UpdateShared.op:
            self.shared[change["kind"], change.get("name", "")] = frozenset(change.get("properties", ())), seen

    def lacks(self, id_: int, there: Iterable[int]) -> bool:
        """Return whether a view, or what is shown, is there no more."""
        return id_ in self.told and id_ not in there
