"""Texts with symbols and formulas, the time, a ruler, and a scale bar."""

from servermanager import sync

with sync.connect() as session:
    ball = session.sources.Sphere(ThetaResolution=200, PhiResolution=200, Radius=5.0)
    view = session.views.RenderView(ViewSize=[800, 600])
    session.show(ball, view, Color=[0.8, 0.8, 0.8])
    ruler = session.show(session.sources.Ruler(Point1=(-5, -6, 0), Point2=(5, -6, 0)), view, LineWidth=2.0)
    ruler.DataAxesGrid.update(GridAxesVisibility=True, XTitle="", YTitle="", ZTitle="")
    view.add_text(r"$\sigma_0 = 3.2 \times 10^{5}$ Pa", WindowLocation="Upper Center", FontSize=24)
    view.add_text("0 °C ≤ ϑ ≤ 20 °C, α → ∞", WindowLocation="Lower Center", FontSize=18)
    view.LegendGrid.update(Visibility=True, LegendUnit="mm")
    session.show(session.sources.AnnotateTime(Format="t = {time:.1f} s"), view, WindowLocation="Upper Left Corner")
    session.time = 12.5
    view.reset_camera("-Z")
    view.save_screenshot("13_texts.png", palette="print")
