"""`session.layouts`: the layouts of a session, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Protocol

from async_paraview.displays import table
from async_paraview.scene.layouts import LAYOUT, MOST_ROWS
from services_core import suggest

from ..views.shared.shared_proxy import SharedOwner
from ..views.view_proxy import ViewProxy
from .layout import LayoutProxy

FIGURE: Final[Mapping[str, Any]] = {"SeparatorWidth": 12, "SeparatorColor": [1.0, 1.0, 1.0], "MarginWidth": 6}
"""What is so in new figures, and not in other layouts: white paper, with room on it."""


def _count(number: int, what: str) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= MOST_ROWS:
        raise ValueError(f"a figure has 1 to {MOST_ROWS} {what}, not {number!r}")
    return number


class LayoutOwner(SharedOwner, Protocol):
    """A scene, as its layouts know it."""

    def create_shared(self, kind: str, **properties: Any) -> Any:
        """Make a layout, as a step of undo."""


class Layouts:
    """The layouts of a session: `session.layouts["both"]`, `for layout in session.layouts`."""

    def __init__(self, scene: LayoutOwner, all_shared: Callable[[str], list[Any]]) -> None:
        """Find those of a scene; `all_shared(kind)` returns what is shared of a kind, in the order of its making."""
        self._scene = scene
        self._all_shared = all_shared

    def create(self, name: str | None = None) -> LayoutProxy:
        """Make a layout with one empty cell; fire and forget. Raises ValueError for a name that is taken."""
        if name is not None and name in self:
            raise ValueError(f"there is a layout {name!r} already")
        made: LayoutProxy = self._scene.create_shared(LAYOUT.name, Name=self._free() if name is None else name)
        return made

    def figure(
        self, rows: int, columns: int, *, size: tuple[int, int], link_cameras: bool, **properties: Any
    ) -> LayoutProxy:
        """Make a figure: see `Session.figure`."""
        name = properties.get("Name", self._free())
        if name in self:
            raise ValueError(f"there is a layout {name!r} already")
        given: dict[str, Any] = {
            "Name": name,
            "RowHeights": [1.0] * _count(rows, "rows"),
            "ColumnWidths": [1.0] * _count(columns, "columns"),
            "Size": list(size),
            "CameraLink": name if link_cameras else "",
            **FIGURE,
            **properties,
        }
        for sides, count in (("RowHeights", rows), ("ColumnWidths", columns)):
            if len(given[sides]) != count:
                raise ValueError(f"{sides} = {given[sides]!r:.60}: the figure has {count} of them")
        made: LayoutProxy = self._scene.create_shared(LAYOUT.name, **given)
        made.split_as_figure()
        return made

    def _free(self) -> str:
        number = len(self) + 1
        while f"Layout #{number}" in self:
            number += 1
        return f"Layout #{number}"

    def of(self, view: ViewProxy) -> LayoutProxy | None:
        """Return the layout that a view is in, None if it is in none. Local."""
        return next((one for one in self if one.location(view) >= 0), None)

    def __getitem__(self, name: str) -> LayoutProxy:
        """Return the layout of that name, the first one if there are several. Raises KeyError, naming the nearest."""
        found = next((one for one in self if name == one.Name), None)
        if found is None:
            names = [one.Name for one in self]
            near = suggest(str(name), names)
            hint = f"; did you mean {', '.join(near)}?" if near else f"; there are {', '.join(names) or 'none'}"
            raise KeyError(f"there is no layout {name!r}{hint}")
        return found

    def __contains__(self, name: object) -> bool:
        """Return whether there is a layout of that name, or that layout itself."""
        return any(name == one.Name or name is one for one in self)

    def __iter__(self) -> Iterator[LayoutProxy]:
        return iter(self._all_shared(LAYOUT.name))

    def __len__(self) -> int:
        return len(self._all_shared(LAYOUT.name))

    def __repr__(self) -> str:
        return f"<layouts: {', '.join(str(one.Name) for one in self) or 'none yet'}>"

    def _repr_html_(self) -> str:
        rows = [(str(one.Name), ", ".join(repr(view) for view in one.views)) for one in self]
        return table("layouts", rows)
