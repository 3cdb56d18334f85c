"""Arrays with names of the real world colour, are drawn, read as rows, saved and found again in states."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkTable

from servermanager import RemoteError, connect

from ..harness.apvtest import in_loop

NAMES = ("Static Pressure [Pa]", "p/rho", "T-1", "2nd", "température", "max", "a,b", "a\\b")


def array(values: Any, name: str, *components: str) -> Any:
    made = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
    made.SetName(name)
    for number, component in enumerate(components):
        made.SetComponentName(number, component)
    return made


def image(*arrays: Any) -> vtkImageData:
    made = vtkImageData()
    made.SetDimensions(4, 3, 1)
    for one in arrays:
        made.GetPointData().AddArray(one)
    return made


@in_loop
async def test_the_same_picture_rows_and_file_under_every_name(tmp_path: Path) -> None:
    values = np.arange(12.0)
    async with connect() as session:
        view = session.views.RenderView(ViewSize=[120, 90])
        pictures = set()
        for number, name in enumerate(("p", *NAMES)):
            source = await session.send_data(image(array(values, name)))
            calculated = session.filters.Calculator(
                Input=source, Function=f'''"{name.replace(chr(92), chr(92) * 2).replace('"', chr(92) + '"')}"*2'''
            )
            shown = session.show(calculated, view, ColorBy=["POINTS", name])
            view.reset_camera()
            pictures.add((await view.screenshot(format="rgb")).pixels.tobytes())
            shown.update(Visibility=False)
            async for page in session.rows(calculated, columns=[name, "Result"]):
                assert page.columns[name].tolist() == values.tolist()
                assert page.columns["Result"].tolist() == (2 * values).tolist()
            path = tmp_path / f"{number}.vti"
            await session.save_data(path, calculated)
            again = await (await session.open(path)).fetch()
            assert again.point_data[name].tolist() == values.tolist()
        assert len(pictures) == 1


@in_loop
async def test_colours_by_the_name_of_a_component() -> None:
    vectors = np.column_stack([np.arange(12.0), np.arange(12.0)[::-1], np.zeros(12)])
    tensors = np.column_stack([np.zeros((12, 3)), np.arange(12.0), np.zeros((12, 2))])
    async with connect() as session:
        source = await session.send_data(
            image(array(vectors, "U"), array(tensors, "S"), array(tensors, "stress", *(f"s{n}" for n in range(6))))
        )
        view = session.views.RenderView(ViewSize=[120, 90])
        shown = session.show(source, view, ScalarBarVisibility=False)
        view.reset_camera()

        async def picture(*color_by: Any) -> bytes:
            shown.update(ColorBy=list(color_by))
            return bytes((await view.screenshot(format="rgb")).pixels.tobytes())

        across = await picture("POINTS", "U", 0)
        assert await picture("POINTS", "U", "X") == across
        assert await picture("POINTS", "S", "XY") == across == await picture("POINTS", "S", 3)
        assert await picture("POINTS", "stress", "s3") == across
        assert await picture("POINTS", "U", "Y") == await picture("POINTS", "U", 1) != across
        shown.update(ColorBy=["POINTS", "S", "ZX"])
        with pytest.raises(RemoteError, match=r"'S' has 6 components.*called XX, YY, ZZ, XY, YZ, XZ.*no component ZX"):
            await view.screenshot()


@in_loop
async def test_charts_tell_components_from_arrays_of_their_name() -> None:
    async with connect() as session:
        table = vtkTable()
        for one in (
            array(np.ones((3, 3)), "U"),
            array([7.0, 8.0, 9.0], "U_X"),
            array([1.0, 2.0, 4.0], "Points_of_view"),
        ):
            table.AddColumn(one)
        source = await session.send_data(table)
        view = session.views.XYChartView(ViewSize=[320, 240])
        shown = session.show(source, view, SeriesVisibility=["U_X"])
        one = (await view.screenshot(format="rgb")).pixels.tobytes()
        shown.update(SeriesVisibility=["U_X (U)"])
        assert (await view.screenshot(format="rgb")).pixels.tobytes() != one
        shown.update(SeriesVisibility=["nothing"])
        with pytest.raises(RemoteError, match=r"Known: .*Points_of_view.*U_X, U_X \(U\)"):
            await view.screenshot()


@in_loop
async def test_rows_tell_our_columns_from_arrays_of_their_name() -> None:
    async with connect() as session:
        source = await session.send_data(image(array(np.arange(12.0) * 2, "Point ID"), array(np.ones(12), "Points")))
        async for page in session.rows(source):
            assert page.columns["Point ID"].tolist() == list(range(12))
            assert page.columns["Point ID (array)"].tolist() == [2.0 * n for n in range(12)]
            assert page.columns["Points (array)"].tolist() == [1.0] * 12
            assert page.columns["Points"][5].tolist() == [1, 1, 0]


@in_loop
async def test_states_keep_names_and_expressions(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    async with connect() as session:
        source = session.filters.Calculator(
            Input=session.sources.Wavelet(), Function="RTData/100", ResultArrayName='p [Pa] / "rho"'
        )
        last = session.filters.Calculator(Input=source, Function='"p [Pa] / \\"rho\\""*2', ResultArrayName="q")
        right = (await last.fetch()).point_data["q"].max()
        await session.save_state(path)
    async with connect() as session:
        await session.load_state(path)
        found = next(one for one in session.proxies.sources() if getattr(one, "ResultArrayName", "") == "q")
        assert (await found.fetch()).point_data["q"].max() == right
        assert np.isnan(found.ReplacementValue)
