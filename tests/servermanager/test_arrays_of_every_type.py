"""Arrays of every type of VTK's go every way that doubles go: what comes out are the numbers that went in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import vtkmodules.vtkCommonCore as core
from vtkmodules.vtkFiltersSources import vtkPlaneSource

from servermanager import RemoteError, Session, SourceProxy, connect

from ..harness.apvtest import in_loop

USUAL = ["Bit", "UnsignedChar", "LongLong", "UnsignedLongLong"]
OTHERS = [
    "Char",
    "SignedChar",
    "Short",
    "UnsignedShort",
    "Int",
    "UnsignedInt",
    "Long",
    "UnsignedLong",
    "IdType",
    "Float",
]
KINDS = [*USUAL, *(pytest.param(kind, marks=pytest.mark.deep) for kind in OTHERS)]


def numbers(count: int, components: int = 1) -> Any:
    values = np.array([(0, 1, 1, 0, 1)[index % 5] for index in range(count * components)])
    return values if components == 1 else values.reshape(count, components)


def array(kind: str, name: str, count: int, components: int) -> Any:
    made = getattr(core, f"vtk{kind}Array")()
    made.SetName(name)
    made.SetNumberOfComponents(components)
    made.SetNumberOfTuples(count)
    for place, value in enumerate(numbers(count, components).ravel().tolist()):
        made.SetComponent(place // components, place % components, value)
    return made


async def sent(session: Session, kind: str) -> SourceProxy:
    """A strip of three cells and eight points, with numbers `a` and vectors `v` of both."""
    source = vtkPlaneSource()
    source.SetXResolution(3)
    source.Update()
    data = source.GetOutput()
    for attributes, count in ((data.GetPointData(), 8), (data.GetCellData(), 3)):
        attributes.AddArray(array(kind, "a", count, 1))
        attributes.AddArray(array(kind, "v", count, 3))
    return await session.send_data(data)


def plain(values: Any) -> list[Any]:
    found: list[Any] = np.squeeze(np.asarray(values, float)).tolist()
    return found


@pytest.mark.parametrize("kind", KINDS)
@in_loop
async def test_numbers_come_back_and_through_filters(kind: str) -> None:
    filters: dict[str, tuple[dict[str, Any], Any]] = {
        "Threshold": (
            {"Scalars": ("CELLS", "a"), "LowerThreshold": 0.5, "UpperThreshold": 1.5},
            lambda data: plain(data.cell_data["a"]) == [1, 1],
        ),
        "Calculator": (
            {"Function": "v_Y + 2 * a"},
            lambda data: plain(data.point_data["Result"]) == plain(numbers(8, 3)[:, 1] + 2 * numbers(8)),
        ),
        "Histogram": (
            {"SelectInputArray": ("POINTS", "a"), "BinCount": 2},
            lambda data: plain(data.row_data["bin_values"]) == [3, 5],
        ),
        "ExtractSelection": (
            {"FieldType": "CELLS", "IDs": [0, 1, 0, 2]},
            lambda data: plain(data.cell_data["v"]) == plain(numbers(3, 3)[1:]),
        ),
        "WarpByVector": (
            {"Vectors": ("POINTS", "v")},
            lambda data: plain(np.round(np.asarray(data.points)[:, 2], 6)) == plain(numbers(8, 3)[:, 2]),
        ),
        "PlotOverLine": (
            {"Point1": (-0.5, -0.5, 0), "Point2": (0.5, -0.5, 0), "Resolution": 3},
            lambda data: np.allclose(plain(data.point_data["v"]), numbers(8, 3)[:4], atol=1e-6),
        ),
    }
    async with connect(backend="inproc") as session:
        source = await sent(session, kind)
        data = await source.fetch()
        assert plain(data.point_data["a"]) == plain(numbers(8)) and plain(data.cell_data["v"]) == plain(numbers(3, 3))
        await source.update_pipeline()
        found = {(one.association, one.name): one for one in source.information[0].arrays}
        assert found["POINTS", "a"].ranges == ((0, 1),)
        assert found["POINTS", "v"].magnitude_range == pytest.approx((1, 2**0.5))
        for name, (properties, right) in filters.items():
            assert right(await getattr(session.filters, name)(Input=source, **properties).fetch()), name
        (page,) = [page async for page in session.rows(source)]
        assert plain(page.columns["a"]) == plain(numbers(8)) and plain(page.columns["v"]) == plain(numbers(8, 3))


@pytest.mark.parametrize("kind", KINDS)
@in_loop
async def test_numbers_become_colours_and_curves(kind: str) -> None:
    async with connect(backend="inproc") as session:
        source, reference = await sent(session, kind), await sent(session, "Double")
        for look in (
            {"ColorBy": ("CELLS", "a")},
            {"ColorBy": ("POINTS", "v")},
            {"ColorBy": ("POINTS", "v", 1), "Representation": "Point Gaussian"},
            {"ColorBy": ("POINTS", "a"), "Representation": "3D Glyphs", "ScaleArray": "a", "OrientationArray": "v"},
        ):
            pictures = []
            for one in (source, reference):
                view = session.views.RenderView(ViewSize=[60, 40])
                session.show(one, view, Lighting=False, LookupTable="Grayscale", Categorical=False, **look)
                view.reset_camera("-Z")
                pictures.append((await view.screenshot(format="rgb")).pixels)
                view.delete()
            np.testing.assert_array_equal(pictures[0], pictures[1], err_msg=str(look))
            assert len(np.unique(pictures[0].reshape(-1, 3), axis=0)) >= 2
        charts = []
        for one in (source, reference):
            chart = session.create_chart(ViewSize=[100, 80])
            session.show(session.filters.DataToTable(Input=one), chart)
            charts.append((await chart.screenshot(format="rgb")).pixels)
        np.testing.assert_array_equal(charts[0], charts[1])


@in_loop
async def test_large_integers_are_exact_or_refused() -> None:
    first = 2**60
    values = first + np.arange(8)
    source = vtkPlaneSource()
    source.SetXResolution(3)
    source.Update()
    ids = core.vtkLongLongArray()
    ids.SetName("id")
    for value in values.tolist():
        ids.InsertNextValue(value)
    source.GetOutput().GetPointData().AddArray(ids)
    async with connect(backend="inproc") as session:
        held = await session.send_data(source.GetOutput())
        assert np.ravel((await held.fetch()).point_data["id"]).tolist() == values.tolist()
        (page,) = [page async for page in session.rows(held, columns=["id"])]
        assert page.columns["id"].tolist() == values.tolist()
        chosen = {"Scalars": ("POINTS", "id"), "ThresholdMethod": "Above Upper Threshold"}
        with pytest.raises(RemoteError, match=rf"id has integers beyond 2\*\*53 next to the limit {first}"):
            await session.filters.Threshold(Input=held, UpperThreshold=float(first), **chosen).fetch()
        below = await session.filters.Threshold(Input=held, UpperThreshold=1.0, **chosen).fetch()
        assert np.ravel(below.point_data["id"]).tolist() == values.tolist()
