"""How often which values occur in a field: a histogram, as bars of a chart."""

from servermanager import connect

async with connect() as session:
    wavelet = session.sources.Wavelet()
    counts = session.filters.Histogram(Input=wavelet, BinCount=24)
    chart = session.views.XYChartView(ViewSize=[640, 480], ChartTitle="RTData", LeftAxisTitle="points")
    session.show(counts, chart, ChartType="Bar", SeriesVisibility=["bin_values"])
    await chart.save_screenshot("bars.png")
