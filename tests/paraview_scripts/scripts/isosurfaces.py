"""Isosurfaces of a wavelet, colored by a preset, with a legend."""

import json
import sys

from paraview.simple import *

wavelet1 = Wavelet(registrationName="Wavelet1")
renderView1 = GetActiveViewOrCreate("RenderView")
contour1 = Contour(registrationName="Contour1", Input=wavelet1)
contour1.ContourBy = ["POINTS", "RTData"]
contour1.Isosurfaces = [130.0, 180.0, 230.0]
contour1Display = Show(contour1, renderView1, "GeometryRepresentation")
ColorBy(contour1Display, ("POINTS", "RTData"))
rTDataLUT = GetColorTransferFunction("RTData")
rTDataLUT.ApplyPreset("Viridis (matplotlib)", True)
contour1Display.RescaleTransferFunctionToDataRange(True, False)
renderView1.ResetCamera()
GetActiveCamera().Azimuth(30)
GetActiveCamera().Elevation(20)
Render()
SaveScreenshot(sys.argv[1] + "/isosurfaces.png", renderView1, ImageResolution=[320, 240])
information = contour1.GetDataInformation()
print(
    json.dumps(
        {
            "points": information.GetNumberOfPoints(),
            "cells": information.GetNumberOfCells(),
            "bounds": list(information.GetBounds()),
            "range": list(contour1.PointData["RTData"].GetRange()),
            "arrays": contour1.PointData.keys(),
            "camera": list(renderView1.CameraPosition),
            "active": GetActiveSource() == FindSource("Contour1"),
        }
    )
)
