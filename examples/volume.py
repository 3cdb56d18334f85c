"""A frog as a volume that refines by itself: coarse while the camera moves, then all of it, then without any grain.

Every image of the refinement is written to a directory, named after when it arrived, its level and its format.

apvpython examples/volume.py                                        built in
apvpython examples/volume.py --server-url tcp://127.0.0.1:11111     with an apvserver
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
parser.add_argument("--size", type=int, nargs=2, default=[800, 600], metavar=("WIDTH", "HEIGHT"))
parser.add_argument("--output", default="volume", metavar="DIRECTORY", help="for the images")


def directory(name: str) -> Path:
    """Made if it is not there."""
    output = Path(name)
    output.mkdir(parents=True, exist_ok=True)
    return output


async def main() -> None:
    options = parser.parse_args()
    output = directory(options.output)
    async with connect(options.server_url) as session:
        frog = await session.open(options.data or examples.frog())
        half = session.filters.ExtractSubset(Input=frog, SampleRate=(2, 2, 1))
        labels = (await half.update_pipeline()).arrays[0].name
        view = session.views.RenderView(ViewSize=options.size, Background=[1, 1, 1], StillSamples=8)
        session.show(
            half,
            view,
            Representation="Volume",
            ColorBy=("POINTS", labels),
            LookupTable="turbo",
            OpacityPoints=(0, 0, 1, 0.02, 12, 0.2, 29, 0.4),
            Shade=True,
        )
        view.update(CameraViewUp=[1, 0, 0])
        view.reset_camera("+Z")
        await view.ready()
        view.reset_camera()
        moved = 0
        async with view.images() as images:
            began = time.perf_counter()
            async for image in images:
                after = time.perf_counter() - began
                kind = ("coarse", "whole")[image.level] if image.level < 2 else f"mean_of_{image.level}"
                name = f"{after:06.3f}s_{kind}{'_exact' if image.still else ''}"
                image.save(output / f"{name}.{'png' if image.still else 'jpg'}")
                if moved < options.moves:
                    moved += 1
                    view.orbit(3.0, 1.0)
                elif image.still and image.level > 1:
                    break
                elif image.level > 0 or image.still:
                    print(f"{name}: drawn in {image.render_s * 1e3:.0f} ms")
        print(f"{name}: the last one, exact; see {output}")


if __name__ == "__main__":
    asyncio.run(main())
