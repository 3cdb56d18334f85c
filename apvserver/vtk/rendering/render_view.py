"""Renders surfaces off screen into images."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..base.associations import CELLS, Association
from ..base.errors import InvalidProperty
from .annotations import legend_grid_of
from .exports.exported_scene import VECTOR, ExportedScene
from .fonts.noted import gathered, told
from .images import RenderedImage
from .pixels.antialiasing import Accumulator, Pixels
from .pixels.id_pictures import IdPicture
from .pixels.picking import Area, Hit, area_of, place_of, points_within
from .placement import placement
from .representation import Representation
from .view import check_size
from .views.tracing import TracingView

if TYPE_CHECKING:
    from .exports.scene_parts import ScenePart


class RenderView(TracingView):
    """One off-screen window: its camera, its lights and what it shows.

    Everything raises `WrongThread` on another thread than that which made the view, because an OpenGL
    context cannot change threads, and `ViewClosed` after `close()`. The same scene gives the same bytes,
    in another process too. Until CameraPosition, CameraFocalPoint or CameraParallelScale is set, or the
    camera is reset, the first render that has something to show fits the camera to it.
    """

    def __init__(self, properties: Mapping[str, object] | None = None) -> None:
        """Open a view. Raises `OpenGLUnavailable` where nothing can be rendered, else as `set_properties`."""
        super().__init__()
        self.set_properties(properties or {})
        self._accumulator = Accumulator()
        self._open()

    def render(self, *, reduced: bool = False, sample: int = 0) -> RenderedImage:
        """Draw the scene and read the picture back; takes as long as it takes, and waits for nobody.

        `reduced` draws less detail where there is such. With `sample` 1, 2, ... the picture is the mean of so
        many drawings, each of which looks at another point of every pixel: ask for 1, then for one after the other.
        Where paths are traced (`is_traced`) these are passes; `interrupt` ends one with PictureInterrupted.
        """
        self._require_usable()
        if sample and (traced := self._traced_picture(sample)) is not None:
            return traced
        width, height = self._properties["ViewSize"]
        with gathered() as remarks:
            drawing_s = self._draw((width, height), reduced=reduced, sample=sample)
            self._note_untraced()
        if not reduced:
            self._build_if_needed()
        placed, said = self._camera_is_placed, told(list(remarks))
        pixels = self._mean_with(sample) if sample else self._readback.frame((width, height))
        return RenderedImage(width, height, pixels, self.camera, drawing_s, placed, remarks=said, is_padded=not sample)

    def _mean_with(self, sample: int) -> Pixels:
        """Return the mean of what was drawn for this sample and those before it."""
        if sample == 1:
            self._accumulator.clear()
        self._accumulator.add(self._readback.pixels(self._size))
        return self._accumulator.mean()

    def exported_scene(self) -> ExportedScene:
        """Return what is seen as triangles, lines and points. Raises InvalidProperty for what has none."""
        self._require_usable()
        self._arrange_for_other_use(self._properties["ViewSize"])
        get, parts = self._properties.snapshot(), {}
        for identifier, one in self._representations.items():
            if one.is_visible:
                parts[identifier] = self._parts_of(one)
        left_out = [name for name, seen in self._beside_the_scene(get).items() if seen]
        return ExportedScene(self.camera, self._paper().bottom, get["ViewSize"], parts, left_out)

    def _parts_of(self, one: Representation) -> list[ScenePart]:
        """Return what is shown as triangles, lines and points. Raises InvalidProperty for what has none."""
        from .exports.scene_parts import scene_parts  # late: few views are exported, and 30 ms are a tenth of a picture

        found = scene_parts(one.drawing)
        if found is None:
            kind = one.properties["Representation"]
            raise InvalidProperty(
                f"what is shown as {kind} is made by the graphics card alone, and cannot be exported: hide it, "
                "or show it otherwise (filters.Glyph makes glyphs that can be exported)"
            )
        return found

    def _drawing(self, scale: float, style: str, go_on: Callable[[], None]) -> bytes:
        """See View."""
        from .exports.drawn_legends import draw_legends
        from .exports.scene_vectors import VectorScene
        from .exports.sheet import Sheet
        from .exports.written_axes import hidden, write_axes
        from .exports.written_texts import WrittenTexts

        self._asked_scale, points = scale, self._page_size
        width, height = (max(1, round(side * scale)) for side in points)
        check_size(width, height)
        drawn = [one for one in self._representations.values() if one.is_visible]
        vectors = VectorScene(self._window, self._renderer, self._render_scene, go_on) if style == VECTOR else None
        if vectors is not None:
            self._check_vectors()
        self._arrange_for_other_use((width, height))
        if vectors is not None:  # colors are those of pixels, not mixed with their neighbors'
            self._apply_to_renderer(self._paper(), smooths=False)
        self._place_labels((width, height), always=True)
        sheets = [*self._annotations.sheets, *(sheet for one in drawn for sheet in one.sheets), *self._labels.sheets]
        page, texts = Sheet(points, (width, height)), WrittenTexts(self._window)
        legends = self.layout((width, height), scale).legends
        with texts.hidden(), self._legends.hidden(), hidden(sheets):
            if vectors is None:
                self._render_scene((width, height))
                page.add_picture(self._readback.pixels((width, height)), (0, 0, width, height))
            else:
                found = [part for one in drawn if not one.is_in_front for part in self._parts_of(one)]
                props = [one.drawing.prop for one in drawn if not one.is_in_front]
                lines = [*self._annotations.line_props, *(line for one in drawn for line in one.line_props)]
                vectors.draw(page, self._paper(), found, props, lines)
        write_axes(page, sheets)
        draw_legends(page, legends, self._paper(), height)
        texts.write(page)
        return page.file()

    def _check_vectors(self) -> None:
        """Raise InvalidProperty for what cannot be drawn as polygons and lines."""
        from .exports.scene_vectors import OTHERWISE

        get = self._properties.snapshot()
        if get["UseTexturedBackground"] and get["BackgroundTexture"]:
            raise InvalidProperty(f"the background is a picture (BackgroundTexture): {OTHERWISE}")
        if get["StereoRender"]:
            raise InvalidProperty(f"a picture for both eyes (StereoRender) has no vectors: {OTHERWISE}")

    def _beside_the_scene(self, get: Mapping[str, Any]) -> dict[str, bool]:
        """Return what may be seen beside what is shown, and whether it is."""
        of_data = [prop for one in self._representations.values() for prop in one.props]
        return {
            "legends": any(prop not in of_data for prop in self._props),
            "labels": any(one.labelled.kinds for one in self._representations.values()),
            "texts": bool(get["Texts"]) or any(one.is_in_front for one in self._representations.values()),
            "axes": bool(self._around() or legend_grid_of(get))
            or any(get[f"{axes}Visibility"] for axes in ("OrientationAxes", "CenterAxes")),
        }

    def pick(self, x: int, y: int) -> tuple[Hashable, Representation, Hit] | None:
        """Return what the pixel (from the top left) shows, None for the background.

        Raises `InvalidProperty` outside of the picture.
        """
        self._require_usable()
        area = area_of((x, y, x, y), self._properties["ViewSize"])
        picture = self._numbers(area)
        owner = picture.owner(int(picture.numbers[0, 0]))
        if owner is None:
            return None
        identifier, id_ = owner
        return identifier, self._representations[identifier], Hit(id_, place_of(self._renderer, *area[:2]))

    def seen(self, rectangle: Sequence[int], association: Association) -> list[tuple[Hashable, Representation, Any]]:
        """Return the points or cells that are seen in a rectangle of pixels, by representation.

        Raises `InvalidProperty`.
        """
        self._require_usable()
        area = area_of(rectangle, self._properties["ViewSize"])
        picture, found = self._numbers(area), []
        for identifier in picture.firsts:
            representation, ids = self._representations[identifier], picture.ids_of(identifier)
            if association == CELLS and representation.association != CELLS:
                continue
            if association != representation.association:
                stands = placement(representation.properties)
                ids = points_within(self._renderer, area, representation.data, ids, stands)
            if len(ids):
                found.append((identifier, representation, ids))
        return found

    def visible_range(self, identifier: Hashable) -> tuple[float, float] | None:
        """Return the range of the numbers that color a representation, of the points or cells of it that are seen.

        None if none are, or nothing colors it. Raises `UnknownRepresentation`.
        """
        color_by = self.representation(identifier).properties["ColorBy"]
        width, height = self._properties["ViewSize"]
        if color_by is None:
            return None
        for found, representation, ids in self.seen((0, 0, width - 1, height - 1), color_by.association):
            if found == identifier:
                return representation.range_of(ids)
        return None

    def _numbers(self, area: Area) -> IdPicture:
        """Return which cell or point each pixel of a rectangle shows."""
        self._arrange_for_other_use(self._properties["ViewSize"])
        self._annotations.hide()
        self._labels.hide()
        self._passes.forget()
        return self._id_pictures.take(area, self._representations)
