"""Two views side by side, each with a camera of its own."""

import json
import sys

from paraview.simple import *

cone = Cone(Resolution=32, Height=2.0, Radius=0.7)
cylinder = Cylinder(Resolution=24, Height=1.5, Radius=0.5)
layout = CreateLayout(name="both")
left = CreateView("RenderView")
right = CreateView("RenderView")
AssignViewToLayout(view=left, layout=layout, hint=0)
layout.SplitHorizontal(0, 0.5)
layout.AssignView(2, right)
coneDisplay = Show(cone, left)
coneDisplay.DiffuseColor = [0.9, 0.2, 0.2]
cylinderDisplay = Show(cylinder, right)
cylinderDisplay.DiffuseColor = [0.2, 0.3, 0.9]
cylinderDisplay.Specular = 0.5
SetActiveView(left)
ResetCamera(left)
left.ApplyIsometricView()
left.ResetCamera()
Render(left)
SetActiveView(right)
right.CameraPosition = [3.0, 2.0, 4.0]
right.CameraFocalPoint = [0.0, 0.0, 0.0]
right.CameraViewUp = [0.0, 1.0, 0.0]
right.CameraParallelProjection = 1
right.CameraParallelScale = 1.2
Render(right)
SaveScreenshot(sys.argv[1] + "/layouts_left.png", left, ImageResolution=[200, 200])
SaveScreenshot(sys.argv[1] + "/layouts_right.png", right, ImageResolution=[200, 200])
camera = right.GetActiveCamera()
camera.Dolly(2.0)
camera.Roll(90)
print(
    json.dumps(
        {
            "layout": GetLayoutByName("both") == layout,
            "locations": [layout.GetViewLocation(left), layout.GetViewLocation(right)],
            "views": len(GetRenderViews()),
            "active": GetActiveView() == right,
            "distance": camera.GetDistance(),
            "up": [round(one, 6) for one in camera.GetViewUp()],
            "position": [round(one, 6) for one in camera.GetPosition()],
            "left": [round(one, 4) for one in left.CameraPosition],
            "cone points": cone.GetDataInformation().GetNumberOfPoints(),
            "cylinder bounds": list(cylinder.GetDataInformation().GetBounds()),
        }
    )
)
