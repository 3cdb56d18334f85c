"""Columns of numbers over each other: a plot of each pair, and the histogram of each column."""

from servermanager import connect

async with connect() as session:
    wavelet = session.sources.Wavelet()
    gradient = session.filters.Gradient(Input=wavelet, ScalarArray=["POINTS", "RTData"], ResultArrayName="slope")
    matrix = session.views.PlotMatrixView(ViewSize=[640, 480])
    session.show(gradient, matrix, SeriesVisibility=["Points_X", "RTData", "slope_Magnitude"])
    await matrix.save_screenshot("columns.png")
