"""Arrows on a sphere, along its normals."""

import json
import sys

from paraview.simple import *

sphere = Sphere()
sphere.Radius = 1.0
sphere.ThetaResolution = 16
sphere.PhiResolution = 12
glyph = Glyph(Input=sphere, GlyphType="Arrow")
glyph.OrientationArray = ["POINTS", "Normals"]
glyph.ScaleArray = ["POINTS", "No scale array"]
glyph.ScaleFactor = 0.4
glyph.GlyphMode = "All Points"
view = GetActiveViewOrCreate("RenderView")
view.Background = [0.1, 0.1, 0.2]
view.UseColorPaletteForBackground = 0
sphereDisplay = Show(sphere, view)
sphereDisplay.DiffuseColor = [0.9, 0.4, 0.1]
glyphDisplay = Show(glyph, view)
glyphDisplay.DiffuseColor = [0.2, 0.7, 0.9]
Render()
ResetCamera()
SaveScreenshot(sys.argv[1] + "/glyphs.png", ImageResolution=[300, 300])
RenameSource("arrows", glyph)
print(
    json.dumps(
        {
            "sphere points": sphere.GetDataInformation().GetNumberOfPoints(),
            "glyph points": glyph.GetDataInformation().GetNumberOfPoints(),
            "glyph cells": glyph.GetDataInformation().GetNumberOfCells(),
            "glyph bounds": list(glyph.GetDataInformation().GetBounds()),
            "renamed": FindSource("arrows") == glyph,
            "type": glyph.GlyphType.GetXMLLabel(),
            "radius": sphere.GetPropertyValue("Radius") if hasattr(sphere, "GetPropertyValue") else sphere.Radius,
            "visible": [GetDisplayProperties(sphere, view).Visibility, GetDisplayProperties(glyph, view).Visibility],
        }
    )
)
