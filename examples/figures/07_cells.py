"""A mesh cut open, with the edges of its cells."""

from servermanager import sync

with sync.connect() as session:
    wavelet = session.sources.Wavelet(WholeExtent=[-8, 8] * 3)
    inside = session.filters.Threshold(
        Input=wavelet, Scalars=("POINTS", "RTData"), LowerThreshold=130.0, UpperThreshold=300.0
    )
    plane = session.objects.Plane(Normal=(1, 0, 0.5), Origin=(0, 0, 0))
    half = session.filters.Clip(Input=inside, ClipType=plane)
    view = session.views.RenderView(ViewSize=[800, 600])
    shown = session.show(half, view, Representation="Surface With Edges", EdgeColor=[0, 0, 0])
    shown.update(ColorBy=("POINTS", "RTData"), LookupTable="Viridis")
    shown.scalar_bar.update(Visibility=True, Title="Temperature", ComponentTitle="[K]")
    view.reset_camera("-X")
    view.orbit(-50, 20)
    view.reset_camera()
    view.save_screenshot("07_cells.png", palette="print")
