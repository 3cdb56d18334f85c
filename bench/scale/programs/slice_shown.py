"""A slice through the middle of a large image, shown by a session that is built in: slice_shown FILE PICTURE."""

from __future__ import annotations

import asyncio
import sys

from async_paraview import connect

from ..children import say


async def main(path: str, picture: str) -> None:
    """Show it, and say how large it is."""
    async with connect() as session:
        view = session.views.RenderView(ViewSize=[800, 600], StillSamples=1)
        image = await session.open(path)
        middle = session.filters.Slice(Input=image)
        session.show(middle, view)
        view.reset_camera()
        await view.save_screenshot(picture)
        made = await middle.update_pipeline()
        say(points=made.number_of_points, range=made.array("MetaImage", "POINTS").ranges[0])


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
