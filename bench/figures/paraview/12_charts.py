from drawing import *

hours = Line(Point1=[0, 0, 0], Point2=[24, 0, 0], Resolution=96)
pressure = Calculator(Input=hours, Function="101325 + 150 * sin(coordsX / 4)", ResultArrayName="pressure")
both = Calculator(Input=pressure, Function="15 - 6 * cos(coordsX / 4)", ResultArrayName="warmth")
day = CreateView("XYChartView")
day.BottomAxisTitle, day.LeftAxisTitle, day.ChartTitle = "Time [h]", "Pressure [Pa]", "A day"
day.RightAxisTitle = "Temperature [C]"
shown = Show(both, day, "XYChartRepresentation")
shown.UseIndexForXAxis, shown.XArrayName = 0, "Points_X"
shown.SeriesVisibility = ["pressure", "warmth"]
shown.SeriesPlotCorner = ["warmth", "1"]
shown.SeriesLineStyle = ["warmth", "2"]
shown.SeriesLabel = ["pressure", "pressure", "warmth", "temperature"]
counted = CreateView("XYHistogramChartView")
counted.BottomAxisTitle, counted.LeftAxisTitle = "Temperature [C]", "Number of points"
bars = Show(both, counted)
bars.SelectInputArray, bars.BinCount = ["POINTS", "warmth"], 12
layout = CreateLayout("charts")
layout.SplitHorizontal(0, 0.6)
layout.AssignView(1, day)
layout.AssignView(2, counted)
layout.SetSize(800, 600)
save(layout)
