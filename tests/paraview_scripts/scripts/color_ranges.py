"""Which numbers colors span, as one thing after the other is shown, colored, hidden and changed."""

import json
import sys

from paraview.simple import *


def span(name="RTData"):
    """Return the ends of a color map."""
    points = GetColorTransferFunction(name).RGBPoints
    return [points[0], points[-4]]


wavelet = Wavelet()
low = Contour(Input=wavelet, ContourBy=["POINTS", "RTData"], Isosurfaces=[100.0, 150.0])
high = Contour(Input=wavelet, ContourBy=["POINTS", "RTData"], Isosurfaces=[200.0, 250.0])
cells = Threshold(Input=wavelet, Scalars=["POINTS", "RTData"], LowerThreshold=120.0, UpperThreshold=220.0)
view = CreateRenderView(ViewSize=[300, 240])
facts = {}
lowDisplay = Show(low, view)
facts["shown"] = span()
ColorBy(lowDisplay, ("POINTS", "RTData"))
facts["colored"] = span()
Hide(low, view)
highDisplay = Show(high, view)
facts["another shown"] = span()
ColorBy(highDisplay, ("POINTS", "RTData"))
facts["another colored"] = span()
cellsDisplay = Show(cells, view)
facts["a third shown"] = span()
ColorBy(cellsDisplay, ("POINTS", "RTData"))
facts["a third colored"] = span()
Show(low, view)
Render(view)
facts["the first again"] = span()
lowDisplay.RescaleTransferFunctionToDataRange(False, True)
facts["rescaled"] = span()
highDisplay.RescaleTransferFunctionToDataRange(True, True)
facts["extended"] = span()
GetColorTransferFunction("RTData").RescaleTransferFunction(0.0, 10.0)
facts["set"] = span()
ColorBy(cellsDisplay, ("POINTS", "RTData"))
facts["colored again"] = span()
low.Isosurfaces = [50.0, 60.0]
Render(view)
facts["changed"] = span()
Hide(cells, view)
high.Isosurfaces = [160.0, 200.0]
view.ResetCamera()
GetActiveCamera().Elevation(25)
Render(view)
SaveScreenshot(sys.argv[1] + "/color_ranges.png", view, ImageResolution=[300, 240])
print(json.dumps(facts))
