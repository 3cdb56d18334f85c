"""Pixels that were drawn elsewhere, put into a scene: depths alone, a layer that is seen through, or a sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from .layers import Layer
from .patches import NOWHERE, Box, Colors, Depths

_CORNERS: Final = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
_OF_BOX: Final = ((0, 2, 4), (1, 2, 5), (1, 3, 5), (0, 3, 4))
"""Which bounds of the box each corner has, so that its bounds are those of what it shows."""

_PLACED: Final = "gl_Position = vec4(mix(place.xy, place.zw, corner), 0.0, 1.0);\n"
_OF_DEPTHS: Final = (
    "  float depth = texelFetch(pixels, ivec2(gl_FragCoord.xy) - origin, 0).r;\n"
    "  if (depth >= 1.0) discard;\n"
    "  gl_FragDepth = depth;\n"
    "  gl_FragData[0] = vec4(0.0, 0.0, 0.0, 0.0005);\n"  # less than a byte tells; VTK leaves out what has nothing
)
_OF_LAYER: Final = (
    "  vec4 seen = texelFetch(pixels, ivec2(gl_FragCoord.xy) - origin, 0);\n"
    "  if (seen.a <= 0.0) discard;\n"
    "  gl_FragDepth = 0.0;\n"
    "  gl_FragData[0] = vec4(seen.rgb / seen.a, seen.a);\n"  # VTK multiplies by it
)


class Screen:
    """A prop that fills a box of pixels of a window with what textures have there; its kinds say which."""

    def __init__(self, window: Any, taken: str, samplers: Sequence[str] = ("pixels",)) -> None:
        """Begin with nothing; `taken` is what a shader makes of the textures, which it knows by these names."""
        self._window = window
        self._box = NOWHERE
        self._textures = {name: vtkTextureObject() for name in samplers}
        self._upload: Callable[[], object] | None = None
        """Gives what is to be shown to the graphics card, when it is drawn next."""
        self._data = vtkPolyData()
        self._mapper: Any = vtkPolyDataMapper()
        self._mapper.SetInputData(self._data)
        self._mapper.MapDataArrayToVertexAttribute("corner", "corner", 0, -1)
        self._mapper.AddObserver(vtkCommand.UpdateShaderEvent, self._putting())
        self.prop: Any = vtkActor()
        """What the renderer draws."""
        self.prop.SetMapper(self._mapper)
        self.prop.SetPickable(False)
        self.prop.ForceOpaqueOn()
        self.prop.GetProperty().SetLighting(False)
        shader = self.prop.GetShaderProperty()
        vertex, fragment = shader.AddVertexShaderReplacement, shader.AddFragmentShaderReplacement
        placed = "//VTK::PositionVC::Dec\nin vec2 corner;\nuniform vec4 place;\n"
        vertex("//VTK::PositionVC::Dec", True, placed, False)
        vertex("//VTK::PositionVC::Impl", True, f"//VTK::PositionVC::Impl\n{_PLACED}", False)
        textures = "".join(f"uniform sampler2D {name};\n" for name in samplers)
        fragment("//VTK::Color::Dec", True, f"//VTK::Color::Dec\nuniform ivec2 origin;\n{textures}", False)
        fragment("//VTK::Light::Impl", True, f"//VTK::Light::Impl\n{taken}", False)

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

    def hide(self) -> None:
        """Show nothing until something is shown again; its bounds count as before."""
        self._box, self._upload = NOWHERE, None
        for texture in self._textures.values():
            texture.Deactivate()

    def _show(self, box: Box, *images: Depths | Colors) -> None:
        """Show a box of pixels: one image for each texture, of shape (rows, columns) or (rows, columns, 4)."""
        rows, columns = box.shape
        self._box = box
        if not rows * columns:
            return

        def upload() -> None:
            for texture, image in zip(self._textures.values(), images, strict=True):
                components, kind = (1, VTK_FLOAT) if image.ndim == 2 else (4, VTK_UNSIGNED_CHAR)
                texture.SetContext(self._window)
                texture.Create2DFromRaw(columns, rows, components, kind, np.ascontiguousarray(image).reshape(-1))

        self._upload = upload

    def release(self) -> None:
        """Free what it holds on the graphics card."""
        self._mapper.RemoveAllObservers()
        for texture in self._textures.values():
            texture.ReleaseGraphicsResources(self._window)
        self.prop.ReleaseGraphicsResources(self._window)

    def _putting(self) -> Any:
        """Return what VTK calls with the shader that draws it."""

        def put(_mapper: Any, _event: str, program: Any) -> None:
            if program is not None:
                self._put_into(program)

        return calldata_type(VTK_OBJECT)(put)

    def _put_into(self, program: Any) -> None:
        box = self._box
        if not all(box.shape):
            program.SetUniform4f("place", [2.0, 2.0, 2.0, 2.0])  # beside the picture
            return
        if self._upload is not None:
            self._upload()
            self._upload = None
        width, height = self._window.GetSize()
        low = 2.0 * box.left / width - 1.0, 2.0 * box.bottom / height - 1.0
        program.SetUniform4f("place", [*low, 2.0 * box.right / width - 1.0, 2.0 * box.top / height - 1.0])
        program.SetUniform2i("origin", [box.left, box.bottom])
        for name, texture in self._textures.items():
            texture.Activate()
            program.SetUniformi(name, texture.GetTextureUnit())


class DepthScreen(Screen):
    """Has a scene hide what is behind depths that were found elsewhere; itself it is not seen."""

    def __init__(self, window: Any) -> None:
        super().__init__(window, _OF_DEPTHS)

    def show(self, box: Box, depths: Depths) -> None:
        """Have these depths in a box of pixels, 0 (near) to 1, of shape (rows, columns), the lowest row first."""
        self._show(box, depths)


class LayerScreen(Screen):
    """Puts a layer before all that was drawn until then."""

    def __init__(self, window: Any) -> None:
        super().__init__(window, _OF_LAYER)

    def show(self, layer: Layer) -> None:
        """Show a layer from now on."""
        self._show(layer.box, layer.colors)

    def _put_into(self, program: Any) -> None:
        super()._put_into(program)
        self._window.GetState().vtkglDepthMask(False)  # what is behind it stays as far; the next actor sets this anew


def go_last(renderer: Any, props: Sequence[Any]) -> None:
    """Have a renderer draw these after all others that it draws by the same step."""
    last = renderer.GetViewProps().GetLastProp()
    if props and last is not props[-1]:
        for prop in props:
            renderer.RemoveViewProp(prop)
            renderer.AddViewProp(prop)
