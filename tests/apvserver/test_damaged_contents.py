"""Files whose numbers are whole and whose structure is damaged: an error each, before anything works on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.files.reader_choice import choose_reader
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from servermanager import connect
from services_core import RemoteError

from ..harness.apvtest import in_loop

POINTS = "0 0 0  1 0 0  1 1 0  0 1 0"


def vtu(ids: str = "0 1 2 0 2 3", offsets: str = "3 6", types: str = "5 5", more: str = "") -> str:
    return f"""<VTKFile type="UnstructuredGrid" version="1.0" header_type="UInt64"><UnstructuredGrid>
<Piece NumberOfPoints="4" NumberOfCells="2">
<Points><DataArray type="Float32" NumberOfComponents="3" format="ascii">{POINTS}</DataArray></Points>
<Cells><DataArray type="Int64" Name="connectivity" format="ascii">{ids}</DataArray>
<DataArray type="Int64" Name="offsets" format="ascii">{offsets}</DataArray>
<DataArray type="UInt8" Name="types" format="ascii">{types}</DataArray>{more}</Cells>
</Piece></UnstructuredGrid></VTKFile>"""


def vtp(kind: str = "Polys", ids: str = "0 1 2 0 2 3", offsets: str = "3 6") -> str:
    counts = " ".join(f'NumberOf{one}="{2 if one == kind else 0}"' for one in ("Verts", "Lines", "Strips", "Polys"))
    return f"""<VTKFile type="PolyData" version="1.0" header_type="UInt64"><PolyData>
<Piece NumberOfPoints="4" {counts}>
<Points><DataArray type="Float32" NumberOfComponents="3" format="ascii">{POINTS}</DataArray></Points>
<{kind}><DataArray type="Int64" Name="connectivity" format="ascii">{ids}</DataArray>
<DataArray type="Int64" Name="offsets" format="ascii">{offsets}</DataArray></{kind}>
</Piece></PolyData></VTKFile>"""


def vtk(kind: str, cells: str) -> str:
    return f"# vtk DataFile Version 3.0\nx\nASCII\nDATASET {kind}\nPOINTS 4 float\n{POINTS}\n{cells}\n"


DAMAGED: dict[str, tuple[str, str]] = {
    "ids past the points.vtu": (vtu(ids="0 1 2 0 2 99"), "ids from 0 to 3, got 0 to 99"),
    "ids below zero.vtu": (vtu(ids="0 1 2 0 -5 3"), "ids from 0 to 3, got -5"),
    "ids far away.vtu": (vtu(ids="0 1 2 0 2 4000000000000"), "ids from 0 to 3"),
    "offsets that fall.vtu": (vtu(offsets="6 3"), "offsets"),
    "offsets past the end.vtu": (vtu(offsets="3 600"), "not long enough"),
    "offsets below zero.vtu": (vtu(offsets="-3 6"), "offsets"),
    "cells of no type.vtu": (vtu(types="5 200"), "cell 1: type 200"),
    "cells of another size.vtu": (vtu(types="5 12"), "cell 1: type 12 cannot have 3 points"),
    "polyhedra without faces.vtu": (vtu(types="5 42"), "cell 1"),
    "ids past the points.vtp": (vtp(ids="0 1 2 0 2 99"), "polys: expected ids from 0 to 3"),
    "lines past the points.vtp": (vtp("Lines", ids="0 1 2 0 2 99"), "lines: expected ids from 0 to 3"),
    "strips past the points.vtp": (vtp("Strips", ids="0 1 2 0 2 99"), "strips: expected ids from 0 to 3"),
    "verts below zero.vtp": (vtp("Verts", ids="0 1 2 0 -7 3"), "verts: expected ids from 0 to 3"),
    "offsets that fall.vtp": (vtp(offsets="9 6"), "offsets"),
    "verts of nothing.vtp": (vtp("Verts", offsets="0 6"), "at least 1 point per cell"),
    "polygons.vtk": (vtk("POLYDATA", "POLYGONS 1 4\n3 0 1 77"), "polys: expected ids from 0 to 3"),
    "cells.vtk": (vtk("UNSTRUCTURED_GRID", "CELLS 1 4\n3 0 1 77\nCELL_TYPES 1\n5"), "ids from 0 to 3"),
    "types.vtk": (vtk("UNSTRUCTURED_GRID", "CELLS 1 4\n3 0 1 2\nCELL_TYPES 1\n250"), "type 250"),
}


def executed(path: Path) -> Pipeline:
    made = Pipeline()
    type_name, properties = choose_reader(path)
    made.create(1, type_name, properties)
    made.create(2, "vtkDataSetSurfaceFilter", {}, {"Input": [(1, 0)]})
    Executor().execute(made, 2)
    return made


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_an_error_that_names_it(name: str, tmp_path: Path) -> None:
    text, words = DAMAGED[name]
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(ExecutionFailed) as caught:
        executed(path)
    assert caught.value.proxy_id == 1
    told = "; ".join(caught.value.messages)
    assert words in told, told


@pytest.mark.parametrize("text", [vtu(), vtp(), vtp("Lines"), vtu(ids="0 1 2 0 2 3", types="7 5")])
def test_the_same_files_are_read_if_they_are_sound(text: str, tmp_path: Path) -> None:
    path = tmp_path / ("a.vtu" if "UnstructuredGrid" in text else "a.vtp")
    path.write_text(text)
    assert executed(path).output_data(2, 0).GetNumberOfCells() == 2


def test_what_is_damaged_is_emptied(tmp_path: Path) -> None:
    path = tmp_path / "a.vtu"
    path.write_text(vtu(ids="0 1 2 0 2 99"))
    made = Pipeline()
    made.create(1, *choose_reader(path))
    with pytest.raises(ExecutionFailed, match=r"has read of .*a\.vtu cannot be used: cells: expected ids"):
        Executor().execute(made, 1)
    assert made.output_data(1, 0).GetNumberOfCells() == 0
    path.write_text(vtu())
    Executor().execute(made, 1)
    assert made.output_data(1, 0).GetNumberOfCells() == 2


@in_loop
async def test_a_session_goes_on(tmp_path: Path) -> None:
    """It is drawn, fetched and filtered; each is an error, and none the end."""
    for name, (text, _) in DAMAGED.items():
        (tmp_path / name).write_text(text)
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=(40, 30))
        for name in DAMAGED:
            proxy = await session.open(tmp_path / name)
            session.show(proxy, view)
            with pytest.raises(RemoteError, match="ExecutionFailed"):
                await proxy.fetch()
            with pytest.raises(RemoteError, match="ExecutionFailed"):
                await view.screenshot()
            session.delete(proxy)
        session.show(session.sources.Sphere(), view)
        assert (await view.screenshot()).pixels.any()
