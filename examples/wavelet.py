"""A contour whose value changes all the time, while the camera goes around it: neither waits for the other.

Prints how many images arrived, and how many of the contours that were asked for were made: those that a newer one made
useless are skipped or interrupted on the server. The last image, refined and exact, is written to a file.

apvpython examples/wavelet.py                                        built in
apvpython examples/wavelet.py --server-url tcp://127.0.0.1:11111     with an apvserver
"""

import argparse
import asyncio
import math
import time

from servermanager import Image, RenderViewProxy, Session, connect

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--server-url", metavar="URL", help="server to use; without: built in")
parser.add_argument("--seconds", type=float, default=8.0, help="how long to change (default: %(default)g)")
parser.add_argument("--extent", type=int, default=60, help="half the points of a side (default: %(default)d)")
parser.add_argument("--size", type=int, nargs=2, default=[800, 600], metavar=("WIDTH", "HEIGHT"))
parser.add_argument("--output", default="wavelet.png", metavar="PNG", help="image to write (default: %(default)s)")


async def count_contours(session: Session, name: str) -> int:
    """How many executions come to their end, until this is cancelled."""
    made = 0
    try:
        async for step in session.progress():
            made += step.name == name and step.state == "finished"
    except asyncio.CancelledError:
        pass
    return made


async def receive(view: RenderViewProxy, images: list[Image], resting: asyncio.Event) -> None:
    """Images, the newest of them whenever this program has time, up to the exact one of the scene at rest."""
    async for image in view.images():
        images += [image]
        if image.still and resting.is_set():
            return


async def main() -> None:
    options = parser.parse_args()
    extent = options.extent
    async with connect(options.server_url) as session:
        wavelet = session.sources.Wavelet(WholeExtent=[-extent, extent] * 3)
        contour = session.filters.Contour(Input=wavelet, ContourBy=("POINTS", "RTData"), Isosurfaces=[150.0])
        view = session.views.RenderView(ViewSize=options.size)
        session.show(contour, view, ColorBy=("POINTS", "RTData"), ScalarRange=(60, 270), LookupTable="Viridis")
        session.show(wavelet, view, Representation="Outline")
        await view.ready()
        images: list[Image] = []
        resting = asyncio.Event()
        counting = asyncio.create_task(count_contours(session, contour.type_name))
        receiving = asyncio.create_task(receive(view, images, resting))
        began, asked = time.perf_counter(), 0
        view.start_interaction()
        while (elapsed := time.perf_counter() - began) < options.seconds:
            contour.Isosurfaces = [160 + 90 * math.sin(elapsed)]
            session.update_vtk_objects()
            view.orbit(1.0)
            asked += 1
            await asyncio.sleep(1 / 30)
        moving = len(images)
        await view.ready()  # the last contour
        resting.set()
        view.end_interaction()  # from now on the view refines
        await receiving
        counting.cancel()
        made = await counting
    images[-1].save(options.output)
    print(
        f"{moving / options.seconds:.1f} images a second while {asked} contours were asked for and {made} made; "
        f"{options.output} is the last of {len(images)}"
    )


if __name__ == "__main__":
    asyncio.run(main())
