"""Files of several times, read as one series, and looked at step by step."""

import json
import os
import sys

from paraview.simple import *

directory = sys.argv[1]
wavelet = Wavelet(WholeExtent=[-5, 5, -5, 5, -5, 5])
files = []
for step in range(4):
    wavelet.XFreq = 30.0 + 20.0 * step
    wavelet.Maximum = 200.0 + 10.0 * step
    path = os.path.join(directory, f"step_{step}.vti")
    SaveData(path, proxy=wavelet)
    files.append(path)
reader = OpenDataFile(files)
reader.PointArrayStatus = ["RTData"]
reader.TimeArray = "None"
scene = GetAnimationScene()
scene.UpdateAnimationUsingDataTimeSteps()
view = GetActiveViewOrCreate("RenderView")
view.ViewSize = [240, 240]
slice1 = Slice(registrationName="Slice1", Input=reader)
slice1.SliceType = "Plane"
slice1.SliceType.Origin = [0.0, 0.0, 0.0]
slice1.SliceType.Normal = [0.0, 0.0, 1.0]
display = Show(slice1, view, "GeometryRepresentation")
ColorBy(display, ("POINTS", "RTData"))
view.ResetCamera()
facts = {"times": list(reader.TimestepValues), "scene": [scene.StartTime, scene.EndTime], "ranges": []}
for time in reader.TimestepValues:
    scene.AnimationTime = time
    Render()
    slice1.UpdatePipeline(time)
    facts["ranges"].append([time, *slice1.PointData["RTData"].GetRange()])
facts["view time"] = view.ViewTime
lut = GetColorTransferFunction("RTData")
facts["span"] = [lut.RGBPoints[0], lut.RGBPoints[-4]]
display.RescaleTransferFunctionToDataRangeOverTime()
facts["span over time"] = [lut.RGBPoints[0], lut.RGBPoints[-4]]
display.RescaleTransferFunctionToDataRange(False, True)
facts["span at last"] = [lut.RGBPoints[0], lut.RGBPoints[-4]]
SaveScreenshot(directory + "/time_series.png", view, ImageResolution=[240, 240])
statistics = TemporalStatistics(Input=reader)
statistics.UpdatePipeline()
names = sorted(statistics.PointData.keys())
facts["statistics"] = {name: list(statistics.PointData[name].GetRange()) for name in names}
shifted = TemporalShiftScale(Input=reader, Scale=2.0, PostShift=1.0)
shifted.UpdatePipelineInformation()
facts["shifted"] = list(shifted.TimestepValues)
between = TemporalInterpolator(Input=reader)
between.UpdatePipeline(1.5)
facts["between"] = list(between.PointData["RTData"].GetRange())
print(json.dumps(facts))
