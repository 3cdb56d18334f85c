"""A calculator, thresholds of its result, and what they hold."""

import json
import sys

from paraview.simple import *

w = Wavelet(WholeExtent=[-5, 5, -5, 5, -5, 5])
calc = Calculator(Input=w)
calc.Function = "RTData*coordsX/10"
calc.ResultArrayName = "product"
threshold = Threshold(Input=calc)
threshold.Scalars = ["POINTS", "product"]
threshold.LowerThreshold = 20.0
threshold.UpperThreshold = 100.0
threshold.UpdatePipeline()
view = GetRenderView()
view.ViewSize = [300, 300]
rep = Show(threshold, view)
rep.Representation = "Surface With Edges"
ColorBy(rep, ("POINTS", "product"))
rep.RescaleTransferFunctionToDataRange(False, True)
view.ResetActiveCameraToNegativeZ()
ResetCamera(view)
Render()
WriteImage(sys.argv[1] + "/thresholds.png")
SetActiveSource(threshold)
surface = ExtractSurface()
surface.UpdatePipeline()
print(
    json.dumps(
        {
            "range": list(calc.PointData["product"].GetRange()),
            "arrays": calc.PointData.keys(),
            "count": len(calc.PointData),
            "cells": threshold.GetDataInformation().GetNumberOfCells(),
            "points": threshold.GetDataInformation().GetNumberOfPoints(),
            "bounds": list(threshold.GetDataInformation().GetBounds()),
            "input": surface.Input == threshold,
            "surface points": surface.GetDataInformation().GetNumberOfPoints(),
            "names": sorted(name for name, _ in GetSources()),
        }
    )
)
