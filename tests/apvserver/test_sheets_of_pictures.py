"""What others have drawn comes into a scene while that is drawn, and is waited for after the drawing has begun."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkFloatArray, vtkUnsignedCharArray
from vtkmodules.vtkFiltersSources import vtkPlaneSource
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkRenderer

from apvserver.vtk.rendering.compositing import flushing, sheet
from apvserver.vtk.rendering.compositing.patches import Box, Patch
from apvserver.vtk.rendering.opengl import create_window, require_opengl

WIDTH, HEIGHT = 40, 30


class Scene:
    """A window that a red plane fills, half as deep as it can be, and a sheet before it."""

    def __init__(self) -> None:
        self.window = create_window(require_opengl().window_class)
        self.window.SetOffScreenRendering(True)
        self.window.SetMultiSamples(0)
        self.window.SetSize(WIDTH, HEIGHT)
        self.renderer = vtkRenderer()
        self.window.AddRenderer(self.renderer)
        source, mapper, actor = vtkPlaneSource(), vtkPolyDataMapper(), vtkActor()
        source.SetOrigin(-2.0, -2.0, 0.0)
        source.SetPoint1(2.0, -2.0, 0.0)
        source.SetPoint2(-2.0, 2.0, 0.0)
        mapper.SetInputConnection(source.GetOutputPort())
        actor.SetMapper(mapper)
        actor.GetProperty().SetColor(1.0, 0.0, 0.0)
        actor.GetProperty().LightingOff()
        self.sheet = sheet.Sheet(self.window)
        self.sheet.stand_for((-2.0, 2.0, -2.0, 2.0, -1.0, 1.0))
        for prop in (actor, self.sheet.prop):
            self.renderer.AddViewProp(prop)
        camera = self.renderer.GetActiveCamera()
        camera.SetParallelProjection(True)
        camera.SetParallelScale(1.0)
        camera.SetPosition(0.0, 0.0, 5.0)
        camera.SetClippingRange(3.0, 7.0)

    def close(self) -> None:
        self.sheet.release()
        self.window.Finalize()

    def drawn(self, patch: Patch, taken: list[str]) -> tuple[Any, Any]:
        """The colors and depths of a picture with that patch."""

        def take() -> Patch:
            taken.append("taken")
            return patch

        self.sheet.begin(take)
        self.window.Render()
        self.sheet.end()
        colors, depths = vtkUnsignedCharArray(), vtkFloatArray()
        corners = 0, 0, WIDTH - 1, HEIGHT - 1
        self.window.GetRGBACharPixelData(*corners, 0, colors, 0)
        self.window.GetZbufferData(*corners, depths)
        return vtk_to_numpy(colors).reshape(HEIGHT, WIDTH, 4)[..., :3], vtk_to_numpy(depths).reshape(HEIGHT, WIDTH)


def test_own_drawing_begins_before_the_others_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or all ranks but the first draw at the same time, and the first one after them."""
    steps: list[str] = []

    def flush(window: Any) -> None:
        steps.append("begun")
        flushing.flush(window)

    monkeypatch.setattr(sheet, "flush", flush)
    box = Box(5, 3, 20, 17)
    patch = Patch.empty(box)
    patch.colors[:] = [0, 0, 255, 255]
    patch.depths[:, :5], patch.depths[:, 5:10] = 0.25, 0.75
    scene = Scene()
    try:
        for _ in range(2):
            colors, depths = scene.drawn(patch, steps)
            expected = np.full((HEIGHT, WIDTH, 3), [255, 0, 0], np.uint8)
            expected[3:17, 5:10] = [0, 0, 255]  # what is nearer, and no more
            np.testing.assert_array_equal(colors, expected)
            np.testing.assert_allclose(depths[3:17, 5:10], 0.25, atol=1e-6)
            np.testing.assert_allclose(depths[3:17, 10:], 0.5, atol=1e-6)
        assert steps == ["begun", "taken"] * 2
    finally:
        scene.close()


def test_a_window_of_which_nobody_knows_how_to_begin_is_waited_for() -> None:
    class Window:
        waits = 0

        def GetClassName(self) -> str:
            return "vtkWin32OpenGLRenderWindow"

        def WaitForCompletion(self) -> None:
            self.waits += 1

    window = Window()
    flushing.flush(window)
    assert window.waits == 1
