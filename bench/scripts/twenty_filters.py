"""Twenty filters and five pictures, as a user of ParaView writes it: for pvpython, and unchanged for apvpython."""

import json
import os
import sys

from paraview.simple import *

directory = sys.argv[1]
wavelet = Wavelet(WholeExtent=[-30, 30, -30, 30, -30, 30])
gradient = Gradient(Input=wavelet, ScalarArray=["POINTS", "RTData"], ResultArrayName="G")
calculator = Calculator(Input=gradient, Function="mag(G)", ResultArrayName="steepness")
contour = Contour(Input=calculator, ContourBy=["POINTS", "RTData"], Isosurfaces=[100.0, 150.0, 200.0])
connectivity = Connectivity(Input=contour)
smooth = Smooth(Input=contour, NumberofIterations=20)
elevation = Elevation(Input=smooth, LowPoint=[0.0, 0.0, -30.0], HighPoint=[0.0, 0.0, 30.0])
cut = Slice(Input=calculator, SliceType="Plane")
cut.SliceType.Origin = [0.0, 0.0, 0.0]
cut.SliceType.Normal = [0.0, 0.0, 1.0]
warp = WarpByScalar(Input=cut, Scalars=["POINTS", "RTData"], ScaleFactor=0.05)
clip = Clip(Input=calculator, ClipType="Plane")
clip.ClipType.Origin = [0.0, 0.0, 0.0]
clip.ClipType.Normal = [1.0, 0.0, 0.0]
threshold = Threshold(Input=calculator, Scalars=["POINTS", "RTData"], LowerThreshold=180.0, UpperThreshold=300.0)
surface = ExtractSurface(Input=threshold)
shrunk = Shrink(Input=threshold)
edges = FeatureEdges(Input=surface)
subset = ExtractSubset(Input=gradient, VOI=[-20, 20, -20, 20, -20, 20], SampleRateI=5, SampleRateJ=5, SampleRateK=5)
glyph = Glyph(Input=subset, GlyphType="Arrow", OrientationArray=["POINTS", "G"], GlyphMode="All Points")
glyph.ScaleArray = ["POINTS", "No scale array"]
glyph.ScaleFactor = 4.0
tracer = StreamTracer(Input=gradient, SeedType="Line", Vectors=["POINTS", "G"], MaximumStreamlineLength=60.0)
tracer.SeedType.Point1 = [-25.0, -25.0, 5.0]
tracer.SeedType.Point2 = [25.0, 25.0, 5.0]
tracer.SeedType.Resolution = 40
tube = Tube(Input=tracer, Radius=0.4)
cells = PointDatatoCellData(Input=wavelet)
integral = IntegrateVariables(Input=cells)
outline = Outline(Input=wavelet)

view = CreateRenderView(ViewSize=[800, 600])
frame = Show(outline, view)


def picture(name, source, array):
    """Write a picture of one source, colored by an array of its points."""
    display = Show(source, view)
    ColorBy(display, ("POINTS", array) if array else None)
    view.ResetCamera()
    camera = GetActiveCamera()
    camera.Azimuth(20)
    camera.Elevation(10)
    Render(view)
    SaveScreenshot(os.path.join(directory, f"{name}.png"), view, ImageResolution=[800, 600])
    Hide(source, view)


picture("isosurfaces", elevation, "Elevation")
picture("warped", warp, "RTData")
picture("clipped", clip, "steepness")
picture("glyphs", glyph, "G")
picture("tubes", tube, "RTData")

filters = {
    "Gradient": gradient, "Calculator": calculator, "Contour": contour, "Connectivity": connectivity, "Smooth": smooth,
    "Elevation": elevation, "Slice": cut, "WarpByScalar": warp, "Clip": clip, "Threshold": threshold,
    "ExtractSurface": surface, "Shrink": shrunk, "FeatureEdges": edges, "ExtractSubset": subset, "Glyph": glyph,
    "StreamTracer": tracer, "Tube": tube, "PointDatatoCellData": cells, "IntegrateVariables": integral,
    "Outline": outline,
}  # fmt: skip
facts = {}
for name, one in filters.items():
    one.UpdatePipeline()
    information = one.GetDataInformation()
    facts[name] = [information.GetNumberOfPoints(), information.GetNumberOfCells(), list(information.GetBounds())]
print(json.dumps(facts))
