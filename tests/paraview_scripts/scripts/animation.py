"""A sphere that grows, by keyframes, written picture by picture."""

import glob
import json
import os
import sys

from paraview.simple import *

sphere = Sphere(ThetaResolution=24, PhiResolution=24)
box = Box(XLength=2.5, YLength=2.5, ZLength=2.5)
view = CreateView("RenderView")
view.ViewSize = [200, 200]
Show(sphere, view).DiffuseColor = [0.2, 0.6, 0.3]
Show(box, view).SetRepresentationType("Wireframe")
scene = GetAnimationScene()
scene.PlayMode = "Sequence"
scene.NumberOfFrames = 5
scene.StartTime = 0.0
scene.EndTime = 2.0
track = GetAnimationTrack("Radius", index=0, proxy=sphere)
first = CompositeKeyFrame()
first.KeyTime = 0.0
first.KeyValues = [0.25]
first.Interpolation = "Ramp"
last = CompositeKeyFrame(KeyTime=1.0, KeyValues=[1.25])
track.KeyFrames = [first, last]
Render()
view.ResetCamera()
radii = []
for time in (0.0, 0.5, 1.0, 2.0):
    scene.AnimationTime = time
    sphere.UpdatePipeline()
    radii.append(round(sphere.GetDataInformation().GetBounds()[5], 6))
scene.GoToFirst()
SaveAnimation(sys.argv[1] + "/animation.png", view, ImageResolution=[200, 200], FrameWindow=[0, 4])
scene.AnimationTime = 2.0
Render()
SaveScreenshot(sys.argv[1] + "/animation_last.png", view, ImageResolution=[200, 200])
print(
    json.dumps(
        {
            "radii": radii,
            "frames": len(glob.glob(os.path.join(sys.argv[1], "animation.*.png"))),
            "end": scene.EndTime,
            "keyframes": len(track.KeyFrames),
        }
    )
)
