"""Interactive placement of streamlines, the demonstration that Async ParaView began with.

Seeds move through a vector field all the time, tubes follow them, and the camera goes around meanwhile. Placements
that a newer one has made useless are interrupted on the server; the client never waits for any. The frames that
arrived are written to a directory, with a plot of when they did; the longest time for which this program stood still
is printed.

apvpython examples/streamlines.py                                        built in
apvpython examples/streamlines.py --server-url tcp://127.0.0.1:11111     with an apvserver
"""

import argparse
import asyncio
import math
import time
from pathlib import Path

import numpy as np

from servermanager import Image, RenderViewProxy, Session, SourceProxy, connect

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--server-url", metavar="URL", help="server to use; without: built in")
parser.add_argument("--seconds", type=float, default=10.0, help="how long to move (default: %(default)g)")
parser.add_argument("--side", type=int, default=64, help="points of the field along each axis (default: %(default)d)")
parser.add_argument("--seeds", type=int, default=60, help="streamlines at a time (default: %(default)d)")
parser.add_argument("--size", type=int, nargs=2, default=[800, 600], metavar=("WIDTH", "HEIGHT"))
parser.add_argument("--output", default="streamlines", metavar="DIRECTORY", help="for frames and plot")


def flow(side: int) -> np.ndarray:
    """Return the velocity of the flow of Arnold, Beltrami and Childress, which is chaotic: (z, y, x, 3)."""
    z, y, x = np.meshgrid(*[np.linspace(0, 2 * math.pi, side)] * 3, indexing="ij")
    a, b, c = math.sqrt(3), math.sqrt(2), 1.0
    u = a * np.sin(z) + c * np.cos(y)
    v = b * np.sin(x) + a * np.cos(z)
    w = c * np.sin(y) + b * np.cos(x)
    return np.stack([u, v, w], axis=-1).astype(np.float32)


async def heartbeat(gaps: list[float]) -> None:
    """Note for how long the loop of this program stood still."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.001)
        gaps.append(time.perf_counter() - before)


async def receive(view: RenderViewProxy, frames: list[tuple[float, Image]], resting: asyncio.Event) -> None:
    """Keep what arrives, up to the exact image of the scene at rest; an image is a few kilobytes."""
    async with view.images() as images:
        async for image in images:
            frames += [(time.perf_counter(), image)]
            if image.still and resting.is_set():
                return


async def move(session: Session, view: RenderViewProxy, seeds: SourceProxy, side: int, seconds: float) -> int:
    """Places the seeds anew, and moves the camera on, thirty times a second; returns how often."""
    began, count = time.perf_counter(), 0
    middle = (side - 1) / 2
    view.start_interaction()
    while (elapsed := time.perf_counter() - began) < seconds:
        angle = elapsed * 1.2
        seeds.Center = (middle * (1 + 0.6 * math.cos(angle)), middle * (1 + 0.6 * math.sin(angle)), middle)
        session.update_vtk_objects()  # fire and forget: what is shown follows by itself
        view.orbit(0.8)
        count += 1
        await asyncio.sleep(1 / 30)
    return count


def plot(frames: list[tuple[float, Image]], path: Path) -> None:
    """When the frames arrived."""
    from matplotlib.figure import Figure

    times = np.array([when for when, _ in frames])
    figure = Figure(figsize=(8, 3), layout="constrained")
    axes = figure.subplots()
    axes.plot(times[1:] - times[0], np.diff(times) * 1e3, ".-", linewidth=0.8, markersize=3)
    axes.set(xlabel="seconds", ylabel="ms since the frame before", title="Frames while streamlines are placed")
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=120)


def write(frames: list[tuple[float, Image]], moved: int, output: Path) -> None:
    """Write the frames as files, and the plot."""
    output.mkdir(parents=True, exist_ok=True)
    for index, (_, image) in enumerate(frames):
        image.save(output / f"frame_{index:04d}.{'jpg' if image.format == 'jpeg' else 'png'}")
    if moved:
        plot(frames[:moved], output / "frame_times.png")


def spacing(frames: list[tuple[float, Image]]) -> str:
    """How far apart frames came."""
    apart = np.diff([when for when, _ in frames]) * 1e3
    if not apart.size:
        return "too few to tell how far apart"
    return f"median {np.median(apart):.0f} ms, longest {apart.max():.0f} ms apart"


async def main() -> None:
    options = parser.parse_args()
    output = Path(options.output)
    async with connect(options.server_url) as session:
        field = await session.send_data(flow(options.side), name="flow")
        seeds = session.sources.PointCloud(NumberOfPoints=options.seeds, Radius=options.side / 8)
        lines = session.filters.StreamTracerWithCustomSource(
            Input=field, SeedSource=seeds, Vectors=("POINTS", "values"), MaximumStreamlineLength=float(options.side)
        )
        view = session.views.RenderView(ViewSize=options.size, Background=[0.1, 0.11, 0.15])
        session.show(field, view, Representation="Outline", Color=[0.6, 0.6, 0.6])
        session.show(lines, view, Representation="Tubes", ColorBy=("POINTS", "values"), LookupTable="Viridis")
        view.reset_camera("-Z")
        view.orbit(30, 25)
        await view.ready()
        frames: list[tuple[float, Image]] = []
        gaps: list[float] = []
        resting = asyncio.Event()
        beating = asyncio.create_task(heartbeat(gaps))
        receiving = asyncio.create_task(receive(view, frames, resting))
        placed = await move(session, view, seeds, options.side, options.seconds)
        beating.cancel()
        moved = len(frames)
        await view.ready()  # the last placement
        resting.set()
        view.end_interaction()  # from now on the view refines
        await receiving
    write(frames, moved, output)
    print(
        f"{placed} placements sent, {moved} frames received in {options.seconds:g} s "
        f"({spacing(frames[:moved])}); "
        f"this program stood still for at most {max(gaps, default=0) * 1e3:.0f} ms; see {output}"
    )


if __name__ == "__main__":
    asyncio.run(main())
