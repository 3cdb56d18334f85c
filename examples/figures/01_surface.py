"""A surface colored by a pressure in pascal, with its legend."""

from servermanager import sync

with sync.connect() as session:
    ball = session.sources.Sphere(ThetaResolution=200, PhiResolution=200)
    pressure = session.filters.Calculator(
        Input=ball, Function="101325 + 250 * (9 * coordsX^2 - 1.25) * coordsZ", ResultArrayName="pressure"
    )
    view = session.views.RenderView(ViewSize=[800, 600])
    shown = session.show(pressure, view, ColorBy=("POINTS", "pressure"), LookupTable="Viridis")
    shown.scalar_bar.update(Visibility=True, Title="Pressure", ComponentTitle="[Pa]")
    view.reset_camera("-Y")
    view.orbit(30, 20)
    view.reset_camera()
    view.save_screenshot("01_surface.png", palette="print")
