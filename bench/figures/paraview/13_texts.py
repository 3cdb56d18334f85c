from drawing import *

ball = Sphere(ThetaResolution=200, PhiResolution=200, Radius=5.0)
view = on_white()
shown = Show(ball, view)
shown.AmbientColor = shown.DiffuseColor = [0.8, 0.8, 0.8]
ruler = Ruler(Point1=[-5, -6, 0], Point2=[5, -6, 0])
Show(ruler, view, Color=BLACK, AxisColor=BLACK)
for words, place, size in (
    ("$\\sigma_0 = 3.2 \\times 10^{5}$ Pa", "Upper Center", 24),
    ("0 <= T <= 20 C", "Lower Center", 18),
):
    Show(Text(Text=words), view, WindowLocation=place, FontSize=size, Color=BLACK)
Show(AnnotateTime(Format="t = {time:.1f} s"), view, WindowLocation="Upper Left Corner", Color=BLACK)
look(view)
save(view)
