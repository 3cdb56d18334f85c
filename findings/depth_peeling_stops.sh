#!/usr/bin/env bash
# Depth peeling: a white wall behind all of a translucent stack takes every layer but the nearest out of the picture (VTK 9.7.2).
#
# With UseDepthPeeling, several peels and an occlusion ratio of 0, translucent layers are blended in their order, however many there
# are. So they are until every pixel that they cover has something opaque behind it: then only the nearest layer is drawn, over the wall,
# and the others are missing. One row of pixels of the stack that the wall does not cover brings all of them back, everywhere. So a scene
# can be right in one size of a window and wrong in another, and wrong only once the camera is near enough. No message.
# vtkDualDepthPeelingPass is what a renderer takes where it can; vtkDepthPeelingPass, set by hand, draws the same scene right.
#
# Truth: by hand. The wall is as white as the background, so the pictures with and without it must be the same: layers of opacity 0.5,
# the nearest red, then green, then blue, over white give (159, 96, 64). Up to 3 levels off are 8 bits between peels. Drawn off screen,
# by Mesa's software renderer where there is no GPU.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - <<'PY'
import sys

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkFiltersSources import vtkPlaneSource
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkRenderer, vtkRenderWindow, vtkWindowToImageFilter
from vtkmodules.vtkRenderingOpenGL2 import (
    vtkCameraPass,
    vtkDepthPeelingPass,
    vtkLightsPass,
    vtkOpaquePass,
    vtkRenderPassCollection,
    vtkSequencePass,
    vtkTranslucentPass,
)

SIZE = 100
WHITE = (1.0, 1.0, 1.0)
COLORS = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def square(half, z, color, opacity):
    plane = vtkPlaneSource()
    plane.SetOrigin(-half, -half, z)
    plane.SetPoint1(half, -half, z)
    plane.SetPoint2(-half, half, z)
    mapper = vtkPolyDataMapper()
    mapper.SetInputConnection(plane.GetOutputPort())
    actor = vtkActor()
    actor.SetMapper(mapper)
    actor.GetProperty().LightingOff()
    actor.GetProperty().SetColor(color)
    actor.GetProperty().SetOpacity(opacity)
    return actor


def peeling_by_one():
    peeling = vtkDepthPeelingPass()
    peeling.SetMaximumNumberOfPeels(100)
    peeling.SetOcclusionRatio(0.0)
    peeling.SetTranslucentPass(vtkTranslucentPass())
    passes = vtkRenderPassCollection()
    for one in (vtkLightsPass(), vtkOpaquePass(), peeling):
        passes.AddItem(one)
    sequence = vtkSequencePass()
    sequence.SetPasses(passes)
    camera = vtkCameraPass()
    camera.SetDelegatePass(sequence)
    return camera


def middle(wall, by_hand=False):
    """The color in the middle: the layers are 0.5 in half their size, and so is what lies behind them (0: nothing)."""
    renderer = vtkRenderer()
    renderer.SetBackground(WHITE)
    if by_hand:
        renderer.SetPass(peeling_by_one())
    else:
        renderer.SetUseDepthPeeling(True)
        renderer.SetMaximumNumberOfPeels(100)
        renderer.SetOcclusionRatio(0.0)
    window = vtkRenderWindow()
    window.SetOffScreenRendering(True)
    window.SetMultiSamples(0)
    window.SetAlphaBitPlanes(True)
    window.SetSize(SIZE, SIZE)
    window.AddRenderer(renderer)
    for number, color in enumerate(COLORS):
        renderer.AddActor(square(0.5, -0.1 * number, color, 0.5))
    if wall:
        renderer.AddActor(square(wall, -1.0, WHITE, 1.0))
    camera = renderer.GetActiveCamera()
    camera.ParallelProjectionOn()
    renderer.ResetCamera()
    camera.SetParallelScale(1.0)
    window.Render()
    image = vtkWindowToImageFilter()
    image.SetInput(window)
    image.ReadFrontBufferOff()
    image.Update()
    pixels = vtk_to_numpy(image.GetOutput().GetPointData().GetScalars()).reshape(SIZE, SIZE, 3)
    return pixels[SIZE // 2, SIZE // 2].tolist()


print("VTK", vtkVersion().GetVTKVersion())
truth = [159, 96, 64]
seen = {
    "no wall": middle(0.0),
    "a wall behind a part of the layers": middle(0.4),
    "a wall behind all of them": middle(0.6),
    "the same, vtkDepthPeelingPass": middle(0.6, by_hand=True),
}
print(f"{'by hand:':36} {truth}")
for name, color in seen.items():
    print(f"{name + ':':36} {color}")


def near(color, to):
    return np.abs(np.subtract(color, to)).max() <= 3


right = [near(color, truth) for color in seen.values()]
red_on_white = near(seen["a wall behind all of them"], [255, 127, 127])
if right == [True, True, False, True] and red_on_white:
    print("seen: only the nearest layer is drawn once a wall lies behind all of them")
    sys.exit(0)
print("not seen: the behavior has changed")
sys.exit(1)
PY
