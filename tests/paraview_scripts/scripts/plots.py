"""Values along lines and over bins, in a chart and as numbers."""

import json
import sys

from paraview.simple import *

wavelet = Wavelet()
line = PlotOverLine(registrationName="along", Input=wavelet)
line.Point1 = [-10.0, -5.0, 0.0]
line.Point2 = [10.0, 5.0, 0.0]
line.Resolution = 80
histogram = Histogram(Input=wavelet, SelectInputArray=["POINTS", "RTData"], BinCount=12)
chart = CreateView("XYChartView")
chart.ViewSize = [400, 300]
display = Show(line, chart)
display.XArrayName = "arc_length"
display.UseIndexForXAxis = 0
display.SeriesVisibility = ["RTData"]
display.SeriesColor = ["RTData", "0.8", "0.1", "0.1"]
display.SeriesLineThickness = ["RTData", "2"]
chart.LeftAxisTitle = "value"
chart.BottomAxisTitle = "along"
chart.ChartTitle = "on a line"
chart.LeftAxisUseCustomRange = 1
chart.LeftAxisRangeMinimum = 0.0
chart.LeftAxisRangeMaximum = 300.0
chart.ShowLegend = 0
Render(chart)
SaveScreenshot(sys.argv[1] + "/plots.png", chart, ImageResolution=[400, 300])
data = servermanager.Fetch(line)
bins = servermanager.Fetch(histogram)
values = bins.GetRowData().GetArray("bin_values")
extents = bins.GetRowData().GetArray("bin_extents")
length = data.GetPointData().GetArray("arc_length")
print(
    json.dumps(
        {
            "points": data.GetNumberOfPoints(),
            "length": [length.GetValue(0), length.GetValue(80)],
            "middle": data.GetPointData().GetArray("RTData").GetValue(40),
            "range": list(line.PointData["RTData"].GetRange()),
            "bins": [values.GetValue(one) for one in range(values.GetNumberOfTuples())],
            "extents": [round(extents.GetValue(one), 4) for one in range(extents.GetNumberOfTuples())],
            "series": list(display.SeriesVisibility),
        }
    )
)
