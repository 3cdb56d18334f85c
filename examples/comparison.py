"""Timings beside classic ParaView: the same work built into each, on this machine, one after the other.

Needs ParaView's pvpython for the other side, and on Linux without a display xvfb-run; says so, and shows our side
alone, where they are not installed.

apvpython examples/comparison.py
"""

import argparse
import asyncio
import json
import math
import os
import shutil
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Any

from servermanager import Session, connect

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--side", type=int, default=128, help="points of the image along each axis (default: %(default)d)")
parser.add_argument("--resolution", type=int, default=708, help="of the sphere; 708: a million triangles")
parser.add_argument("--no-paraview", action="store_true", help="measure our side alone")

PARAVIEW_LIMIT_S = 300
ROWS = {
    "update_ms": ("set a property, update, information", "ms"),
    "fetch_gb_s": ("fetch of an image of floats", "GB/s"),
    "blocked_s": ("longest time the client stood still beside a filter", "s"),
    "images_per_s": ("images while the camera moves, 800x600", "1/s"),
    "seed_to_image_s": ("a seed of streamlines moved, to its image", "s"),
}


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    """Seconds that it took."""
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def longest_gap(work: Awaitable[object]) -> float:
    """Return the longest time for which the loop of this program stood still while that was awaited."""
    task, gaps = asyncio.ensure_future(work), [0.0]
    while not task.done():
        began = time.perf_counter()
        await asyncio.sleep(0.001)
        gaps.append(time.perf_counter() - began - 0.001)
    await task
    return max(gaps)


async def ours(session: Session, side: int, resolution: int) -> dict[str, Any]:
    """Do the same things as comparison_paraview.py."""
    cone = session.sources.Cone()
    await cone.update_pipeline()

    async def change(step: int) -> None:
        cone.Height = 1.0 + step
        await cone.update_pipeline()

    found = {"update_ms": median([await timed(lambda step=step: change(step)) for step in range(100)]) * 1e3}
    wavelet = session.sources.Wavelet(WholeExtent=[0, side - 1] * 3)
    await wavelet.update_pipeline()
    found["fetch_gb_s"] = side**3 * 4 / median([await timed(wavelet.fetch) for _ in range(3)]) / 1e9
    values = [100.0 + i for i in range(60)]
    contour = session.filters.Contour(Input=wavelet, ContourBy=("POINTS", "RTData"), Isosurfaces=values)
    found["blocked_s"] = await longest_gap(contour.update_pipeline())

    view = session.views.RenderView(ViewSize=[800, 600])
    ball = session.show(session.sources.Sphere(ThetaResolution=resolution, PhiResolution=resolution), view)
    await view.ready()
    async with view.images() as images:
        times = []
        async for _ in images:
            times.append(time.perf_counter())
            if len(times) > 60:
                break
            view.orbit(2.0)
        found["images_per_s"] = (len(times) - 1) / (times[-1] - times[0])
        ball.delete()

        gradient = session.filters.Gradient(Input=wavelet, ScalarArray=("POINTS", "RTData"))
        seeds = session.sources.PointCloud(NumberOfPoints=100, Radius=side / 4)
        lines = session.filters.StreamTracerWithCustomSource(
            Input=gradient, SeedSource=seeds, Vectors=("POINTS", "Gradient"), MaximumStreamlineLength=4.0 * side
        )
        session.show(lines, view)
        await view.ready()

        async def move(step: int) -> None:
            seeds.Center = (side / 2 + math.sin(step), side / 2, side / 2)
            await view.ready()
            await anext(images)

        found["seed_to_image_s"] = median([await timed(lambda step=step: move(step)) for step in range(5)])
    return found


def missing() -> str | None:
    """Why ParaView cannot be measured here."""
    if shutil.which("pvpython") is None:
        return "ParaView's pvpython is not on PATH: only our side is shown"
    if needs_display() and shutil.which("xvfb-run") is None:
        return "ParaView needs a display, and xvfb-run is not installed: only our side is shown"
    return None


def needs_display() -> bool:
    """Whether a virtual display has to be started for ParaView."""
    return sys.platform == "linux" and not os.environ.get("DISPLAY")


async def paraviews(side: int, resolution: int) -> dict[str, Any]:
    """Return what pvpython measures."""
    display = ["xvfb-run", "--auto-servernum"] if needs_display() else []
    script = Path(__file__).with_name("comparison_paraview.py")
    client = await asyncio.create_subprocess_exec(
        *display, "pvpython", str(script), str(side), str(resolution),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        output, errors = await asyncio.wait_for(client.communicate(), PARAVIEW_LIMIT_S)
    except TimeoutError:
        client.terminate()
        raise SystemExit(f"pvpython did not come to an end within {PARAVIEW_LIMIT_S} s") from None
    if client.returncode:
        raise SystemExit(f"pvpython ended with {client.returncode}: {errors.decode(errors='replace')[-2000:]}")
    return dict(json.loads(output.decode().strip().splitlines()[-1]))


async def main() -> None:
    options = parser.parse_args()
    async with connect() as session:
        mine = await ours(session, options.side, options.resolution)
    reason = "not asked for: only our side is shown" if options.no_paraview else missing()
    other = {} if reason else await paraviews(options.side, options.resolution)
    print(f"{'':56} {'ours':>10} {'ParaView ' + other.get('version', '-'):>14}")
    for name, (what, unit) in ROWS.items():
        theirs = f"{other[name]:14.3g}" if other else f"{'-':>14}"
        print(f"{what + ', ' + unit:56} {mine[name]:10.3g} {theirs}")
    if reason:
        print(f"skipped: {reason}")


if __name__ == "__main__":
    asyncio.run(main())
