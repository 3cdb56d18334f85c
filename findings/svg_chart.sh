#!/usr/bin/env bash
# A chart's SVG: a curve that leaves its axes runs off the page, and with a marker at its points it is gone (VTK 9.7.2).
#
# A chart whose axis shows a part of a curve cuts the rest off, as its window shows. vtkSVGExporter refers to a rectangle to
# cut by, but writes the definition only if the drawing has a marker. So a plain curve is drawn over the axis, the numbers and the end of
# the page. With markers the rectangle is there, yet measured in the curve's own numbers (0 to 3) as if those were pixels, and nothing of
# the curve is left; what is drawn in pixels, the lines of the grid, loses as much at the top as the margin has below, since y counts from
# the other end. No message. Who zooms a chart and exports it has no reason to expect that markers decide about the curve.
#
# Truth: by hand (y = 10 x, seen from 15 to 30: the curve is there from x = 1.5 on, and nowhere below the axis), and the window's picture.
# The files are drawn by resvg.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2 numpy==2.4.6 resvg-py==0.5.0
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys

import numpy as np
import resvg_py
import vtkmodules.vtkRenderingContextOpenGL2  # noqa: F401  # draws charts
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkChartsCore import vtkAxis, vtkChart, vtkChartXY, vtkPlotPoints
from vtkmodules.vtkCommonCore import vtkDoubleArray, vtkVersion
from vtkmodules.vtkCommonDataModel import vtkTable
from vtkmodules.vtkIOExport import vtkSVGExporter
from vtkmodules.vtkIOImage import vtkPNGReader
from vtkmodules.vtkRenderingCore import vtkWindowToImageFilter
from vtkmodules.vtkViewsContext2D import vtkContextView

WIDTH, HEIGHT = 400, 300


def chart_of(markers):
    view = vtkContextView()
    window = view.GetRenderWindow()
    window.SetOffScreenRendering(True)
    window.SetMultiSamples(0)
    window.SetSize(WIDTH, HEIGHT)
    table = vtkTable()
    for name, values in (("x", (0, 1, 2, 3)), ("y", (0, 10, 20, 30))):
        column = vtkDoubleArray()
        column.SetName(name)
        for value in values:
            column.InsertNextValue(value)
        table.AddColumn(column)
    chart = vtkChartXY()
    view.GetScene().AddItem(chart)
    plot = chart.AddPlot(vtkChart.LINE)
    plot.SetInputData(table, 0, 1)
    plot.SetColorF(1.0, 0.0, 0.0)
    plot.SetWidth(2.0)
    if markers:
        plot.SetMarkerStyle(vtkPlotPoints.CIRCLE)
    up = chart.GetAxis(vtkAxis.LEFT)
    up.SetBehavior(vtkAxis.FIXED)
    up.SetRange(15, 30)
    window.Render()
    return view, window, chart


def red_rows(pixels, bottom):
    """How many red pixels there are above and below the lower axis; rows from the top."""
    red = (pixels[..., 0] > 200) & (pixels[..., 1] < 120) & (pixels[..., 2] < 120)
    axis = HEIGHT - int(bottom)
    return int(red[:axis].sum()), int(red[axis + 3 :].sum())


def of_window(window):
    grab = vtkWindowToImageFilter()
    grab.SetInput(window)
    grab.Update()
    picture = grab.GetOutput()
    return vtk_to_numpy(picture.GetPointData().GetScalars()).reshape(HEIGHT, WIDTH, -1)[::-1, :, :3]


def of_file(path):
    drawn = path + ".png"
    with open(drawn, "wb") as file:
        file.write(bytes(resvg_py.svg_to_bytes(svg_path=path, background="white")))
    reader = vtkPNGReader()
    reader.SetFileName(drawn)
    reader.Update()
    found = reader.GetOutput()
    assert found.GetDimensions()[:2] == (WIDTH, HEIGHT), found.GetDimensions()
    return vtk_to_numpy(found.GetPointData().GetScalars()).reshape(HEIGHT, WIDTH, -1)[::-1, :, :3]


print("VTK", vtkVersion.GetVTKVersion(), "numpy", np.__version__, "resvg-py 0.5.0")
changed = 0
for markers in (False, True):
    view, window, chart = chart_of(markers)
    seen = red_rows(of_window(window), chart.GetPoint1()[1])
    path = os.path.join(sys.argv[1], f"chart{int(markers)}.svg")
    exporter = vtkSVGExporter()
    exporter.SetRenderWindow(window)
    exporter.SetFileName(path)
    exporter.Write()
    drawn = red_rows(of_file(path), chart.GetPoint1()[1])
    with open(path) as file:
        text = file.read()
    referred, defined = 'clip-path="url(#vtkClipRect1)"' in text, 'id="vtkClipRect1"' in text
    right = seen[0] > 200 and seen[1] == 0
    described = referred and ((drawn[1] > 30 and not defined) if not markers else (drawn == (0, 0) and defined))
    changed += not (right and described)
    name = "with markers" if markers else "a line alone"
    print(
        f"{name}: red pixels above and below the axis: window {seen}, SVG {drawn}; the rectangle to cut by is "
        f"{'defined' if defined else 'referred to, and not defined'}"
        + ("" if right and described else "  CHANGED")
    )
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: without markers the curve leaves the axes, with them it is gone"
