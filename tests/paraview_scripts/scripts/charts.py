"""A curve in a chart, and its values as numbers."""

import json
import sys

from paraview.simple import *

line = Line(Point1=[0.0, 0.0, 0.0], Point2=[6.0, 0.0, 0.0], Resolution=60)
curve = Calculator(Input=line, Function="sin(coordsX)*coordsX", ResultArrayName="wave")
chart = CreateView("XYChartView")
chart.ViewSize = [400, 300]
chart.ChartTitle = "a wave that grows"
chart.LeftAxisTitle = "value"
chart.BottomAxisTitle = "index"
display = Show(curve, chart)
display.UseIndexForXAxis = 1
display.SeriesVisibility = ["wave"]
display.SeriesColor = ["wave", "0.8", "0.1", "0.1"]
Render(chart)
SaveScreenshot(sys.argv[1] + "/charts.png", chart, ImageResolution=[400, 300])
data = servermanager.Fetch(curve)
values = data.GetPointData().GetArray("wave")
print(
    json.dumps(
        {
            "points": data.GetNumberOfPoints(),
            "first": values.GetValue(0),
            "middle": values.GetValue(30),
            "range": list(curve.PointData["wave"].GetRange()),
            "kind": GetActiveView() == chart,
            "views": len(GetViews()),
        }
    )
)
