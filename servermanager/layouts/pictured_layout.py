"""The pictures of a layout: all of its views in one, with what stands beside them; as files, pages, animations."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from async_paraview.scene.layouts import LAYOUT
from async_paraview.scene.palettes import palette_named
from services_core import RemoteError

from ..exports.export import check_page, write_page
from ..views.animation import Frame, save
from ..views.images import Image, PictureWarning, Pixels, packed, save_picture
from ..views.render_view import RenderViewProxy
from ..views.scalar_bar import BARS
from ..views.view_proxy import ViewProxy
from .cell_layout import CELLS, CellLayout
from .cells import CellTree, Place
from .composition import Arranging, Composition, Lettered, estimated
from .pictures import POINTS_PER_INCH, Page, Picture

USUAL_SIZE: Final = (800, 600)
"""Of a figure, in points."""
_CUT: Final = 1.05
"""What is narrower by less than that does not cut off what cameras are fitted to: they leave a margin."""
_FINER: Final = 4
"""So many pixels to a point texts and legends are measured by that become vectors."""
_Sizes = Callable[[CellTree, int], dict[int, tuple[int, int]]]
"""Tells how large the cells of a tree are, with strips above their views."""
_NOT_ARRANGED_BY: Final = frozenset({"Name", CELLS, BARS, "CameraLink"})


class PicturedLayout(CellLayout):
    """A layout of which pictures are made."""

    __slots__ = ()

    def set_size(self, width: int, height: int) -> None:
        """Give the whole picture a size, and each view its part of it; of a figure these are points.

        Where a legend stands beside the views they have about their part until the first picture measures it.
        """
        self._own()
        with self._scene.undo.all_or_nothing("resize layout"):
            if self.is_figure:
                self._change({"Size": [int(width), int(height)]})
            self._size_views(int(width), int(height))
        self._scene.outbox.flush()

    def _size_views(self, width: int, height: int) -> None:
        """Give each view its part of a picture of that size, or about that. Raises ValueError if it has no room."""
        tree, arranging = self._tree(), self._arranging()
        measured = estimated(arranging.get, arranging.legends, self._labelled(tree))
        places = arranging.composed((width, height), measured).views
        for at, view in tree.views.items():
            view.update(ViewSize=self._view_size(view, places[at], 1.0))

    def places(self, size: tuple[int, int] | None = None) -> dict[int, Place]:
        """Return where each cell is in a picture of a size; by default where its views are as large as they are. Local.

        Raises ValueError for a size that is too small, and where a title, labels or legends, which a server measures,
        stand beside the views: `await composition()` tells it then.
        """
        arranging, tree = self._arranging(), self._tree()
        if self.is_figure or arranging.is_decorated:
            raise ValueError(f"what stands beside the views of {self.Name!r} is measured: await composition()")
        return _placed(tree, size, arranging.gap)[0]

    def size(self) -> tuple[int, int]:
        """Return the size of the whole picture: its Size, else that in which its views are as large as they are. Local.

        Raises ValueError where that has to be measured.
        """
        if all(self.Size):
            return int(self.Size[0]), int(self.Size[1])
        if self.is_figure:
            return USUAL_SIZE
        arranging = self._arranging()
        if arranging.is_decorated:
            raise ValueError(f"what stands beside the views of {self.Name!r} is measured: set its Size")
        return _placed(self._tree(), None, arranging.gap)[1]

    async def composition(
        self, *, size: tuple[int, int] | None = None, dpi: float | None = None, magnification: int = 1
    ) -> Composition:
        """Return where everything is in such a picture: views, labels, the title and legends, in pixels.

        Raises as `screenshot`.
        """
        self._require_views()
        await self._all_ready()
        page = self._page({"dpi": dpi, "magnification": magnification}, size)
        picture = self._picture(page)
        made = (await picture.arranged()).magnified(page.magnification)
        return replace(made, numbers=picture.measured_numbers(made))

    async def screenshot(
        self,
        *,
        size: tuple[int, int] | None = None,
        separator_width: int | None = None,
        separator_color: Sequence[float] | None = None,
        **options: Any,
    ) -> Image:
        """Make one image of all views, each in its cell, and of what stands beside them.

        `size` is (width, height) in pixels: by default that of the views as they are, with all beside them measured as
        the finest screen of these does (PPI); that of a figure is its Size, which is in points, so that `dpi` and
        `magnification` make more pixels of the same. `separator_width` and
        `separator_color` stand for the layout's own; what is between the views is the page of a `palette`, if there is
        one; with `transparent` a figure leaves out what is between and around
        the views, too. Options are those of a view's `screenshot`, but for `format`. Raises as that, and ValueError for
        a size that is too small, or without views.
        """
        pixels = await self._pixels(size, separator_width, separator_color, options)
        return image_of(pixels, self._dpi(options) * int(options.get("magnification", 1)))

    async def _pixels(
        self,
        size: tuple[int, int] | None,
        separator_width: int | None,
        separator_color: Sequence[float] | None,
        options: dict[str, Any],
    ) -> Pixels:
        """Make the pixels of such an image: uint8, (height, width, 3 or 4), top row first."""
        self._require_views()
        await self._all_ready()
        page = self._page(options, size, separator_color)
        picture = self._picture(page, separator_width)
        made = await self._arranged(picture, page)
        return await picture.put_together(made, options)

    async def _arranged(self, picture: Picture, page: Page) -> Composition:
        """Return where everything is, after what is to be said of it; views of figures are as large as their places."""
        made = await picture.arranged()
        for remark in picture.remarks:
            warnings.warn(f"{self.type_name} {self.Name!r}: {remark}", PictureWarning, stacklevel=4)
        if self.is_figure:
            if self._scene.connection.membership.may_change:
                await self._give_sizes(made, page.dpi / POINTS_PER_INCH)
            self._warn_of_what_is_cut(made)
        return made

    def _require_views(self) -> None:
        if not self._tree().views:
            raise ValueError(f"layout {self.Name!r} has no views to make a picture of: assign some")
        self._scene.update_vtk_objects()

    async def _all_ready(self) -> None:
        """Wait until all that was asked to be shown is in all views: linked cameras are fitted to all of it."""
        await asyncio.gather(*(view.ready() for view in self.views))

    async def _give_sizes(self, made: Composition, scale: float) -> None:
        """Have the views as large as their places in the figure, now that what is beside them can be measured.

        `made` is of a picture in which a point has so many pixels, maybe of another size than the figure has.
        """
        width, height = self.size()
        if max(abs(made.width / scale - width), abs(made.height / scale - height)) > 1:
            try:
                made, scale = await self._picture(self._page({}, None)).arranged(), 1.0
            except (ValueError, RemoteError):
                return  # at its own size it has no room; this picture may have
        with self._scene.undo.paused():
            for at, view in self._tree().views.items():
                size = self._view_size(view, made.views[at], scale)
                if size != list(view.ViewSize):
                    view.update(ViewSize=size)

    def _view_size(self, view: ViewProxy, place: Place, scale: float) -> list[int]:
        """Return the ViewSize of a view in a place where a point has so many pixels; places of figures are points."""
        by = (view.PPI / POINTS_PER_INCH if self.is_figure else 1.0) / scale
        return [max(1, round(by * one)) for one in (place.width, place.height)]

    def _warn_of_what_is_cut(self, made: Composition) -> None:
        """Warn of places that are narrower than those that cameras were fitted to."""
        for at, view in self._tree().views.items():
            place, (width, height) = made.views[at], view.ViewSize
            if isinstance(view, RenderViewProxy) and place.width * height * _CUT < place.height * width:
                told = (
                    f"{self.type_name} {self.Name!r}: a picture of this shape cuts off the sides of what "
                    f"{view.type_name} {view.id} shows, which is {width} x {height}: set_size gives the figure another "
                    "shape, and reset_camera fits cameras to that"
                )
                warnings.warn(told, PictureWarning, stacklevel=5)
                return

    def _dpi(self, options: Mapping[str, Any]) -> float:
        """Return how many pixels 72 points have in a picture: else as on the screen, unless a Size in points is set."""
        if self.is_figure or all(self.Size):
            return float(options.get("dpi") or POINTS_PER_INCH)
        screens = (float(view.PPI) for view in self._tree().views.values())
        return float(options.get("dpi") or max(screens, default=POINTS_PER_INCH))

    def _page(
        self, options: Mapping[str, Any], size: tuple[int, int] | None, color: Sequence[float] | None = None
    ) -> Page:
        dpi = self._dpi(options)
        name = options.get("palette") or ""
        of_palette = palette_named(name)["BackgroundColor"] if name else None
        paper = self._plain("SeparatorColor", color or of_palette or self.SeparatorColor)
        red, green, blue = (float(one) for one in paper)
        if size is not None:
            size = int(size[0]), int(size[1])
        elif all(self.Size) or self.is_figure:
            width, height = (max(1, round(one * dpi / POINTS_PER_INCH)) for one in self.size())
            size = width, height
        has_paper = not (self.is_figure and options.get("transparent"))
        return Page(size, dpi, int(options.get("magnification", 1)), (red, green, blue), has_paper, name)

    def _picture(self, page: Page, separator_width: int | None = None) -> Picture:
        tree = self._tree()
        width = None if separator_width is None else int(self._plain("SeparatorWidth", separator_width))
        sizes = _sizes_in_points if page.is_vectors else _sizes
        arranging = self._arranging(page.dpi, width, by_views=sizes if page.size is None else None)

        def natural(gap: int, strip: int) -> Lettered:
            return Lettered(*tree.natural_size(sizes(tree, strip), gap))

        return Picture(self._scene.render, arranging, tree.views, self._labelled(tree), natural, page)

    def _arranging(
        self, dpi: float | None = None, separator_width: int | None = None, *, by_views: _Sizes | None = None
    ) -> Arranging:
        """Return what pictures are arranged by, where 72 points are so many pixels, as usual if nothing is said.

        `by_views`: the cells are as large as that says of their views.
        """
        get = {one.name: getattr(self, one.name) for one in LAYOUT if one.name not in _NOT_ARRANGED_BY}
        if separator_width is not None:
            get["SeparatorWidth"] = separator_width
        legends = {name: bar for name, bar in self.ScalarBars.items() if bar.get("Visibility")}
        cells = self._cells if by_views is None else partial(self._cells_by_views, by_views)
        scale = (self._dpi({}) if dpi is None else dpi) / POINTS_PER_INCH
        return Arranging(get, legends, scale, cells)

    def _cells(self, area: Place, gap: int, _strip: int) -> dict[int, Place]:
        tree = self._tree()
        if self.is_figure and (rectangles := self._grid().rectangles(tree)) is not None:
            return self._grid().places(rectangles, area, gap)
        return _moved(tree.places(area.width, area.height, gap), area)

    def _cells_by_views(self, sizes: _Sizes, area: Place, gap: int, strip: int) -> dict[int, Place]:
        tree = self._tree()
        return _moved(tree.natural_places(sizes(tree, strip), gap), area)

    def _labelled(self, tree: CellTree) -> list[int]:
        """Return the cells with views in the order of their labels: row by row."""
        found = [one for one in tree.leaves() if one in tree.views]
        rectangles = self._grid().rectangles(tree) if self.is_figure else None
        return found if rectangles is None else sorted(found, key=lambda at: rectangles[at])

    async def save_screenshot(
        self,
        path: str | Path,
        *,
        quality: int | None = None,
        compression: int | None = None,
        progressive: bool | None = None,
        **options: Any,
    ) -> Image:
        """Write one image of all views to a local file, and return it.

        How files are packed is said as in `save_screenshot` of a view; other options and errors are as of
        `screenshot`.
        """
        packing = packed(quality=quality, compression=compression, progressive=progressive)
        return await save_picture(partial(self.screenshot, **options), path, packing)

    async def export(
        self, path: str | Path, *, dpi: float = 300.0, scene: str = "raster", palette: str | None = None
    ) -> None:
        """Write all of it as a page of a local file, .svg, .pdf or .eps; as large as its picture at 72 dots to an inch.

        Texts, lines, legends and charts are vectors; `dpi`, `scene` and `palette` are as in `export` of a view. Raises
        as that, and as `screenshot`; ValueError also if its views are not as large as their places, and this program
        may not change that.
        """
        file, loop = Path(path), asyncio.get_running_loop()
        check_page(file, f"layout {self.Name!r}", scene)
        self._require_views()
        await self._all_ready()
        options = {"palette": palette, "dpi": POINTS_PER_INCH}
        page = replace(self._page(options, None), magnification=_FINER, is_vectors=True)
        picture = self._picture(page)
        made = await self._arranged(picture, page)
        for at, view in self._tree().views.items():
            place = made.views[at]
            fits = list(view.ViewSize) == self._view_size(view, place, 1.0) if self.is_figure else False
            if not fits and page_size(view) != (place.width, place.height):
                raise ValueError(
                    f"{view!r:.60} is not as large as its place of {place.width} x {place.height} points: set_size of "
                    "the layout makes it so"
                )
        drawn = await picture.on_page(made, dpi, scene, palette)
        await loop.run_in_executor(None, write_page, file, drawn)

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


def image_of(pixels: Pixels, dots_per_inch: float) -> Image:
    """Return an image of pixels that were put together here."""
    height, width, channels = pixels.shape
    return Image(
        width=width, height=height, channels=channels, format="rgba" if channels == 4 else "rgb", quality=None,
        sequence=0, level=1, still=True, camera={}, camera_placed=False, requested=0.0, rendered=0.0, sent=0.0,
        update=0, render_s=0.0, encode_s=0.0, data=memoryview(pixels.tobytes()), dots_per_inch=dots_per_inch,
    )  # fmt: skip


def _moved(places: Mapping[int, Place], to: Place) -> dict[int, Place]:
    return {at: one._replace(left=one.left + to.left, top=one.top + to.top) for at, one in places.items()}


def _sizes(tree: CellTree, strip: int) -> dict[int, tuple[int, int]]:
    """Return the sizes of the cells whose views are as large as they are, with a strip above each."""
    return {at: (int(view.ViewSize[0]), int(view.ViewSize[1]) + strip) for at, view in tree.views.items()}


def page_size(view: ViewProxy) -> tuple[int, int]:
    """Return how many points a view is wide and high: its pixels, where its screen has 72 to an inch."""
    width, height = (max(1, round(side * POINTS_PER_INCH / view.PPI)) for side in view.ViewSize)
    return width, height


def _sizes_in_points(tree: CellTree, strip: int) -> dict[int, tuple[int, int]]:
    """Return the same in points."""
    sizes = {at: page_size(view) for at, view in tree.views.items()}
    return {at: (width, height + strip) for at, (width, height) in sizes.items()}


def _placed(tree: CellTree, size: tuple[int, int] | None, separator: int) -> tuple[dict[int, Place], tuple[int, int]]:
    """Return where the cells are in a picture, and its size: by default the one in which views are as they are."""
    if size is not None:
        return tree.places(int(size[0]), int(size[1]), separator), (int(size[0]), int(size[1]))
    sizes = _sizes(tree, 0)
    return tree.natural_places(sizes, separator), tree.natural_size(sizes, separator)
