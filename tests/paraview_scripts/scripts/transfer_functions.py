"""Colors of one's own, in steps, with colors for what lies outside, along logarithms, and a legend."""

import json
import sys

from paraview.simple import *

wavelet = Wavelet(WholeExtent=[-10, 10, -10, 10, 0, 0])
positive = Calculator(Input=wavelet, Function="RTData*RTData/10", ResultArrayName="power")
view = CreateRenderView(ViewSize=[320, 240])
view.OrientationAxesVisibility = 0
display = Show(positive, view)
display.Representation = "Surface"
ColorBy(display, ("POINTS", "power"))
lut = GetColorTransferFunction("power")
lut.ColorSpace = "RGB"
lut.RGBPoints = [500.0, 0.0, 0.0, 1.0, 2500.0, 0.0, 1.0, 0.0, 6000.0, 1.0, 0.0, 0.0]
lut.UseBelowRangeColor = 1
lut.BelowRangeColor = [1.0, 1.0, 1.0]
lut.UseAboveRangeColor = 1
lut.AboveRangeColor = [0.2, 0.2, 0.2]
lut.NumberOfTableValues = 8
lut.Discretize = 1
pwf = GetOpacityTransferFunction("power")
pwf.Points = [500.0, 1.0, 0.5, 0.0, 6000.0, 1.0, 0.5, 0.0]
view.ResetCamera()
Render()
SaveScreenshot(sys.argv[1] + "/transfer_functions_steps.png", view, ImageResolution=[320, 240])
facts = {"steps": list(lut.RGBPoints)}
lut.ApplyPreset("Cool to Warm", True)
facts["preset"] = [lut.RGBPoints[0], lut.RGBPoints[-4]]
lut.RescaleTransferFunction(100.0, 8000.0)
facts["rescaled"] = [lut.RGBPoints[0], lut.RGBPoints[-4], len(lut.RGBPoints)]
pwf.RescaleTransferFunction(100.0, 8000.0)
facts["opacities"] = list(pwf.Points)
lut.MapControlPointsToLogSpace()
lut.UseLogScale = 1
facts["log"] = [round(one, 3) for one in lut.RGBPoints[::4]]
lut.InvertTransferFunction()
facts["inverted"] = [round(one, 4) for one in lut.RGBPoints[:4]]
bar = GetScalarBar(lut, view)
bar.Title = "power"
bar.ComponentTitle = "W"
display.SetScalarBarVisibility(view, False)
Render()
SaveScreenshot(sys.argv[1] + "/transfer_functions_log.png", view, ImageResolution=[320, 240])
facts["bar"] = [bar.Title, bar.ComponentTitle, bar.Visibility]
print(json.dumps(facts))
