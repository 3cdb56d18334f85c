#!/usr/bin/env bash
# A scene that is exported to glTF has other colours everywhere else (VTK 9.7.2).
#
# Colours of a vtkProperty are what the screen shows (sRGB); baseColorFactor and COLOR_0 of glTF 2.0 are linear (section 3.9.2, 3.7.2.1), and a
# viewer encodes them for the screen. vtkGLTFExporter writes VTK's numbers as they are: a grey that VTK shows as 128 is 188 in a
# viewer that keeps to the format. And where an actor is coloured by an array, VTK ignores the actor's own colour, but the file has it
# as the factor beside COLOR_0, which the format multiplies: a colour map's red of an actor that once was blue is black.
# Nothing is said; a look at the file through VTK's own window shows nothing unusual.
#
# Truth: VTK's own pixel without lights, and the formulas of the glTF specification.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - "$folder" 2>/dev/null <<'PY'
import base64
import json
import os
import sys

import numpy as np
import vtkmodules.vtkRenderingOpenGL2  # noqa: F401
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkFiltersSources import vtkPlaneSource
from vtkmodules.vtkIOExport import vtkGLTFExporter
from vtkmodules.vtkRenderingCore import (
    vtkActor, vtkPolyDataMapper, vtkRenderer, vtkRenderWindow, vtkWindowToImageFilter,
)


def encoded(linear):
    """What a screen shows of a linear value, 0 to 255."""
    return round(255 * (12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055))


def scene(color, scalars):
    plane = vtkPlaneSource()
    plane.Update()
    surface = plane.GetOutput()
    if scalars:
        surface.GetPointData().SetScalars(numpy_to_vtk(np.array([scalars] * 4, dtype=np.uint8), deep=True))
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(surface)
    actor = vtkActor()
    actor.SetMapper(mapper)
    actor.GetProperty().SetColor(color)
    actor.GetProperty().LightingOff()
    renderer = vtkRenderer()
    renderer.AddActor(actor)
    window = vtkRenderWindow()
    window.SetOffScreenRendering(True)
    window.SetSize(32, 32)
    window.AddRenderer(renderer)
    window.Render()
    return window


def shown(window):
    grab = vtkWindowToImageFilter()
    grab.SetInput(window)
    grab.Update()
    return vtk_to_numpy(grab.GetOutput().GetPointData().GetScalars()).reshape(32, 32, 3)[16, 16].tolist()


def exported(window):
    path = os.path.join(sys.argv[1], "scene.gltf")
    exporter = vtkGLTFExporter()
    exporter.SetFileName(path)
    exporter.SetInlineData(True)
    exporter.SetRenderWindow(window)
    exporter.Write()
    with open(path) as file:
        content = json.load(file)
    factor = content["materials"][0]["pbrMetallicRoughness"]["baseColorFactor"]
    attributes = content["meshes"][0]["primitives"][0]["attributes"]
    vertex = [1.0, 1.0, 1.0]
    if "COLOR_0" in attributes:
        accessor = content["accessors"][attributes["COLOR_0"]]
        view = content["bufferViews"][accessor["bufferView"]]
        data = base64.b64decode(content["buffers"][view["buffer"]]["uri"].partition(",")[2])
        assert accessor["componentType"] == 5121 and accessor["normalized"], "bytes, 255 is 1"
        vertex = [one / 255 for one in data[view.get("byteOffset", 0) :][:3]]
    return [encoded(f * v) for f, v in zip(factor, vertex)]


print("VTK", vtkVersion.GetVTKVersion())
changed = 0
for name, color, scalars, described in (
    ("a grey actor", (0.5, 0.5, 0.5), None, [188, 188, 188]),
    ("coloured (200, 100, 50) by an array, actor white", (1.0, 1.0, 1.0), (200, 100, 50), [229, 168, 122]),
    ("coloured red by an array, actor blue", (0.0, 0.0, 1.0), (255, 0, 0), [0, 0, 0]),
):
    window = scene(color, scalars)
    here, there = shown(window), exported(window)
    assert np.allclose(here, scalars or np.array(color) * 255, atol=1), "VTK's window shows the colour as it was set"
    same = bool(np.allclose(there, described, atol=1))
    changed += not same
    print(f"{name}: VTK shows {here}, the file says {there}" + ("" if same else f"  CHANGED, described as {described}"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: exported colours are others"
