"""Transparent surfaces within each other, drawn in the right order."""

from servermanager import sync

with sync.connect() as session:
    wavelet = session.sources.Wavelet(WholeExtent=[-20, 20] * 3)
    view = session.views.RenderView(ViewSize=[800, 600])
    for value, color, opacity in (
        (90.0, [0.00, 0.45, 0.70], 0.25),
        (150.0, [0.00, 0.62, 0.45], 0.4),
        (220.0, [0.84, 0.37, 0.00], 1.0),
    ):
        surface = session.filters.Contour(Input=wavelet, Isosurfaces=[value])
        session.show(surface, view, Color=color, Opacity=opacity)
    session.show(wavelet, view, Representation="Outline")
    view.reset_camera("-Z")
    view.orbit(30, 20)
    view.reset_camera()
    view.save_screenshot("11_transparent.png", palette="print")
