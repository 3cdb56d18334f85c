from drawing import *

wavelet = Wavelet(WholeExtent=[-40, 40] * 3, XMag=2.0, YMag=6.0, Maximum=300.0)
cut = Slice(Input=wavelet, SliceType="Plane")
cut.SliceType.Normal, cut.SliceType.Origin = [0, 0, 1], [0, 0, 0]
lines = Contour(Input=cut, ContourBy=["POINTS", "RTData"], Isosurfaces=[210.0, 230.0, 250.0, 270.0, 290.0])
view = on_white()
shown = show(cut, view, ("POINTS", "RTData"))
shown.Ambient, shown.Diffuse = 1.0, 0.0
legend(shown, view, "Height", "[m]")
drawn = Show(lines, view, LineWidth=2.0)
ColorBy(drawn, None)
drawn.AmbientColor = drawn.DiffuseColor = BLACK
look(view)
save(view)
