"""A client that awaits a filter which takes a minute; says "running" when the server works on it.

Run by apvpython: slow_client.py [abortable | stubborn]; a stubborn filter ignores VTK's abort flag.
"""
# ruff: noqa: F704  # apvpython runs it: await works at the top level

import asyncio
import sys

from servermanager import connect

stubborn = "stubborn" in sys.argv
async with connect() as session:
    if stubborn:
        sphere = session.sources.SphereSource(ThetaResolution=1500, PhiResolution=1500)
        slow = session.filters.QuadricDecimation(Input=sphere)
    else:
        points = session.sources.PointSource(NumberOfPoints=1_000_000, Radius=0.5)
        slow = session.filters.Delaunay3D(Input=points)

    async def tell() -> None:
        async for step in session.progress():
            if step.name == slow.type_name or step.name == "vtk" + slow.type_name:
                print("running", flush=True)
                break

    telling = asyncio.create_task(tell())  # noqa: RUF006  # kept by this name
    await asyncio.sleep(0)
    try:
        await slow.update_pipeline()
    except Exception as error:
        print(f"raised {type(error).__name__}: {error}", flush=True)
        raise
    print("finished", flush=True)
