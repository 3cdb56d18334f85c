"""A state that is saved, and loaded into an empty session."""

import json
import os
import sys

from paraview.simple import *

wavelet = Wavelet(registrationName="waves", WholeExtent=[-6, 6, -6, 6, -6, 6])
contour = Contour(registrationName="skin", Input=wavelet)
contour.ContourBy = ["POINTS", "RTData"]
contour.Isosurfaces = [160.0]
view = CreateView("RenderView")
view.ViewSize = [240, 240]
display = Show(contour, view)
ColorBy(display, None)
display.DiffuseColor = [0.8, 0.7, 0.2]
view.CameraPosition = [20.0, 15.0, 25.0]
view.CameraFocalPoint = [0.0, 0.0, 0.0]
view.CameraViewUp = [0.0, 1.0, 0.0]
Render()
contour.UpdatePipeline()
before = contour.GetDataInformation().GetNumberOfPoints()
path = os.path.join(sys.argv[1], "state.pvsm")
SaveState(path)
ResetSession()
LoadState(path)
loaded = FindSource("skin")
loaded.UpdatePipeline()
view = GetActiveViewOrCreate("RenderView")
Render(view)
SaveScreenshot(sys.argv[1] + "/states.png", view, ImageResolution=[240, 240])
print(
    json.dumps(
        {
            "before": before,
            "after": loaded.GetDataInformation().GetNumberOfPoints(),
            "values": list(loaded.Isosurfaces),
            "names": sorted(name for name, _ in GetSources()),
            "extent": list(FindSource("waves").WholeExtent),
            "camera": [round(one, 4) for one in view.CameraPosition],
        }
    )
)
