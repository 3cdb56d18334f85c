"""Slices and a clip through an image, translucent and solid."""

import json
import sys

from paraview.simple import *

paraview.simple._DisableFirstRenderCameraReset()
LoadPalette(paletteName="WhiteBackground")
renderView1 = CreateView("RenderView")
renderView1.ViewSize = [320, 240]
wavelet = Wavelet()
wavelet.WholeExtent = [-8, 8, -8, 8, -8, 8]
slice1 = Slice(Input=wavelet)
slice1.SliceType = "Plane"
slice1.SliceType.Origin = [0.0, 0.0, 0.0]
slice1.SliceType.Normal = [0.0, 0.0, 1.0]
slice1.SliceOffsetValues = [-4.0, 0.0, 4.0]
clip1 = Clip(Input=wavelet)
clip1.ClipType = "Plane"
clip1.ClipType.Origin = [0.0, 0.0, 0.0]
clip1.ClipType.Normal = [1.0, 0.0, 0.0]
sliceDisplay = Show(slice1, renderView1)
ColorBy(sliceDisplay, ("POINTS", "RTData"))
clipDisplay = Show(clip1, renderView1)
ColorBy(clipDisplay, None)
clipDisplay.Opacity = 0.3
Hide(wavelet, renderView1)
renderView1.CameraPosition = [30.0, 25.0, 40.0]
renderView1.CameraFocalPoint = [0.0, 0.0, 0.0]
renderView1.CameraViewUp = [0.0, 1.0, 0.0]
Render(renderView1)
SaveScreenshot(sys.argv[1] + "/slices_and_clips.png", renderView1, ImageResolution=[320, 240])
sliceInformation = slice1.GetDataInformation()
clipInformation = clip1.GetDataInformation()
print(
    json.dumps(
        {
            "slice points": sliceInformation.GetNumberOfPoints(),
            "slice bounds": list(sliceInformation.GetBounds()),
            "clip points": clipInformation.GetNumberOfPoints(),
            "clip cells": clipInformation.GetNumberOfCells(),
            "clip bounds": list(clipInformation.GetBounds()),
            "representation": clipDisplay.Representation == "Surface",
            "normal": list(slice1.SliceType.Normal),
        }
    )
)
