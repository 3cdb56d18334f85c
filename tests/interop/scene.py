"""The small scene of the matrix: writes a picture, prints as JSON what the server said and what was fetched.

Run by apvpython: scene.py PICTURE FILE
"""
# ruff: noqa: F704  # apvpython runs it: await works at the top level

import hashlib
import json
import sys

from servermanager import connect


def digest(array: object) -> str:
    """A checksum of an array's type, shape and values."""
    text = f"{array.dtype.str}{array.shape}".encode()
    return hashlib.sha256(text + array.tobytes()).hexdigest()[:16]


picture, file = sys.argv[1:]
async with connect() as session:
    wavelet = session.sources.RTAnalyticSource(WholeExtent=[-20, 20, -20, 20, -20, 20])
    contour = session.filters.ContourFilter(Input=wavelet, Values=[90.0, 157.0, 220.0])
    plane = await session.open(file)
    view = session.views.RenderView(ViewSize=[320, 240], Background=[0.1, 0.2, 0.3])
    session.show(contour, view, ColorBy=("POINTS", "RTData"))
    session.show(plane, view, Color=[1.0, 0.5, 0.0])
    view.reset_camera("-Z")
    info = await contour.update_pipeline()
    surface = await contour.fetch()
    image = await wavelet.fetch()
    read = await plane.fetch()
    await view.ready()
    view.reset_camera("-Z")
    await view.save_screenshot(picture)
    print(
        json.dumps(
            {
                "values": {
                    "info": [info.number_of_points, info.number_of_cells, info.bounds],
                    "range": info.array("RTData").ranges,
                    "contour": [digest(surface.points), digest(surface.point_data["RTData"])],
                    "wavelet": digest(image.point_data["RTData"]),
                    "file": digest(read.points),
                },
                "about": session.about,
            }
        )
    )
