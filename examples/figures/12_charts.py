"""Curves over two axes, each with its unit, and a histogram beside them."""

from servermanager import sync

with sync.connect() as session:
    hours = session.sources.Line(Point1=(0, 0, 0), Point2=(24, 0, 0), Resolution=96)
    wave = "101325 + 150 * sin(coordsX / 4)"
    pressure = session.filters.Calculator(Input=hours, Function=wave, ResultArrayName="pressure")
    both = session.filters.Calculator(Input=pressure, Function="15 - 6 * cos(coordsX / 4)", ResultArrayName="warmth")
    figure = session.figure(1, 2, size=(800, 600), ColumnWidths=[3, 2], LabelFormat="(a)")
    figure[0, 0] = day = session.views.XYChartView(BottomAxisTitle="Time [h]", LeftAxisTitle="Pressure [Pa]")
    day.update(RightAxisTitle="Temperature [°C]", LegendLocation="Top")
    shown = session.show(both, day, XArrayName="Points_X", SeriesVisibility=["pressure", "warmth"])
    shown.SeriesPlotCorner = ["warmth", 1]  # the right axis
    shown.update(SeriesLineStyle=["warmth", "Dash"], SeriesLabel=["warmth", "temperature"])
    figure[0, 1] = count = session.views.XYHistogramChartView(BottomAxisTitle="Temperature [°C]", LeftAxisTitle="Hours")
    session.show(both, count, SelectInputArray=["POINTS", "warmth"], BinCount=12)
    figure.save_screenshot("12_charts.png")
