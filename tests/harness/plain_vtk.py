"""Draws props with nothing but VTK, as a reference for what a render view shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import vtkmodules.vtkRenderingOpenGL2  # noqa: F401  registers the OpenGL classes
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkRenderingCore import vtkActor, vtkLightKit, vtkPolyDataMapper, vtkRenderer
from vtkmodules.vtkRenderingOpenGL2 import (
    vtkCameraPass,
    vtkDepthPeelingPass,
    vtkLightsPass,
    vtkOpaquePass,
    vtkRenderPassCollection,
    vtkSequencePass,
    vtkTranslucentPass,
)

from apvserver.vtk.rendering.opengl import create_window, require_opengl
from async_paraview.scene.looks.lighting import HEAD_RATIO, KEY_LIGHT

SIZE = (120, 90)
BACKGROUND = (0.2, 0.4, 0.6)


def _layer_by_layer() -> Any:
    """Passes that draw translucent layers one by one: VTK's own steps, two at a time, leave some out or change them."""
    peels, all_of_it, one_after_the_other, made = (
        vtkDepthPeelingPass(),
        vtkRenderPassCollection(),
        vtkSequencePass(),
        vtkCameraPass(),
    )
    peels.SetTranslucentPass(vtkTranslucentPass())
    peels.SetOcclusionRatio(0.0)
    peels.SetMaximumNumberOfPeels(16)
    for one in (vtkLightsPass(), vtkOpaquePass(), peels):
        all_of_it.AddItem(one)
    one_after_the_other.SetPasses(all_of_it)
    made.SetDelegatePass(one_after_the_other)
    return made


def draw(
    props: Sequence[Any], camera: Mapping[str, Sequence[float]], *, peeling: bool = False, size: tuple[int, int] = SIZE
) -> npt.NDArray[np.uint8]:
    """The pixels of a window with these props and a light kit; `camera`: the camera properties of a view."""
    window, renderer, kit = create_window(require_opengl().window_class), vtkRenderer(), vtkLightKit()
    for prop in props:
        renderer.AddViewProp(prop)
    renderer.SetBackground(BACKGROUND)
    if peeling:
        renderer.SetPass(_layer_by_layer())
    kit.SetKeyLightIntensity(KEY_LIGHT)
    kit.SetKeyToHeadRatio(HEAD_RATIO)
    kit.AddLightsToRenderer(renderer)
    active = renderer.GetActiveCamera()
    active.SetPosition(*camera["CameraPosition"])
    active.SetFocalPoint(*camera["CameraFocalPoint"])
    active.SetViewUp(*camera["CameraViewUp"])
    window.SetOffScreenRendering(True)
    window.SetAlphaBitPlanes(True)
    window.SetMultiSamples(0)
    window.SetSize(*size)
    window.AddRenderer(renderer)
    renderer.ResetCameraClippingRange()
    window.Render()
    pixels = vtkUnsignedCharArray()
    window.GetPixelData(0, 0, size[0] - 1, size[1] - 1, 1, pixels, 0)
    found = vtk_to_numpy(pixels).reshape(size[1], size[0], 3)[::-1].copy()
    renderer.RemoveAllViewProps()
    window.Finalize()
    return found


def actor(data: Any, mapper: Any = None, **look: Any) -> Any:
    """An actor with a mapper of polygonal data, in one colour; `look`: properties of vtkProperty."""
    mapper = mapper or vtkPolyDataMapper()
    mapper.SetInputDataObject(data)
    mapper.ScalarVisibilityOff()
    made = vtkActor()
    made.SetMapper(mapper)
    for name, value in look.items():
        getattr(made.GetProperty(), f"Set{name}")(value)
    made.GetProperty().SetSpecularColor(1, 1, 1)  # last: SetColor sets it, too
    return made


def colored(data: Any, array: str, table: Any, mapper: Any = None, *, cells: bool = False, **look: Any) -> Any:
    """An actor coloured by an array."""
    made = actor(data, mapper, **look)
    mapper = made.GetMapper()
    mapper.ScalarVisibilityOn()
    mapper.SetColorModeToMapScalars()
    mapper.UseLookupTableScalarRangeOn()
    if cells:
        mapper.SetScalarModeToUseCellFieldData()
    else:
        mapper.SetScalarModeToUsePointFieldData()
        mapper.InterpolateScalarsBeforeMappingOn()
    mapper.SelectColorArray(array)
    mapper.SetLookupTable(table)
    return made
