"""How often which values occur in a field: a histogram, in the colors of its color map."""

from servermanager import connect

async with connect() as session:
    wavelet = session.sources.Wavelet()
    chart = session.views.XYHistogramChartView(ViewSize=[640, 480], ChartTitle="Values of the wavelet")
    session.show(wavelet, chart, SelectInputArray=["POINTS", "RTData"], BinCount=24, UseColorMapping=True)
    await chart.save_screenshot("bars.png")
