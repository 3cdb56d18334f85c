"""Integrals, and values as numpy arrays."""

import json
import sys

import numpy as np
from paraview import servermanager, vtk
from paraview.simple import *
from paraview.vtk.numpy_interface import dataset_adapter as dsa
from paraview.vtk.util.numpy_support import vtk_to_numpy

wavelet = Wavelet(WholeExtent=[-7, 7, -7, 7, -7, 7])
cells = PointDatatoCellData(Input=wavelet)
integrated = IntegrateVariables(Input=wavelet)
integrated.UpdatePipeline()
total = servermanager.Fetch(integrated)
image = servermanager.Fetch(wavelet)
values = vtk_to_numpy(image.GetPointData().GetScalars())
adapted = dsa.WrapDataObject(image)
cells.UpdatePipeline()
centers = CellCenters(Input=cells)
centers.VertexCells = 1
view = CreateRenderView()
view.ViewSize = [240, 180]
display = Show(centers, view)
display.PointSize = 4.0
ColorBy(display, ("POINTS", "RTData"))
ResetCamera()
Render()
SaveScreenshot(sys.argv[1] + "/statistics.png", view, ImageResolution=[240, 180])
print(
    json.dumps(
        {
            "integral": total.GetPointData().GetArray("RTData").GetTuple1(0),
            "volume": total.GetCellData().GetArray("Volume").GetTuple1(0),
            "mean": float(np.mean(values)),
            "deviation": float(np.std(values)),
            "adapted": float(adapted.PointData["RTData"].max()),
            "dimensions": list(image.GetDimensions()),
            "cell arrays": cells.CellData.keys(),
            "cell range": list(cells.CellData["RTData"].GetRange()),
            "is image": isinstance(image, vtk.vtkImageData),
            "centers": centers.GetDataInformation().GetNumberOfPoints(),
        }
    )
)
