"""A field as a volume that light goes through: a thin shell where values are low, a dense core where they are high."""

from servermanager import connect

async with connect() as session:
    wavelet = session.sources.Wavelet(WholeExtent=[-24, 24] * 3)
    view = session.views.RenderView(ViewSize=[640, 480], Background=[0, 0, 0])
    session.show(
        wavelet,
        view,
        Representation="Volume",
        ColorBy=("POINTS", "RTData"),
        LookupTable="magma",
        OpacityPoints=(90, 0.0, 100, 0.08, 115, 0.0, 190, 0.0, 200, 0.6, 277, 0.9),
        ScalarOpacityUnitDistance=1.0,
    )
    view.reset_camera("-Z")
    view.orbit(30, 20)
    view.reset_camera()  # as far away as all of it needs, seen from there
    await view.save_screenshot("cloud.png")
