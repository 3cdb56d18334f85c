import numpy as np
from drawing import *

z, y, x = np.mgrid[0 : 2 * np.pi : 48j, 0 : 2 * np.pi : 48j, 0 : 2 * np.pi : 48j]
flow = np.stack([np.sin(z) + np.cos(y), np.sin(x) + np.cos(z), np.sin(y) + np.cos(x)], axis=-1)
field = image(flow.astype(np.float32), 3)
seeds = PointSource(NumberOfPoints=80, Radius=18.0, Center=[24, 24, 24])
lines = StreamTracerWithCustomSource(
    Input=field, SeedSource=seeds, Vectors=["POINTS", "values"], MaximumStreamlineLength=100.0
)
view = on_white()
shown = show(Tube(Input=lines, Radius=0.4, NumberofSides=8), view, ("POINTS", "values"))
legend(shown, view, "Speed", "[m/s]")
look(view, 30, 20)
save(view)
