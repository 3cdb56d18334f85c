"""How a render view is drawn: all of it or, where only the camera has moved, what depends on the camera."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cache, partial
from typing import Any, Final, NamedTuple

import numpy as np
from vtkmodules.vtkRenderingCore import vtkRenderer

from async_paraview.scene.views import (
    STEREO_TYPES,
    USUAL_BACKGROUND,
)

from ..annotations import Annotations
from ..axes.grid_texts import GridText
from ..axes.legend_grid import Piece
from ..camera.framing import as_vector, union_of_bounds, upright
from ..camera.looking import Looking
from ..capabilities import OSPRAY, ray_tracer, ray_tracing_pass
from ..compositing.composer import Composer
from ..compositing.layering import Layering
from ..compositing.layers import Frame
from ..compositing.looks import told_camera, told_paper
from ..compositing.patches import CompositingFailed, Patch
from ..compositing.sheet import Sheet
from ..fonts.noted import gathered, note
from ..layout.arranging import Layout
from ..legends.legends import Legends
from ..looks.light_kit import OF_LIGHTS
from ..looks.passes import Drawn, Passes
from ..looks.surroundings import Surroundings
from ..overlays.label_sheet import LabelSheet, Scene
from ..overlays.labels import Candidate
from ..paper import BLACK, WHITE, Color, Paper
from ..pixels.antialiasing import jitter
from ..pixels.id_pictures import IdPictures
from ..representation import Representation
from ..textures.pictures import background_texture
from .aiming import AimingView

_NOT_COMPOSITED: Final = (
    "UseSSAO", "UseToneMapping", "HiddenLineRemoval", "EnableRayTracing", "UseEnvironmentLighting",
)  # fmt: skip
"""What makes a pixel depend on more than what is nearest there."""
_BEGUN_PIXELS: Final = 1 << 22
"""A view of at most so many is drawn ahead: four million, which is more than most screens have."""
_VTK_STEREO: Final = {name: number for number, name in enumerate(STEREO_TYPES, 1)}


class _Wanted(NamedTuple):
    """All that a picture depends on but the camera."""

    size: tuple[int, int]
    scale: float
    reduced: bool
    is_sample: bool
    transparent: bool
    behind: Color | None
    of_view: tuple[Any, ...]
    """How often its properties were changed, and those of the picture that are not among them."""
    shown: tuple[tuple[Hashable, int], ...]
    """What is shown, and how often each was changed."""


class _Arranged(NamedTuple):
    """A scene that is set: for what, upon which paper, and where all stands beside it."""

    wanted: _Wanted
    paper: Paper
    layout: Layout


class DrawingView(AimingView):
    """A view with a window, into which what it shows is drawn."""

    def __init__(self) -> None:
        super().__init__()
        self._props: list[Any] = []
        self._arranged: _Arranged | None = None
        """The scene as it is set in the window; None: it has to be set from the beginning."""
        self._arranged_now: _Arranged | None = None
        """The scene that is drawn next."""
        self._traces_rays = False
        self._rays: Any = None
        self.composer: Composer | None = None
        """Who has the other ranks draw their pieces, where there are several."""
        self.number = 0
        """By which the other ranks know this view."""
        self._composited: dict[Hashable, Representation] = {}
        """What is drawn in pieces, each by its rank."""
        self._sheet: Sheet | None = None
        self._layering: Layering
        """What is seen through and drawn by all ranks."""
        self._mixed: object = None
        """After which changes something else was seen through, so that rank 0 draws all that is."""
        self._behind: str | None = None
        """The picture that the renderer has for its background."""

    def _open(self) -> None:
        super()._open()
        self._window.SetAlphaBitPlanes(True)
        self._window.SetMultiSamples(0)  # 5 times slower in software than FXAA
        self._renderer = vtkRenderer()
        self._passes = Passes(self._renderer)
        self._surroundings = Surroundings(self._renderer)
        self._window.AddRenderer(self._renderer)
        self._layering = Layering(self._window, self._renderer)
        self._window.SetNumberOfLayers(2)  # labels, and the axes in the corner, are drawn after all else
        self._labels, self._legends = LabelSheet(self._window, self._renderer), Legends()
        self._annotations = Annotations(self._window, self._renderer)
        self._id_pictures = IdPictures(self._window, self._renderer)

    def begin_drawing(self) -> None:
        """Set up the graphics library for the first picture, if there was none yet; nothing is seen of it. 40 ms.

        Of a large picture it would take seconds, and gigabytes, and nobody may ever want it.
        """
        self._require_usable()
        width, height = self._properties["ViewSize"]
        if self._arranged_now is None and width * height <= _BEGUN_PIXELS:
            self._window.SetSize(width, height)
            self._render_window()

    def add_representation(self, identifier: Hashable, representation: Representation) -> None:
        """Show the representation; what had this identifier is removed and released."""
        self._require_usable()
        if identifier in self._representations:
            self.remove_representation(identifier)
        self._representations[identifier] = representation
        self._changes += 1

    def remove_representation(self, identifier: Hashable) -> None:
        """Stop showing it and free what it holds. Raises `UnknownRepresentation`."""
        representation = self.representation(identifier)
        del self._representations[identifier]
        self._composited.pop(identifier, None)
        self._layering.shown.pop(identifier, None)
        self._changes += 1
        self._add_and_remove_props(self._paper(), self.layout())
        self._id_pictures.forget(identifier)
        representation.release(self._window)

    def axes_texts(self) -> list[GridText]:
        """Return the numbers and titles of axes as they were drawn last, in pixels."""
        self._require_usable()
        of_data = (text for one in self._representations.values() for text in one.axes_texts)
        return [*self._annotations.grid_texts, *of_data]

    @property
    def labels(self) -> list[Candidate]:
        """The labels of points, cells and contours that were drawn last."""
        self._require_usable()
        return self._labels.placed

    def legend_grid(self) -> list[Piece]:
        """Return the parts of rulers and the bar as they were drawn last, in pixels."""
        self._require_usable()
        return self._annotations.legend_grid

    def _release(self) -> None:
        if self.composer is not None:
            self.composer.close_view(self.number)
        if self._sheet is not None:
            self._sheet.release()
        self._layering.release()
        for identifier in list(self._representations):
            self.remove_representation(identifier)
        self._annotations.release()
        self._labels.release()
        self._passes.release(self._window)
        self._renderer.ReleaseGraphicsResources(self._window)
        self._window.RemoveRenderer(self._renderer)
        del self._renderer

    def _draw(
        self,
        size: tuple[int, int],
        *,
        reduced: bool = False,
        sample: int = 0,
        transparent: bool = False,
        behind: Color | None = None,
    ) -> float:
        """Draw, and tell for how many seconds."""
        while True:
            self._arrange(size, reduced=reduced, sample=sample, transparent=transparent, behind=behind)
            try:
                drawing_s = self._place_labels(size) + self._render_scene(size)
            except CompositingFailed:
                if not (self._composited or self._layering.shown):
                    raise
                continue  # without the other ranks, which are not asked again
            self._labels.drawn()
            return drawing_s

    def _render_scene(self, size: tuple[int, int]) -> float:
        """Draw what was arranged, and lines whole that lie in surfaces; tell for how many seconds."""
        shown = [one for one in self._representations.values() if one.is_visible]
        lines = shown if len(shown) > 1 else []
        try:
            for one in lines:
                one.drawing.lie_in_front(Looking(self.camera, size), one.properties)
            return self._render_pieces(size)
        finally:
            for one in lines:
                one.drawing.lie_in_front(None, one.properties)

    # --- pieces of other ranks

    def _settle_pieces(self, *, whole: bool, layered: bool) -> None:
        """Find out what is drawn in pieces, each by its rank; what is not is put together and drawn here.

        `whole`: nothing; not `layered`: nothing that is seen through.
        """
        self._composited, self._layering.shown = {}, {}
        shared = {id_: one for id_, one in self._representations.items() if one.elsewhere is not None}
        if not shared:
            return
        composer = self.composer
        assert composer is not None  # or nothing had come in pieces
        composites = not whole and composer.works and self._composites()
        if composites and layered:
            visible = {id_: one for id_, one in self._representations.items() if one.is_visible}
            self._layering.choose(visible, self._properties.snapshot(), self.camera)
        for id_, one in shared.items():
            if not one.is_visible:
                continue
            if id_ in self._layering.shown:
                one.draw_piece()
            elif composites and one.can_be_composited:
                one.draw_piece()
                self._composited[id_] = one
            else:
                one.draw_whole(partial(composer.gather, id_))

    def _composites(self) -> bool:
        """Return whether each pixel of a picture is what is nearest there, in the color that it was drawn in."""
        get = self._properties.snapshot()
        stereo = self._stereo if self._stereo is not None else get["StereoRender"]
        return not stereo and not any(get[name] for name in _NOT_COMPOSITED)

    def _stand_for_pieces(self) -> list[Any]:
        """Return what draws the pieces of the other ranks: nothing if there are none to be drawn so."""
        box = union_of_bounds(box for one in self._composited.values() if (box := one.bounds))
        if box is None:
            return self._layering.stand()
        self._sheet = self._sheet or Sheet(self._window)
        self._sheet.stand_for(box)
        return [self._sheet.prop, *self._layering.stand()]

    def _render_pieces(self, size: tuple[int, int]) -> float:
        """Draw what was arranged while the other ranks draw their pieces of it; tell for how many seconds."""
        arranged, composer, layering = self._arranged_now, self.composer, self._layering
        if composer is None or not (self._composited or layering.shown):
            return self._render_window()
        assert arranged is not None
        get, reduced = self._properties.snapshot(), arranged.wanted.reduced
        scene = {"paper": told_paper(arranged.paper), "lights": {name: get[name] for name in OF_LIGHTS}}
        camera = told_camera(self._renderer.GetActiveCamera())
        take: Callable[[], Patch] | None = None
        if self._composited:
            looks = [{"id": id_, **one.told_look()} for id_, one in self._composited.items()]
            take = cache(composer.draw(self.number, {**scene, "looks": looks}, camera, size, reduced=reduced))
        drawing_s, depths = 0.0, None
        if layering.shown:
            if take is not None or layering.has_opaque():
                depths = layering.depths(lambda: self._render_with(take))
            frame = Frame(size, camera, reduced, depths)
            layering.draw(self.number, composer, {**scene, "get": get}, frame)
        return drawing_s + self._render_with(take)

    def _render_with(self, take: Callable[[], Patch] | None) -> float:
        """Draw what was arranged, with what the other ranks have drawn; tell for how many seconds."""
        sheet = self._sheet
        if take is None or sheet is None:
            return self._render_window()
        sheet.begin(take)
        try:
            drawing_s = self._render_window()
        finally:
            sheet.end()
        return drawing_s

    def _drawn_upon(self, transparent: bool) -> tuple[Color | None, ...]:
        """Return black and white for a picture without background: what is opaque looks the same on both."""
        return (BLACK, WHITE) if transparent else (None,)

    def _arrange(
        self,
        size: tuple[int, int],
        *,
        reduced: bool = False,
        sample: int = 0,
        transparent: bool = False,
        behind: Color | None = None,
        whole: bool = False,
        layered: bool = True,
    ) -> None:
        """Set the scene, so that the window is ready to draw it; `whole`: with nothing of it on other ranks alone.

        Not `layered`: with nothing that is seen through on other ranks alone.

        Where nothing but the camera has changed since the last picture, only what depends on the camera is set.
        """
        self._fit_if_unplaced()
        self._settle_pieces(whole=whole, layered=layered and self._mixed != self._counted_changes)
        looking = self._looking(size, self._scale)
        wanted = self._all_but_camera(size, reduced, bool(sample), transparent, behind)
        arranged = self._arranged
        if arranged is None or arranged.wanted != wanted:
            self._arranged = None
            with gathered() as remarks:
                arranged = self._arrange_all(wanted, looking)
            self._arranged = None if remarks else arranged  # they are said of each picture
        else:
            self._follow(arranged, looking)
        self._arranged_now = arranged
        self._apply_camera(looking)
        self._annotations.follow()
        self._label(looking, arranged, anew=sample <= 1)
        x, y = jitter(sample) if sample else (0.0, 0.0)
        beside, above = looking.center
        self._renderer.GetActiveCamera().SetWindowCenter(beside + 2 * x / size[0], above + 2 * y / size[1])
        widgets = self._properties["Widgets"] if self._has_widgets else ()
        self._annotations.show_widgets(widgets, looking, self._scale, (-x, -y))
        if self._layering.shown and self._layering.is_mixed():
            self._arrange(size, reduced=reduced, sample=sample, transparent=transparent, behind=behind, layered=False)
            self._mixed = self._counted_changes

    def _arrange_for_other_use(self, size: tuple[int, int]) -> None:
        """Set the scene for who changes it then: the next picture sets it from the beginning."""
        self._arrange(size, whole=True)
        self._arranged = None

    def _all_but_camera(
        self, size: tuple[int, int], reduced: bool, is_sample: bool, transparent: bool, behind: Color | None
    ) -> _Wanted:
        """Return all that a picture depends on but the camera, as what can be compared."""
        _, shown = self._counted_changes
        of_view = self._changes, self._palette, self._stereo, self._legends_elsewhere, self._drawn_elsewhere
        return _Wanted(size, self._scale, reduced, is_sample, transparent, behind, of_view, shown)

    @property
    def _counted_changes(self) -> tuple[int, tuple[tuple[Hashable, int], ...]]:
        """How often this view was changed, and each thing that it shows."""
        return self._changes, tuple([(id_, one.changes) for id_, one in self._representations.items()])

    @property
    def _drawn_elsewhere(self) -> tuple[Any, ...]:
        """What is drawn by all ranks: what is opaque, and what is seen through."""
        return tuple(self._composited), tuple(self._layering.shown)

    def _arrange_all(self, wanted: _Wanted, looking: Looking) -> _Arranged:
        """Set the scene from the beginning."""
        size, transparent = wanted.size, wanted.transparent
        paper = self._paper(transparent=transparent)
        for representation in self._representations.values():
            representation.use_level_of_detail(wanted.reduced)
            representation.use_scale(self._scale)
            representation.use_paper(paper)
            representation.drawing.use_size(size)
            representation.drawing.use_camera(self._renderer.GetActiveCamera())
            representation.use_axes(looking)
        layout = self.layout(size, self._scale)
        for identifier, placed in layout.data.items():
            self._representations[identifier].stand(placed.lines, placed.look(size), size, placed.scale)
        self._add_and_remove_props(paper, layout)
        note(layout.remarks())
        self._window.SetSize(*size)
        smooths = self._properties["UseFXAA"] and not wanted.is_sample and not wanted.reduced
        self._apply_to_renderer(paper, smooths=smooths, is_reduced=wanted.reduced)
        self._renderer.SetGradientBackground(paper.top != paper.bottom)
        if wanted.behind is not None:
            self._renderer.SetBackground(wanted.behind)
        self._apply_background_picture(transparent=transparent)
        self._annotations.apply(self._properties.snapshot(), self.bounds, looking, paper, layout)
        return _Arranged(wanted, paper, layout)

    def _follow(self, arranged: _Arranged, looking: Looking) -> None:
        """Set what depends on the camera, of a scene in which nothing else has changed."""
        camera = self._renderer.GetActiveCamera()
        for representation in self._representations.values():
            representation.drawing.use_camera(camera)
            representation.follow(looking)
        if self._annotations.depend_on_camera:
            get = self._properties.snapshot()
            self._annotations.apply_axes(get, self.bounds, looking, arranged.paper, arranged.layout)

    def _place_labels(self, size: tuple[int, int], *, always: bool = False) -> float:
        """Find out where labels stand by drawing without passes, which would keep no depths; tell for how many seconds.

        Where there are no passes they are placed while the picture is drawn, unless `always` says otherwise.
        """
        renderer: Any = self._renderer  # whose pass may be None
        passes = renderer.GetPass()
        if not self._labels.is_waiting or (passes is None and not always):
            return 0.0
        renderer.SetPass(None)
        drawing_s = self._render_scene(size)
        renderer.SetPass(passes)
        self._labels.drawn()
        return drawing_s

    def _label(self, looking: Looking, arranged: _Arranged, *, anew: bool) -> None:
        """Have the labels of what is visible be drawn, beside what stands in the picture already."""
        shown = [one.labelled for one in self._representations.values() if one.has_labels]
        if not shown:
            self._labels.hide()
            return
        of_axes = [one.box for one in self.axes_texts()]
        of_axes += [one.box for one in self.legend_grid() if one.what == "Label"]
        taken = (*(one.box for one in arranged.layout.items), *of_axes)
        self._labels.show(Scene(shown, looking, arranged.paper, self._scale, taken), anew=anew)

    def _apply_background_picture(self, *, transparent: bool) -> None:
        path = self._properties["BackgroundTexture"]
        if path != self._behind:
            self._behind = path
            renderer: Any = self._renderer  # which takes None as well
            renderer.SetBackgroundTexture(None if path is None else background_texture(path))
        of_palette = self._palette.is_of_picture and self._palette.gives_page(self._properties.snapshot())
        asked = self._properties["UseTexturedBackground"] and path is not None
        wanted = asked and not (transparent or of_palette)
        self._renderer.SetTexturedBackground(wanted)

    def _paper(self, *, transparent: bool = False) -> Paper:
        return self._paper_of(USUAL_BACKGROUND, transparent=transparent)

    def _add_and_remove_props(self, paper: Paper, layout: Layout) -> None:
        """Have the renderer draw what the representations draw with now, and their legends."""
        shown = self._representations.values()
        legends = self._legends.props(layout.legends, paper, layout.size[1])
        layered = self._layering.shown.values()
        of_data = [one.props_around if one in layered else one.props for one in shown]
        wanted = [*(prop for props in of_data for prop in props), *legends, *self._stand_for_pieces()]
        for prop in self._props:
            if prop not in wanted:
                self._renderer.RemoveViewProp(prop)
                prop.ReleaseGraphicsResources(self._window)
        for prop in wanted:
            if prop not in self._props:
                self._renderer.AddViewProp(prop)
        self._props = wanted

    def _apply_to_renderer(self, paper: Paper, *, smooths: bool, is_reduced: bool = False) -> None:
        get = self._properties.__getitem__
        renderer: Any = self._renderer
        renderer.SetBackground(paper.bottom)
        renderer.SetBackground2(paper.top)
        renderer.SetUseHiddenLineRemoval(get("HiddenLineRemoval"))
        stereo = self._stereo if self._stereo is not None else get("StereoType") if get("StereoRender") else ""
        self._window.SetStereoRender(bool(stereo))
        if stereo:
            self._window.SetStereoType(_VTK_STEREO[stereo])
        layered, bounds = self._layering.shown, self.bounds
        shown = [one for id_, one in self._representations.items() if one.is_visible and id_ not in layered]
        translucent, volumes = any(r.is_translucent for r in shown), any(r.is_volume for r in shown)
        diagonal = 0.0 if bounds is None else float(np.linalg.norm(np.subtract(bounds[1::2], bounds[::2])))
        self._passes.apply(self._properties.snapshot(), Drawn(translucent, volumes, diagonal, smooths, is_reduced))
        self._surroundings.apply(self._properties.snapshot())
        if (by_vtk := get("EnableRayTracing") and ray_tracer() == OSPRAY) != self._traces_rays:
            self._traces_rays = by_vtk
            self._rays = ray_tracing_pass() if self._traces_rays else None
        if self._traces_rays:
            renderer.SetPass(self._rays)

    def _apply_camera(self, looking: Looking) -> None:
        state, camera = looking.camera, self._renderer.GetActiveCamera()
        camera.SetPosition(state.position)
        camera.SetFocalPoint(state.focal_point)
        look = as_vector(np.subtract(state.focal_point, state.position))
        camera.SetViewUp(upright(look, state.view_up))
        camera.SetViewAngle(state.view_angle)
        camera.SetParallelProjection(state.parallel_projection)
        camera.SetParallelScale(state.parallel_scale)
        camera.SetEyeAngle(self._properties["EyeAngle"])
        camera.SetWindowCenter(*looking.center)
        self._renderer.ResetCameraClippingRange()
