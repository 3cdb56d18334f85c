"""A surface that is cleaned, made coarser, smoother and finer, cut open, warped and extruded."""

import json
import sys

from paraview.simple import *

ball = Sphere(Radius=2.0, ThetaResolution=40, PhiResolution=30)
clean = Clean(Input=ball)
coarse = Decimate(Input=clean, TargetReduction=0.5)
smooth = Smooth(Input=clean, NumberofIterations=30)
open_ = Clip(Input=clean, ClipType="Plane", Invert=0)
open_.ClipType.Origin = [0.5, 0.0, 0.0]
open_.ClipType.Normal = [1.0, 0.0, 0.0]
edges = FeatureEdges(Input=ExtractSurface(Input=open_))
edges.BoundaryEdges = 1
edges.FeatureEdges = 0
tube = Tube(Input=edges, Radius=0.05, NumberofSides=8)
bumps = Calculator(Input=clean, Function="sin(5*coordsX)*0.2", ResultArrayName="bump")
warped = WarpByScalar(Input=bumps, Scalars=["POINTS", "bump"], ScaleFactor=1.0)
strip = LinearExtrusion(Input=edges, ScaleFactor=1.0, Vector=[1.0, 0.0, 0.0])
flat = Plane(
    XResolution=4, YResolution=3, Origin=[-1.0, -1.0, -3.0], Point1=[1.0, -1.0, -3.0], Point2=[-1.0, 1.0, -3.0]
)
disk = Disk(InnerRadius=0.5, OuterRadius=2.5, RadialResolution=3, CircumferentialResolution=24)
turned = Transform(Input=disk)
turned.Transform.Rotate = [30.0, 40.0, 50.0]
view = CreateRenderView(ViewSize=[300, 240])
half = Show(open_, view)
ColorBy(half, ("POINTS", ""))
half.DiffuseColor = half.AmbientColor = [0.5, 0.7, 0.5]
ring = Show(tube, view)
ColorBy(ring, ("POINTS", ""))
ring.DiffuseColor = ring.AmbientColor = [0.9, 0.2, 0.1]
plate = Show(turned, view)
plate.Opacity = 0.5
view.ResetCamera()
GetActiveCamera().Azimuth(-60)
Render()
SaveScreenshot(sys.argv[1] + "/surfaces.png", view, ImageResolution=[300, 240])
facts = {}
for name, one in {
    "clean": clean, "coarse": coarse, "smooth": smooth, "open": open_, "edges": edges, "tube": tube, "warped": warped,
    "strip": strip, "flat": flat, "disk": disk, "turned": turned,
}.items():  # fmt: skip
    one.UpdatePipeline()
    information = one.GetDataInformation()
    facts[name] = [information.GetNumberOfPoints(), information.GetNumberOfCells()]
    if name != "coarse":
        facts[name] += [round(bound, 4) for bound in information.GetBounds()]
print(json.dumps(facts))
