"""Files that are written, opened by the reader that suits them, and compared."""

import json
import os
import sys

from paraview.simple import *

directory = sys.argv[1]
source = Sphere(ThetaResolution=20, PhiResolution=15)
elevation = Elevation(Input=source, LowPoint=[0.0, 0.0, -0.5], HighPoint=[0.0, 0.0, 0.5])
found = {}
for name in ("surface.vtp", "surface.ply", "surface.stl", "surface.vtk"):
    path = os.path.join(directory, name)
    SaveData(path, proxy=elevation)
    reader = OpenDataFile(path)
    reader.UpdatePipeline()
    information = reader.GetDataInformation()
    found[name] = [information.GetNumberOfCells(), [round(one, 5) for one in information.GetBounds()]]
grid = Wavelet(WholeExtent=[0, 6, 0, 5, 0, 4])
SaveData(os.path.join(directory, "grid.vti"), grid)
reopened = OpenDataFile(os.path.join(directory, "grid.vti"), registrationName="grid.vti")
reopened.PointArrayStatus = ["RTData"]
cells = Tetrahedralize(Input=reopened)
view = CreateView("RenderView")
view.ViewSize = [300, 200]
display = Show(cells, view, "UnstructuredGridRepresentation")
display.SetRepresentationType("Wireframe")
display.LineWidth = 2.0
display.SetScalarBarVisibility(view, False)
view.ResetActiveCameraToPositiveX()
view.ResetCamera(False)
Render(view)
SaveScreenshot(directory + "/readers.png", view, ImageResolution=[300, 200])
print(
    json.dumps(
        {
            "files": found,
            "extent": list(reopened.GetDataInformation().GetExtent()),
            "range": list(reopened.PointData["RTData"].GetRange()),
            "tetrahedra": cells.GetDataInformation().GetNumberOfCells(),
            "class": cells.GetDataInformation().GetDataClassName(),
            "found": FindSource("grid.vti") == reopened,
            "up": list(view.CameraViewUp),
        }
    )
)
