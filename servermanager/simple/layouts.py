"""Layouts: how views share a picture. They are of this program; each view keeps a size of its own."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .current import a_view, nearest, when_gone

Pixels = npt.NDArray[np.uint8]

_layouts: Final[dict[str, Layout]] = {}

when_gone(_layouts.clear)


class Layout:
    """Views side by side: a cell is split into two, whose numbers are 2 n + 1 and 2 n + 2."""

    def __init__(self, name: str) -> None:
        """Have one empty cell."""
        self.name = name
        self._splits: dict[int, tuple[bool, float]] = {}
        self._views: dict[int, Any] = {}
        self.SeparatorWidth = 4
        """Pixels between two views of a picture."""
        self.SeparatorColor = [0.937, 0.922, 0.906]

    def _cells(self, at: int = 0) -> list[int]:
        if at not in self._splits:
            return [at]
        return [*self._cells(2 * at + 1), *self._cells(2 * at + 2)]

    def _split(self, location: int, fraction: float, horizontal: bool) -> int:
        if location not in self._cells():
            raise ValueError(f"layout {self.name!r} has no cell {location!r} to split; it has {self._cells()}")
        if not 0.0 < fraction < 1.0:
            raise ValueError(f"a cell is split at a fraction between 0 and 1, not {fraction!r}")
        self._splits[location] = horizontal, float(fraction)
        if location in self._views:
            self._views[2 * location + 1] = self._views.pop(location)
        return 2 * location + 1

    def SplitHorizontal(self, location: int, fraction: float) -> int:
        """Split a cell into a left and a right one; returns the number of the left one."""
        return self._split(location, fraction, horizontal=True)

    def SplitVertical(self, location: int, fraction: float) -> int:
        """Split a cell into an upper and a lower one; returns the number of the upper one."""
        return self._split(location, fraction, horizontal=False)

    def SplitViewHorizontal(self, view: Any, fraction: float = 0.5) -> int:
        """Split the cell of a view."""
        return self.SplitHorizontal(self._location(view), fraction)

    def SplitViewVertical(self, view: Any, fraction: float = 0.5) -> int:
        """Split the cell of a view."""
        return self.SplitVertical(self._location(view), fraction)

    def _location(self, view: Any) -> int:
        found = self.GetViewLocation(view)
        if found < 0:
            raise ValueError(f"{view!r} is not in layout {self.name!r}")
        return found

    def AssignView(self, location: int, view: Any) -> bool:
        """Put a view into a cell, at or below that number; returns whether one was free."""
        for layout in _layouts.values():
            layout.RemoveView(view)
        free = [one for one in self._cells(location) if one not in self._views]
        if not free:
            return False
        self._views[free[0]] = view
        return True

    def AssignViewToAnyCell(self, view: Any, hint: int = 0) -> None:
        """Put a view into a free cell; if there is none, the widest of all is split."""
        if self.AssignView(hint, view) or self.AssignView(0, view):
            return
        self.SplitHorizontal(self._cells()[0], 0.5)
        self.AssignView(0, view)

    def RemoveView(self, view: Any) -> None:
        """Take a view out; its cell is free."""
        self._views = {place: one for place, one in self._views.items() if one is not view}

    def GetViewLocation(self, view: Any) -> int:
        """Return the number of the cell of a view, -1 if it is not here."""
        return next((place for place, one in self._views.items() if one is view), -1)

    def GetView(self, location: int) -> Any:
        """Return the view in a cell, None if that is empty."""
        return self._views.get(location)

    def GetViews(self) -> list[Any]:
        """Return the views, from left to right and from top to bottom."""
        return [self._views[one] for one in self._cells() if one in self._views]

    def EqualizeViews(self) -> None:
        """Have the two halves of each split be of one size."""
        self._splits = {place: (horizontal, 0.5) for place, (horizontal, _) in self._splits.items()}

    def SetSize(self, *size: Any) -> None:
        """Set the size of the whole picture, and of each view its part of it."""
        width, height = (int(one) for one in (size[0] if len(size) == 1 else size))
        for place, (_, _, wide, high) in self._places(width, height).items():
            if place in self._views:
                self._views[place].ViewSize = [wide, high]

    def _places(self, width: int, height: int) -> dict[int, tuple[int, int, int, int]]:
        """Return left, top, width and height of each cell, in pixels."""
        found: dict[int, tuple[int, int, int, int]] = {}
        stack = [(0, 0, 0, width, height)]
        while stack:
            at, left, top, wide, high = stack.pop()
            if at not in self._splits:
                found[at] = left, top, wide, high
                continue
            horizontal, fraction = self._splits[at]
            gap = self.SeparatorWidth
            whole = wide if horizontal else high
            first = max(1, round((whole - gap) * fraction))
            second = max(1, whole - gap - first)
            if horizontal:
                stack += [(2 * at + 1, left, top, first, high), (2 * at + 2, left + first + gap, top, second, high)]
            else:
                stack += [(2 * at + 1, left, top, wide, first), (2 * at + 2, left, top + first + gap, wide, second)]
        return found

    def picture(self, size: tuple[int, int] | None, **options: Any) -> Pixels:
        """Return a picture of all views: uint8, (height, width, 3); empty cells have the separator's color."""
        width, height = size or (800, 600)
        color = [round(255 * one) for one in self.SeparatorColor]
        whole: Pixels = np.full((height, width, 3), color, np.uint8)
        for place, (left, top, wide, high) in self._places(width, height).items():
            if place in self._views:
                self._views[place].fit_once()
                image = self._views[place].screenshot(size=(wide, high), format="rgb", **options)
                whole[top : top + high, left : left + wide] = image.pixels[:, :, :3]
        return whole

    def __repr__(self) -> str:
        return f"<layout {self.name!r}: {len(self._views)} views in {len(self._cells())} cells>"


def CreateLayout(name: str | None = None) -> Layout:
    """Make a layout with one empty cell."""
    number = len(_layouts) + 1
    while name is None or name in _layouts:
        name, number = f"Layout #{number}" if name is None else f"{name}{number}", number + 1
    made = _layouts[name] = Layout(name)
    return made


def GetLayouts() -> dict[tuple[str, str], Layout]:
    """Return all layouts by (name, number)."""
    return {(name, str(number)): one for number, (name, one) in enumerate(_layouts.items())}


def GetLayoutByName(name: str) -> Layout | None:
    """Return the layout of that name, None if there is none."""
    return _layouts.get(name)


def GetLayout(view: Any = None) -> Layout | None:
    """Return the layout that a view (the active one by default) is in, None if it is in none."""
    view = a_view(view, "GetLayout")
    return next((one for one in _layouts.values() if one.GetViewLocation(view) >= 0), None)


def AssignViewToLayout(view: Any = None, layout: Layout | None = None, hint: int = 0) -> bool:
    """Put a view into a layout: into a free cell at or below `hint`, else a cell is split."""
    view = a_view(view, "AssignViewToLayout")
    if layout is None:
        layout = next(iter(_layouts.values()), None) or CreateLayout()
    layout.AssignViewToAnyCell(view, hint)
    return True


def GetViewsInLayout(layout: Layout | None = None) -> list[Any]:
    """Return the views of a layout, by default of that of the active view."""
    layout = layout or GetLayout()
    return [] if layout is None else layout.GetViews()


def RenameLayout(newName: str, proxy: Layout | None = None) -> None:
    """Give a layout another name. Raises ValueError if that is taken."""
    layout = proxy or GetLayout()
    if layout is None:
        raise RuntimeError("RenameLayout: the active view is in no layout; name one")
    if newName in _layouts and _layouts[newName] is not layout:
        raise ValueError(f"there is a layout {newName!r} already")
    _layouts.pop(layout.name, None)
    layout.name = newName
    _layouts[newName] = layout


def RemoveLayout(proxy: Layout | None = None) -> None:
    """Remove a layout, by default that of the active view; its views stay."""
    layout = proxy or GetLayout()
    if layout is None or _layouts.get(layout.name) is not layout:
        raise ValueError(f"there is no such layout{nearest(getattr(layout, 'name', ''), _layouts)}")
    del _layouts[layout.name]


def forget(view: Any) -> None:
    """Take a deleted view out of its layout."""
    for layout in _layouts.values():
        layout.RemoveView(view)
