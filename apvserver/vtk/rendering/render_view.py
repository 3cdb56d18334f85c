"""Renders surfaces off screen into images."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import astuple
from typing import Any, Final

import numpy as np
from vtkmodules.vtkRenderingCore import vtkRenderer

from async_paraview.names import unknown_name
from async_paraview.scene.views import (
    CAMERA_PROPERTIES,
    PLACING_THE_CAMERA,
    RENDER_VIEW,
    STEREO_TYPES,
    USUAL_BACKGROUND,
)

from ..base.associations import CELLS, Association
from ..base.errors import InvalidProperty, VtkError
from ..base.property_set import PropertySet
from .annotations import Annotations, grid_margin, occupied
from .antialiasing import Accumulator, jitter
from .camera.camera_moves import moved
from .camera.framing import Margins, Room, as_vector, union_of_bounds, upright
from .camera.waiting import Framed, WaitingCamera, fitted
from .capabilities import ray_tracing, ray_tracing_pass
from .exports.exported_scene import ExportedScene
from .exports.scene_parts import scene_parts
from .id_pictures import IdPicture, IdPictures
from .images import Bounds, CameraState, RenderedImage
from .legends.legends import Legends, Place, Placed, wanted_legends
from .paper import BLACK, WHITE, Color, Paper, has_gradient, paper_of
from .picking import Area, Hit, area_of, place_of, points_within
from .placement import placement
from .representation import Representation
from .textures.pictures import background_texture, check_picture
from .view import FITTED, PLACED, WAITING, View

_PEELS = 8
_VTK_STEREO: Final = {name: number for number, name in enumerate(STEREO_TYPES, 1)}


class UnknownRepresentation(VtkError, ValueError):
    """A view shows nothing of that identifier."""


def _property_set() -> PropertySet:
    return PropertySet(RENDER_VIEW, more={"EnableRayTracing": ray_tracing, "BackgroundTexture": check_picture})


def _accepted(before: PropertySet, changes: Mapping[str, object]) -> dict[str, Any]:
    """Return the changes as they will be stored. Raises `UnknownProperty`, `InvalidProperty`."""
    accepted = before.checked(changes)
    after = {**before.snapshot(), **accepted}
    if after["CameraPosition"] == after["CameraFocalPoint"]:
        raise InvalidProperty("CameraPosition and CameraFocalPoint must differ: there is no direction")
    if after["StereoRender"] and after["StereoType"] == STEREO_TYPES[0]:
        raise InvalidProperty(
            f"StereoType {STEREO_TYPES[0]} needs a screen of its own; there are {', '.join(STEREO_TYPES[1:])}"
        )
    return accepted


def _named(camera: CameraState) -> dict[str, Any]:
    return dict(zip(CAMERA_PROPERTIES, astuple(camera), strict=True))


class RenderView(View):
    """One off-screen window: its camera, its lights and what it shows.

    Everything raises `WrongThread` on another thread than that which made the view, because an OpenGL
    context cannot change threads, and `ViewClosed` after `close()`. The same scene gives the same bytes,
    in another process too. Until CameraPosition, CameraFocalPoint or CameraParallelScale is set, or the
    camera is reset, the first render that has something to show fits the camera to it.
    """

    def __init__(self, properties: Mapping[str, object] | None = None) -> None:
        """Open a view. Raises `OpenGLUnavailable` where nothing can be rendered, else as `set_properties`."""
        super().__init__(_property_set(), RENDER_VIEW.owner)
        self._camera_is_placed = False
        self._waiting = WaitingCamera()
        self._aside = (0.0, 0.0)
        """How far beside what the camera looks at it was fitted to have the middle of the scene (`Room.aside`)."""
        self._fitted_without: frozenset[Hashable] | None = None
        """What was awaited when the camera was fitted to the rest; None: it was fitted to nothing yet."""
        self._representations: dict[Hashable, Representation] = {}
        self._props: list[Any] = []
        self._traces_rays = False
        self._behind: str | None = None
        """The picture that the renderer has for its background."""
        self.set_properties(properties or {})
        self._open()
        self._window.SetAlphaBitPlanes(True)
        self._window.SetMultiSamples(0)  # 5 times slower in software than FXAA
        self._accumulator = Accumulator()
        self._renderer = vtkRenderer()
        self._renderer.SetMaximumNumberOfPeels(_PEELS)
        self._renderer.SetOcclusionRatio(0.0)
        self._window.AddRenderer(self._renderer)
        self._legends = Legends()
        self._annotations = Annotations(self._window, self._renderer)
        self._id_pictures = IdPictures(self._window, self._renderer)

    @classmethod
    def check_properties(cls, changes: Mapping[str, object]) -> None:
        """Raise what `set_properties` of a new view would raise."""
        _accepted(_property_set(), changes)

    def set_properties(self, changes: Mapping[str, object]) -> None:
        """Change properties, all or none. Raises `UnknownProperty`, `InvalidProperty`."""
        self._require_usable()
        accepted = _accepted(self._properties, changes)
        of_camera = {name: value for name, value in accepted.items() if name in CAMERA_PROPERTIES}
        if of_camera:
            self._waiting.set(self.camera, of_camera, self._size)
            if not PLACING_THE_CAMERA.isdisjoint(of_camera):
                self._aside = (0.0, 0.0)
        self._properties.update(accepted)
        if not self._waiting:
            self._camera_is_placed |= not PLACING_THE_CAMERA.isdisjoint(of_camera)

    def add_representation(self, identifier: Hashable, representation: Representation) -> None:
        """Show the representation; what had this identifier is removed and released."""
        self._require_usable()
        if identifier in self._representations:
            self.remove_representation(identifier)
        self._representations[identifier] = representation

    def remove_representation(self, identifier: Hashable) -> None:
        """Stop showing it and free what it holds. Raises `UnknownRepresentation`."""
        representation = self.representation(identifier)
        del self._representations[identifier]
        self._add_and_remove_props(self._paper(), self._properties["ViewSize"])
        self._id_pictures.forget(identifier)
        representation.release(self._window)

    def representation(self, identifier: Hashable) -> Representation:
        """Return the representation of that identifier. Raises `UnknownRepresentation`."""
        self._require_usable()
        found = self._representations.get(identifier)
        if found is None:
            names = (str(known) for known in self._representations)
            raise UnknownRepresentation(unknown_name("representation", identifier, names))
        return found

    @property
    def bounds(self) -> Bounds | None:
        """World bounds of all that is visible, None if nothing is."""
        self._require_usable()
        return union_of_bounds(box for r in self._representations.values() if r.is_visible and (box := r.bounds))

    @property
    def camera(self) -> CameraState:
        """The camera the next render uses, if it need not be fitted first."""
        self._require_usable()
        return CameraState(*map(self._properties.__getitem__, CAMERA_PROPERTIES))

    @property
    def camera_is_placed(self) -> bool:
        """See View."""
        return self._camera_is_placed

    def move_camera(self, kind: object, numbers: Mapping[str, Any]) -> None:
        """Move the camera as `camera_moves.moved` says, after fitting it if it was never placed.

        Before anything is to be seen the same is done as soon as there is.
        """
        self._require_usable()
        self._fit_if_unplaced()
        camera = moved(self.camera, kind, numbers, self._properties["CenterOfRotation"], self._aside)
        if not self._camera_is_placed:
            self._waiting.move(self.camera, kind, numbers, self._size)
        self._put(Framed(camera, self._aside))

    def reset_camera(self, direction: str | None = None) -> None:
        """Move the camera so that all that is visible just fits, looking along `direction`.

        A direction is "+X", "-X", "+Y", ... ("-Z" looks down, with +Y up); None keeps direction and way
        up. Without anything visible the first render that has something to show fits the camera to it, and then does
        what was said of the camera since. Raises `InvalidProperty`.
        """
        box, awaited, room = self._drawn_bounds(), self._awaited(), self.room()
        camera = fitted(self._framed_with(box).camera, box, direction, room)
        if box is None or awaited:
            self._waiting.fit(self.camera, direction, self._size)
        self._put(Framed(camera, room.aside))
        self._camera_is_placed = False
        self._note_fit(awaited if box is not None else None)

    def take_hold(self) -> None:
        """See View: a camera that is seen stays from now on, whatever is still to come."""
        self._require_usable()
        if self._fitted_without is not None:
            self._note_fit(frozenset())

    def seen_properties(self) -> tuple[Mapping[str, Any], str]:
        """See `View.seen_properties`."""
        box = None if self._camera_is_placed else self._drawn_bounds()
        if box is not None:
            return {**self.properties, **_named(self._framed_with(box).camera)}, FITTED
        return self.properties, PLACED if self._camera_is_placed else WAITING

    @property
    def has_level_of_detail(self) -> bool:
        """Whether a reduced drawing differs from a whole drawing."""
        return any(r.has_level_of_detail for r in self._representations.values() if r.is_visible)

    @property
    def frame_s(self) -> float:
        """How long one image may take while something moves."""
        return 1.0 / float(self._properties["InteractiveFrameRate"])

    @property
    def samples(self) -> int:
        """How many drawings the mean of a still image is made of."""
        return int(self._properties["StillSamples"])

    def render(self, *, reduced: bool = False, sample: int = 0) -> RenderedImage:
        """Draw the scene and read the picture back; takes as long as it takes, and waits for nobody.

        `reduced` draws less detail where there is such. With `sample` 1, 2, ... the picture is the mean of so
        many drawings, each of which looks at another point of every pixel: ask for 1, then for one after the other.
        """
        self._require_usable()
        width, height = self._properties["ViewSize"]
        drawing_s = self._draw((width, height), reduced=reduced, sample=sample)
        pixels = self._pixels((width, height))
        if sample:
            if sample == 1:
                self._accumulator.clear()
            self._accumulator.add(pixels)
            pixels = self._accumulator.mean()
        return RenderedImage(width, height, pixels, self.camera, drawing_s, self._camera_is_placed)

    def exported_scene(self) -> ExportedScene:
        """Return what is seen as triangles, lines and points. Raises InvalidProperty for what has none."""
        self._require_usable()
        self._arrange(self._properties["ViewSize"])
        get, parts = self._properties.snapshot(), {}
        for identifier, one in self._representations.items():
            if one.is_visible:
                found = scene_parts(one.drawing)
                if found is None:
                    kind = one.properties["Representation"]
                    raise InvalidProperty(
                        f"what is shown as {kind} is made by the graphics card alone, and cannot be exported: hide it, "
                        "or show it otherwise (filters.Glyph makes glyphs that can be exported)"
                    )
                parts[identifier] = found
        left_out = [name for name, seen in self._beside_the_scene(get).items() if seen]
        return ExportedScene(self.camera, get["Background"], get["ViewSize"], parts, left_out)

    def _beside_the_scene(self, get: Mapping[str, Any]) -> dict[str, bool]:
        """Return what may be seen beside what is shown, and whether it is."""
        of_data = [prop for one in self._representations.values() for prop in one.props]
        return {
            "legends": any(prop not in of_data for prop in self._props),
            "texts": bool(get["Texts"]) or any(one.is_in_front for one in self._representations.values()),
            "axes": any(get[f"{axes}Visibility"] for axes in ("AxesGrid", "OrientationAxes", "CenterAxes")),
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

    def legends(self, size: tuple[int, int] | None = None, scale: float = 1.0) -> list[Placed]:
        """Return the legends that are seen, and where they stand, in a picture of a size with so large points."""
        self._require_usable()
        shown = self._representations.values()
        wanted = wanted_legends(shown, self._properties["ScalarBars"])
        return self._legends.placed(wanted, self._place(size or self._size, scale))

    def room(self) -> Room:
        """Return the picture, and what of it is left free by the camera's fit."""
        self._require_usable()
        shown = [one for one in self._representations.values() if one.is_visible]
        around = max((one.half_line_width for one in shown), default=0.0)
        around += grid_margin(self._properties.snapshot(), self.bounds)
        legends = self._legends.margins(wanted_legends(shown, self._properties["ScalarBars"]), self._place(self._size))
        return Room(self._size, Margins(around, around, around, around).beside(legends))

    def _release(self) -> None:
        for identifier in list(self._representations):
            self.remove_representation(identifier)
        self._annotations.release()
        self._renderer.ReleaseGraphicsResources(self._window)
        self._window.RemoveRenderer(self._renderer)
        del self._renderer

    @property
    def _size(self) -> tuple[int, int]:
        width, height = self._properties["ViewSize"]
        return width, height

    def _drawn_bounds(self) -> Bounds | None:
        """Return bounds of all that is visible, with what is drawn around points; None if nothing is."""
        shown = (one for one in self._representations.values() if one.is_visible)
        return union_of_bounds(box for one in shown if (box := one.drawn_bounds))

    def _place(self, size: tuple[int, int], scale: float = 1.0) -> Place:
        """Return a picture, and what legends are to stand beside."""
        return Place(size, scale, occupied(self._properties.snapshot(), size, scale))

    def _put(self, framed: Framed) -> None:
        self._properties.update(_named(framed.camera))
        self._aside = framed.aside

    def _awaited(self) -> frozenset[Hashable]:
        """Return what is to be seen and has not arrived yet."""
        return frozenset(id_ for id_, one in self._representations.items() if one.is_awaited)

    def _note_fit(self, without: frozenset[Hashable] | None) -> None:
        """Note what the camera was fitted without: with nothing else to come it stays where it is."""
        self._fitted_without = without
        if without is not None and not without:
            self._waiting.forget()
            self._camera_is_placed = True

    def _still_awaited(self) -> frozenset[Hashable]:
        awaited = self._awaited()
        return awaited if self._fitted_without is None else self._fitted_without & awaited

    def _framed_with(self, box: Bounds | None) -> Framed:
        """Return the camera as it is if that is what is to be seen: fitted to it, if it waits for something."""
        if self._camera_is_placed or box is None or self._still_awaited() == self._fitted_without:
            return Framed(self.camera, self._aside)
        room = self.room()
        if self._waiting:
            return self._waiting.placed(box, room.margins)
        return Framed(fitted(self.camera, box, None, room), room.aside)

    def _fit_if_unplaced(self) -> None:
        """Fit the camera to what is visible, if that was not done, or if some of what was awaited has come since."""
        if self._camera_is_placed:
            return
        still, box = self._still_awaited(), self._drawn_bounds()
        if still == self._fitted_without:
            return
        if box is None and self._fitted_without is None:
            return
        if box is not None:
            framed = self._framed_with(box)
            if still and not self._waiting:
                self._waiting.fit(self.camera, None, self._size)
            self._put(framed)
        self._note_fit(still)

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
        self._arrange(size, reduced=reduced, sample=sample, transparent=transparent, behind=behind)
        return self._render_window()

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
    ) -> None:
        """Set the scene, so that the window is ready to draw it."""
        self._fit_if_unplaced()
        paper = self._paper(transparent=transparent)
        for representation in self._representations.values():
            representation.use_level_of_detail(reduced)
            representation.use_scale(self._scale)
            representation.use_paper(paper)
            representation.drawing.use_size(size)
            representation.use_axes(self._renderer.GetActiveCamera())
        self._add_and_remove_props(paper, size)
        self._window.SetSize(*size)
        self._apply_to_renderer()
        self._renderer.SetUseFXAA(self._properties["UseFXAA"] and not sample and not reduced)
        self._renderer.SetGradientBackground(has_gradient(self._properties.snapshot()) and not transparent)
        if behind is not None:
            self._renderer.SetBackground(behind)
        self._apply_background_picture(transparent=transparent)
        self._annotations.apply(self._properties.snapshot(), self.bounds, paper, self._scale)
        self._apply_camera()
        self._annotations.follow()
        x, y = jitter(sample) if sample else (0.0, 0.0)
        self._renderer.GetActiveCamera().SetWindowCenter(2 * x / size[0], 2 * y / size[1])

    def _apply_background_picture(self, *, transparent: bool) -> None:
        path = self._properties["BackgroundTexture"]
        if path != self._behind:
            self._behind = path
            renderer: Any = self._renderer  # which takes None as well
            renderer.SetBackgroundTexture(None if path is None else background_texture(path))
        wanted = self._properties["UseTexturedBackground"] and path is not None and not transparent
        self._renderer.SetTexturedBackground(wanted)

    def _paper(self, *, transparent: bool = False) -> Paper:
        return paper_of(self._properties.snapshot(), USUAL_BACKGROUND, transparent=transparent)

    def _numbers(self, area: Area) -> IdPicture:
        """Return which cell or point each pixel of a rectangle shows."""
        self._arrange(self._properties["ViewSize"])
        self._annotations.hide()
        return self._id_pictures.take(area, self._representations)

    def _add_and_remove_props(self, paper: Paper, size: tuple[int, int]) -> None:
        """Have the renderer draw what the representations draw with now, and their legends."""
        shown = self._representations.values()
        legends = self._legends.props(
            wanted_legends(shown, self._properties["ScalarBars"]), paper, self._place(size, self._scale)
        )
        wanted = [*(prop for one in shown for prop in one.props), *legends]
        for prop in self._props:
            if prop not in wanted:
                self._renderer.RemoveViewProp(prop)
                prop.ReleaseGraphicsResources(self._window)
        for prop in wanted:
            if prop not in self._props:
                self._renderer.AddViewProp(prop)
        self._props = wanted

    def _apply_to_renderer(self) -> None:
        get = self._properties.__getitem__
        renderer: Any = self._renderer
        renderer.SetBackground(self._paper().bottom)
        renderer.SetUseHiddenLineRemoval(get("HiddenLineRemoval"))
        self._window.SetStereoRender(get("StereoRender"))
        if get("StereoRender"):
            self._window.SetStereoType(_VTK_STEREO[get("StereoType")])
        renderer.SetBackground2(get("Background2"))
        shown = [r for r in self._representations.values() if r.is_visible]
        if get("EnableRayTracing") != self._traces_rays:
            self._traces_rays = get("EnableRayTracing")
            renderer.SetPass(ray_tracing_pass() if self._traces_rays else None)
        renderer.SetUseDepthPeeling(any(r.is_translucent for r in shown))

    def _apply_camera(self) -> None:
        state, camera = self.camera, self._renderer.GetActiveCamera()
        camera.SetPosition(state.position)
        camera.SetFocalPoint(state.focal_point)
        look = as_vector(np.subtract(state.focal_point, state.position))
        camera.SetViewUp(upright(look, state.view_up))
        camera.SetViewAngle(state.view_angle)
        camera.SetParallelProjection(state.parallel_projection)
        camera.SetParallelScale(state.parallel_scale)
        self._renderer.ResetCameraClippingRange()
