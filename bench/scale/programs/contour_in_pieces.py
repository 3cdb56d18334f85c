"""A contour of a grid in a file of parts by a session, built in: contour_in_pieces FILE."""

from __future__ import annotations

import asyncio
import sys

from async_paraview import connect

from ..children import say
from ..hexahedra import ARRAY, VALUE


async def main(path: str) -> None:
    """Make it, and say how large it is."""
    async with connect() as session:
        grid = await session.open(path)
        contour = session.filters.Contour(
            Input=grid, ContourBy=("POINTS", ARRAY), Isosurfaces=[VALUE], ComputeNormals=False
        )
        made = await contour.update_pipeline()
        integrals = session.filters.IntegrateVariables(Input=contour)
        area = (await integrals.update_pipeline()).array("Area", "CELLS").ranges[0]
        say(points=made.number_of_points, cells=made.number_of_cells, area=None if area is None else area[0])


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
