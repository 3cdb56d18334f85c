"""An image shown as a volume, with its outline."""

import json
import sys

from paraview.simple import *

wavelet = Wavelet(WholeExtent=[-12, 12, -12, 12, -12, 12])
view = CreateRenderView(ViewSize=[240, 240])
view.OrientationAxesVisibility = 0
display = Show(wavelet, view)
display.SetRepresentationType("Volume")
ColorBy(display, ("POINTS", "RTData"))
lut = GetColorTransferFunction("RTData")
lut.RescaleTransferFunction(50.0, 270.0)
pwf = GetOpacityTransferFunction("RTData")
pwf.Points = [50.0, 0.0, 0.5, 0.0, 180.0, 0.0, 0.5, 0.0, 270.0, 0.6, 0.5, 0.0]
display.ScalarOpacityUnitDistance = 2.0
view.ResetCamera()
GetActiveCamera().Azimuth(30)
GetActiveCamera().Elevation(20)
Render()
SaveScreenshot(sys.argv[1] + "/volume.png", view, ImageResolution=[240, 240])
print(
    json.dumps(
        {
            "kind": display.Representation == "Volume",
            "points": [float(one) for one in pwf.Points],
            "span": [float(one) for one in lut.RGBPoints[::4]],
        }
    )
)
