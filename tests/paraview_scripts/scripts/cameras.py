"""Pictures from around, with a parallel projection, a gradient behind, and the camera fitted to a part."""

import json
import sys

from paraview.simple import *

view = CreateView("RenderView", ViewSize=[240, 180])
view.UseColorPaletteForBackground = 0
view.BackgroundColorMode = "Gradient"
view.Background = [0.1, 0.1, 0.3]
view.Background2 = [0.6, 0.7, 0.9]
view.OrientationAxesVisibility = 0
cylinder = Cylinder(Height=3.0, Radius=0.5, Resolution=30)
cube = Box(Center=[2.0, 0.5, 0.0])
rod = Show(cylinder, view)
rod.AmbientColor = rod.DiffuseColor = [0.9, 0.6, 0.1]
crate = Show(cube, view)
crate.AmbientColor = crate.DiffuseColor = [0.1, 0.6, 0.9]
crate.EdgeColor = [0.0, 0.0, 0.0]
crate.Representation = "Surface With Edges"
Render(view)
view.ResetCamera()
camera = view.GetActiveCamera()
places = []
for _ in range(3):
    camera.Azimuth(40)
    Render(view)
    places.append([round(one, 5) for one in camera.GetPosition()])
SaveScreenshot(sys.argv[1] + "/cameras_around.png", view, ImageResolution=[240, 180])
view.CameraParallelProjection = 1
view.ResetCamera(1.5, 2.5, 0.0, 1.0, -0.5, 0.5)
Render(view)
SaveScreenshot(sys.argv[1] + "/cameras_parallel.png", view, ImageResolution=[240, 180])
fitted = [round(view.CameraParallelScale, 5), [round(one, 5) for one in view.CameraFocalPoint]]
view.CameraParallelProjection = 0
ResetCameraToDirection([0.0, 0.0, 0.0], [1.0, -1.0, -1.0], [0.0, 1.0, 0.0], view)
Render(view)
SaveScreenshot(sys.argv[1] + "/cameras_corner.png", view, ImageResolution=[240, 180])
corner = [round(one, 4) for one in view.CameraPosition]
camera.Zoom(1.5)
camera.Yaw(5)
camera.Pitch(-5)
print(
    json.dumps(
        {
            "around": places,
            "fitted": fitted,
            "corner": corner,
            "angle": round(camera.GetViewAngle(), 5),
            "focal": [round(one, 4) for one in camera.GetFocalPoint()],
            "distance": round(camera.GetDistance(), 4),
            "center": [round(one, 4) for one in view.CenterOfRotation],
            "background": [list(view.Background), list(view.Background2)],
            "size": list(view.ViewSize),
        }
    )
)
