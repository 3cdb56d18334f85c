"""Shells of a field, cut open by a plane: what is inside of each is seen from the side."""

from servermanager import connect

async with connect() as session:
    wavelet = session.sources.Wavelet(WholeExtent=[-20, 20] * 3)
    shells = session.filters.Contour(Input=wavelet, Isosurfaces=[60.0, 110.0, 160.0, 210.0, 250.0])
    half = session.filters.Clip(Input=shells, ClipType=session.objects.Plane(Normal=(1, 0, 0), Origin=(0, 0, 0)))
    view = session.views.RenderView(ViewSize=[640, 480], UseGradientBackground=True, Background2=[0.6, 0.7, 0.9])
    session.show(half, view, ColorBy=("POINTS", "RTData"), LookupTable="plasma", Specular=0.4)
    view.reset_camera("-X")
    view.orbit(-40, 20)
    view.reset_camera()  # as far away as all of it needs, seen from there
    await view.save_screenshot("cut_open.png")
