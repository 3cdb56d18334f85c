"""Three slices through a field, its box, and a legend; the grid of axes tells where they are."""

from servermanager import connect

async with connect() as session:
    wavelet = session.sources.Wavelet(WholeExtent=[-30, 30] * 3)
    view = session.views.RenderView(ViewSize=[640, 480], Background=[1, 1, 1], AxesGridVisibility=True)
    colors = {"ColorBy": ("POINTS", "RTData"), "LookupTable": "Viridis", "ScalarRange": (-50, 280)}
    for normal in ((1, 0, 0), (0, 1, 0), (0, 0, 1)):
        plane = session.objects.Plane(Normal=normal, Origin=(0, 0, 0))
        shown = session.show(session.filters.Slice(Input=wavelet, SliceType=plane), view, **colors)
    shown.ScalarBarVisibility = True  # one legend is enough: all have the same colors
    session.show(wavelet, view, Representation="Outline")
    view.reset_camera("-Z")
    view.orbit(35, 25)
    view.reset_camera()  # as far away as all of it needs, seen from there
    await view.save_screenshot("slices.png")
