"""Parts that hang together, measured one by one."""

import json
import sys

from paraview.simple import *

wavelet = Wavelet(WholeExtent=[-10, 10, -10, 10, -10, 10])
hot = Threshold(Input=wavelet, Scalars=["POINTS", "RTData"], LowerThreshold=190.0, UpperThreshold=300.0)
parts = Connectivity(Input=hot)
parts.ExtractionMode = "Extract All Regions"
parts.ColorRegions = 1
parts.UpdatePipeline()
count = int(parts.CellData["RegionId"].GetRange()[1]) + 1
measured = []
for region in range(count):
    one = Threshold(Input=parts, Scalars=["CELLS", "RegionId"], LowerThreshold=region, UpperThreshold=region)
    integral = IntegrateVariables(Input=one)
    total = servermanager.Fetch(integral)
    measured.append(
        [
            one.GetDataInformation().GetNumberOfCells(),
            round(total.GetCellData().GetArray("Volume").GetTuple1(0), 4),
            round(total.GetPointData().GetArray("RTData").GetTuple1(0), 2),
        ]
    )
    Delete(integral)
    Delete(one)
sizes = CellSize(Input=hot)
sizes.UpdatePipeline()
quality = MeshQuality(Input=Tetrahedralize(Input=hot))
quality.TetQualityMeasure = "Radius Ratio"
quality.UpdatePipeline()
view = GetActiveViewOrCreate("RenderView")
view.ViewSize = [280, 280]
display = Show(parts, view)
ColorBy(display, ("CELLS", "RegionId"))
display.RescaleTransferFunctionToDataRange()
view.ResetCamera()
GetActiveCamera().Azimuth(30)
Render()
SaveScreenshot(sys.argv[1] + "/regions.png", view, ImageResolution=[280, 280])
print(
    json.dumps(
        {
            "count": count,
            "measured": sorted(measured),
            "volumes": list(sizes.CellData["Volume"].GetRange()),
            "quality": [round(one, 5) for one in quality.CellData["Quality"].GetRange()],
            "left": len(GetSources()),
        }
    )
)
