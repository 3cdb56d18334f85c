"""Surfaces of equal value within the outline of their data, and a grid of axes that says where they are."""

from servermanager import sync

with sync.connect() as session:
    wavelet = session.sources.Wavelet(WholeExtent=[-20, 20] * 3)
    surfaces = session.filters.Contour(Input=wavelet, ContourBy=("POINTS", "RTData"), Isosurfaces=[100.0, 160.0, 220.0])
    view = session.views.RenderView(ViewSize=[800, 600], AxesGridVisibility=True)
    view.update(XTitle="x [mm]", YTitle="y [mm]", ZTitle="z [mm]")
    shown = session.show(surfaces, view, ColorBy=("POINTS", "RTData"), LookupTable="Viridis")
    shown.scalar_bar.update(Visibility=True, Title="Density", UseCustomLabels=True, CustomLabels=[100, 160, 220])
    session.show(wavelet, view, Representation="Outline")
    view.reset_camera("-Z")
    view.orbit(30, 20)
    view.reset_camera()
    view.save_screenshot("02_contours.png", palette="print")
