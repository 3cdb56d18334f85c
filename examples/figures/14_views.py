"""Several views in one figure: a field from three sides, with one legend, and along a line."""

from servermanager import sync

with sync.connect() as session:
    wavelet = session.sources.Wavelet(WholeExtent=[-20, 20] * 3)
    figure = session.figure(2, 2, size=(800, 600), LabelFormat="(a)")
    for place, normal in enumerate("XYZ"):
        figure[place // 2, place % 2] = view = session.views.RenderView(Background=[1, 1, 1])
        plane = session.objects.Plane(Normal=[float(one == normal) for one in "XYZ"], Origin=(0, 0, 0))
        cut = session.filters.Slice(Input=wavelet, SliceType=plane)
        shown = session.show(cut, view, ColorBy=("POINTS", "RTData"), LookupTable="Viridis", Lighting=False)
        view.reset_camera(f"-{normal}")
    figure.scalar_bar("RTData").update(Visibility=True, Title="Density")
    chart = session.views.XYChartView(BottomAxisTitle="x [mm]", LeftAxisTitle="Density", ShowLegend=False)
    line = session.filters.PlotOverLine(Input=wavelet, Point1=[-20, 0, 0], Point2=[20, 0, 0])
    session.show(line, chart, XArrayName="Points_X", SeriesVisibility=["RTData"])
    figure[1, 1] = chart
    figure.save_screenshot("14_views.png")
