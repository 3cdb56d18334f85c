"""Draws charts off screen into images, and as files of vectors: what all kinds of charts have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable, Mapping
from typing import Any, ClassVar, Final

import vtkmodules.vtkRenderingContextOpenGL2
import vtkmodules.vtkRenderingFreeType  # noqa: F401  registers what draws, and texts
from vtkmodules.vtkRenderingContext2D import vtkContextActor
from vtkmodules.vtkRenderingCore import vtkRenderer

from async_paraview.names import unknown_name
from async_paraview.scene.types import SceneType
from async_paraview.scene.views import WHITE

from ...base.errors import InvalidProperty
from ...base.property_set import PropertySet
from ..exports.chart_files import FORMATS, chart_file
from ..images import RenderedImage
from ..paper import Color, paper_of
from ..render_view import UnknownRepresentation
from ..view import View
from .chart_representation import ChartRepresentation
from .parts.looks import Look
from .parts.unit_scale import frames_of, measure_in_pixels, pictures_in, sheet, suit_pdf

_SAMPLES: Final = 8


class ChartView(View):
    """A chart of everything that is shown in it. A color of None is one that is seen on the background."""

    TYPE: ClassVar[SceneType]

    def __init__(self, properties: Mapping[str, object] | None = None) -> None:
        """Open a view. Raises `OpenGLUnavailable` where nothing can be rendered, else as `set_properties`."""
        super().__init__(PropertySet(self.TYPE), self.TYPE.owner)
        self._representations: dict[Hashable, Any] = {}
        self.set_properties(properties or {})
        self._open()
        self._window.SetAlphaBitPlanes(True)
        self._window.SetMultiSamples(_SAMPLES)
        self._actor, self._renderer = vtkContextActor(), vtkRenderer()
        self._renderer.AddActor(self._actor)
        self._actor.GetScene().SetRenderer(self._renderer)
        self._window.AddRenderer(self._renderer)

    @classmethod
    def accepted(cls, before: PropertySet, changes: Mapping[str, object]) -> dict[str, Any]:
        """Return the changes as they will be stored. Raises `UnknownProperty`, `InvalidProperty`."""
        return before.checked(changes)

    @classmethod
    def check_properties(cls, changes: Mapping[str, object]) -> None:
        """Raise what `set_properties` of a new view would raise."""
        cls.accepted(PropertySet(cls.TYPE), changes)

    def set_properties(self, changes: Mapping[str, object]) -> None:
        """Change properties, all or none. Raises `UnknownProperty`, `InvalidProperty`."""
        self._require_usable()
        self._properties.update(self.accepted(self._properties, changes))

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
        drawing_s = self._draw((width, height))
        return RenderedImage(width, height, self._pixels((width, height)), None, drawing_s)

    def exported_file(self, format: str) -> bytes:
        """Return the chart as an SVG or PDF file. Raises InvalidProperty for another format, NotExported."""
        self._require_usable()
        if format not in FORMATS:
            raise InvalidProperty(unknown_name("format of charts", format, FORMATS))
        size, get = self._properties["ViewSize"], self._properties.snapshot()
        look = Look(get, paper_of(get, WHITE), size)
        items = self._items(look)
        self._renderer.SetBackground(get["Background"])
        self._renderer.SetBackgroundAlpha(1.0)
        self._draw_items(items, size)
        measure_in_pixels(items)
        if format == "pdf":
            suit_pdf(items, look.paper)
            items.insert(0, sheet(get["Background"], size))
        self._draw_items(items, size)
        return chart_file(self._window, format, frames_of(items), pictures_in(items))

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
        self._renderer.SetBackground(self._properties["Background"])
        self._renderer.SetBackgroundAlpha(0.0 if transparent else 1.0)
        get = self._properties.snapshot()
        look = Look(get, paper_of(get, WHITE, transparent=transparent), size, self._scale)
        return self._draw_items(self._items(look), size)

    def _draw_items(self, items: list[Any], size: tuple[int, int]) -> float:
        """Draw just these, and tell for how many seconds."""
        self._window.SetSize(*size)
        scene = self._actor.GetScene()
        scene.ClearItems()
        for item in items:
            scene.AddItem(item)
            item.Update()  # an axis on its own makes its numbers then
        return self._render_window()

    def _last_visible(self) -> Any:
        """Return what was shown last of what is visible; None if there is nothing."""
        return next((one for one in reversed(self._representations.values()) if one.is_visible), None)

    def _release(self) -> None:
        self._representations.clear()
        self._actor.GetScene().ClearItems()
        self._renderer.ReleaseGraphicsResources(self._window)
        self._window.RemoveRenderer(self._renderer)
        del self._renderer, self._actor
