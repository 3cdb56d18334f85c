"""A volume that light goes through, with its outline and its legend."""

from servermanager import sync

with sync.connect() as session:
    wavelet = session.sources.Wavelet(WholeExtent=[-32, 32] * 3)
    view = session.views.RenderView(ViewSize=[800, 600])
    shown = session.show(
        wavelet,
        view,
        Representation="Volume",
        ColorBy=("POINTS", "RTData"),
        LookupTable="Plasma",
        OpacityPoints=(60, 0.0, 150, 0.0, 277, 0.4),
        ScalarOpacityUnitDistance=2.0,
    )
    shown.scalar_bar.update(Visibility=True, Title="Density")
    session.show(wavelet, view, Representation="Outline")
    view.reset_camera("-Z")
    view.orbit(30, 20)
    view.reset_camera()
    view.save_screenshot("03_volume.png", palette="print")
