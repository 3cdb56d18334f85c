"""A frog whose paths of light are traced: turned as OpenGL draws it, then left to refine, pass after pass.

Needs the extra `raytracing` on the server's machine. Every image that comes at rest is written to a directory.

apvpython examples/raytracing.py                                        built in
apvpython examples/raytracing.py --server-url tcp://127.0.0.1:11111     with an apvserver
"""

import argparse
import asyncio
import time
from pathlib import Path

from servermanager import connect, examples

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--server-url", metavar="URL", help="server to use; without: built in")
parser.add_argument("--data", metavar="FILE", help="image of labels, on the server's file system")
parser.add_argument("--moves", type=int, default=30, help="steps of the camera before it rests (default: %(default)d)")
parser.add_argument("--passes", type=int, default=64, help="of the last image (default: %(default)d)")
parser.add_argument("--size", type=int, nargs=2, default=[800, 600], metavar=("WIDTH", "HEIGHT"))
parser.add_argument("--output", default="raytracing", metavar="DIRECTORY", help="for the images")


async def main() -> None:
    options = parser.parse_args()
    if options.passes < 2:
        parser.error(f"--passes is at least 2, not {options.passes}: an exact image of one sample is OpenGL's")
    output = Path(options.output)
    await asyncio.to_thread(output.mkdir, parents=True, exist_ok=True)
    async with connect(options.server_url) as session:
        frog = await session.open(options.data or examples.frog())
        tissues = session.filters.SurfaceNets3D(Input=frog, Values=range(1, 30))
        low_x, high_x, low_y, high_y, low_z, high_z = (await tissues.update_pipeline()).bounds
        wide, back = high_x - low_x + high_y - low_y, high_z + 0.1 * (high_z - low_z)  # the frog's back is at low z
        corner = low_x - 3 * wide, low_y - 3 * wide, back
        ends = {"Point1": (high_x + 3 * wide, *corner[1:]), "Point2": (corner[0], high_y + 3 * wide, back)}
        view = session.views.RenderView(ViewSize=options.size, Background=[0.8, 0.82, 0.85])
        session.show(session.sources.Plane(Origin=corner, **ends), view, Color=[0.92, 0.9, 0.86])
        session.show(tissues, view, ColorBy=("CELLS", "BoundaryLabels", 0), ScalarBarVisibility=False)
        sun = {"Position": (-1.5, -1.2, -2.0), "DiffuseColor": (1.0, 0.95, 0.85), "Intensity": 0.75}
        view.update(UseLightKit=0, AdditionalLights=[sun], UseEnvironmentLighting=1, EnvironmentalBG=[0.62, 0.68, 0.75])
        view.update(EnableRayTracing=1, ProgressivePasses=options.passes, CameraViewUp=[1, 0, 0])
        view.StillSamples = 1  # exact images with more than that are traced
        if not (found := await view.capabilities())["ray_tracing"]:
            raise SystemExit(found["why_no_ray_tracing"])
        middle = [(low_x + high_x) / 2, (low_y + high_y) / 2, (low_z + high_z) / 2]
        view.update(CameraFocalPoint=middle, CameraPosition=[*middle[:2], middle[2] - 1.15 * wide])
        await view.ready()
        moved, began = 0, time.perf_counter()
        async with view.images() as images:
            async for image in images:
                if moved < options.moves:
                    moved += 1
                    view.orbit(2.0, -1.0)
                    continue
                after = time.perf_counter() - began
                name = f"{after:07.3f}s_{image.level}{'_exact' if image.still else ''}"
                await asyncio.to_thread(image.save, output / f"{name}.{'png' if image.still else 'jpg'}")
                if image.still and image.level == options.passes:
                    break
        print(f"{name}: the last one, of {options.passes} passes, {image.render_s * 1e3:.0f} ms each; see {output}")


if __name__ == "__main__":
    asyncio.run(main())
