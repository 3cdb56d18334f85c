"""Arrows along vectors, as long and as bright as those."""

import numpy as np

from servermanager import sync

y, x = np.mgrid[-1:1:12j, -1:1:12j]
wind = 12 * np.stack([-y, x, 0 * x], axis=-1) * np.exp(-(x**2 + y**2))[..., np.newaxis]

with sync.connect() as session:
    field = session.send_data(wind[np.newaxis].astype(np.float32))
    view = session.views.RenderView(ViewSize=[800, 600])
    shown = session.show(
        field,
        view,
        Representation="3D Glyphs",
        OrientationArray="values",
        ScaleArray="values",
        ScaleFactor=0.35,
        ColorBy=("POINTS", "values"),
        LookupTable="Plasma",
    )
    shown.scalar_bar.update(Visibility=True, Title="Wind", ComponentTitle="[m/s]")
    view.reset_camera("-Z")
    view.save_screenshot("05_arrows.png", palette="print")
