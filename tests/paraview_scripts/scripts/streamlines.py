"""Streamlines of a gradient, as tubes."""

import json
import sys

from paraview.simple import *

wavelet = Wavelet(registrationName="data")
gradient = Gradient(registrationName="gradient", Input=wavelet)
gradient.ScalarArray = ["POINTS", "RTData"]
gradient.ResultArrayName = "G"
tracer = StreamTracer(registrationName="lines", Input=gradient, SeedType="Line")
tracer.Vectors = ["POINTS", "G"]
tracer.MaximumStreamlineLength = 20.0
tracer.SeedType.Point1 = [-8.0, -8.0, 0.0]
tracer.SeedType.Point2 = [8.0, 8.0, 0.0]
tracer.SeedType.Resolution = 20
tube = Tube(registrationName="tubes", Input=tracer)
tube.Radius = 0.2
tube.NumberofSides = 8
view = CreateRenderView(ViewSize=[320, 240])
display = Show(tube, view)
ColorBy(display, ("POINTS", "RTData"))
outline = Show(Outline(Input=wavelet), view)
outline.DiffuseColor = [1.0, 1.0, 1.0]
view.ResetCamera()
camera = GetActiveCamera()
camera.Azimuth(20)
camera.Elevation(30)
Render()
SaveScreenshot(sys.argv[1] + "/streamlines.png", view, ImageResolution=[320, 240])
tracer.UpdatePipeline()
print(
    json.dumps(
        {
            "gradient": list(gradient.PointData["G"].GetRange(0)),
            "components": gradient.PointData["G"].GetNumberOfComponents(),
            "lines": tracer.GetDataInformation().GetNumberOfCells(),
            "sources": sorted(name for name, _ in GetSources() if name != "Outline1"),
            "found": FindSource("lines") == tracer,
        }
    )
)
