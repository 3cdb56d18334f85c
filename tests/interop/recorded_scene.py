"""What a client does whose frames are recorded: a pipeline, its data, a picture, a stream, an error, and its end.

Run by apvpython, without arguments: nothing in it depends on the machine.
"""
# ruff: noqa: F704  # apvpython runs it: await works at the top level

from servermanager import RemoteError, connect

async with connect() as session:
    wavelet = session.sources.RTAnalyticSource(WholeExtent=[-8, 8, -8, 8, -8, 8])
    contour = session.filters.ContourFilter(Input=wavelet, Values=[157.0])
    assert (await contour.update_pipeline()).number_of_points > 0
    contour.Values = [120.0, 200.0]
    print((await contour.update_pipeline()).number_of_points, len((await contour.fetch()).points))
    view = session.views.RenderView(ViewSize=[160, 120], Background=[0.1, 0.2, 0.3])
    session.show(contour, view, ColorBy=("POINTS", "RTData"))
    await view.ready()
    async with view.images(format="png") as images:
        async for image in images:
            if image.still and image.level != 1:
                break
    await view.screenshot()
    try:
        await session.open("/nowhere/at/all.vtk")
    except RemoteError as error:
        print(error)
