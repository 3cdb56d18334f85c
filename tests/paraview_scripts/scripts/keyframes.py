"""Keyframes of several kinds, cameras that move, and one picture of a layout of three views at a time between."""

import json
import sys

from paraview.simple import *

wavelet = Wavelet(WholeExtent=[-6, 6, -6, 6, -6, 6])
contour = Contour(Input=wavelet, ContourBy=["POINTS", "RTData"], Isosurfaces=[150.0])
cut = Slice(Input=wavelet)
ball = Sphere(Radius=2.0, ThetaResolution=24, PhiResolution=24)
views = []
for source, color in ((contour, [0.9, 0.6, 0.2]), (cut, [0.3, 0.6, 0.9]), (ball, [0.2, 0.7, 0.3])):
    view = CreateView("RenderView")
    view.OrientationAxesVisibility = 0
    display = Show(source, view)
    display.ColorArrayName = [None, ""]
    display.DiffuseColor = color
    views.append(view)
layout = CreateLayout(name="three")
AssignViewToLayout(view=views[0], layout=layout, hint=0)
layout.SplitHorizontal(0, 0.6)
layout.AssignView(2, views[1])
layout.SplitVertical(2, 0.25)
layout.AssignView(6, views[2])
layout.SetSize(300, 200)
sizes = [list(view.ViewSize) for view in views]

scene = GetAnimationScene()
scene.PlayMode = "Sequence"
scene.NumberOfFrames = 9
scene.StartTime, scene.EndTime = 10.0, 14.0


def keyframes(*values, **first):
    made = []
    for number, value in enumerate(values):
        frame = CompositeKeyFrame()
        frame.KeyTime = number / (len(values) - 1)
        frame.KeyValues = value
        made.append(frame)
    for name, value in first.items():
        setattr(made[0], name, value)
    return made


GetAnimationTrack("Radius", proxy=ball).KeyFrames = keyframes(
    [2.0], [2.5], Interpolation="Sinusoid", Offset=3.0, Phase=90
)
GetAnimationTrack("Center", index=-1, proxy=ball).KeyFrames = keyframes([0, 0, 0], [2, 0, 0], [2, 4, 0])
GetAnimationTrack("ContourValues", index=0, proxy=contour).KeyFrames = keyframes(
    [120], [220], Interpolation="Exponential", Base=4.0
)
GetAnimationTrack("Origin", index=0, proxy=cut.SliceType).KeyFrames = keyframes([-5], [5])
GetAnimationTrack("ThetaResolution", proxy=ball).KeyFrames = keyframes([8], [31])
GetAnimationTrack("Opacity", proxy=ball).KeyFrames = keyframes([1.0], [0.5], [1.0])

for view in views:
    view.CameraPosition, view.CameraFocalPoint, view.CameraViewUp = [0.0, 0.0, 40.0], [0.0, 0.0, 0.0], [0.0, 1.0, 0.0]
around = GetCameraTrack(view=views[0])
around.Mode = "Path-based"
frames = [CameraKeyFrame(), CameraKeyFrame()]
for frame, time in zip(frames, (0.0, 1.0), strict=True):
    frame.KeyTime = time
    frame.ViewUp = [0.0, 1.0, 0.0]
    frame.PositionPathPoints = [
        0.0,
        0.0,
        40.0,
        35.0,
        10.0,
        10.0,
        25.0,
        0.0,
        -30.0,
        -30.0,
        -10.0,
        -20.0,
        -35.0,
        0.0,
        15.0,
    ]
    frame.FocalPathPoints = [0.0, 0.0, 0.0]
    frame.ClosedPositionPath = 1
around.KeyFrames = frames
aside = GetCameraTrack(view=views[1])
aside.Mode = "Interpolate Camera"
stations = [CameraKeyFrame(), CameraKeyFrame(), CameraKeyFrame()]
places = ((0.0, [30, 0, 20]), (0.4, [20, 15, 30]), (1.0, [-20, 15, 30]))
for station, (time, place) in zip(stations, places, strict=True):
    station.KeyTime = time
    station.Position = place
aside.KeyFrames = stations

found = {}
for time in (10.0, 11.0, 12.5, 13.75, 14.0):
    scene.AnimationTime = time
    contour.UpdatePipeline()
    found[str(time)] = {
        "radius": ball.Radius,
        "center": list(ball.Center),
        "level": list(contour.Isosurfaces),
        "points": contour.GetDataInformation().GetNumberOfPoints(),
        "origin": list(cut.SliceType.Origin),
        "resolution": ball.ThetaResolution,
        "opacity": GetDisplayProperties(ball, views[2]).Opacity,
        "around": list(views[0].GetActiveCamera().GetPosition()),
    }
steps = []
for step in ("GoToFirst", "GoToNext", "GoToNext", "GoToPrevious", "GoToLast", "GoToPrevious"):
    getattr(scene, step)()
    steps.append(GetTimeKeeper().Time)
scene.AnimationTime = 11.0
RenderAllViews()
SaveScreenshot(sys.argv[1] + "/keyframes_layout.png", layout, ImageResolution=[300, 200])
SaveAnimation(sys.argv[1] + "/keyframes.png", views[2], ImageResolution=[60, 50], FrameWindow=[0, 3])
print(
    json.dumps(
        {
            "times": found,
            "steps": steps,
            "sizes": sizes,
            "locations": [layout.GetViewLocation(view) for view in views],
            "cues": len(scene.Cues),
        }
    )
)
