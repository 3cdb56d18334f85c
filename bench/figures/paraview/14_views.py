from drawing import *

wavelet = Wavelet(WholeExtent=[-20, 20] * 3)
line = PlotOverLine(Input=wavelet, Point1=[-20, 0, 0], Point2=[20, 0, 0])
layout = CreateLayout("figure")
layout.SplitVertical(0, 0.5)
layout.SplitHorizontal(1, 0.5)
layout.SplitHorizontal(2, 0.5)
for cell, normal, words in ((3, "X", "(a)"), (4, "Y", "(b)"), (5, "Z", "(c)")):
    view = on_white()
    direction = [float(one == normal) for one in "XYZ"]
    cut = Slice(Input=wavelet, SliceType="Plane")
    cut.SliceType.Normal, cut.SliceType.Origin = direction, [0, 0, 0]
    shown = show(cut, view, ("POINTS", "RTData"))
    shown.Ambient, shown.Diffuse = 1.0, 0.0
    if normal == "Y":
        legend(shown, view, "RTData")
    Show(Text(Text=words), view, WindowLocation="Upper Left Corner", Color=BLACK)
    look(view, along=[-one for one in direction], up=(0, 0, 1) if normal != "Z" else (0, 1, 0))
    layout.AssignView(cell, view)
chart = CreateView("XYChartView")
chart.BottomAxisTitle, chart.LeftAxisTitle, chart.ShowLegend = "x [mm]", "Density", 0
curve = Show(line, chart, "XYChartRepresentation")
curve.UseIndexForXAxis, curve.XArrayName, curve.SeriesVisibility = 0, "Points_X", ["RTData"]
layout.AssignView(6, chart)
layout.SetSize(800, 600)
save(layout)
