"""Tables of outputs, in order and of what is selected; information; and selections with their values."""

from __future__ import annotations

import numpy as np
import pytest

from servermanager import RemoteError, Session, SourceProxy, connect
from servermanager.streams import ProgressStep
from servermanager.ui.editors.information_model import InformationModel, memory_text
from servermanager.ui.editors.selection_model import SelectionModel, pick_lines
from servermanager.ui.editors.spreadsheet_model import PAGE, SpreadsheetModel
from servermanager.ui.progress_observer import ProgressObserver

from ..harness.apvtest import BACKENDS, in_loop, poll_async


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def wavelet(session: Session, half: int = 5) -> SourceProxy:
    return session.create("vtkRTAnalyticSource", WholeExtent=(-half, half, -half, half, -half, half))


@in_loop
async def test_rows_come_in_the_order_of_a_column(backend: str) -> None:
    async with connect(backend=backend) as session:
        source = wavelet(session)
        values = np.ravel((await source.fetch()).point_data["RTData"])
        for descending in (False, True):
            pages = [
                one async for one in session.rows(source, sort_by="RTData", descending=descending, rows_per_page=500)
            ]
            found = np.concatenate([one.columns["RTData"] for one in pages])
            order = np.argsort(-values if descending else values, kind="stable")
            np.testing.assert_array_equal(found, values[order])
            np.testing.assert_array_equal(np.concatenate([one.columns["Point ID"] for one in pages]), order)
        (last,) = [one async for one in session.rows(source, sort_by="Points", first=1330)]
        assert np.linalg.norm(last.columns["Points"]) == pytest.approx(np.sqrt(75))
        with pytest.raises(RemoteError, match=r"SubsetError.*RTDta.*RTData"):
            [one async for one in session.rows(source, sort_by="RTDta")]


@in_loop
async def test_blocks_are_sorted_together_and_what_is_no_number_comes_last(backend: str) -> None:
    async with connect(backend=backend) as session:
        plane = session.create("vtkPlaneSource")
        raised = session.create("vtkElevationFilter", Input=plane, LowPoint=(0, 0.5, 0), HighPoint=(0, -0.5, 0))
        lower = session.create("vtkElevationFilter", Input=plane, LowPoint=(0, -1, 0), HighPoint=(0, 1, 0))
        group = session.create("vtkGroupDataSetsFilter", Input=[plane, raised, lower])
        for descending in (False, True):
            (page,) = [one async for one in session.rows(group, sort_by="Elevation", descending=descending)]
            numbers = page.columns["Elevation"]
            assert np.isnan(numbers[8:]).all() and not np.isnan(numbers[:8]).any()
            expected = [0, 0, 0.25, 0.25, 0.75, 0.75, 1, 1]
            np.testing.assert_allclose(numbers[:8], expected[::-1] if descending else expected)
            of = dict.fromkeys(page.columns["Block Number"].tolist())
            assert len(of) == 3
            for at in range(12):  # rows are whole: each point is where its block's number says
                y = page.columns["Points"][at][1]
                assert np.isnan(numbers[at]) or numbers[at] in (pytest.approx(0.5 - y), pytest.approx((y + 1) / 2))


@in_loop
async def test_a_histogram_is_that_of_the_values(backend: str) -> None:
    async with connect(backend=backend) as session:
        source = wavelet(session)
        values = np.ravel((await source.fetch()).point_data["RTData"])
        found = await session.histogram(source, "RTData", bins=7)
        counts, edges = np.histogram(values.astype(float), bins=7)
        assert found.counts == tuple(counts) and found.limits == pytest.approx((edges[0], edges[-1]))
        within = await session.histogram(source, "RTData", bins=2, limits=(100, 200))
        assert sum(within.counts) + within.outside == 1331
        for wrong, what in (
            ({"array": "RT"}, "RTData"),
            ({"bins": 0}, "1 to 100000 bins"),
            ({"limits": (2, 1)}, "lower"),
        ):
            with pytest.raises(RemoteError, match=what):
                await session.histogram(source, **{"array": "RTData", **wrong})  # type: ignore[arg-type]


@in_loop
async def test_a_table_has_the_rows_that_are_looked_at(backend: str) -> None:
    async with connect(backend=backend) as session:
        source, table = wavelet(session), SpreadsheetModel(session)
        table.show(source)
        await poll_async(lambda: table.total)
        assert table.total == 1331 and [one.label for one in table.columns] == [
            "Point ID", "Points_0", "Points_1", "Points_2", "RTData",
        ]  # fmt: skip
        value = float(np.ravel((await source.fetch()).point_data["RTData"])[1300])
        assert table.row(1300) is None
        await poll_async(lambda: table.row(1300))
        assert table.row(1300) == ("1300", "-3", "3", "5", f"{value:.6g}") and table.row(2 * PAGE * 10) is None
        table.digits = 3
        assert table.row(1300) == ("1300", "-3", "3", "5", f"{value:.3g}")
        table.sort("RTData", descending=True)
        await poll_async(lambda: table.row(0))
        assert table.row(0)[0] == "665"  # type: ignore[index]  # the middle
        table.choose(["RTData"])
        table.association = "CELLS"
        await poll_async(lambda: table.total)
        assert table.total == 1000 and [one.name for one in table.columns] == ["Cell ID"]
        source.WholeExtent = (0, 3, 0, 3, 0, 3)
        await poll_async(lambda: table.total == 27)
        with pytest.raises(ValueError, match="rows are of POINTS"):
            table.association = "EDGES"
        page = await table.page(25, 10)
        assert page.cells == (("25",), ("26",)) and page.total == 27
        table.close()


@in_loop
async def test_what_is_wrong_with_a_table_is_told(backend: str) -> None:
    async with connect(backend=backend) as session:
        table = SpreadsheetModel(session)
        with pytest.raises(ValueError, match="no output is shown"):
            await table.page(0)
        table.show(wavelet(session))
        table.sort("RTDta")
        await poll_async(lambda: table.error)
        assert "RTData" in str(table.error) and table.row(0) is None
        table.sort("RTData")
        await poll_async(lambda: table.row(0))
        assert table.error is None
        table.close()


@in_loop
async def test_selections_have_values_and_tables_show_just_them(backend: str) -> None:
    async with connect(backend=backend) as session:
        source, table, model = wavelet(session), SpreadsheetModel(session), SelectionModel(session)
        told: list[int] = []
        model.watch(lambda: told.append(len(model.selected)))
        steps = session.undo.labels
        model.query(source, "RTData > 250", "POINTS")
        (selected,) = model.selected
        assert (selected.name, selected.how, selected.association) == ("RTAnalytic1", "RTData > 250", "POINTS")
        values = np.ravel((await source.fetch()).point_data["RTData"])
        above = values[values > 250]
        assert 0 < len(above) < 200
        page = await model.values(source)
        at = [one.name for one in page.columns].index("RTData")
        assert page.total == len(above) and [row[at] for row in page.cells] == [f"{one:.6g}" for one in above[:100]]
        assert (await model.counts(source))[0] == len(above)
        table.show(source)
        table.selected_only = True
        await poll_async(lambda: table.total == len(above))
        assert "ExtractSelection" not in [
            one.type_name for one in session.proxies.sources() if not _hidden(session, one)
        ]
        assert [one for one in session.undo.labels if one not in steps] == ["create SelectionQuerySource"]
        model.clear()
        await poll_async(lambda: table.total == 0)
        assert model.selected == () and (await model.values(source)).total == 0
        assert [one.type_name for one in session.proxies.sources()] == ["vtkRTAnalyticSource"]
        await poll_async(lambda: told[-1:] == [0])
        with pytest.raises(ValueError, match="this is empty"):
            model.query(source, "  ")
        with pytest.raises(ValueError, match="queries are of POINTS"):
            model.query(source, "id > 2", "EDGES")
        table.close()
        model.close()


def _hidden(session: Session, proxy: SourceProxy) -> bool:
    return session.selections.is_made(proxy)


@in_loop
async def test_a_click_is_lines_of_text(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = session.views.RenderView(ViewSize=[60, 60])
        session.show(wavelet(session), view)
        picked = await view.pick(30, 30)
        assert picked is not None
        lines = dict(pick_lines(picked, "Wavelet1"))
        assert lines["Source"] == "Wavelet1" and lines["Point"] == str(picked.point)
        assert lines["RTData (point)"] == f"{picked.point_values['RTData']:.6g}"


@in_loop
async def test_information_is_that_of_the_active_source(backend: str) -> None:
    async with connect(backend=backend) as session:
        source = wavelet(session)
        model = InformationModel(session)
        assert model.sheet is None and model.output is not None and model.output.proxy is source
        model.refresh()
        await poll_async(lambda: model.sheet)
        sheet = model.sheet
        assert sheet is not None and sheet.is_current and sheet.source == "RTAnalytic1 (RT Analytic Source)"
        lines = dict(sheet.lines)
        assert lines["Type"] == "Image (Uniform Rectilinear Grid)" and lines["Number of points"] == "1,331"
        assert lines["X range"] == "-5 to 5 (delta: 10)" and sheet.bounds == ((-5, 5),) * 3
        (array,) = sheet.arrays
        assert (array.name, array.association, array.components) == ("RTData", "POINTS", 1)
        source.WholeExtent = (0, 3, 0, 3, 0, 3)
        assert not model.sheet.is_current
        cone = session.sources.ConeSource()
        assert model.output.proxy is cone and model.sheet is None
        model.show(source)
        model.refresh()
        await poll_async(lambda: model.sheet is not None and model.sheet.is_current)
        assert dict(model.sheet.lines)["Number of points"] == "64"
        session.proxies.active.set_source(cone)
        assert model.output.proxy is source
        model.close()


@in_loop
async def test_information_that_comes_before_the_end_of_the_execution_is_of_now_after_it(backend: str) -> None:
    async with connect(backend=backend) as session:
        source = wavelet(session)
        await source.update_pipeline()
        progress = ProgressObserver(session)
        model = InformationModel(session, progress)
        told: list[bool] = []
        model.watch(lambda: told.append(model.sheet is not None and model.sheet.is_current))
        for state in ("started", "finished"):
            progress.observe(ProgressStep("ds", source.id, source.type_name, None, state))
            await poll_async(lambda: told, what=f"who watches is told of {state}")
            assert told.pop() is (state == "finished") and not told
        model.close()


def test_amounts_of_memory_have_the_largest_unit_that_they_fill() -> None:
    assert (memory_text(5), memory_text(2048), memory_text(3 * 2**20)) == ("5 KiB", "2 MiB", "3 GiB")
