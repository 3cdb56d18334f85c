"""All labels of a view: in front of the scene, those whose places are seen, none upon another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkFloatArray
from vtkmodules.vtkRenderingCore import vtkRenderer

from async_paraview.contrast import contrast
from async_paraview.records import dataclass
from async_paraview.scene.props.labels import CELL_LABEL, CONTOUR_LABEL, POINT_LABEL

from ..axes.text_sheet import DrawnText, TextSheet
from ..camera.looking import Floats, Looking
from ..fonts.noted import gathered, note
from ..fonts.rasters import Mask
from ..layout.boxes import Box
from ..paper import BLACK, WHITE, Color, Paper
from ..placement import Matrix
from .labels import Candidate, Labels

_HALO: Final = 0.8
"""How opaque it is what lies behind letters."""
_NEARER: Final = {POINT_LABEL: 4.0, CELL_LABEL: 4.0, CONTOUR_LABEL: 14.0}
"""So many points nearer to the camera a place is looked for: its surface is around it; lines are drawn before it."""
_WHAT: Final = {POINT_LABEL: "points", CELL_LABEL: "cells", CONTOUR_LABEL: "lines"}


@dataclass(frozen=True)
class Labelled:
    """What is shown with labels: its labels, its properties, and where it stands."""

    labels: Labels
    get: Mapping[str, Any]
    matrix: Matrix

    @property
    def kinds(self) -> list[str]:
        """Of which kinds it has labels that are to be seen."""
        return [one for one in self.labels.kinds if self.get[f"{one}Visibility"]]


@dataclass(frozen=True)
class Scene:
    """What is labelled in a picture, how it is seen, upon which paper, and what stands in the picture already."""

    shown: Sequence[Labelled]
    looking: Looking
    paper: Paper
    scale: float
    obstacles: tuple[Box, ...] = ()


class LabelSheet:
    """The labels of one view. They are drawn in a layer of their own, last: then it is known what is hidden."""

    def __init__(self, window: Any, scene_renderer: Any) -> None:
        self._window, self._scene_renderer = window, scene_renderer
        self._renderer: Any = None
        self._sheet = TextSheet()
        self._scene: Scene | None = None
        self._fault: Exception | None = None
        self._remarks: tuple[str, ...] = ()
        self.placed: list[Candidate] = []
        """Those that are drawn."""

    def show(self, scene: Scene, *, anew: bool) -> None:
        """Draw the labels of a scene next; not `anew`: those that were drawn last, at their places."""
        if not any(one.kinds for one in scene.shown):
            self.hide()
            return
        if self._renderer is None:
            self._renderer = vtkRenderer()
            self._renderer.SetLayer(1)
            self._renderer.InteractiveOff()
            self._renderer.AddViewProp(self._sheet.prop)
            self._renderer.AddObserver("StartEvent", self._began)
            self._window.AddRenderer(self._renderer)
        self._renderer.DrawOn()
        if anew:
            self._scene = scene

    @property
    def sheets(self) -> list[TextSheet]:
        """What draws their letters, if there are any."""
        return [self._sheet] if self.placed else []

    @property
    def is_waiting(self) -> bool:
        """Whether the next drawing is to find out where they stand."""
        return self._scene is not None

    def hide(self) -> None:
        """Draw none until they are shown next."""
        self._scene, self.placed, self._remarks = None, [], ()
        if self._renderer is not None:
            self._renderer.DrawOff()

    def drawn(self) -> None:
        """Note what is to be said of what was just drawn, and raise what has gone wrong with it."""
        note(self._remarks)
        fault, self._fault = self._fault, None
        if fault is not None:
            raise fault

    def release(self) -> None:
        """Free what it holds."""
        if self._renderer is not None:
            self._renderer.RemoveAllViewProps()
            self._renderer.ReleaseGraphicsResources(self._window)
            self._window.RemoveRenderer(self._renderer)
            self._renderer = None

    def _began(self, _caller: Any, _event: str) -> None:
        """Place them, after all else was drawn. VTK shows what is raised here, and goes on: it is kept."""
        try:
            self._place()
        except Exception as error:
            self._fault = error

    def _place(self) -> None:
        scene = self._scene
        if scene is None:
            return
        self._scene = None
        seen = _Seen(self._window, self._scene_renderer, scene.looking)
        self.placed, drawn, remarks = [], list[DrawnText](), list[str]()
        taken = list(scene.obstacles)
        with gathered() as of_texts:
            for one in scene.shown:
                for kind in one.kinds:
                    found, visible = one.labels.candidates(
                        kind,
                        one.get,
                        one.matrix,
                        scene.looking,
                        scene.scale,
                        partial(seen.visible, pixels=_NEARER[kind] * scene.scale),
                    )
                    kept = chosen(found, taken, one.get["MaximumNumberOfLabels"])
                    remarks += left_out(kind, len(kept), visible, one)
                    self.placed += kept
                    drawn += [text for label in kept for text in _drawn(label, one.get, scene)]
        self._remarks = (*of_texts, *remarks)
        self._sheet.hold([one.mask for one in drawn])
        self._sheet.show(drawn)


def chosen(candidates: Iterable[Candidate], taken: list[Box], most: int) -> list[Candidate]:
    """Return the first ones, of each owner one, that cover nothing; their boxes are taken from now on."""
    edges, count = np.zeros((len(taken) + most, 4), np.int64), len(taken)
    edges[:count] = [(box.left, box.bottom, box.right, box.top) for box in taken] or np.zeros((0, 4))
    kept: list[Candidate] = []
    owners = set()
    for one in candidates:
        if one.number in owners:
            continue
        box, (left, bottom, right, top) = one.box, edges[:count].T
        if ((left < box.right) & (box.left < right) & (bottom < box.top) & (box.bottom < top)).any():
            continue
        edges[count] = box.left, box.bottom, box.right, box.top
        count += 1
        owners.add(one.number)
        kept.append(one)
        taken.append(box)
        if len(kept) == most:
            break
    return kept


def left_out(kind: str, kept: int, visible: int, one: Labelled) -> list[str]:
    """Return what is to be said of those that have no label though they are seen."""
    all_of_them, looked_at = one.labels.counts.get(kind, 0), one.labels.looked_at(kind)
    count = all_of_them if kind == CONTOUR_LABEL or all_of_them > looked_at else visible
    if kept >= count:
        return []
    return [
        f"{kept} of {count} {_WHAT[kind]} have labels: there are at most MaximumNumberOfLabels = "
        f"{one.get['MaximumNumberOfLabels']}, none upon another"
    ]


def _drawn(label: Candidate, get: Mapping[str, Any], scene: Scene) -> list[DrawnText]:
    at = round(min(1.0, max(0.0, label.box.bottom / max(1.0, scene.looking.size[1]))), 2)
    ink, behind = _inks(scene.paper, at, get[f"{label.kind}Color"])
    left, bottom, opacity = label.box.left, label.box.bottom, float(get[f"{label.kind}Opacity"])
    return [
        _text(label.letters.halo, left, bottom, (*behind, _HALO * opacity)),
        _text(label.letters.mask, left, bottom, (*ink, opacity)),
    ]


def _text(mask: Mask, left: int, bottom: int, color: tuple[float, float, float, float]) -> DrawnText:
    height, width = mask.shape
    return DrawnText(mask, left, bottom, color, (width, height))


@lru_cache(maxsize=1024)
def _inks(paper: Paper, height: float, asked: Color | None) -> tuple[Color, Color]:
    """Return the color of letters at a height, and of what is behind them."""
    if asked is None:
        return paper.text_ink(height), paper.at(height)
    return asked, max((BLACK, WHITE), key=lambda one: contrast(one, asked))


class _Seen:
    """What is hidden in the picture that is drawn just now, by the depths of its pixels."""

    def __init__(self, window: Any, renderer: Any, looking: Looking) -> None:
        width, height = (int(side) for side in looking.size)
        depths = vtkFloatArray()
        window.GetZbufferData(0, 0, width - 1, height - 1, depths)
        self._depths = vtk_to_numpy(depths).reshape(height, width)
        camera = renderer.GetActiveCamera()
        matrix = camera.GetCompositeProjectionTransformMatrix(renderer.GetTiledAspectRatio(), 0.0, 1.0)
        self._matrix = np.array([[matrix.GetElement(row, column) for column in range(4)] for row in range(4)])
        self._looking = looking

    def visible(self, places: Floats, pixels: float) -> npt.NDArray[np.bool_]:
        """Return which places are seen, by so many pixels before them."""
        if not len(places):
            return np.zeros(0, bool)
        seen = self._looking.pixels(places)
        depths = self._depth(self._nearer(places, seen, pixels))
        height, width = self._depths.shape
        x, y = (np.clip(seen[:, axis].astype(int), 0, side - 1) for axis, side in ((0, width), (1, height)))
        behind = np.zeros(len(places))
        for across in (-1, 0, 1):
            for up in (-1, 0, 1):
                here = self._depths[np.clip(y + up, 0, height - 1), np.clip(x + across, 0, width - 1)]
                behind = np.maximum(behind, here)
        return np.asarray(depths <= behind)

    def _nearer(self, places: Floats, seen: Floats, pixels: float) -> Floats:
        """Return places so many pixels nearer to the camera."""
        looking = self._looking
        toward = np.broadcast_to(-looking.forward, places.shape)
        if not looking.camera.parallel_projection:
            toward = np.subtract(looking.camera.position, places)
            toward = toward / np.maximum(np.linalg.norm(toward, axis=1, keepdims=True), 1e-300)
        focal = looking.pixel_length(looking.camera.focal_point)
        distance = float(np.dot(np.subtract(looking.camera.focal_point, looking.camera.position), looking.forward))
        lengths = focal if looking.camera.parallel_projection else focal * seen[:, 2:] / max(distance, 1e-300)
        moved: Floats = places + toward * (np.minimum(pixels * lengths, 0.1 * np.abs(seen[:, 2:])))
        return moved

    def _depth(self, places: Floats) -> Floats:
        of_clip = np.column_stack([places, np.ones(len(places))]) @ self._matrix.T
        depths: Floats = of_clip[:, 2] / np.where(of_clip[:, 3] == 0, 1e-300, of_clip[:, 3])
        return depths
