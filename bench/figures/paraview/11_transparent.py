from drawing import *

wavelet = Wavelet(WholeExtent=[-20, 20] * 3)
view = on_white()
for value, color, opacity in (
    (90.0, [0.00, 0.45, 0.70], 0.25),
    (150.0, [0.00, 0.62, 0.45], 0.4),
    (220.0, [0.84, 0.37, 0.00], 1.0),
):
    surface = Contour(Input=wavelet, ContourBy=["POINTS", "RTData"], Isosurfaces=[value])
    shown = Show(surface, view, Opacity=opacity)
    ColorBy(shown, None)
    shown.AmbientColor = shown.DiffuseColor = color
outline(wavelet, view)
look(view, 30, 20)
save(view)
