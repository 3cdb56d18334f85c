"""XDMF as FEniCSx writes it: one mesh, functions that include it, and numbers whose kinds only HDF5 knows."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from apvserver.vtk.base.errors import ExecutionFailed

from ..harness.opening import leaves, opened, points, times, values, volume

PLACES = np.add([(0, 0), (1, 0), (1, 1), (0, 1)], (500_000.001, 4e6))
SELF = "/*[self::Topology or self::Geometry])"
POINTERS = ["/Xdmf/Domain/Grid[@GridType='Uniform'][1]", "/Xdmf/Domain/Grid[@Name='mesh']", "//Grid[@Name='mesh']"]
NAMESPACE = "https://www.w3.org/2001/XInclude"
STORED = {
    "f8": np.array([1 / 3, 2 / 3, 1e9 + 1 / 3, -1e-9]),
    "f4": np.array([1 / 3, 2 / 3, 1, -1], "f4"),
    "f2": np.array([0.5, 0.25, 1, -1], "f2"),
    "i8": np.array([2**53 + 1, -(2**40) - 1, 0, 1]),
    "i4": np.array([2**31 - 1, -(2**31), 0, 1], "i4"),
    "i2": np.array([2**15 - 1, -(2**15), 0, 1], "i2"),
    "i1": np.array([127, -128, 0, 1], "i1"),
    "u8": np.array([2**53 + 1, 2**40 + 1, 0, 1], "u8"),
    "u4": np.array([2**32 - 1, 2**24 + 1, 0, 1], "u4"),
    "u2": np.array([2**16 - 1, 256, 0, 1], "u2"),
    "u1": np.array([255, 128, 0, 1], "u1"),
    "big-endian": np.array([1 / 3, 2 / 3, 1, -1], ">f8"),
}


def write(folder: Path, pointer: str, namespace: str = NAMESPACE, **functions: Any) -> Path:
    """Two triangles, and functions at times 0.5, 1.5 ..., each with what it includes."""
    with h5py.File(folder / "u.h5", "w") as file:
        file["/Mesh/mesh/topology"] = np.array([[0, 1, 2], [0, 2, 3]])
        file["/Mesh/mesh/geometry"] = PLACES
        for name, steps in functions.items():
            for number, numbers in enumerate(steps):
                file[f"/Function/{name}/{number}"] = np.asarray(numbers)
    text = (
        '<?xml version="1.0"?>\n<!DOCTYPE Xdmf SYSTEM "Xdmf.dtd" []>\n'
        f'<Xdmf Version="3.0" xmlns:xi="{namespace}"><Domain><Grid Name="mesh" GridType="Uniform">'
        '<Topology TopologyType="Triangle" NumberOfElements="2" NodesPerElement="3"><DataItem Dimensions="2 3" '
        'NumberType="Int" Format="HDF">u.h5:/Mesh/mesh/topology</DataItem></Topology><Geometry GeometryType="XY">'
        '<DataItem Dimensions="4 2" Format="HDF">u.h5:/Mesh/mesh/geometry</DataItem></Geometry></Grid>'
    )
    for name, steps in functions.items():
        text += f'<Grid Name="{name}" GridType="Collection" CollectionType="Temporal">'
        for number in range(len(steps)):
            text += (
                f'<Grid Name="{name}" GridType="Uniform"><xi:include xpointer="xpointer({pointer}{SELF}" />'
                f'<Time Value="{number}.5" /><Attribute Name="{name}" AttributeType="Scalar" Center="Node"><DataItem '
                f'Dimensions="4 1" Format="HDF">u.h5:/Function/{name}/{number}</DataItem></Attribute></Grid>'
            )
        text += "</Grid>"
    (folder / "u.xdmf").write_text(f"{text}</Domain></Xdmf>\n")
    return folder / "u.xdmf"


@pytest.mark.parametrize("pointer", POINTERS)
@pytest.mark.parametrize("namespace", [NAMESPACE, "http://www.w3.org/2001/XInclude", NAMESPACE + "/", "of-others"])
def test_functions_on_a_mesh_that_they_include(tmp_path: Path, pointer: str, namespace: str) -> None:
    path = write(tmp_path, pointer, namespace, u=[np.arange(4) + 1 / 3, np.arange(4) + 10], p=[[4, 3, 2, 1], [8] * 4])
    assert times(path) == (0.5, 1.5)
    for time, u, p in ((1.5, [10, 11, 12, 13], [8] * 4), (0.5, np.arange(4) + 1 / 3, [4, 3, 2, 1])):
        found = dict(leaves(opened(path, time=time)))
        assert list(found) == ["u", "p"], "the mesh is shown once for each function, and not beside them"
        for grid in found.values():
            np.testing.assert_array_equal(points(grid)[:, :2], PLACES)
            assert volume(grid, "Area") == pytest.approx(1)
        np.testing.assert_array_equal(values(found["u"].GetPointData(), "u").ravel(), u)
        np.testing.assert_array_equal(values(found["p"].GetPointData(), "p").ravel(), p)


@pytest.mark.parametrize("kind", STORED)
def test_numbers_whose_kind_is_not_said_are_those_that_are_stored(tmp_path: Path, kind: str) -> None:
    ((_, grid),) = leaves(opened(write(tmp_path, POINTERS[0], u=[STORED[kind]])))
    found = values(grid.GetPointData(), "u").ravel()
    np.testing.assert_array_equal(found.astype(STORED[kind].dtype), STORED[kind])
    assert (found.dtype.kind == "f") == (STORED[kind].dtype.kind == "f")


@pytest.mark.parametrize(
    ("said", "kind", "wanted"),
    [
        ('NumberType="Float" Precision="4"', "f8", STORED["f8"].astype("f4")),
        ('NumberType="Float"', "f8", STORED["f8"]),
        ('NumberType="Int"', "i8", STORED["i8"]),
        ('NumberType="UInt"', "u8", STORED["u8"]),
        ('Precision="8"', "i8", STORED["i8"]),
    ],
)
def test_what_is_said_of_numbers_holds(tmp_path: Path, said: str, kind: str, wanted: Any) -> None:
    path = write(tmp_path, POINTERS[0], u=[STORED[kind]])
    path.write_text(path.read_text().replace('Dimensions="4 1"', f'Dimensions="4 1" {said}'))
    ((_, grid),) = leaves(opened(path))
    found = values(grid.GetPointData(), "u").ravel()
    np.testing.assert_array_equal(found.astype(wanted.dtype), wanted)


@pytest.mark.parametrize("pointer", POINTERS)
def test_each_grid_has_its_own_arrays_at_each_time(tmp_path: Path, pointer: str) -> None:
    """What was read of the same mesh before does not stay: neither of another function, nor of another time."""
    path = write(tmp_path, pointer, u=[np.arange(4), np.arange(4) + 10, np.arange(4) + 20], p=[[4.0] * 4, [5.0] * 4])
    more = '<Attribute Name="once" AttributeType="Scalar" Center="Cell"><DataItem Dimensions="2">7 8</DataItem>'
    head, mark, tail = path.read_text().partition('<Time Value="0.5" />')
    path.write_text(f"{head}{mark}{more}</Attribute>{tail}")
    from apvserver.vtk.files.series import choose_for
    from apvserver.vtk.pipeline.execution import Executor
    from apvserver.vtk.pipeline.proxies import Pipeline

    pipeline = Pipeline()
    pipeline.create(1, *choose_for([str(path)]))
    for time in (0.5, 1.5, 0.5, 1.5):
        Executor().execute(pipeline, 1, time=time)
        found = dict(leaves(pipeline.algorithm(1).GetOutputDataObject(0)))
        arrays = {
            name: [
                attributes.GetArrayName(index)
                for attributes in (grid.GetPointData(), grid.GetCellData())
                for index in range(attributes.GetNumberOfArrays())
            ]
            for name, grid in found.items()
        }
        assert arrays == {"u": ["u", "once"] if time == 0.5 else ["u"], "p": ["p"]}
        np.testing.assert_array_equal(values(found["u"].GetPointData(), "u").ravel(), np.arange(4) + 10 * (time - 0.5))
        assert set(values(found["p"].GetPointData(), "p").ravel()) == {time + 3.5}
        if time == 0.5:
            assert values(found["u"].GetCellData(), "once").tolist() == [7, 8]


def test_parts_of_stored_numbers(tmp_path: Path) -> None:
    path = write(tmp_path, POINTERS[0], u=[np.arange(16) / 3])
    item = '<DataItem Dimensions="4 1" Format="HDF">u.h5:/Function/u/0</DataItem>'
    part = (
        '<DataItem ItemType="HyperSlab" Dimensions="4"><DataItem Dimensions="3 1" Format="XML">1 2 4</DataItem>'
        '<DataItem Dimensions="16" Format="HDF">u.h5:/Function/u/0</DataItem></DataItem>'
    )
    path.write_text(path.read_text().replace(item, part))
    ((_, grid),) = leaves(opened(path))
    np.testing.assert_allclose(values(grid.GetPointData(), "u").ravel(), np.array([1, 3, 5, 7]) / 3, rtol=1e-15)


def test_a_file_that_goes_on_is_read_as_it_is_then(tmp_path: Path) -> None:
    from apvserver.vtk.files.series import choose_for
    from apvserver.vtk.pipeline.execution import Executor
    from apvserver.vtk.pipeline.proxies import Pipeline

    pipeline = Pipeline()
    for step in (1, 2):
        path = write(tmp_path, POINTERS[0], u=[np.full(4, 10 * number + step) for number in range(step)])
        if step == 1:
            pipeline.create(1, *choose_for([str(path)]))
        Executor().execute(pipeline, 1, time=step - 0.5)
        ((_, grid),) = leaves(pipeline.algorithm(1).GetOutputDataObject(0))
        assert values(grid.GetPointData(), "u").ravel().tolist() == [10 * (step - 1) + step] * 4


def test_files_with_signs_of_xml_in_their_names_and_texts(tmp_path: Path) -> None:
    folder = tmp_path / "a & b"
    folder.mkdir()
    path = write(folder, POINTERS[0], p=[STORED["f8"]])
    path.write_text(path.read_text().replace('Name="p"', 'Name="p &lt; &quot;q&quot;"'))
    ((name, grid),) = leaves(opened(path))
    assert name == 'p < "q"'
    np.testing.assert_array_equal(values(grid.GetPointData(), 'p < "q"').ravel(), STORED["f8"])


def test_a_colon_in_the_name_of_a_folder_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "at 12:30"
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("this file system has no names with colons")
    with pytest.raises(ExecutionFailed, match="folder with a colon in its path; write that address into the file"):
        opened(write(folder, POINTERS[0], u=[STORED["f8"]]))
    warnings: list[str] = []
    path = write(folder, POINTERS[0], "http://www.w3.org/2001/XInclude", u=[STORED["f4"]])
    ((_, grid),) = leaves(opened(path, warnings=warnings))
    assert any("taken for single precision in a folder with a colon" in one for one in warnings)
    np.testing.assert_array_equal(values(grid.GetPointData(), "u").ravel(), STORED["f4"])


def test_numbers_in_files_of_other_kinds_beside_them(tmp_path: Path) -> None:
    path = write(tmp_path, POINTERS[0], u=[STORED["f8"]])
    STORED["f4"].tofile(tmp_path / "u.bin")
    text = path.read_text().replace('Format="HDF">u.h5:/Function/u/0', 'Format="Binary" Endian="Little">u.bin')
    path.write_text(text)
    ((_, grid),) = leaves(opened(path))
    np.testing.assert_array_equal(values(grid.GetPointData(), "u").ravel(), STORED["f4"])
