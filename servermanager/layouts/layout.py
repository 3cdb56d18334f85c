"""A layout: views side by side, in cells that are split and filled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from async_paraview.scene.layouts import HORIZONTAL, LAYOUT, VERTICAL
from async_paraview.scene.types import SceneType

from ..views.animation import Frame, save
from ..views.images import Image, Pixels, check_suffix
from ..views.shared.references import Reference
from ..views.shared.shared_proxy import SharedProxy
from ..views.view_proxy import ViewProxy
from .cells import CellTree, Place

CELLS = "Cells"


class LayoutProxy(SharedProxy):
    """How views share a picture. A cell that is split has two halves, of the numbers 2 n + 1 and 2 n + 2.

    Every method that is no coroutine is fire and forget, a step of undo, and raises ValueError if this was deleted.
    """

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
            self._set_tree(self._without(view), "remove view")
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

    def set_size(self, width: int, height: int) -> None:
        """Give the whole picture a size, and each view its part of it."""
        tree = self._own_tree()
        places = tree.places(width, height, int(self.SeparatorWidth))
        with self._scene.undo.group("resize layout"):
            for at, view in tree.views.items():
                view.update(ViewSize=[places[at].width, places[at].height])

    # --- pictures

    def places(self, size: tuple[int, int] | None = None) -> dict[int, Place]:
        """Return where each cell is in a picture of a size; by default where its views are as large as they are. Local.

        Raises ValueError for a size that is too small.
        """
        return _placed(self._tree(), size, int(self.SeparatorWidth))[0]

    def size(self) -> tuple[int, int]:
        """Return the size of the picture in which its views are as large as they are. Local."""
        return _placed(self._tree(), None, int(self.SeparatorWidth))[1]

    async def screenshot(self, *, size: tuple[int, int] | None = None, **options: Any) -> Image:
        """Make one image of all views, each in its cell; what is between them has SeparatorColor.

        `size` is (width, height) in pixels: by default that of the views as they are. `separator_width` and
        `separator_color` stand for the layout's own. Options are those of a view's
        `screenshot`, but for `format`. Raises as that, and ValueError for a size that is too small, or without views.
        """
        return image_of(await self._pixels(size, **options))

    async def _pixels(
        self,
        size: tuple[int, int] | None,
        *,
        separator_width: int | None = None,
        separator_color: Sequence[float] | None = None,
        **options: Any,
    ) -> Pixels:
        """Make the pixels of such an image: uint8, (height, width, 3 or 4), top row first."""
        tree = self._tree()
        if not tree.views:
            raise ValueError(f"layout {self.Name!r} has no views to make a picture of: assign some")
        magnification = int(options.get("magnification", 1))
        gap = self._plain("SeparatorWidth", self.SeparatorWidth if separator_width is None else separator_width)
        between = self._plain("SeparatorColor", separator_color or self.SeparatorColor)
        places, (width, height) = _placed(tree, size, int(gap))
        jobs = [self._part(view, places[at], dict(options)) for at, view in tree.views.items()]
        parts = await asyncio.gather(*jobs)
        channels = max(one.shape[2] for one in parts)
        color = [int(255 * one) for one in between] + [255] * (channels - 3)
        whole: Pixels = np.full((height * magnification, width * magnification, channels), color, np.uint8)
        for at, part in zip(tree.views, parts, strict=True):
            left, top = places[at].left * magnification, places[at].top * magnification
            whole[top : top + part.shape[0], left : left + part.shape[1]] = part
        return whole

    async def _part(self, view: ViewProxy, place: Place, options: dict[str, Any]) -> Pixels:
        """Make the picture of one view; the views are asked at once, and drawn one after the other."""
        image = await view.screenshot(**{"format": "lz4"} | options, size=(place.width, place.height))
        return image.pixels

    async def save_screenshot(self, path: str | Path, **options: Any) -> Image:
        """Write one image of all views to a local file, and return it. Options and errors are as of `screenshot`."""
        file, loop = Path(path), asyncio.get_running_loop()
        await loop.run_in_executor(None, check_suffix, file)
        image = await self.screenshot(**options)
        await loop.run_in_executor(None, image.save, file)
        return image

    def frames(self, **options: Any) -> AsyncGenerator[Frame, None]:
        """Make a picture of all views at each time of the animation: see `AnimationSceneProxy.frames`."""
        made: AsyncGenerator[Frame, None] = self._scene.animation.frames(self, **options)
        return made

    async def save_animation(
        self,
        path: str | Path,
        *,
        frame_rate: float = 25.0,
        progress: Callable[[int, int], object] | None = None,
        **options: Any,
    ) -> int:
        """Write pictures of all views at the times of the animation, as `save_animation` of a view."""
        return await save(self.frames(**options), Path(path), frame_rate, progress)

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

    def _set_tree(self, tree: CellTree, label: str) -> None:
        cells = [[*one[:3], None if one[3] is None else Reference.to(one[3])] for one in tree.listed()]
        self._change({CELLS: cells}, label)
        self._scene.outbox.flush()


def image_of(pixels: Pixels) -> Image:
    """Return an image of pixels that were put together here."""
    height, width, channels = pixels.shape
    return Image(
        width=width, height=height, channels=channels, format="rgba" if channels == 4 else "rgb", quality=None,
        sequence=0, level=1, still=True, camera={}, camera_placed=False, requested=0.0, rendered=0.0, sent=0.0,
        update=0, render_s=0.0, encode_s=0.0, data=memoryview(pixels.tobytes()),
    )  # fmt: skip


def _placed(tree: CellTree, size: tuple[int, int] | None, separator: int) -> tuple[dict[int, Place], tuple[int, int]]:
    """Return where the cells are in a picture, and its size: by default the one in which views are as they are."""
    if size is not None:
        return tree.places(int(size[0]), int(size[1]), separator), (int(size[0]), int(size[1]))
    sizes = {at: (int(view.ViewSize[0]), int(view.ViewSize[1])) for at, view in tree.views.items()}
    return tree.natural_places(sizes, separator), tree.natural_size(sizes, separator)


def _fraction(fraction: float) -> float:
    if not 0.0 <= fraction <= 1.0:
        raise ValueError(f"the first half of a cell has a part of it from 0 to 1, not {fraction!r}")
    return float(fraction)
