"""Draws charts off screen into images, and as files of vectors: what all kinds of charts have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Hashable, Mapping
from typing import Any, ClassVar

import vtkmodules.vtkRenderingContextOpenGL2
import vtkmodules.vtkRenderingFreeType  # noqa: F401  registers what draws, and texts
from vtkmodules.vtkRenderingContext2D import vtkContextActor
from vtkmodules.vtkRenderingCore import vtkRenderer

from async_paraview.names import unknown_name
from async_paraview.scene.types import SceneType
from async_paraview.scene.views import WHITE
from async_paraview.vtk_imports import one_at_a_time

from ...base.property_set import PropertySet
from ..fonts.files import check_fonts
from ..fonts.formulas import drawing
from ..fonts.noted import gathered, told
from ..images import RenderedImage
from ..paper import Color, Paper
from ..pixels.readback import Readback
from ..view import View
from ..views.showing import UnknownRepresentation
from .chart_representation import ChartRepresentation
from .chart_window import chart_window
from .parts.dashes import scaled_dashes
from .parts.looks import Look
from .parts.spelled import spell_texts
from .parts.titles import scaled_titles
from .parts.unit_scale import frames_of, measure_in_pixels, pictures_in


class ChartView(View):
    """A chart of everything that is shown in it. A color of None is one that is seen on the background."""

    TYPE: ClassVar[SceneType]

    def __init__(self, properties: Mapping[str, object] | None = None) -> None:
        """Open a view. Raises `OpenGLUnavailable` where nothing can be rendered, else as `set_properties`."""
        super().__init__(PropertySet(self.TYPE), self.TYPE.owner)
        self._representations: dict[Hashable, Any] = {}
        self.set_properties(properties or {})
        self._open()
        self._actor, self._renderer = vtkContextActor(), vtkRenderer()
        self._renderer.AddActor(self._actor)
        self._actor.GetScene().SetRenderer(self._renderer)
        self._charts.join(self._renderer)

    @classmethod
    def accepted(cls, before: PropertySet, changes: Mapping[str, object]) -> dict[str, Any]:
        """Return the changes as they will be stored. Raises `UnknownProperty`, `InvalidProperty`."""
        return before.checked(changes)

    @classmethod
    def check_properties(cls, changes: Mapping[str, object]) -> None:
        """Raise what `set_properties` of a new view would raise."""
        cls._accepted(PropertySet(cls.TYPE), changes)

    def set_properties(self, changes: Mapping[str, object]) -> None:
        """Change properties, all or none. Raises `UnknownProperty`, `InvalidProperty`."""
        self._require_usable()
        self._properties.update(self._accepted(self._properties, changes))

    @classmethod
    def _accepted(cls, before: PropertySet, changes: Mapping[str, object]) -> dict[str, Any]:
        accepted = cls.accepted(before, changes)
        check_fonts(accepted, cls.TYPE.owner)
        return accepted

    def add_representation(self, identifier: Hashable, representation: ChartRepresentation) -> None:
        """Show the representation; what had this identifier is removed and released."""
        self._require_usable()
        self._representations[identifier] = representation

    def remove_representation(self, identifier: Hashable) -> None:
        """Stop showing it. Raises `UnknownRepresentation`."""
        self._require_usable()
        if identifier not in self._representations:
            known = (str(one) for one in self._representations)
            raise UnknownRepresentation(unknown_name("representation", identifier, known))
        self._representations.pop(identifier).release(self._window)

    def render(self, *, reduced: bool = False, sample: int = 0) -> RenderedImage:
        """Draw the chart and read the picture back; there is nothing to reduce or refine."""
        self._require_usable()
        width, height = self._properties["ViewSize"]
        with gathered() as remarks:
            drawing_s = self._draw((width, height))
        pixels = self._readback.frame((width, height))
        return RenderedImage(width, height, pixels, None, drawing_s, remarks=told(list(remarks)), is_padded=True)

    def _drawing(self, scale: float, style: str, go_on: Callable[[], None]) -> bytes:
        """See View; there is nothing to be drawn as a picture but the cells of images. Raises NotExported."""
        with one_at_a_time:
            from ..exports.chart_files import chart_file  # late: it exports, which few charts are

        size, get = self._page_size, self._properties.snapshot()
        paper = self._page()
        look = Look(get, paper, size)
        items = self._items(look)
        self._renderer.SetBackground(paper.bottom)
        self._renderer.SetBackgroundAlpha(1.0)
        self._draw_items(items, size)
        measure_in_pixels(items)
        self._draw_items(items, size)
        with drawing(), self._charts.having_only(self._renderer), self._charts.drawing_only(self._renderer):
            return chart_file(self._window, frames_of(items), pictures_in(items))

    @abstractmethod
    def _items(self, look: Look) -> list[Any]:
        """Return what draws the chart, made anew for each drawing: to find out what is different costs more."""

    def _draw(
        self,
        size: tuple[int, int],
        *,
        reduced: bool = False,
        sample: int = 0,
        transparent: bool = False,
        behind: Color | None = None,
    ) -> float:
        paper = self._page(transparent=transparent)
        self._renderer.SetBackground(self._page().bottom)
        self._renderer.SetBackgroundAlpha(0.0 if transparent else 1.0)
        return self._drawn_items(Look(self._properties.snapshot(), paper, size, self._scale))[1]

    def _drawn_items(self, look: Look) -> tuple[list[Any], float]:
        """Draw the chart; returns what it is drawn by, and for how many seconds it was."""
        items = self._items(look)
        if look.scale != 1:
            self._draw_items(items, look.size)  # which finds places for all
            items += [*scaled_titles(items, look.scale), *scaled_dashes(items, look.scale)]
        return items, self._draw_items(items, look.size)

    def _page(self, *, transparent: bool = False) -> Paper:
        """Return what the chart is drawn upon: of a gradient its lower color."""
        return self._paper_of(WHITE, transparent=transparent).flat()

    def _draw_items(self, items: list[Any], size: tuple[int, int]) -> float:
        """Draw just these, and tell for how many seconds."""
        self._window.SetSize(*size)
        scene = self._actor.GetScene()
        scene.ClearItems()
        for item in items:
            spell_texts(item)
            scene.AddItem(item)
            item.Update()  # an axis on its own makes its numbers then
        with self._charts.drawing_only(self._renderer):
            return self._render_window()

    def _last_visible(self) -> Any:
        """Return what was shown last of what is visible; None if there is nothing."""
        return next((one for one in reversed(self._representations.values()) if one.is_visible), None)

    def _release(self) -> None:
        self._representations.clear()
        self._actor.GetScene().ClearItems()

    def _open(self) -> None:
        self._charts = chart_window()
        self._window = self._charts.window
        self._readback = Readback(self._window)

    def _close_window(self) -> None:
        self._charts.leave(self._renderer)
        del self._charts, self._renderer, self._actor
