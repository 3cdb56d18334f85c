"""Several sources as one, moved, with their outlines, and deleted in the end."""

import json
import sys

from paraview.simple import *

LoadPalette("BlackBackground")
sphere = Sphere(Radius=0.8, ThetaResolution=18, PhiResolution=18)
moved = Transform(Input=Cone(Resolution=20))
moved.Transform.Translate = [2.0, 0.0, 0.0]
moved.Transform.Rotate = [0.0, 0.0, 90.0]
moved.Transform.Scale = [1.5, 1.5, 1.5]
group = GroupDatasets(Input=[sphere, moved])
merged = MergeBlocks(Input=group)
surface = ExtractSurface(Input=merged)
elevation = Elevation(Input=surface, LowPoint=[-1.0, 0.0, 0.0], HighPoint=[3.0, 0.0, 0.0])
view = CreateView("RenderView", ViewSize=[320, 160])
display = Show(elevation, view)
ColorBy(display, ("POINTS", "Elevation"))
shrunk = Shrink(Input=elevation, ShrinkFactor=0.6)
Hide(elevation, view)
SetDisplayProperties(Show(shrunk, view).Input, view, LineWidth=1.0)
Render()
ResetCamera(view)
SaveScreenshot(sys.argv[1] + "/groups.png", view, ImageResolution=[320, 160])
facts = {
    "group points": group.GetDataInformation().GetNumberOfPoints(),
    "group sets": group.GetDataInformation().GetNumberOfDataSets(),
    "moved": [round(one, 5) for one in moved.GetDataInformation().GetBounds()],
    "elevation": [round(one, 6) for one in elevation.PointData["Elevation"].GetRange()],
    "shrunk cells": shrunk.GetDataInformation().GetNumberOfCells(),
    "hidden": GetDisplayProperties(elevation, view).Visibility,
    "inputs": len(group.Input),
}
for one in (shrunk, elevation, surface, merged, group, moved):
    Delete(one)
facts["left"] = sorted({name for name, _ in GetSources()})
print(json.dumps(facts))
