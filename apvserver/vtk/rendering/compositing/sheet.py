"""Puts what other ranks have drawn into a scene while that is drawn: a sheet with a color and a depth at each pixel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from vtkmodules.util.misc import calldata_type
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.util.vtkConstants import VTK_FLOAT, VTK_OBJECT, VTK_UNSIGNED_CHAR
from vtkmodules.vtkCommonCore import vtkCommand, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper
from vtkmodules.vtkRenderingOpenGL2 import vtkTextureObject

from ..images import Bounds
from .flushing import flush
from .patches import Patch

_CORNERS: Final = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
_OF_BOX: Final = ((0, 2, 4), (1, 2, 5), (1, 3, 5), (0, 3, 4))
"""Which bounds of the box each corner of the sheet has, so that its bounds are those of what it shows."""

_PLACED: Final = "gl_Position = vec4(mix(pixels.xy, pixels.zw, corner), 0.0, 1.0);\n"
_TAKEN: Final = (
    "  ivec2 at = ivec2(gl_FragCoord.xy) - origin;\n"
    "  float depth = texelFetch(depths, at, 0).r;\n"
    "  if (depth >= 1.0) discard;\n"
    "  gl_FragDepth = depth;\n"
    "  gl_FragData[0] = vec4(texelFetch(colors, at, 0).rgb, 1.0);\n"
)


class Sheet:
    """What one window draws of a patch. The patch is asked for when all else that is opaque was drawn."""

    def __init__(self, window: Any) -> None:
        self._window = window
        self._take: Callable[[], Patch] | None = None
        self._patch: Patch | None = None
        self._failure: Exception | None = None
        self._textures = [vtkTextureObject(), vtkTextureObject()]
        self._data = vtkPolyData()
        self._mapper: Any = vtkPolyDataMapper()
        self._mapper.SetInputData(self._data)
        self._mapper.MapDataArrayToVertexAttribute("corner", "corner", 0, -1)
        self._mapper.AddObserver(vtkCommand.UpdateShaderEvent, self._putting())
        self.prop: Any = vtkActor()
        """What the renderer draws, after all else that is opaque."""
        self.prop.SetMapper(self._mapper)
        self.prop.ForceOpaqueOn()
        self.prop.GetProperty().SetLighting(False)
        shader = self.prop.GetShaderProperty()
        shader.AddVertexShaderReplacement(
            "//VTK::PositionVC::Dec", True, "//VTK::PositionVC::Dec\nin vec2 corner;\nuniform vec4 pixels;\n", False
        )
        shader.AddVertexShaderReplacement("//VTK::PositionVC::Impl", True, f"//VTK::PositionVC::Impl\n{_PLACED}", False)
        shader.AddFragmentShaderReplacement(
            "//VTK::Color::Dec",
            True,
            "//VTK::Color::Dec\nuniform ivec2 origin;\nuniform sampler2D colors;\nuniform sampler2D depths;\n",
            False,
        )
        shader.AddFragmentShaderReplacement("//VTK::Light::Impl", True, f"//VTK::Light::Impl\n{_TAKEN}", False)

    def stand_for(self, bounds: Bounds) -> None:
        """Have the bounds of all that it shows: the clipping range depends on them."""
        points, cells = vtkPoints(), vtkCellArray()
        points.SetDataTypeToDouble()
        for x, y, z in _OF_BOX:
            points.InsertNextPoint(bounds[x], bounds[y], bounds[z])
        cells.InsertNextCell(4, [0, 1, 2, 3])
        self._data.SetPoints(points)
        self._data.SetPolys(cells)
        corners = numpy_to_vtk(_CORNERS, deep=True)
        corners.SetName("corner")
        self._data.GetPointData().AddArray(corners)
        self._data.Modified()

    def begin(self, take: Callable[[], Patch]) -> None:
        """Have the next drawing show what `take` returns, which is called once, while it is drawn or by `end`."""
        self._take, self._patch, self._failure = take, None, None

    def end(self) -> None:
        """Note that it was drawn. Raises what `take` has raised."""
        self._taken()  # nothing of it was in sight, but the others have drawn it
        for texture in self._textures:
            texture.Deactivate()
        self._patch = None
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def release(self) -> None:
        """Free what it holds on the graphics card."""
        self._mapper.RemoveAllObservers()
        for texture in self._textures:
            texture.ReleaseGraphicsResources(self._window)
        self.prop.ReleaseGraphicsResources(self._window)

    def _taken(self) -> Patch:
        if self._take is not None:
            take, self._take = self._take, None
            try:
                self._patch = take()
            except Exception as error:  # VTK, which calls this, would tell it nobody
                self._failure = error
        return self._patch or Patch.empty()

    def _putting(self) -> Any:
        """Return what VTK calls with the shader that draws the sheet."""

        def put(_mapper: Any, _event: str, program: Any) -> None:
            if program is not None:
                self._put_into(program)

        return calldata_type(VTK_OBJECT)(put)

    def _put_into(self, program: Any) -> None:
        """Give the shader what the others have drawn."""
        is_new = self._take is not None
        if is_new:
            flush(self._window)  # all else is drawn while the others draw theirs
        patch = self._taken()
        rows, columns = patch.box.shape
        if not rows * columns:
            program.SetUniform4f("pixels", [2.0, 2.0, 2.0, 2.0])
            return
        if is_new:
            colors, depths = self._textures
            for texture in self._textures:
                texture.SetContext(self._window)
            colors.Create2DFromRaw(columns, rows, 4, VTK_UNSIGNED_CHAR, patch.colors.reshape(-1))
            depths.Create2DFromRaw(columns, rows, 1, VTK_FLOAT, patch.depths.reshape(-1))
        width, height = self._window.GetSize()
        box = patch.box
        low = 2.0 * box.left / width - 1.0, 2.0 * box.bottom / height - 1.0
        program.SetUniform4f("pixels", [*low, 2.0 * box.right / width - 1.0, 2.0 * box.top / height - 1.0])
        program.SetUniform2i("origin", [box.left, box.bottom])
        for name, texture in zip(("colors", "depths"), self._textures, strict=True):
            texture.Activate()
            program.SetUniformi(name, texture.GetTextureUnit())
