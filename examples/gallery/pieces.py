"""What hangs together has a color of its own: the parts of a field above a value, each a label, with a title."""

from servermanager import connect

async with connect() as session:
    wavelet = session.sources.Wavelet(WholeExtent=[-30, 30] * 3, XFreq=90.0, YFreq=70.0)
    shells = session.filters.Contour(Input=wavelet, Isosurfaces=[120.0])
    parts = session.filters.Connectivity(Input=shells)
    view = session.views.RenderView(ViewSize=[640, 480], Background=[1, 1, 1])
    session.show(parts, view, ColorBy=("POINTS", "RegionId"), Categorical=True)
    info = (await parts.update_pipeline()).arrays
    number = round(next(array for array in info if array.name == "RegionId").ranges[0][1]) + 1
    view.add_text(f"{number} parts", WindowLocation="Upper Center", FontSize=24)
    view.reset_camera("-Z")
    view.orbit(30, 30)
    view.reset_camera()  # as far away as all of it needs, seen from there
    await view.save_screenshot("pieces.png")
