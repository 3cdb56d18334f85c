"""Six decades of a concentration on a logarithmic scale, with zeros among them."""

import numpy as np

from servermanager import sync

y, x = np.mgrid[-1:1:201j, -1.4:1.4:281j]
distance = np.hypot(x, y)
concentration = np.where(distance < 1, 10 ** (2 - 6 * distance), 0.0)

with sync.connect() as session:
    plume = session.send_data(concentration[np.newaxis].astype(np.float32))
    view = session.views.RenderView(ViewSize=[800, 600])
    shown = session.show(plume, view, ColorBy=("POINTS", "values"), LookupTable="Viridis", Lighting=False)
    shown.LookupTable.update(UseLogScale=True, ScalarRange=(1e-4, 1e2), BelowRangeColor=[0.8, 0.8, 0.8])
    shown.scalar_bar.update(Visibility=True, Title="Concentration\n[g/l], grey: none")
    view.reset_camera("-Z")
    view.save_screenshot("09_log.png", palette="print")
