"""Spreadsheets: pages of rows against the data itself."""

from __future__ import annotations

import numpy as np
import pytest

from servermanager import RemoteError, Rows, connect

from ..harness.apvtest import BACKENDS, in_loop


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@in_loop
async def test_pages_of_points_are_the_data(backend: str) -> None:
    async with connect(backend=backend) as session:
        wavelet = session.create("vtkRTAnalyticSource", WholeExtent=(0, 9, 0, 9, 0, 9))
        data = await wavelet.fetch()
        pages = [page async for page in session.rows(wavelet, rows_per_page=300)]
        assert [(page.first, len(page), page.total) for page in pages] == [
            (0, 300, 1000), (300, 300, 1000), (600, 300, 1000), (900, 100, 1000),
        ]  # fmt: skip
        assert list(pages[0].columns) == ["Point ID", "Points", "RTData"]
        for name, expected in (("Point ID", np.arange(1000)), ("RTData", np.ravel(data.point_data["RTData"]))):
            np.testing.assert_array_equal(np.concatenate([page.columns[name] for page in pages]), expected)
        np.testing.assert_array_equal(pages[3].columns["Points"][-1], (9, 9, 9))


@in_loop
async def test_cells_with_chosen_columns_from_some_row_on(backend: str) -> None:
    async with connect(backend=backend) as session:
        ball = session.create("vtkSphereSource", ThetaResolution=8, PhiResolution=8)
        sizes = session.create("vtkCellSizeFilter", Input=ball)
        data = await sizes.fetch()
        rows = session.rows(sizes, association="CELLS", columns=["Area"], first=90, rows_per_page=4)
        pages = [page async for page in rows]
        assert [page.first for page in pages] == [90, 94] and [*pages[0].columns] == ["Area"]
        areas = np.concatenate([page.columns["Area"] for page in pages])
        np.testing.assert_array_equal(areas, np.ravel(data.cell_data["Area"])[90:])


@in_loop
async def test_blocks_come_one_after_the_other_and_what_one_lacks_is_nan(backend: str) -> None:
    async with connect(backend=backend) as session:
        plane = session.create("vtkPlaneSource")
        raised = session.create("vtkElevationFilter", Input=plane)
        group = session.create("vtkGroupDataSetsFilter", Input=[plane, raised])
        (page,) = [page async for page in session.rows(group)]
        assert page.total == 8 and len(set(page.columns["Block Number"].tolist())) == 2
        assert np.isnan(page.columns["Elevation"]).tolist() == [True] * 4 + [False] * 4
        assert page.columns["Point ID"].tolist() == [0, 1, 2, 3] * 2


@in_loop
async def test_the_first_page_of_many_rows_does_not_wait_for_the_others(backend: str) -> None:
    async with connect(backend=backend) as session:
        many = session.create("vtkRTAnalyticSource", WholeExtent=(0, 199, 0, 199, 0, 99))
        await many.update_pipeline()
        pages: list[Rows] = []
        async for page in session.rows(many, rows_per_page=10):
            pages.append(page)
            if len(pages) == 3:
                break
        assert pages[-1].first == 20 and pages[-1].total == 4_000_000
        await many.update_pipeline()  # the service goes on


@in_loop
async def test_what_there_is_not_says_what_there_is(backend: str) -> None:
    async with connect(backend=backend) as session:
        wavelet = session.create("vtkRTAnalyticSource", WholeExtent=(0, 3, 0, 3, 0, 3))
        for options, words in (
            ({"association": "ROWS"}, "only tables have rows"),
            ({"association": "EDGES"}, "no association is called 'EDGES'"),
            ({"columns": ["RTDat"]}, "Did you mean 'RTData'"),
            ({"rows_per_page": 0}, "1 to 100000 rows"),
        ):
            with pytest.raises(RemoteError, match=words):
                await anext(session.rows(wavelet, **options))
        (beyond,) = [page async for page in session.rows(wavelet, first=64)]
        assert beyond.columns["RTData"].size == 0
