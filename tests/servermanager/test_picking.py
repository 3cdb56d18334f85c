"""Picking and selecting: what a place of the picture says of the data, with known answers."""

from __future__ import annotations

import numpy as np
import pytest

from servermanager import RemoteError, RenderViewProxy, Session, connect

from ..harness.apvtest import BACKENDS, in_loop

SIZE = 100
"""Pixels of a side of the picture, which shows 10 units of the plane z = 0 around its middle."""


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def from_above(session: Session, **properties: object) -> RenderViewProxy:
    """Looks down on x to the right, y up; a pixel is a tenth of a unit."""
    return session.views.RenderView(
        ViewSize=[SIZE, SIZE],
        CameraPosition=[0, 0, 20],
        CameraFocalPoint=[0, 0, 0],
        CameraParallelProjection=True,
        CameraParallelScale=5,
        **properties,
    )


def pixel(x: float, y: float) -> tuple[int, int]:
    return round((x + 5) * 10), round((5 - y) * 10)


@in_loop
async def test_a_pick_names_cell_point_and_values_of_the_data(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = from_above(session)
        plane = session.create(
            "vtkPlaneSource", Origin=(-2, -2, 0), Point1=(2, -2, 0), Point2=(-2, 2, 0), XResolution=4, YResolution=4
        )
        raised = session.create("vtkElevationFilter", Input=plane, LowPoint=(-2, 0, 0), HighPoint=(2, 0, 0))
        session.show(raised, view, ColorBy=("POINTS", "Elevation"))
        picked = await view.pick(*pixel(0.6, -1.4))  # third cell of the first row, nearest to its right lower corner
        assert picked is not None
        assert picked.source.proxy is raised and picked.block == 0
        assert (picked.cell, picked.point) == (2, 8)
        np.testing.assert_allclose(picked.position, (0.6, -1.4, 0), atol=0.06)
        assert picked.point_values["Elevation"] == pytest.approx(0.75)
        assert await view.pick(*pixel(3, 3)) is None
        with pytest.raises(RemoteError, match="outside of the picture of 100 x 100"):
            await view.pick(100, 0)


@in_loop
async def test_a_pick_of_an_image_names_its_own_cell_although_its_surface_is_drawn(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = from_above(session)
        image = session.create("vtkRTAnalyticSource", WholeExtent=(-2, 2, -2, 2, -2, 2))
        session.show(image, view)
        picked = await view.pick(*pixel(-1.4, 1.6))  # the top layer of cells: 3 * 16, its last row, first column
        assert picked is not None and picked.cell == 3 * 16 + 3 * 4
        data = await image.fetch()
        assert picked.point_values["RTData"] == pytest.approx(float(np.ravel(data.point_data["RTData"])[picked.point]))


@in_loop
async def test_a_pick_tells_the_representations_and_blocks_apart(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = from_above(session)
        left = session.create("vtkSphereSource", Center=(-3, 0, 0), Radius=1)
        right = session.create("vtkSphereSource", Center=(3, 0, 0), Radius=1)
        group = session.create("vtkGroupDataSetsFilter", Input=[left, right])
        single = session.create("vtkSphereSource", Center=(0, 3, 0), Radius=1)
        session.show(group, view)
        session.show(single, view)
        session.show(single, view, Representation="Outline")
        found = [await view.pick(*pixel(x, y)) for x, y in ((-3, 0.3), (3, 0.3), (0.1, 3.2))]
        assert [one.source.proxy for one in found if one] == [group, group, single]
        blocks = [one.block for one in found if one]
        assert blocks[0] != blocks[1] and 0 not in blocks[:2] and blocks[2] == 0


@in_loop
async def test_a_pick_after_a_change_answers_for_the_new_data(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = from_above(session)
        ball = session.create("vtkSphereSource", Radius=1)
        session.show(ball, view)
        assert await view.pick(*pixel(2.5, 0.2)) is None
        for resolution in (8, 16, 32):
            ball.Radius, ball.ThetaResolution = 3, resolution
            picked = await view.pick(*pixel(2.5, 0.2))
            assert picked is not None
            data = await ball.fetch()
            assert data.points is not None and picked.point is not None
            np.testing.assert_allclose(data.points[picked.point], picked.position, atol=2)
            assert picked.cell is not None and picked.cell < data.number_of_cells


@in_loop
async def test_glyphs_are_picked_as_the_points_at_which_they_are(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = from_above(session)
        plane = session.create("vtkPlaneSource", Origin=(-2, -2, 0), Point1=(2, -2, 0), Point2=(-2, 2, 0))
        session.show(plane, view, Representation="3D Glyphs", GlyphType="Sphere", ScaleFactor=1)
        picked = await view.pick(*pixel(2, 2))
        assert picked is not None and (picked.cell, picked.point) == (None, 3)


@in_loop
async def test_selected_cells_become_a_source(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = from_above(session)
        plane = session.create(
            "vtkPlaneSource", Origin=(-2, -2, 0), Point1=(2, -2, 0), Point2=(-2, 2, 0), XResolution=4, YResolution=4
        )
        session.show(plane, view)
        (found,) = await view.select_cells(*pixel(-1.5, -0.5), *pixel(0.5, -1.5))
        assert found.source.proxy is plane and len(found) == 6
        assert found.ids[1::2] == (0, 1, 2, 4, 5, 6)
        part = await found.extracted.fetch()
        assert part.number_of_cells == 6
        session.show(found.extracted, view, Color=[1, 0, 0], Lighting=False)
        assert await view.select_cells(*pixel(3, 3), *pixel(4, 4)) == []


@in_loop
async def test_selected_points_are_those_that_are_seen(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = from_above(session)
        ball = session.create("vtkSphereSource", Radius=3, ThetaResolution=16, PhiResolution=17)
        session.show(ball, view)
        (found,) = await view.select_points(0, 0, SIZE - 1, SIZE - 1)
        data = await ball.fetch()
        assert data.points is not None
        chosen = data.points[list(found.ids[1::2])]
        assert set(np.flatnonzero(data.points[:, 2] > 0.1)) <= set(found.ids[1::2])  # all of the near half
        assert chosen[:, 2].min() > -0.1  # nothing from behind
        (found,) = await view.select_points(*pixel(-1, 1), *pixel(1, -1))
        x, y, z = data.points.T
        inside = (x >= -1) & (x <= 1.1) & (y >= -1.1) & (y <= 1) & (z > 0)  # to the far edges of the last pixels
        assert set(found.ids[1::2]) == set(np.flatnonzero(inside).tolist())
        assert (await found.extracted.update_pipeline()).number_of_points == len(found)


@in_loop
async def test_selections_in_blocks_are_extracted_from_their_blocks(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = from_above(session)
        left = session.create("vtkPlaneSource", Origin=(-3, -1, 0), Point1=(-1, -1, 0), Point2=(-3, 1, 0))
        right = session.create("vtkPlaneSource", Origin=(1, -1, 0), Point1=(3, -1, 0), Point2=(1, 1, 0))
        group = session.create("vtkGroupDataSetsFilter", Input=[left, right])
        session.show(group, view)
        (found,) = await view.select_cells(*pixel(1.5, 0.5), *pixel(2.5, -0.5))
        information = await found.extracted.update_pipeline()
        assert len(found) == 1 and information.number_of_cells == 1
        assert information.bounds is not None and information.bounds[0] == pytest.approx(1)
