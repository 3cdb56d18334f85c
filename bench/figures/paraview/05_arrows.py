import numpy as np
from drawing import *

y, x = np.mgrid[-1:1:12j, -1:1:12j]
wind = 12 * np.stack([-y, x, 0 * x], axis=-1) * np.exp(-(x**2 + y**2))[..., np.newaxis]
field = image(wind[np.newaxis].astype(np.float32), 3)
view = on_white()
shown = show(field, view, ("POINTS", "values"), "Plasma (matplotlib)", Representation="3D Glyphs")
shown.GlyphType, shown.ScaleFactor = "Arrow", 0.35
shown.Orient, shown.SelectOrientationVectors = 1, "values"
shown.Scaling, shown.ScaleMode, shown.SelectScaleArray = 1, "Magnitude", "values"
legend(shown, view, "Wind", "[m/s]")
look(view)
save(view)
