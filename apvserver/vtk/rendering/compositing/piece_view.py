"""Draws a rank's own pieces of what a view shows, as rank 0 tells, into patches with depths."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import vtkmodules.vtkRenderingOpenGL2  # noqa: F401  registers the OpenGL classes
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkFloatArray, vtkUnsignedCharArray
from vtkmodules.vtkRenderingCore import vtkRenderer

from ...geometry.extraction import FULL, POLY
from ..looks.light_kit import apply_lights
from ..mappers import RepresentationMapper, mapper_for
from ..opengl import create_window, require_opengl
from ..paper import Paper
from .looks import Look, apply, as_stored, paper_from, place_camera
from .patches import NOWHERE, Box, Depths, Memory, Patch, lit_box

MARGIN: Final = 4
"""So many pixels around the box of what is drawn may be touched, as by edges; more where lines are wider."""

Parts = Mapping[str, Any]


@dataclass(slots=True)
class _Shown:
    """One representation: what draws its piece, which that is, and how it looks."""

    mapper: RepresentationMapper
    drawing: str
    version: int
    look: Look
    paper: Paper


class PieceView:
    """The window of one view on a rank that is not the first. Belongs to the thread that made it."""

    def __init__(self) -> None:
        """Open a window. Raises OpenGLUnavailable."""
        self._window = create_window(require_opengl().window_class)
        self._window.SetOffScreenRendering(True)
        self._window.SetAlphaBitPlanes(True)
        self._window.SetMultiSamples(0)
        self._renderer = vtkRenderer()
        self._window.AddRenderer(self._renderer)
        self._shown: dict[int, _Shown] = {}
        self._lights: Mapping[str, Any] | None = None
        self._colors, self._depths = vtkUnsignedCharArray(), vtkFloatArray()
        self._memory = Memory()

    def arrange(self, scene: Mapping[str, Any], parts: Callable[[int, int], Parts]) -> None:
        """Have all that is told be drawn from now on; `parts(id, version)` has this rank's piece of one."""
        paper, lights = paper_from(scene["paper"]), as_stored(scene["lights"])
        if lights != self._lights:
            apply_lights(self._renderer, lights)
            self._lights = lights
        wanted = {look["id"]: look for look in scene["looks"]}
        for id_ in [one for one in self._shown if one not in wanted]:
            self._take_away(id_)
        for id_, look in wanted.items():
            self._show(id_, look, paper, parts)

    def _show(self, id_: int, look: Look, paper: Paper, parts: Callable[[int, int], Parts]) -> None:
        shown = self._shown.get(id_)
        if shown is not None and (shown.look, shown.paper) == (look, paper):
            return
        if shown is not None and shown.drawing != look["drawing"]:
            self._take_away(id_)
            shown = None
        if shown is None:
            shown = self._shown[id_] = _Shown(mapper_for(look["drawing"]), look["drawing"], -1, {}, paper)
        if shown.version != look["version"]:
            shown.mapper.set_parts(parts(id_, look["version"]))
            shown.version = look["version"]
        self._apply(shown.mapper, look, paper)
        shown.look, shown.paper = look, paper
        for prop in shown.mapper.props:
            if not self._renderer.HasViewProp(prop):
                self._renderer.AddViewProp(prop)

    def _apply(self, mapper: RepresentationMapper, look: Look, paper: Paper) -> None:
        apply(mapper, look, paper)

    def _take_away(self, id_: int) -> None:
        for prop in self._shown.pop(id_).mapper.props:
            self._renderer.RemoveViewProp(prop)
            prop.ReleaseGraphicsResources(self._window)

    def draw(self, size: Sequence[int], camera: Mapping[str, Any], *, reduced: bool) -> Patch:
        """Draw what was arranged, as a camera sees it. The patch's memory is used again by the next drawing."""
        box = self._begin(size, camera, reduced=reduced)
        if not all(box.shape):
            return Patch.empty()
        self._window.Render()
        self._window.GetZbufferData(*first_and_last(box), self._depths)
        depths = vtk_to_numpy(self._depths).reshape(box.shape)
        lit = lit_box(depths, box)
        if not all(lit.shape):
            return Patch.empty()
        self._window.GetRGBACharPixelData(*first_and_last(lit), 0, self._colors, 0)
        colors = vtk_to_numpy(self._colors).reshape(*lit.shape, 4)
        return Patch(lit, colors, self._cropped(depths[lit.within(box)]))

    def _cropped(self, depths: Depths) -> Depths:
        """Return a copy, one row after the other, in memory that the next drawing uses again."""
        kept = self._memory.of([depths.nbytes])[0].view(np.float32).reshape(depths.shape)
        np.copyto(kept, depths)
        return kept

    def _begin(self, size: Sequence[int], camera: Mapping[str, Any], *, reduced: bool) -> Box:
        """Set the window for a drawing, and return which pixels that may touch."""
        width, height = size
        self._window.SetSize(width, height)
        for shown in self._shown.values():
            shown.mapper.use_level_of_detail(reduced)
        place_camera(self._renderer.GetActiveCamera(), camera)
        return self._box(width, height)

    def _box(self, width: int, height: int) -> Box:
        """Return which pixels what is drawn may touch."""
        found = NOWHERE
        margin = MARGIN
        matrix = self._renderer.GetActiveCamera().GetCompositeProjectionTransformMatrix(width / height, -1.0, 1.0)
        project = np.array([[matrix.GetElement(row, column) for column in range(4)] for row in range(4)])
        whole = Box(0, 0, width, height)
        for shown in self._shown.values():
            if not shown.mapper.parts[FULL].GetNumberOfCells():
                continue
            bounds = shown.mapper.prop.GetBounds()
            corners = np.array([[x, y, z, 1.0] for x in bounds[:2] for y in bounds[2:4] for z in bounds[4:]])
            seen = corners @ project.T
            if (seen[:, 3] <= 0.0).any():  # behind the camera, as some of it is
                return whole
            low, high = (getattr(seen[:, :2] / seen[:, 3:], name)(axis=0) for name in ("min", "max"))
            if shown.drawing == POLY:
                margin = max(MARGIN, 2 + int(np.ceil(shown.mapper.prop.GetProperty().GetLineWidth())))
            sides = np.array([width, height])
            left, bottom = np.floor((low + 1.0) / 2.0 * sides).astype(int) - margin
            right, top = np.ceil((high + 1.0) / 2.0 * sides).astype(int) + margin
            at = max(0, int(left)), max(0, int(bottom))
            found = found.with_other(Box(*at, min(width, int(right)), min(height, int(top))))
        return found

    def close(self) -> None:
        """Free the window and all it shows."""
        for id_ in list(self._shown):
            self._take_away(id_)
        self._renderer.ReleaseGraphicsResources(self._window)
        self._window.RemoveRenderer(self._renderer)
        self._window.Finalize()


def first_and_last(box: Box) -> tuple[int, int, int, int]:
    """Return the first and the last pixel of a box, as VTK wants them."""
    return box.left, box.bottom, box.right - 1, box.top - 1
