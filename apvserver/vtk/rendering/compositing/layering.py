"""What of a view is seen through and drawn by all ranks, each what it has: chosen, drawn, and put into the scene."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkFloatArray

from ..camera.framing import union_of_bounds
from ..images import Bounds, CameraState
from ..placement import placed_bounds, placement
from ..representation import Representation
from .composer import Composer
from .layer_view import OF_PASSES, LayerView
from .layers import Frame
from .ordering import Eye, front_to_back
from .patches import Box, Depths, lit_box
from .screen import LayerScreen, go_last

Shown = Mapping[Hashable, Representation]


class Layering:
    """The layer of one view. Belongs to the thread that draws."""

    def __init__(self, window: Any, renderer: Any) -> None:
        self._window, self._renderer = window, renderer
        self._screen: LayerScreen | None = None
        self._view: LayerView | None = None
        self._order: Sequence[int] = ()
        """The ranks, the nearest first."""
        self.shown: dict[Hashable, Representation] = {}
        """What is drawn so now."""

    def choose(self, visible: Shown, get: Mapping[str, Any], camera: CameraState) -> None:
        """Find out what all ranks draw next of what is visible: all that is seen through, or nothing of it."""
        self.shown = {}
        through = {id_: one for id_, one in visible.items() if one.is_translucent or one.is_volume}
        if not through or not all(one.can_be_layered for one in through.values()) or not _can_be_mixed(through, get):
            return
        order = _order_of(list(through.values()), camera)
        if order is not None:
            self.shown, self._order = through, order

    def stand(self) -> list[Any]:
        """Return what draws the layer, in the place of all that is drawn so: nothing if nothing is."""
        box = self._bounds
        if box is None:
            return []
        self._screen = self._screen or LayerScreen(self._window)
        self._screen.hide()
        self._screen.stand_for(box)
        return [self._screen.prop]

    @property
    def _bounds(self) -> Bounds | None:
        return union_of_bounds(box for one in self.shown.values() if (box := one.bounds))

    def is_mixed(self) -> bool:
        """Return whether something else in the scene is seen through: it may be before, within or behind the layer."""
        return any(_is_seen(one) and one.HasTranslucentPolygonalGeometry() for one in self._props())

    def has_opaque(self) -> bool:
        """Return whether something in the scene may hide the layer."""
        own = None if self._screen is None else self._screen.prop
        return any(one is not own and _is_seen(one) and one.HasOpaqueGeometry() for one in self._props())

    def draw(self, number: int, composer: Composer, scene: Mapping[str, Any], frame: Frame) -> None:
        """Have all ranks draw the layer of a frame, and the window show it when it draws next; see Composer."""
        assert self._screen is not None
        get, bounds = scene["get"], self._bounds
        told = {
            **{name: value for name, value in scene.items() if name != "get"},
            "looks": [{"id": id_, **one.told_look()} for id_, one in self.shown.items()],
            "passes": {name: get[name] for name in OF_PASSES},
            "bounds": bounds,
        }

        def own(scene: Mapping[str, Any]) -> Any:
            self._view = self._view or LayerView()
            self._view.arrange(scene, lambda id_, _: self.shown[id_].pieces)
            return self._view.draw_layer(frame.size, frame.camera, frame.depths, reduced=frame.reduced)

        self._screen.show(composer.draw_layer(number, told, frame, self._order, own))
        go_last(self._renderer, [self._screen.prop])

    def depths(self, render: Callable[[], object]) -> tuple[Box, Depths]:
        """Return the depths of what is opaque, in the box of pixels that show any of it; `render` draws the window."""
        assert self._screen is not None
        self._screen.hide()
        with self._scene_alone():
            render()
        found, (width, height) = vtkFloatArray(), self._window.GetSize()
        self._window.GetZbufferData(0, 0, width - 1, height - 1, found)
        whole, depths = Box(0, 0, width, height), vtk_to_numpy(found).reshape(height, width)
        box = lit_box(depths, whole)
        return box, np.ascontiguousarray(depths[box.within(whole)])

    @contextmanager
    def _scene_alone(self) -> Iterator[None]:
        """Have the window draw without passes, which keep no depths, and without what stands before the scene."""
        renderer: Any = self._renderer  # whose pass may be None
        passes, smooths = renderer.GetPass(), renderer.GetUseFXAA()
        flat = [one for one in self._props() if one.IsA("vtkActor2D") and one.GetVisibility()]
        others = [one for one in self._window.GetRenderers() if one is not renderer and one.GetDraw()]
        renderer.SetPass(None)
        renderer.SetUseFXAA(False)
        for one in flat:
            one.SetVisibility(False)
        for one in others:
            one.DrawOff()
        try:
            yield
        finally:
            renderer.SetPass(passes)
            renderer.SetUseFXAA(smooths)
            for one in flat:
                one.SetVisibility(True)
            for one in others:
                one.DrawOn()

    def _props(self) -> Collection[Any]:
        found: Collection[Any] = list(self._renderer.GetViewProps())
        return found

    def release(self) -> None:
        """Free what it holds."""
        if self._screen is not None:
            self._screen.release()
        if self._view is not None:
            self._view.close()
        self._screen = self._view = None
        self.shown = {}


def _is_seen(prop: Any) -> bool:
    """Return whether a prop draws something in the scene: none does of which no data has come."""
    bounds = prop.GetBounds() if prop.GetVisibility() else None
    return bounds is not None and bounds[0] <= bounds[1]


def _can_be_mixed(through: Shown, get: Mapping[str, Any]) -> bool:
    """Return whether what is seen through is drawn by its places alone, and not one thing after the other."""
    volumes = sum(one.is_volume for one in through.values())
    if not volumes:
        return bool(get["DepthPeeling"])
    return volumes == 1 and (len(through) == 1 or bool(get["DepthPeeling"] and get["DepthPeelingForVolumes"]))


def _order_of(through: Sequence[Representation], camera: CameraState) -> list[int] | None:
    """Return the order of the ranks in which what they have is seen; None: they have no such order."""
    placements = [placement(one.properties) for one in through]
    position = np.array(camera.position)
    toward = np.array(camera.focal_point) - position if camera.parallel_projection else None
    boxes = [one.boxes for one in through]
    if all(np.array_equal(one, placements[0]) for one in placements):
        if abs(np.linalg.det(placements[0])) < np.finfo(float).tiny:
            return None
        back = np.linalg.inv(placements[0])  # in the data's own places boxes are apart, however it is turned
        position = back[:3, :3] @ position + back[:3, 3]
        toward = None if toward is None else back[:3, :3] @ toward
    else:
        boxes = [
            [None if box is None else placed_bounds(one.properties, box) for box in several]
            for one, several in zip(through, boxes, strict=True)
        ]
    of_ranks = [union_of_bounds(box for box in of_rank if box is not None) for of_rank in zip(*boxes, strict=True)]
    return front_to_back(of_ranks, Eye(position.tolist(), None if toward is None else toward.tolist()))
