"""Renders surfaces off screen into images."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import numpy as np
import vtkmodules.vtkRenderingOpenGL2  # noqa: F401  registers the OpenGL classes
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkRenderingCore import vtkLightKit, vtkRenderer

from .errors import InvalidProperty, VtkBridgeError
from .geometry import unknown_name
from .images import Bounds, CameraState, RenderedImage, Vector
from .opengl import create_window, require_opengl
from .representation import (
    COLOR,
    Check,
    GeometryRepresentation,
    PropertySet,
    flag,
    number,
    numbers,
)

MAX_VIEW_SIZE = 16384
DIRECTIONS: Mapping[str, tuple[Vector, Vector]] = {
    "+X": ((1.0, 0.0, 0.0), (0.0, 0.0, 1.0)),
    "-X": ((-1.0, 0.0, 0.0), (0.0, 0.0, 1.0)),
    "+Y": ((0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "-Y": ((0.0, -1.0, 0.0), (0.0, 0.0, 1.0)),
    "+Z": ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0)),
    "-Z": ((0.0, 0.0, -1.0), (0.0, 1.0, 0.0)),
}
"""By name: the direction the camera looks along, and which way is up."""

_FIT_MARGIN = 1.05
_MAX_COORDINATE = 1e30
_PEELS = 8
_PARALLEL_SINE = 1e-6
_KEY_LIGHT_INTENSITY = 1.0
_UNIT_BOX: Bounds = (-0.5, 0.5, -0.5, 0.5, -0.5, 0.5)


class WrongThread(VtkBridgeError, RuntimeError):
    """A view was used on another thread than the one that made it."""


class UnknownRepresentation(VtkBridgeError, ValueError):
    """A view shows nothing of that identifier."""


class ViewClosed(VtkBridgeError, RuntimeError):
    """A view was used after `close()`."""


def _view_size(value: object) -> tuple[int, int]:
    width, height = numbers(2, 1, MAX_VIEW_SIZE)(value)
    if width != int(width) or height != int(height):
        raise ValueError("expected whole pixels")
    return int(width), int(height)


_POSITION = numbers(3, -_MAX_COORDINATE, _MAX_COORDINATE)


def _direction(value: object) -> Vector:
    x, y, z = _POSITION(value)
    if x == y == z == 0.0:
        raise ValueError("expected a direction, not zero")
    return x, y, z


SCHEMA: Mapping[str, tuple[Any, Check]] = {
    "ViewSize": ((800, 600), _view_size),
    "Background": ((0.32, 0.34, 0.43), COLOR),
    "Background2": ((0.0, 0.0, 0.0), COLOR),
    "UseGradientBackground": (False, flag),
    "CameraPosition": ((0.0, 0.0, 1.0), _POSITION),
    "CameraFocalPoint": ((0.0, 0.0, 0.0), _POSITION),
    "CameraViewUp": ((0.0, 1.0, 0.0), _direction),
    "CameraViewAngle": (30.0, number(0.01, 179.0)),
    "CameraParallelProjection": (False, flag),
    "CameraParallelScale": (1.0, number(1e-30, _MAX_COORDINATE)),
    "UseFXAA": (True, flag),
}
_PLACING_THE_CAMERA = {"CameraPosition", "CameraFocalPoint", "CameraParallelScale"}
_CAMERA = ("Position", "FocalPoint", "ViewUp", "ViewAngle", "ParallelProjection", "ParallelScale")


def upright(look: Vector, view_up: Vector) -> Vector:
    """`view_up`, or an axis that can stand in for it if it is parallel to the direction of view."""
    sine = np.linalg.norm(np.cross(look, view_up)) / (np.linalg.norm(look) * np.linalg.norm(view_up))
    if sine > _PARALLEL_SINE:
        return view_up
    x, y, z = np.abs(look)
    return (0.0, 0.0, 1.0) if z < max(x, y) else (0.0, 1.0, 0.0)


def fit_camera(
    bounds: Bounds, look: Vector, view_up: Vector, *, view_angle: float, aspect: float
) -> tuple[Vector, Vector, float]:
    """Position, focal point and parallel scale that just show the whole box, with a small margin.

    `view_angle` is vertical, in degrees; `aspect` is width by height of the picture.
    """
    low, high = np.array(bounds[::2]), np.array(bounds[1::2])
    corners = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
    offsets = corners * (high - low)
    forward = np.array(look) / np.linalg.norm(look)
    right = np.cross(forward, view_up)
    right /= np.linalg.norm(right)
    extent_up = np.abs(offsets @ np.cross(right, forward)) * _FIT_MARGIN
    extent_right = np.abs(offsets @ right) * _FIT_MARGIN
    half_height = np.maximum(extent_up, extent_right / aspect)
    scale = float(half_height.max()) or 1.0
    slope = math.tan(math.radians(view_angle) / 2)
    distance = max(float((half_height / slope - offsets @ forward).max()), scale)
    center = (low + high) / 2
    return _vector(center - distance * forward), _vector(center), scale


def union_of_bounds(boxes: Iterable[Bounds]) -> Bounds | None:
    """The smallest box around all boxes; None if there are none."""
    rows = list(boxes)
    if not rows:
        return None
    xs, xe, ys, ye, zs, ze = zip(*rows, strict=True)
    return (min(xs), max(xe), min(ys), max(ye), min(zs), max(ze))


def _vector(values: Iterable[float]) -> Vector:
    x, y, z = (float(value) for value in values)
    return x, y, z


class RenderView:
    """One off-screen window: its camera, its lights and what it shows.

    Everything raises `WrongThread` on another thread than the one that made the view, because an OpenGL
    context cannot change threads, and `ViewClosed` after `close()`. The same scene gives the same bytes,
    in another process too. Until CameraPosition, CameraFocalPoint or CameraParallelScale is set, or the
    camera is reset, the first render that has something to show fits the camera to it.
    """

    def __init__(self, properties: Mapping[str, object] | None = None) -> None:
        """Raises `OpenGLUnavailable` where nothing can be rendered, else as `set_properties`."""
        self._properties = PropertySet(SCHEMA, "render view")
        self._camera_is_placed = False
        self._thread = threading.get_ident()
        self._is_closed = False
        self._representations: dict[Hashable, GeometryRepresentation] = {}
        self.set_properties(properties or {})
        self._window = create_window(require_opengl().window_class)
        self._window.SetOffScreenRendering(True)
        self._window.SetMultiSamples(0)  # 5 times slower in software; FXAA costs a tenth
        self._renderer = vtkRenderer()
        self._renderer.SetMaximumNumberOfPeels(_PEELS)
        self._renderer.SetOcclusionRatio(0.0)
        self._window.AddRenderer(self._renderer)
        light_kit = vtkLightKit()
        light_kit.SetKeyLightIntensity(_KEY_LIGHT_INTENSITY)
        light_kit.AddLightsToRenderer(self._renderer)

    @property
    def properties(self) -> Mapping[str, Any]:
        """All properties, read-only; the camera's change when it is reset."""
        self._require_usable()
        return self._properties.snapshot()

    def set_properties(self, changes: Mapping[str, object]) -> None:
        """Changes properties, all or none. Raises `UnknownProperty`, `InvalidProperty`."""
        self._require_usable()
        accepted = self._properties.checked(changes)
        after = {**self._properties.snapshot(), **accepted}
        if after["CameraPosition"] == after["CameraFocalPoint"]:
            raise InvalidProperty("CameraPosition and CameraFocalPoint must differ: there is no direction")
        self._properties.update(accepted)
        self._camera_is_placed |= not _PLACING_THE_CAMERA.isdisjoint(accepted)

    def add_representation(self, identifier: Hashable, representation: GeometryRepresentation) -> None:
        """Shows the representation; one that had this identifier is removed and released."""
        self._require_usable()
        if identifier in self._representations:
            self.remove_representation(identifier)
        self._representations[identifier] = representation
        self._renderer.AddActor(representation.actor)

    def remove_representation(self, identifier: Hashable) -> None:
        """Stops showing it and frees what it holds. Raises `UnknownRepresentation`."""
        representation = self.representation(identifier)
        self._renderer.RemoveActor(representation.actor)
        representation.release(self._window)
        del self._representations[identifier]

    def representation(self, identifier: Hashable) -> GeometryRepresentation:
        """The representation of that identifier. Raises `UnknownRepresentation`."""
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
        return CameraState(*(self._properties[f"Camera{name}"] for name in _CAMERA))

    def reset_camera(self, direction: str | None = None) -> None:
        """Moves the camera so that all that is visible just fits, looking along `direction`.

        A direction is "+X", "-X", "+Y", ... ("-Z" looks down, with +Y up); None keeps direction and way
        up. Without anything visible only the direction counts. Raises `InvalidProperty`.
        """
        now = self.camera
        if direction is None:
            look, view_up = _vector(np.subtract(now.focal_point, now.position)), now.view_up
        elif direction in DIRECTIONS:
            look, view_up = DIRECTIONS[direction]
        else:
            raise InvalidProperty(unknown_name("direction", direction, DIRECTIONS))
        view_up = upright(look, view_up)
        (width, height), box = self._properties["ViewSize"], self.bounds
        position, focal_point, scale = fit_camera(
            box or _UNIT_BOX, look, view_up, view_angle=now.view_angle, aspect=width / height
        )
        self._properties.update({"CameraPosition": position, "CameraFocalPoint": focal_point})
        self._properties.update({"CameraViewUp": view_up, "CameraParallelScale": scale})
        self._camera_is_placed |= box is not None

    def render(self) -> RenderedImage:
        """Draws the scene and reads the picture back; takes as long as it takes, and waits for nobody."""
        self._require_usable()
        started = time.perf_counter()
        if not self._camera_is_placed and self.bounds is not None:
            self.reset_camera()
        width, height = self._properties["ViewSize"]
        self._window.SetSize(width, height)
        self._apply_to_renderer()
        self._apply_camera()
        self._window.Render()
        bottom_up = vtkUnsignedCharArray()
        self._window.GetPixelData(0, 0, width - 1, height - 1, 1, bottom_up, 0)
        pixels = vtk_to_numpy(bottom_up).reshape(height, width, 3)[::-1].copy()
        pixels.setflags(write=False)
        return RenderedImage(width, height, pixels, self.camera, time.perf_counter() - started)

    def close(self) -> None:
        """Frees the window, its context and all geometry; may be called again. Raises `WrongThread`."""
        if self._is_closed:
            return
        self._require_usable()
        for identifier in list(self._representations):
            self.remove_representation(identifier)
        self._renderer.RemoveAllLights()
        self._renderer.ReleaseGraphicsResources(self._window)
        self._window.RemoveRenderer(self._renderer)
        self._window.Finalize()
        self._is_closed = True
        del self._window, self._renderer

    def _apply_to_renderer(self) -> None:
        get, renderer = self._properties.__getitem__, self._renderer
        renderer.SetBackground(get("Background"))
        renderer.SetBackground2(get("Background2"))
        renderer.SetGradientBackground(get("UseGradientBackground"))
        renderer.SetUseFXAA(get("UseFXAA"))
        shown = [r for r in self._representations.values() if r.is_visible]
        renderer.SetUseDepthPeeling(any(r.is_translucent for r in shown))

    def _apply_camera(self) -> None:
        state, camera = self.camera, self._renderer.GetActiveCamera()
        camera.SetPosition(state.position)
        camera.SetFocalPoint(state.focal_point)
        look = _vector(np.subtract(state.focal_point, state.position))
        camera.SetViewUp(upright(look, state.view_up))
        camera.SetViewAngle(state.view_angle)
        camera.SetParallelProjection(state.parallel_projection)
        camera.SetParallelScale(state.parallel_scale)
        self._renderer.ResetCameraClippingRange()

    def _require_usable(self) -> None:
        if threading.get_ident() != self._thread:
            here = f"this view belongs to thread {self._thread}, this is thread {threading.get_ident()}"
            raise WrongThread(f"{here}: send the work to the thread that owns the view")
        if self._is_closed:
            raise ViewClosed("this view is closed; make a new one")
