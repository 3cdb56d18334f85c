"""Layouts by the names of ParaView's: how views share a picture."""

from __future__ import annotations

from typing import Any

from async_paraview.scene.layouts import HORIZONTAL, VERTICAL

from ..layouts.layout import LayoutProxy
from .current import a_view, give, nearest, run, session
from .proxies import Scripted


class ScriptedLayout(Scripted):
    """A layout: a cell is split into two, whose numbers are 2 n + 1 and 2 n + 2."""

    __slots__ = ()

    def SplitHorizontal(self, location: int, fraction: float) -> int:
        """Split a cell into a left and a right one; returns the number of the left one."""
        return int(self.split_horizontal(location, fraction))

    def SplitVertical(self, location: int, fraction: float) -> int:
        """Split a cell into an upper and a lower one; returns the number of the upper one."""
        return int(self.split_vertical(location, fraction))

    def SplitViewHorizontal(self, view: Any, fraction: float = 0.5) -> int:
        """Split the cell of a view."""
        return self.SplitHorizontal(self._location(view), fraction)

    def SplitViewVertical(self, view: Any, fraction: float = 0.5) -> int:
        """Split the cell of a view."""
        return self.SplitVertical(self._location(view), fraction)

    def _location(self, view: Any) -> int:
        found = self.GetViewLocation(view)
        if found < 0:
            raise ValueError(f"{view!r} is not in layout {self.Name!r}")
        return found

    def AssignView(self, location: int, view: Any) -> bool:
        """Put a view into an empty cell; returns whether it is there now."""
        tree_cells, there = self.cells, self.view(location)
        if location not in tree_cells or (there is not None and there != view):
            return False
        self.assign(view, location)
        return True

    def AssignViewToAnyCell(self, view: Any, hint: int = 0) -> int:
        """Put a view into an empty cell, at or below `hint` if there is one, else split one; returns its number."""
        return int(self.assign_to_any(view, hint))

    def RemoveView(self, view: Any) -> int:
        """Take a view out, or what is in a cell; returns the number of the cell, which is empty then."""
        removed = self.view(view) if isinstance(view, int) else view
        return -1 if removed is None else int(self.remove(removed))

    def GetViewLocation(self, view: Any) -> int:
        """Return the number of the cell of a view, -1 if it is not here."""
        return int(self.location(view))

    def GetView(self, location: int) -> Any:
        """Return the view in a cell, None if that is empty."""
        return self.view(location)

    def GetViews(self) -> list[Any]:
        """Return the views, from left to right and from top to bottom."""
        return list(self.views)

    def IsSplitCell(self, location: int) -> bool:
        """Return whether a cell is split."""
        return self.split_of(location) is not None

    def GetSplitDirection(self, location: int) -> int:
        """Return 0 if a cell is not split, 1 if it is into an upper and a lower one, 2 into a left and a right one."""
        found = self.split_of(location)
        return 0 if found is None else 1 if found[0] == VERTICAL else 2

    def GetSplitFraction(self, location: int) -> float:
        """Return which part of a cell its first half has; 0.5 of one that is not split."""
        found = self.split_of(location)
        return 0.5 if found is None else float(found[1])

    def SetSplitFraction(self, location: int, fraction: float) -> bool:
        """Give the first half of a cell another part of it; returns whether the cell is split."""
        if self.split_of(location) is None:
            return False
        self.set_split_fraction(location, fraction)
        return True

    def Collapse(self, location: int) -> bool:
        """Take out an empty cell; what is beside it takes its room."""
        self.collapse(location)
        return True

    def SwapCells(self, location1: int, location2: int) -> bool:
        """Exchange what is in two cells."""
        self.swap(location1, location2)
        return True

    def EqualizeViews(self, direction: int | None = None) -> bool:
        """Give the cells of each column (1), of each row (2), or of both one size."""
        self.equalize(*({1: VERTICAL, 2: HORIZONTAL}[one] for one in ([] if direction is None else [direction])))
        return True

    def SetSize(self, *size: Any) -> None:
        """Set the size of the whole picture, and of each view its part of it."""
        width, height = (int(one) for one in (size[0] if len(size) == 1 else size))
        self.set_size(width, height)

    def GetLayoutExtent(self, extent: list[int] | None = None) -> list[int]:
        """Return 0, the last column, 0, the last row of the picture in which views are as large as they are."""
        width, height = self.size()
        found = [0, width - 1, 0, height - 1]
        if extent is not None:
            extent[:] = found
        return found

    def fit_once(self) -> None:
        """Fit the cameras to what is visible that were neither fitted nor placed: as for pictures of single views."""
        for view in self.views:
            view.fit_once()


give(LayoutProxy, ScriptedLayout)


def is_layout(thing: Any) -> bool:
    """Return whether it is a layout."""
    return isinstance(getattr(thing, "_target", None), LayoutProxy)


def CreateLayout(name: str | None = None) -> Any:
    """Make a layout with one empty cell; where the name is taken, a number follows it."""
    known, wanted, number = session().layouts, name, 2
    while wanted is not None and wanted in known:
        wanted, number = f"{name}{number}", number + 1
    return known.create(wanted)


def GetLayouts() -> dict[tuple[str, str], Any]:
    """Return all layouts by (name, number)."""
    return {(one.Name, one.GetGlobalIDAsString()): one for one in session().layouts}


def GetLayoutByName(name: str) -> Any:
    """Return the layout of that name, None if there is none."""
    return next((one for one in session().layouts if name == one.Name), None)


def GetLayout(view: Any = None) -> Any:
    """Return the layout that a view (the active one by default) is in, None if it is in none."""
    return session().layouts.of(a_view(view, "GetLayout"))


def AssignViewToLayout(view: Any = None, layout: Any = None, hint: int = 0) -> bool:
    """Put a view into a layout: into a free cell at or below `hint`, else a cell is split.

    Without a layout it is that of the active view, else any; one is made if there is none.
    """
    view = a_view(view, "AssignViewToLayout")
    if layout is None:
        active = session().proxies.active.view
        of_active = None if active is None else session().layouts.of(active)
        layout = of_active or next(iter(session().layouts), None) or CreateLayout()
    layout.AssignViewToAnyCell(view, hint)
    return True


def GetViewsInLayout(layout: Any = None) -> list[Any]:
    """Return the views of a layout, by default of that of the active view."""
    layout = layout or GetLayout()
    return [] if layout is None else layout.GetViews()


def RenameLayout(newName: str, proxy: Any = None) -> None:
    """Give a layout another name. Raises ValueError if that is taken."""
    layout = _meant(proxy, "RenameLayout")
    other = GetLayoutByName(newName)
    if other is not None and other is not layout:
        raise ValueError(f"there is a layout {newName!r} already")
    layout.Name = newName


def RemoveLayout(proxy: Any = None) -> None:
    """Remove a layout, by default that of the active view; its views stay. In place of the last one there is a new one.

    Raises ValueError if it was removed.
    """
    layout = _meant(proxy, "RemoveLayout")
    name = layout.Name
    if layout not in session().layouts:
        raise ValueError(f"there is no such layout{nearest(str(name), [one.Name for one in session().layouts])}")
    layout.delete()
    if not len(session().layouts):
        CreateLayout(name)


def RemoveViewsAndLayouts() -> None:
    """Delete all render views, and all layouts."""
    from .views import GetRenderViews

    for view in GetRenderViews():
        view.delete()
    for layout in list(session().layouts):
        layout.delete()


def EqualizeViewsHorizontally(layout: Any = None) -> None:
    """Give the views beside each other one width."""
    _meant(layout, "EqualizeViewsHorizontally").equalize(HORIZONTAL)


def EqualizeViewsVertically(layout: Any = None) -> None:
    """Give the views above each other one height."""
    _meant(layout, "EqualizeViewsVertically").equalize(VERTICAL)


def EqualizeViewsBoth(layout: Any = None) -> None:
    """Give the views of a layout, by default of that of the active view, one width and one height."""
    _meant(layout, "EqualizeViewsBoth").equalize()


def _meant(layout: Any, what: str) -> Any:
    """Return a layout, that of the active view for None. Raises RuntimeError if there is none, TypeError."""
    found = GetLayout() if layout is None else layout
    if found is None:
        raise RuntimeError(f"{what}: the active view is in no layout; name one")
    if not is_layout(found):
        raise TypeError(f"{what} takes a layout, not {found!r:.80}")
    return found


def saved_picture(layout: Any, path: str, options: dict[str, Any]) -> None:
    """Write one picture of all views of a layout."""
    layout.fit_once()
    run(layout, lambda target: target.save_screenshot(path, **options))
