"""A function of the plane, sent as an array of numpy, raised to hills, with lines of equal height on it."""

import numpy as np

from servermanager import connect

y, x = np.mgrid[-3:3:200j, -3:3:200j]
height = 3 * (1 - x) ** 2 * np.exp(-(x**2) - (y + 1) ** 2) - np.exp(-((x + 1) ** 2) - y**2) / 3
height -= 10 * (x / 5 - x**3 - y**5) * np.exp(-(x**2) - y**2)

async with connect() as session:
    plane = await session.send_data(height[np.newaxis].astype(np.float32), name="height")
    array = (await plane.update_pipeline()).arrays[0].name
    hills = session.filters.WarpByScalar(Input=plane, Scalars=("POINTS", array), ScaleFactor=6.0)
    lines = session.filters.Contour(
        Input=hills, ContourBy=("POINTS", array), Isosurfaces=[float(at) for at in range(-6, 9)]
    )
    view = session.views.RenderView(ViewSize=[640, 480], Background=[1, 1, 1])
    session.show(hills, view, ColorBy=("POINTS", array), LookupTable="coolwarm")
    session.show(lines, view, Representation="Tubes", TubeRadius=0.4, Color=[0.1, 0.1, 0.1])
    await view.ready()  # what is shown has arrived: the camera knows what to fit
    view.reset_camera("-Z")
    view.orbit(-20, -55)
    view.zoom(1.3)
    await view.save_screenshot("hills.png")
