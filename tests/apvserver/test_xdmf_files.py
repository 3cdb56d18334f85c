"""XDMF as meshio and FEniCS write it, and by hand: each time once, values and places as in the file."""

from pathlib import Path
from typing import Any

import h5py
import meshio
import numpy as np
import pytest

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.files.contents.xdmf import content as xdmf_content
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.apvdata import executed
from ..harness.opening import leaves, opened, points, times, values, volume

PLACES = np.array(
    [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1), (2, 0, 0)], float
)
TETRAS = [("tetra", np.array([[0, 1, 3, 4], [1, 2, 3, 6]]))]
KINDS = [
    ("triangle", np.array([[1, 8, 2]])),
    ("quad", np.array([[0, 1, 2, 3]])),
    ("tetra", np.array([[1, 8, 2, 5]])),
    ("hexahedron", np.array([[0, 1, 2, 3, 4, 5, 6, 7]])),
]


@pytest.mark.parametrize("form", ["XML", "HDF", "Binary"])
@pytest.mark.parametrize("cells", [TETRAS, KINDS], ids=["tetras", "mixed"])
def test_what_meshio_writes(tmp_path: Path, form: str, cells: Any) -> None:
    numbers = [np.arange(len(block)) + 10.0 * index for index, (_, block) in enumerate(cells)]
    mesh = meshio.Mesh(PLACES, cells, {"v": PLACES * 3, "n": np.arange(9)}, {"c": numbers})
    meshio.write(tmp_path / "a.xdmf", mesh, data_format=form)
    grid = opened(tmp_path / "a.xdmf")
    np.testing.assert_array_equal(points(grid), PLACES)
    np.testing.assert_array_equal(values(grid.GetPointData(), "v"), PLACES * 3)
    assert values(grid.GetPointData(), "n").tolist() == list(range(9))
    assert values(grid.GetCellData(), "c").tolist() == np.concatenate(numbers).tolist()
    assert volume(grid) == pytest.approx(2 / 6 if cells is TETRAS else 1 + 1 / 6)


def test_the_reader_that_paraview_calls_xdmf3_reads_the_same(tmp_path: Path) -> None:
    mesh = meshio.Mesh(PLACES, TETRAS, {"v": PLACES * 3, "n": np.arange(9)}, {"c": [np.array([1.5, 2.5])]})
    meshio.write(tmp_path / "a.xdmf", mesh)
    made = Pipeline()
    made.create(1, "Xdmf3ReaderS", {"FileName": [str(tmp_path / "a.xdmf")], "PointArrays": ["n"], "CellArrays": ["c"]})
    grid = executed(made, 1)
    np.testing.assert_array_equal(points(grid), PLACES)
    assert values(grid.GetPointData(), "n").tolist() == list(range(9)) and not grid.GetPointData().HasArray("v")
    assert values(grid.GetCellData(), "c").tolist() == [1.5, 2.5]


def test_a_series_of_meshio_has_the_mesh_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # meshio writes the numbers into the current folder
    with meshio.xdmf.TimeSeriesWriter(tmp_path / "a.xdmf") as series:
        series.write_points_cells(PLACES, TETRAS)
        for time in (0.5, 1.5, 2.5):
            series.write_data(time, point_data={"p": np.full(9, time)}, cell_data={"c": [np.array([time, -time])]})
    assert times(tmp_path / "a.xdmf") == (0.5, 1.5, 2.5)
    for time in (0.5, 2.5, 1.5):
        data = opened(tmp_path / "a.xdmf", time=time)
        assert volume(data) == pytest.approx(2 / 6)
        ((_, grid),) = leaves(data)
        assert values(grid.GetPointData(), "p").tolist() == [time] * 9
        assert values(grid.GetCellData(), "c").tolist() == [time, -time]


def test_a_series_of_fenics_includes_its_first_mesh(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "u.h5", "w") as file:
        file["/Mesh/0/mesh/topology"] = np.array([[0, 1, 2], [0, 2, 3]])
        file["/Mesh/0/mesh/geometry"] = PLACES[:4, :2]
        for step in (0, 1):
            file[f"/VisualisationVector/{step}"] = np.arange(4.0)[:, None] + step
    mesh = (
        '<Topology NumberOfElements="2" TopologyType="Triangle" NodesPerElement="3"><DataItem Dimensions="2 3" '
        'NumberType="UInt" Format="HDF">u.h5:/Mesh/0/mesh/topology</DataItem></Topology><Geometry GeometryType="XY">'
        '<DataItem Dimensions="4 2" Format="HDF">u.h5:/Mesh/0/mesh/geometry</DataItem></Geometry>'
    )
    parts = "/*[self::Topology or self::Geometry])"
    include = f'<xi:include xpointer="xpointer(//Grid[@Name=&quot;TimeSeries_u&quot;]/Grid[1]{parts}"/>'
    grids = "".join(
        f'<Grid Name="mesh" GridType="Uniform">{include if step else mesh}<Time Value="{step}.5"/><Attribute Name="u" '
        'AttributeType="Scalar" Center="Node"><DataItem Dimensions="4 1" Format="HDF">'
        f"u.h5:/VisualisationVector/{step}</DataItem></Attribute></Grid>"
        for step in (0, 1)
    )
    (tmp_path / "u.xdmf").write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE Xdmf SYSTEM "Xdmf.dtd" []>\n<Xdmf Version="3.0" '
        'xmlns:xi="http://www.w3.org/2001/XInclude"><Domain><Grid Name="TimeSeries_u" GridType="Collection" '
        f'CollectionType="Temporal">{grids}</Grid></Domain></Xdmf>'
    )
    assert times(tmp_path / "u.xdmf") == (0.5, 1.5)
    for step in (0, 1):
        data = opened(tmp_path / "u.xdmf", time=step + 0.5)
        assert volume(data, "Area") == pytest.approx(1)
        ((_, grid),) = leaves(data)
        assert values(grid.GetPointData(), "u").ravel().tolist() == [step, step + 1, step + 2, step + 3]


@pytest.mark.parametrize(("form", "numbers"), [("HDF", "a.h5"), ("Binary", "a0.bin")])
def test_numbers_that_are_missing_are_told(tmp_path: Path, form: str, numbers: str) -> None:
    meshio.write(tmp_path / "a.xdmf", meshio.Mesh(PLACES, TETRAS), data_format=form)
    (tmp_path / numbers).unlink()
    with pytest.raises(ExecutionFailed, match=rf"its numbers are in \S*{numbers}, which is not there"):
        opened(tmp_path / "a.xdmf")


def test_an_image_by_hand(tmp_path: Path) -> None:
    """XDMF has origin, spacing and dimensions in the order z, y, x."""
    numbers = " ".join(map(str, range(24)))
    (tmp_path / "a.xmf").write_text(
        '<Xdmf Version="2.0"><Domain><Grid Name="g" GridType="Uniform"><Topology TopologyType="3DCoRectMesh" '
        'Dimensions="2 3 4"/><Geometry GeometryType="ORIGIN_DXDYDZ"><DataItem Dimensions="3" Format="XML">30 20 10'
        '</DataItem><DataItem Dimensions="3" Format="XML">3 2 1</DataItem></Geometry><Attribute Name="n" Center="Node">'
        f'<DataItem Dimensions="2 3 4" Format="XML">{numbers}</DataItem></Attribute></Grid></Domain></Xdmf>'
    )
    ((_, image),) = leaves(opened(tmp_path / "a.xmf"))
    assert (image.GetOrigin(), image.GetSpacing(), image.GetDimensions()) == ((10, 20, 30), (1, 2, 3), (4, 3, 2))
    assert values(image.GetPointData(), "n").tolist() == list(range(24))


def test_kinds_of_cells_that_xdmf_2_lacks_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert xdmf_content.unknown_topologies({"Triangle", "hex_20", "MIXED", "3DCoRectMesh", ""}) == []
    assert xdmf_content.unknown_topologies({"Triangle", "Hexahedron_64"}) == ["Hexahedron_64"]
    meshio.write(tmp_path / "a.xdmf", meshio.Mesh(PLACES, TETRAS), data_format="XML")
    monkeypatch.setattr(xdmf_content, "TOPOLOGIES", xdmf_content.TOPOLOGIES - {"TETRAHEDRON"})
    with pytest.raises(ExecutionFailed, match=r"Tetrahedron is no TopologyType of XDMF 2.*\.vtu"):
        opened(tmp_path / "a.xdmf")
