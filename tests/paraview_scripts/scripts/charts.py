"""Values along a line, in a chart, and as numbers."""

import json
import sys

from paraview.simple import *

wavelet = Wavelet()
line = PlotOverLine(Input=wavelet)
line.Point1 = [-10.0, 0.0, 0.0]
line.Point2 = [10.0, 0.0, 0.0]
line.SamplingPattern = "Sample Uniformly"
line.Resolution = 100
chart = CreateView("XYChartView")
chart.ViewSize = [400, 300]
chart.ChartTitle = "RTData along X"
chart.LeftAxisTitle = "value"
chart.BottomAxisTitle = "length"
display = Show(line, chart)
display.XArrayName = "arc_length"
display.SeriesVisibility = ["RTData"]
display.SeriesColor = ["RTData", "0.8", "0.1", "0.1"]
Render(chart)
SaveScreenshot(sys.argv[1] + "/charts.png", chart, ImageResolution=[400, 300])
data = servermanager.Fetch(line)
values = data.GetPointData().GetArray("RTData")
lengths = data.GetPointData().GetArray("arc_length")
print(
    json.dumps({
        "points": data.GetNumberOfPoints(),
        "first": values.GetValue(0),
        "middle": values.GetValue(50),
        "last length": lengths.GetValue(data.GetNumberOfPoints() - 1),
        "range": list(line.PointData["RTData"].GetRange()),
        "kind": GetActiveView() == chart,
        "views": len(GetViews()),
    })
)
