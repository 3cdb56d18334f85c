"""The tissues of a segmented frog: read, turned into surfaces, shown from above, saved as frog.png.

apvpython examples/quickstart.py                                        built in
apvpython examples/quickstart.py --server-url tcp://127.0.0.1:11111     with an apvserver
"""

import argparse
import asyncio
import sys
import time

from servermanager import Session, connect, examples

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--server-url", metavar="URL", help="server to use; without: built in")
parser.add_argument("--data", metavar="FILE", help="image of labels, on the server's file system")
parser.add_argument("--output", default="frog.png", metavar="PNG", help="image to write (default: %(default)s)")
parser.add_argument("--size", type=int, nargs=2, default=[800, 600], metavar=("WIDTH", "HEIGHT"))


async def show_progress(session: Session) -> None:
    """Show a line for each filter that runs, until the session ends; in a file how it ended, and no bar that grows."""
    async for step in session.progress():
        finished = step.state == "finished"
        fraction = 1.0 if finished else step.fraction or 0.0
        line = f"{step.name:>24} [{'=' * round(40 * fraction):40}] {fraction:4.0%}"
        if finished or sys.stdout.isatty():
            print(f"\r{line}", end="\n" if finished else "", flush=True)


async def main() -> None:
    options = parser.parse_args()
    begun = time.perf_counter()
    async with connect(options.server_url) as session:
        bars = asyncio.create_task(show_progress(session))
        frog = await session.open(options.data or examples.frog())
        tissues = session.filters.SurfaceNets3D(Input=frog, Values=range(1, 30))  # local: returns at once
        view = session.views.RenderView(ViewSize=options.size)
        session.show(tissues, view, ColorBy=("CELLS", "BoundaryLabels", 0))  # fire and forget
        view.reset_camera("+Z")  # from above: the frog's back is at low z
        view.update(CameraViewUp=[1, 0, 0])
        info = await tissues.update_pipeline()  # one value, awaited
        mesh = await tissues.fetch()  # the data itself, by explicit request
        labels = len(set(mesh.cell_data["BoundaryLabels"].flat)) - 1  # without the outside, 0
        await view.ready()
        view.reset_camera()
        image = await view.save_screenshot(options.output)
        bars.cancel()
        where = f"{session.about['host']}, {session.about.get('url', 'built in')}, backend {session.about['backend']}"
    print(
        f"{options.output}: {image.width}x{image.height}, {info.number_of_cells} triangles of {labels} tissues, "
        f"made in {time.perf_counter() - begun:.1f} s on {where}"
    )


if __name__ == "__main__":
    asyncio.run(main())
