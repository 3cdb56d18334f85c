"""Streamlines from a ball of seeds as tubes, colored by the speed along them."""

import numpy as np

from servermanager import connect

z, y, x = np.mgrid[0 : 2 * np.pi : 48j, 0 : 2 * np.pi : 48j, 0 : 2 * np.pi : 48j]
flow = np.stack([np.sin(z) + np.cos(y), np.sin(x) + np.cos(z), np.sin(y) + np.cos(x)], axis=-1)

async with connect() as session:
    field = await session.send_data(flow.astype(np.float32), name="velocity")
    array = (await field.update_pipeline()).arrays[0].name
    seeds = session.sources.PointCloud(NumberOfPoints=120, Radius=18.0, Center=(24, 24, 24))
    lines = session.filters.StreamTracerWithCustomSource(
        Input=field, SeedSource=seeds, Vectors=("POINTS", array), MaximumStreamlineLength=100.0
    )
    view = session.views.RenderView(ViewSize=[640, 480], Background=[1, 1, 1])
    session.show(lines, view, Representation="Tubes", TubeRadius=0.35, ColorBy=("POINTS", array), LookupTable="viridis")
    view.reset_camera("-Z")
    view.orbit(30, 30)
    view.reset_camera()  # as far away as all of it needs, seen from there
    await view.save_screenshot("tubes.png")
