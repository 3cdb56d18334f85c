"""The gradient of a field as arrows, at some of its points, as long and as bright as it is steep."""

from servermanager import connect

async with connect() as session:
    wavelet = session.sources.Wavelet(WholeExtent=[-12, 12] * 3)
    gradient = session.filters.Gradient(Input=wavelet, ScalarArray=("POINTS", "RTData"))
    arrows = session.filters.Glyph(
        Input=gradient,
        GlyphType=session.sources.Arrow(),
        OrientationArray=("POINTS", "Gradient"),
        ScaleArray=("POINTS", "Gradient"),
        MaximumNumberOfSamplePoints=600,
        ScaleFactor=0.2,
    )
    view = session.views.RenderView(ViewSize=[640, 480], Background=[1, 1, 1])
    session.show(arrows, view, ColorBy=("POINTS", "Gradient"), LookupTable="inferno", ScalarBarVisibility=True)
    view.reset_camera("-Z")
    view.orbit(25, 25)
    view.reset_camera()  # as far away as all of it needs, seen from there
    await view.save_screenshot("arrows.png")
