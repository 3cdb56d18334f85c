"""What is selected of outputs: by queries, ids, and rectangles of pictures; changed, extracted, and forgotten."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy

from servermanager import OutputPort, RenderViewProxy, Session, SourceProxy, StateWarning, connect

from ..harness.apvtest import BACKENDS, in_loop


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def ids_of(session: Session, output: SourceProxy | OutputPort, kind: str = "Point") -> list[int]:
    """Return the numbers of what is selected of an output now."""
    extracted = session.selections.extract(output)
    data = (await extracted.fetch()).to_vtk()
    session.delete(extracted)
    array = getattr(data, f"Get{kind}Data")().GetArray(f"vtkOriginal{kind}Ids")
    return [] if array is None else vtk_to_numpy(array).tolist()


@in_loop
async def test_selections_replace_extend_and_reduce_each_other(backend: str) -> None:
    async with connect(backend=backend) as session:
        wavelet = session.sources.Wavelet()
        chosen, points = session.selections, {"ElementType": "Point Data"}
        assert chosen.of(wavelet) is None and chosen.all() == {}
        made = chosen.make(wavelet, "SelectionQuerySource", QueryString="RTData > 270", **points)
        assert chosen.of(wavelet) is made and session.proxies.active.source is wavelet
        high = await ids_of(session, wavelet)
        values = vtk_to_numpy((await wavelet.fetch()).to_vtk().GetPointData().GetArray("RTData"))
        assert high == np.flatnonzero(values > 270).tolist() and len(high) > 3
        chosen.make(wavelet, "IDSelectionSource", "ADD", IDs=[0, 0, 0, 1], FieldType="POINT")
        assert await ids_of(session, wavelet) == [0, 1, *high]
        chosen.make(wavelet, "IDSelectionSource", "SUBTRACT", IDs=[0, 1, 0, high[0]], FieldType="POINT")
        assert await ids_of(session, wavelet) == [0, *high[1:]]
        chosen.make(wavelet, "IDSelectionSource", "TOGGLE", IDs=[0, 0, 0, 5], FieldType="POINT")
        assert await ids_of(session, wavelet) == [5, *high[1:]]
        assert len(session.proxies.sources()) == 8, "the wavelet, four selections, and three that join them"
        chosen.make(wavelet, "IDSelectionSource", IDs=[0, 7], FieldType="POINT")
        assert await ids_of(session, wavelet) == [7]
        assert len(session.proxies.sources()) == 2, "those that are selected by no more are gone"
        chosen.clear(wavelet)
        assert chosen.of(wavelet) is None and list(session.proxies.sources()) == [wavelet]
        with pytest.raises(ValueError, match=r"is selected: session\.selections\.select"):
            chosen.extract(wavelet)
        with pytest.raises(ValueError, match="not by 'AD'"):
            chosen.make(wavelet, "IDSelectionSource", "AD", IDs=[0, 7])
        assert list(session.proxies.sources()) == [wavelet], "nothing was made"


@in_loop
async def test_a_selection_of_a_user_stays_and_goes_with_its_output() -> None:
    async with connect() as session:
        wavelet = session.sources.Wavelet()
        own = session.sources.IDSelectionSource(IDs=[0, 3], FieldType="POINT")
        assert session.selections.select(wavelet, own) is own
        session.selections.clear(wavelet)
        assert own in session.proxies.sources()
        session.selections.select(wavelet, own)
        session.selections.make(wavelet, "IDSelectionSource", "SUBTRACT", IDs=[0, 3], FieldType="POINT")
        assert await ids_of(session, wavelet) == []
        session.delete(wavelet)
        assert session.selections.all() == {}


def from_above(session: Session) -> RenderViewProxy:
    """Looks down on x to the right, y up; a pixel is a tenth of a unit."""
    return session.views.RenderView(
        ViewSize=[100, 100],
        CameraPosition=[0, 0, 20],
        CameraFocalPoint=[0, 0, 0],
        CameraParallelProjection=True,
        CameraParallelScale=5,
    )


@in_loop
async def test_rectangles_select_what_is_seen_or_all_that_is_behind(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = from_above(session)
        plane = session.sources.Plane(
            Origin=(-2, -2, 0), Point1=(2, -2, 0), Point2=(-2, 2, 0), XResolution=4, YResolution=4
        )
        box = session.sources.Wavelet(WholeExtent=[-2, 2, -2, 2, -4, -2])
        session.show(plane, view)
        session.show(box, view, Representation="Surface")
        rectangle = [31, 31, 48, 48]  # x from -1.9 to -0.1, y from 0.1 to 1.9
        found = await session.selections.select_surface(view, rectangle)
        assert [one.proxy for one in found] == [plane], "which hides the box"
        assert await ids_of(session, plane, "Cell") == [8, 9, 12, 13]
        found = await session.selections.select_through(view, rectangle, "POINTS")
        assert {one.proxy for one in found} == {plane, box}
        assert await ids_of(session, plane) == [16]
        assert await ids_of(session, box) == [16, 41, 66]
        session.all_representations()[1].Position = (1, 0, 0)
        await session.selections.select_through(view, rectangle, "POINTS")
        assert await ids_of(session, box) == [15, 40, 65], "where it is shown"
        await session.selections.select_surface(view, [0, 0, 99, 99], "BLOCKS")
        assert await ids_of(session, plane, "Cell") == list(range(16))
        for wrong in ("CELL", "FACES"):
            with pytest.raises(ValueError, match="POINTS, CELLS"):
                await session.selections.select_through(view, rectangle, wrong)


@in_loop
async def test_of_blocks_those_are_selected_that_are_seen() -> None:
    async with connect() as session:
        view = from_above(session)
        left = session.sources.Plane(Origin=(-3, -1, 0), Point1=(-1, -1, 0), Point2=(-3, 1, 0), XResolution=2)
        right = session.sources.Plane(Origin=(1, -1, 0), Point1=(3, -1, 0), Point2=(1, 1, 0), XResolution=2)
        group = session.filters.GroupDatasets(Input=[left, right])
        session.show(group, view)
        await session.selections.select_surface(view, [60, 40, 68, 60])
        data = (await session.selections.extract(group).fetch()).to_vtk()
        assert data.GetBlock(0) is None or data.GetBlock(0).GetNumberOfCells() == 0
        assert vtk_to_numpy(data.GetBlock(1).GetCellData().GetArray("vtkOriginalCellIds")).tolist() == [0]
        await session.selections.select_surface(view, [60, 40, 68, 60], "BLOCKS")
        data = (await session.selections.extract(group).fetch()).to_vtk()
        assert data.GetBlock(1).GetNumberOfCells() == 2 and data.GetBlock(0) is None


@in_loop
async def test_a_perspective_camera_looks_through_a_cone() -> None:
    async with connect() as session:
        view = session.views.RenderView(
            ViewSize=[200, 100], CameraPosition=[0, 0, 10], CameraFocalPoint=[0, 0, 0], CameraViewAngle=90.0
        )
        wavelet = session.sources.Wavelet(WholeExtent=[-20, 20, 0, 0, -10, 5])
        session.show(wavelet, view, Representation="Outline")
        await session.selections.select_through(view, [101, 0, 148, 99], "POINTS")
        x, z = (one.ravel() for one in np.meshgrid(np.arange(-20, 21), np.arange(-10, 6)))
        inside = (x > 0.02 * (10 - z)) & (
            x < 0.98 * (10 - z)
        )  # of a picture that is 2 (10 - z) high, and twice as wide
        assert await ids_of(session, wavelet) == np.flatnonzero(inside).tolist()


@in_loop
@pytest.mark.parametrize("name", ["selected.json", "selected.pvsm"])
async def test_what_filters_extract_is_in_states(tmp_path: Path, name: str) -> None:
    async with connect() as session:
        wavelet = session.sources.Wavelet()
        session.selections.make(
            wavelet, "SelectionQuerySource", QueryString="RTData > 270", ElementType="Point Data", InsideOut=True
        )
        session.selections.extract(wavelet)
        chosen = session.sources.IDSelectionSource(IDs=[0, 3, 0, 8], FieldType="CELL")
        session.filters.ExtractSelection(Input=wavelet, Selection=chosen)
        await session.save_state(tmp_path / name)
    async with connect() as session:
        await session.load_state(tmp_path / name)
        first, second = (one for one in session.proxies.sources() if one.type_name == "ExtractSelection")
        assert (await first.update_pipeline()).number_of_points == 9261 - 4
        assert (await second.update_pipeline()).number_of_cells == 2


@in_loop
async def test_a_selection_that_paraview_has_not_written_is_listed(tmp_path: Path) -> None:
    """Selections of scripts are registered nowhere in ParaView, and then not in its states."""
    async with connect() as session:
        wavelet = session.sources.Wavelet()
        chosen = session.sources.IDSelectionSource(IDs=[0, 3], FieldType="CELL")
        session.filters.ExtractSelection(Input=wavelet, Selection=chosen)
        await session.save_state(tmp_path / "whole.pvsm")
    text = (tmp_path / "whole.pvsm").read_text(encoding="utf-8")
    without = re.sub(r'<Proxy [^>]*type="IDSelectionSource".*?</Proxy>', "", text, flags=re.DOTALL)
    without = re.sub(r'<Item [^>]*name="IDSelectionSource1"[^>]*/>', "", without)
    assert without.count("IDSelectionSource") == 0 < text.count("IDSelectionSource")
    (tmp_path / "cut.pvsm").write_text(without, encoding="utf-8")
    async with connect() as session:
        with pytest.warns(StateWarning, match="has not written what was selected"):
            loaded = await session.load_state(tmp_path / "cut.pvsm")
        assert [(one.where, one.what) for one in loaded.not_understood] == [("ExtractSelection1", "Selection")]
        extracted = session.proxies.find_source("ExtractSelection1")
        assert extracted is not None and (await extracted.update_pipeline()).number_of_cells == 0
