"""Values at other places: on an image, at points, along a plane, and by distance."""

import json
import sys

from paraview.simple import *

wavelet = Wavelet(WholeExtent=[-8, 8, -8, 8, -8, 8])
tetrahedra = Tetrahedralize(Input=wavelet)
image = ResampleToImage(Input=tetrahedra)
image.SamplingDimensions = [12, 10, 8]
image.UseInputBounds = 0
image.SamplingBounds = [-6.0, 6.0, -5.0, 5.0, -4.0, 4.0]
image.UpdatePipeline()
ball = Sphere(Radius=6.0, ThetaResolution=16, PhiResolution=12)
onBall = ResampleWithDataset(SourceDataArrays=tetrahedra, DestinationMesh=ball)
onBall.UpdatePipeline()
probe = ProbeLocation(Input=wavelet, ProbeType="Fixed Radius Point Source")
probe.ProbeType.Center = [1.5, 2.0, -3.0]
probe.ProbeType.NumberOfPoints = 1
probe.ProbeType.Radius = 0.0
value = servermanager.Fetch(probe)
centers = CellCenters(Input=wavelet)
centers.UpdatePipeline()
masked = MaskPoints(Input=wavelet, OnRatio=50, MaximumNumberofPoints=200, GenerateVertices=1)
masked.UpdatePipeline()
distance = Calculator(Input=onBall, Function="coordsX+RTData*0", ResultArrayName="x")
view = CreateRenderView(ViewSize=[260, 260])
display = Show(onBall, view)
ColorBy(display, ("POINTS", "RTData"))
outline = Show(Outline(Input=image), view)
outline.LineWidth = 2.0
view.ResetCamera()
GetActiveCamera().Azimuth(-35)
GetActiveCamera().Elevation(15)
Render()
SaveScreenshot(sys.argv[1] + "/sampling.png", view, ImageResolution=[260, 260])
print(
    json.dumps(
        {
            "image": list(image.PointData["RTData"].GetRange()),
            "dimensions": list(servermanager.Fetch(image).GetDimensions()),
            "ball": [onBall.GetDataInformation().GetNumberOfPoints(), *onBall.PointData["RTData"].GetRange()],
            "probe": [value.GetNumberOfPoints(), value.GetPointData().GetArray("RTData").GetValue(0)],
            "centers": centers.GetDataInformation().GetNumberOfPoints(),
            "masked": masked.GetDataInformation().GetNumberOfPoints(),
            "x": list(distance.PointData["x"].GetRange()),
        }
    )
)
