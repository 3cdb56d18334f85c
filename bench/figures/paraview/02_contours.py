from drawing import *

wavelet = Wavelet(WholeExtent=[-20, 20] * 3)
surfaces = Contour(Input=wavelet, ContourBy=["POINTS", "RTData"], Isosurfaces=[100.0, 160.0, 220.0])
view = on_white()
view.AxesGrid.Visibility = 1
for name, title in (("X", "x [mm]"), ("Y", "y [mm]"), ("Z", "z [mm]")):
    setattr(view.AxesGrid, f"{name}Title", title)
    setattr(view.AxesGrid, f"{name}TitleColor", BLACK)
    setattr(view.AxesGrid, f"{name}LabelColor", BLACK)
view.AxesGrid.GridColor = BLACK
shown = show(surfaces, view, ("POINTS", "RTData"))
bar = legend(shown, view, "Density")
bar.UseCustomLabels, bar.CustomLabels = 1, [100.0, 160.0, 220.0]
outline(wavelet, view)
look(view, 30, 20)
save(view)
