from drawing import *

wavelet = Wavelet(WholeExtent=[-8, 8] * 3)
inside = Threshold(Input=wavelet, Scalars=["POINTS", "RTData"], LowerThreshold=130.0, UpperThreshold=300.0)
half = Clip(Input=inside, ClipType="Plane")
half.ClipType.Normal, half.ClipType.Origin = [1, 0, 0.5], [0, 0, 0]
view = on_white()
shown = show(half, view, ("POINTS", "RTData"), Representation="Surface With Edges", EdgeColor=BLACK)
legend(shown, view, "Temperature", "[K]")
look(view, -50, 20, along=(-1, 0, 0), up=(0, 0, 1))
save(view)
