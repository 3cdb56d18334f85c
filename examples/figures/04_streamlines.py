"""Streamlines as tubes, colored by the speed along them."""

import numpy as np

from servermanager import sync

z, y, x = np.mgrid[0 : 2 * np.pi : 48j, 0 : 2 * np.pi : 48j, 0 : 2 * np.pi : 48j]
flow = np.stack([np.sin(z) + np.cos(y), np.sin(x) + np.cos(z), np.sin(y) + np.cos(x)], axis=-1)

with sync.connect() as session:
    field = session.send_data(flow.astype(np.float32))
    seeds = session.sources.PointCloud(NumberOfPoints=80, Radius=18.0, Center=(24, 24, 24))
    lines = session.filters.StreamTracerWithCustomSource(
        Input=field, SeedSource=seeds, Vectors=("POINTS", "values"), MaximumStreamlineLength=100.0
    )
    view = session.views.RenderView(ViewSize=[800, 600])
    shown = session.show(lines, view, Representation="Tubes", TubeRadius=0.4, ColorBy=("POINTS", "values"))
    shown.LookupTable.Preset = "Viridis"
    shown.scalar_bar.update(Visibility=True, Title="Speed", ComponentTitle="[m/s]")
    view.reset_camera("-Z")
    view.orbit(30, 20)
    view.reset_camera()
    view.save_screenshot("04_streamlines.png", palette="print")
