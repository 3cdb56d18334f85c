"""A measurement with gaps: what is no number has a color of its own, which the legend names."""

import numpy as np

from servermanager import sync

y, x = np.mgrid[-2:2:161j, -3:3:241j]
temperature = 285 + 8 * np.exp(-(x**2) - y**2) * x + 2 * y
temperature[(np.abs(x - 1) < 0.4) & (np.abs(y) < 0.9)] = np.nan

with sync.connect() as session:
    sea = session.send_data(temperature[np.newaxis].astype(np.float32))
    view = session.views.RenderView(ViewSize=[800, 600])
    shown = session.show(sea, view, ColorBy=("POINTS", "values"), Lighting=False)
    shown.LookupTable.update(Preset="Plasma", NanColor=[0.7, 0.7, 0.7])
    shown.scalar_bar.update(Visibility=True, Title="Temperature", ComponentTitle="[K]")
    shown.scalar_bar.update(DrawNanAnnotation=True, NanAnnotation="no data")
    view.reset_camera("-Z")
    view.save_screenshot("10_nan.png", palette="print")
