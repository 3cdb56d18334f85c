"""What examples/comparison.py has ParaView's own pvpython measure. Prints one line of JSON.

pvpython examples/comparison_paraview.py SIDE RESOLUTION
"""

import json
import math
import sys
import time

from paraview import simple

side, resolution = (int(argument) for argument in sys.argv[1:3])
simple._DisableFirstRenderCameraReset()


def median(values):
    return sorted(values)[len(values) // 2]


def timed(work):
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


version = simple.GetParaViewVersion()
found = {"version": f"{version.major}.{version.minor}"}

cone = simple.Cone()
cone.UpdatePipeline()


def change(step):
    cone.Height = 1.0 + step
    cone.UpdatePipeline()
    cone.GetDataInformation().GetNumberOfPoints()


found["update_ms"] = median([timed(lambda step=step: change(step)) for step in range(100)]) * 1e3

wavelet = simple.Wavelet(WholeExtent=[0, side - 1] * 3)
wavelet.UpdatePipeline()
fetch_s = median([timed(lambda: simple.servermanager.Fetch(wavelet)) for _ in range(3)])
found["fetch_gb_s"] = side**3 * 4 / fetch_s / 1e9

contour = simple.Contour(Input=wavelet, ContourBy=["POINTS", "RTData"], Isosurfaces=[100.0 + i for i in range(60)])
found["blocked_s"] = timed(contour.UpdatePipeline)

ball = simple.Sphere(ThetaResolution=resolution, PhiResolution=resolution)
view = simple.CreateView("RenderView")
view.ViewSize = [800, 600]
simple.Show(ball, view)
simple.ResetCamera(view)
camera = view.GetActiveCamera()
simple.Render(view)


def turn():
    camera.Azimuth(2.0)
    simple.Render(view)


found["images_per_s"] = 1 / median([timed(turn) for _ in range(20)])
simple.Hide(ball, view)

gradient = simple.Gradient(Input=wavelet, ScalarArray=["POINTS", "RTData"])
tracer = simple.StreamTracer(Input=gradient, SeedType="Point Cloud", Vectors=["POINTS", "Gradient"])
tracer.MaximumStreamlineLength = 4.0 * side
tracer.SeedType.NumberOfPoints = 100
tracer.SeedType.Radius = side / 4
simple.Show(tracer, view)
simple.Render(view)


def move(step):
    tracer.SeedType.Center = [side / 2 + math.sin(step), side / 2, side / 2]
    simple.Render(view)


found["seed_to_image_s"] = median([timed(lambda step=step: move(step)) for step in range(5)])
print(json.dumps(found))
