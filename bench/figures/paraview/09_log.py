import numpy as np
from drawing import *

y, x = np.mgrid[-1:1:201j, -1.4:1.4:281j]
distance = np.hypot(x, y)
concentration = np.where(distance < 1, 10 ** (2 - 6 * distance), 0.0)
view = on_white()
shown = show(image(concentration[np.newaxis].astype(np.float32)), view, ("POINTS", "values"), Representation="Surface")
shown.Ambient, shown.Diffuse = 1.0, 0.0
colors = shown.LookupTable
colors.RescaleTransferFunction(1e-4, 1e2)
colors.MapControlPointsToLogSpace()
colors.UseLogScale, colors.UseBelowRangeColor, colors.BelowRangeColor = 1, 1, [0.8, 0.8, 0.8]
legend(shown, view, "Concentration [g/l], grey: none")
look(view)
save(view)
