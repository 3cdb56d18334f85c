import numpy as np
from drawing import *

y, x = np.mgrid[-2:2:161j, -3:3:241j]
temperature = 285 + 8 * np.exp(-(x**2) - y**2) * x + 2 * y
temperature[(np.abs(x - 1) < 0.4) & (np.abs(y) < 0.9)] = np.nan
view = on_white()
array = ("POINTS", "values")
sea = image(temperature[np.newaxis].astype(np.float32))
shown = show(sea, view, array, "Plasma (matplotlib)", Representation="Surface")
shown.Ambient, shown.Diffuse = 1.0, 0.0
shown.LookupTable.NanColor = [0.7, 0.7, 0.7]
bar = legend(shown, view, "Temperature", "[K]")
bar.DrawNanAnnotation, bar.NanAnnotation = 1, "no data"
look(view)
save(view)
