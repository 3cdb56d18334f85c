"""A slice with lines of equal value, and the values beside them."""

from servermanager import sync

with sync.connect() as session:
    wavelet = session.sources.Wavelet(WholeExtent=[-40, 40] * 3, XMag=2.0, YMag=6.0, Maximum=300.0)
    plane = session.objects.Plane(Normal=(0, 0, 1), Origin=(0, 0, 0))
    cut = session.filters.Slice(Input=wavelet, SliceType=plane)
    lines = session.filters.Contour(
        Input=cut, ContourBy=("POINTS", "RTData"), Isosurfaces=[210.0, 230.0, 250.0, 270.0, 290.0]
    )
    view = session.views.RenderView(ViewSize=[800, 600])
    shown = session.show(cut, view, ColorBy=("POINTS", "RTData"), LookupTable="Viridis", Lighting=False)
    shown.scalar_bar.update(Visibility=True, Title="Height", ComponentTitle="[m]")
    session.show(lines, view, Color=[0, 0, 0], LineWidth=2.0, ContourLabelVisibility=True)
    view.reset_camera("-Z")
    view.save_screenshot("06_contour_lines.png", palette="print")
