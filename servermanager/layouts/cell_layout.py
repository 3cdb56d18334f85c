"""The cells of a layout: views side by side, in cells that are split and filled, or in rows and columns."""

from __future__ import annotations

from typing import ClassVar

from async_paraview.scene.layouts import HORIZONTAL, LAYOUT, VERTICAL
from async_paraview.scene.types import SceneType

from ..views.render_view import RenderViewProxy
from ..views.shared.references import Reference
from ..views.shared.shared_proxy import SharedProxy
from ..views.view_proxy import ViewProxy
from .cells import CellTree
from .grid import Grid, Rectangle

CELLS = "Cells"


class CellLayout(SharedProxy):
    """A layout, and what is in its cells."""

    __slots__ = ()

    scene_type: ClassVar[SceneType] = LAYOUT

    # --- what is where

    @property
    def views(self) -> list[ViewProxy]:
        """Return the views, from left to right and from above. Local."""
        tree = self._tree()
        return [tree.views[one] for one in tree.leaves() if one in tree.views]

    @property
    def cells(self) -> list[int]:
        """Return the numbers of the cells that are not split, from left to right and from above. Local."""
        return self._tree().leaves()

    def view(self, location: int) -> ViewProxy | None:
        """Return the view in a cell, None if that is empty, split or not there. Local."""
        found: ViewProxy | None = self._tree().views.get(location)
        return found

    def location(self, view: ViewProxy) -> int:
        """Return the number of the cell of a view, -1 if it is not here. Local."""
        return next((at for at, one in self._tree().views.items() if one is view), -1)

    def split_of(self, location: int) -> tuple[str, float] | None:
        """Return the direction in which a cell is split, and the part of its first half; None if it is not. Local."""
        found = self._tree().splits.get(location)
        return None if found is None else (found.direction, found.fraction)

    # --- changing it

    def split_horizontal(self, location: int, fraction: float = 0.5) -> int:
        """Split a cell into a left and a right one; returns the number of the left one, which has its view."""
        self._set_tree(self._own_tree().split(location, HORIZONTAL, _fraction(fraction)), "split cell")
        return 2 * location + 1

    def split_vertical(self, location: int, fraction: float = 0.5) -> int:
        """Split a cell into an upper and a lower one; returns the number of the upper one, which has its view."""
        self._set_tree(self._own_tree().split(location, VERTICAL, _fraction(fraction)), "split cell")
        return 2 * location + 1

    def set_split_fraction(self, location: int, fraction: float) -> None:
        """Give the first half of a split cell another part of it, 0 to 1."""
        self._set_tree(self._own_tree().with_fraction(location, _fraction(fraction)), "resize cell")

    def assign(self, view: ViewProxy, location: int) -> None:
        """Put a view into an empty cell; it leaves the layout that it was in."""
        self._own()
        if self.location(view) != location:
            self._put(view, self._without(view).with_view(location, view))

    def assign_to_any(self, view: ViewProxy, hint: int = 0) -> int:
        """Put a view into an empty cell at or below `hint`, else into any, else a cell is split; returns the number.

        A view that is here stays where it is.
        """
        self._own()
        if self.location(view) < 0:
            self._put(view, self._tree().with_view_anywhere(view, hint))
        return self.location(view)

    def remove(self, view: ViewProxy) -> int:
        """Take a view out; returns the number of its cell, which is empty then, -1 if it was not here."""
        location = self.location(view)
        if location >= 0:
            with self._scene.undo.all_or_nothing("remove view"):
                self._set_tree(self._without(view), "remove view")
                if self.CameraLink and self._scene.has_view(view):
                    unlink_view(view, self.CameraLink)
        return location

    def collapse(self, location: int) -> None:
        """Take out an empty cell; what is beside it takes its room."""
        self._set_tree(self._own_tree().collapsed(location), "close cell")

    def swap(self, one: int, other: int) -> None:
        """Exchange what is in two cells."""
        self._set_tree(self._own_tree().swapped(one, other), "swap views")

    def equalize(self, *directions: str) -> None:
        """Give the cells of each row ("Horizontal"), of each column ("Vertical"), or of both one size."""
        unknown = [one for one in directions if one not in (HORIZONTAL, VERTICAL)]
        if unknown:
            raise ValueError(f"cells are equalized in {HORIZONTAL!r} or {VERTICAL!r}, not in {unknown[0]!r}")
        self._set_tree(self._own_tree().equalized(*directions), "equalize views")

    # --- rows and columns

    @property
    def is_figure(self) -> bool:
        """Return whether it has rows and columns: `session.figure` makes such. Local."""
        return bool(self.RowHeights and self.ColumnWidths)

    def __getitem__(self, key: tuple[int | slice, int | slice]) -> ViewProxy | None:
        """Return the view at a row and a column, None if there is none: `figure[0, 1]`. Local.

        Raises IndexError, ValueError if there are no rows and columns, or cells were split elsewhere.
        """
        asked = self._grid().meant(key)
        for at, rectangle in self._rectangles().items():
            if rectangle.overlaps(asked):
                return self.view(at)
        return None

    def __setitem__(self, key: tuple[int | slice, int | slice], view: ViewProxy) -> None:
        """Put a view at a row and a column, or at several of them: `figure[0, :] = view`.

        It leaves the layout that it was in, and gets the size of its place. Raises IndexError; ValueError if there is a
        view already, or what is there otherwise cannot be beside it.
        """
        self._own()
        self._scene.own(view)
        grid = self._grid()
        asked, tree = grid.meant(key), self._tree()
        views = {one: tree.views[at] for at, one in self._rectangles().items() if at in tree.views}
        views = {one: there for one, there in views.items() if there is not view}
        for one, there in views.items():
            if one.overlaps(asked):
                raise ValueError(f"there is {there!r:.60} at rows and columns {tuple(one)} already: remove it first")
        with self._scene.undo.all_or_nothing("place view"):
            self._put(view, grid.tree({**views, asked: view}))
            self.set_size(*(self.Size if all(self.Size) else self.size()))

    def split_as_figure(self) -> None:
        """Split the only cell into rows and columns, as a part of the making of a figure. Called by `Layouts`."""
        with self._scene.undo.paused():
            self._set_tree(self._grid().tree({}), "make figure")

    def _grid(self) -> Grid:
        if not self.is_figure:
            raise ValueError(f"layout {self.Name!r} has no rows and columns: session.figure makes one that has")
        return Grid(self.RowHeights, self.ColumnWidths)

    def _rectangles(self) -> dict[int, Rectangle]:
        found = self._grid().rectangles(self._tree())
        if found is None:
            raise ValueError(
                f"the cells of {self.Name!r} were split otherwise than its rows and columns are: "
                "set RowHeights and ColumnWidths to [], or place the views anew"
            )
        return found

    # --- inside

    def _tree(self) -> CellTree:
        """Return the cells with the views that are there."""
        tree = CellTree.of(self._set.get(CELLS, []))
        found = {at: one.found(self._scene) for at, one in tree.views.items()}
        return CellTree(tree.splits, {at: view for at, view in found.items() if view is not None})

    def _own_tree(self) -> CellTree:
        """Return the cells, to be changed. Raises ValueError if this was deleted."""
        self._own()
        return self._tree()

    def _without(self, view: ViewProxy) -> CellTree:
        return self._tree().without(lambda one: one is view)

    def _put(self, view: ViewProxy, tree: CellTree) -> None:
        self._scene.own(view)
        with self._scene.undo.all_or_nothing("assign view"):
            for other in self._scene.layouts:
                if other is not self:
                    other.remove(view)
            self._set_tree(tree, "assign view")
            if self.CameraLink:
                link_view(view, self.CameraLink)

    def _set_tree(self, tree: CellTree, label: str) -> None:
        cells = [[*one[:3], None if one[3] is None else Reference.to(one[3])] for one in tree.listed()]
        self._change({CELLS: cells}, label)
        self._scene.outbox.flush()


def link_view(view: ViewProxy, link: str) -> None:
    """Have a view the camera of that link, if it has one."""
    if isinstance(view, RenderViewProxy):
        view.update(CameraLink=link)


def unlink_view(view: ViewProxy, link: str) -> None:
    """Let a view have a camera of its own, if it has that of the link."""
    if isinstance(view, RenderViewProxy) and link == view.CameraLink:
        view.update(CameraLink="")


def _fraction(fraction: float) -> float:
    if not 0.0 <= fraction <= 1.0:
        raise ValueError(f"the first half of a cell has a part of it from 0 to 1, not {fraction!r}")
    return float(fraction)
