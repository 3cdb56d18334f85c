"""Legacy files, as text and binary: every number, text and place comes back as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import meshio
import numpy as np
import pytest
import vtkmodules.vtkCommonCore as core
import vtkmodules.vtkCommonDataModel as model
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonMath import vtkMatrix3x3
from vtkmodules.vtkFiltersAMR import vtkImageToAMR
from vtkmodules.vtkIOLegacy import vtkGenericDataObjectReader

from apvserver.vtk.base.errors import FileError
from apvserver.vtk.files.truncation.checks import check_truncation
from apvserver.vtk.files.writers.pipelines.executed import execute_writer
from apvserver.vtk.files.writers.writing import WRITERS, write_data
from apvserver.vtk.types.catalog import construct
from apvserver.vtk.types.properties import set_properties

from ..harness.kinds_of_data import KINDS, bits, grid, turned
from ..harness.saving import array, image, read, sphere
from ..harness.written_and_read import differences

FORMS: Final = ("ASCII", "Binary")
UNEVEN: Final[dict[str, Any]] = {"origin": (1 / 3, 5300000.456789, -2 / 7), "spacing": (1 / 3, 1e-9 / 7, 3.0)}
REFUSED: Final = ("image turned", "image mirrored", "grid of Lagrange cells")


def again(data: Any, tmp_path: Path, form: str = "ASCII", **options: Any) -> Any:
    path = tmp_path / "a.vtk"
    write_data(str(path), data, {"FileType": form, **options})
    assert path.read_bytes().splitlines()[2] == form.upper().encode()
    assert {one.name for one in tmp_path.iterdir()} == {"a.vtk"}
    return read(path)


def of(*columns: Any) -> Any:
    made = image((columns[0].GetNumberOfTuples(), 1, 1))
    made.GetPointData().Initialize()
    for column in columns:
        made.GetPointData().AddArray(column)
    return made


@pytest.mark.parametrize("form", FORMS)
def test_every_kind_of_data_comes_back(form: str, tmp_path: Path) -> None:
    """Numbers of all types at the ends of their ranges, nan and infinity too; texts, bits, names, roles, cells."""
    wrong = {}
    for name, make in KINDS.items():
        data = make()
        if not any(map(data.IsA, WRITERS[".vtk"][1])) or name in (*REFUSED, "image shifted"):
            continue
        wrong[name] = differences(data, again(data, tmp_path, form))
    assert len(wrong) > 80 and not any(wrong.values()), {name: why for name, why in wrong.items() if why}


@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_numbers_of_any_bits_come_back_from_text(kind: str, tmp_path: Path) -> None:
    """More of them than are made text at a time. What is no number has many forms of bits, and comes back as one."""
    some = np.random.default_rng(1).integers(0, 256, 70_001 * np.dtype(kind).itemsize, np.uint8).view(kind)
    some[:6] = [np.nan, np.inf, -np.inf, -0.0, np.finfo(kind).smallest_subnormal, np.finfo(kind).max]
    back = vtk_to_numpy(again(of(array("some", some)), tmp_path).GetPointData().GetArray("some"))
    assert np.array_equal(back, some, equal_nan=True) and np.array_equal(np.signbit(back[:6]), np.signbit(some[:6]))


def test_integers_bits_and_colours_come_back_from_text(tmp_path: Path) -> None:
    count = 70_001
    steps = np.arange(count) * 7919 % 200
    columns = [
        array(kind, np.iinfo(kind).max - steps.astype(kind)) for kind in ("int64", "uint64", "int32", "uint8", "int8")
    ]
    data = of(*columns, bits(count))
    data.GetPointData().SetScalars(array("colours", (np.arange(count * 3) % 256).astype(np.uint8).reshape(-1, 3)))
    assert differences(data, again(data, tmp_path)) == []


def test_texts_of_any_length_and_letters_come_back_from_text(tmp_path: Path) -> None:
    texts = core.vtkStringArray()
    texts.SetName("texts")
    told = ["", "x" * 63, "y" * 64, "z" * 20_000, '50% of\t\r\n"ß"', " ends ", ""]
    for one in told:
        texts.InsertNextValue(one)
    data = sphere()
    data.GetFieldData().AddArray(texts)
    data.GetFieldData().AddArray(array("after", np.array([1 / 3])))
    back = again(data, tmp_path).GetFieldData()
    assert [back.GetAbstractArray("texts").GetValue(index) for index in range(len(told))] == told
    assert back.GetArray("after").GetValue(0) == 1 / 3


def test_names_of_some_components_and_a_unit_come_back_from_text(tmp_path: Path) -> None:
    data = image(components=3)
    data.GetPointData().GetScalars().SetComponentName(1, "U y")
    data.GetPointData().GetScalars().GetInformation().Set(core.vtkDataArray.UNITS_LABEL(), "m / s")
    data.GetPointData().AddArray(array("after", np.arange(60) / 7))
    back = again(data, tmp_path).GetPointData()
    assert [back.GetScalars().GetComponentName(index) or "" for index in range(3)] == ["", "U y", ""]
    assert back.GetScalars().GetInformation().Get(core.vtkDataArray.UNITS_LABEL()) == "m / s"
    assert np.array_equal(vtk_to_numpy(back.GetArray("after")), np.arange(60) / 7)


def test_roles_of_tensors_comes_back_from_text(tmp_path: Path) -> None:
    for components in (6, 9):
        data = sphere()
        data.GetPointData().SetTensors(array("stress", np.arange(50.0 * components).reshape(-1, components) / 7))
        back = again(data, tmp_path).GetPointData().GetTensors()
        assert back.GetName() == "stress"
        assert np.array_equal(vtk_to_numpy(back), vtk_to_numpy(data.GetPointData().GetTensors()))


@pytest.mark.parametrize("kind", ["poly", "grid", "grid of polyhedra", "curved", "rectilinear"])
def test_text_of_files_of_the_former_version(kind: str, tmp_path: Path) -> None:
    data = KINDS[kind]()
    assert differences(data, again(data, tmp_path, FileVersion=42)) == []


def amr() -> Any:
    source = vtkImageToAMR()
    source.SetInputData(image((9, 9, 9), origin=UNEVEN["origin"], spacing=(1 / 3, 1 / 7, 3.0)))
    source.SetNumberOfLevels(2)
    source.Update()
    return source.GetOutputDataObject(0)


def nested() -> Any:
    made, inner = model.vtkMultiBlockDataSet(), model.vtkMultiBlockDataSet()
    for index, block in enumerate((sphere(), None, image(**UNEVEN), inner, image(spacing=(0.1, 0.2, 1 / 9)))):
        made.SetBlock(index, block)
    inner.SetBlock(1, image(origin=(1e-7 / 3, 2.0, 3.0)))
    return made


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("make", [lambda: image(**UNEVEN), amr, nested], ids=["image", "AMR", "blocks"])
def test_places_of_images_have_all_digits(make: Any, form: str, tmp_path: Path) -> None:
    """VTK writes six of them, in binary files too: 5300000.456789 would become 5.3e+06."""
    data = make()
    assert differences(data, again(data, tmp_path, form)) == []


@pytest.mark.parametrize("form", FORMS)
def test_an_image_whose_extent_begins_elsewhere_is_where_it_was(form: str, tmp_path: Path) -> None:
    data = image(origin=(-0.3, 1 / 3, 5300000.456789), spacing=(0.1, 1 / 7, 1.0))
    data.SetExtent(3, 7, -2, 1, 5, 7)
    back = again(data, tmp_path, form)
    for index in range(60):
        assert back.GetPoint(index) == pytest.approx(data.GetPoint(index), rel=1e-15, abs=1e-15)
    assert (back.GetDimensions(), back.GetSpacing()) == (data.GetDimensions(), data.GetSpacing())


@pytest.mark.parametrize("form", FORMS)
def test_the_lattice_of_a_molecule_has_all_digits(form: str, tmp_path: Path) -> None:
    data, matrix = KINDS["molecule"](), vtkMatrix3x3()
    numbers = [1 / 3, 0.5, 1e-7 / 3, 0.0, 1 / 7, 2.0, 5300000.456789, -1 / 9, 3.0]
    for index, number in enumerate(numbers):
        matrix.SetElement(index // 3, index % 3, number)
    data.SetLattice(matrix)
    again(data, tmp_path, form)
    reader = vtkGenericDataObjectReader()
    reader.SetFileName(str(tmp_path / "a.vtk"))
    reader.Update()
    found = reader.GetOutput().GetLattice()
    assert [found.GetElement(index // 3, index % 3) for index in range(9)] == numbers


def test_a_writer_of_a_pipeline_stays_as_it_was_set(tmp_path: Path) -> None:
    for class_name, data in (("vtkPolyDataWriter", sphere()), ("vtkStructuredPointsWriter", image(**UNEVEN))):
        path = tmp_path / f"{class_name}.vtk"
        writer = construct(class_name)
        set_properties(writer, {"FileName": str(path), "FileType": "ASCII"})
        writer.SetInputData(data)
        execute_writer(writer)
        assert (writer.GetFileName(), writer.GetFileType()) == (str(path), 1)
        assert differences(data, read(path)) == []


@pytest.mark.parametrize("form", FORMS)
def test_what_a_legacy_file_cannot_hold_is_refused(form: str, tmp_path: Path) -> None:
    pairs = core.vtkBitArray()
    pairs.SetName("pairs")
    pairs.SetNumberOfComponents(2)
    for index in range(100):
        pairs.InsertNextValue(index % 2)
    mixed = core.vtkVariantArray()
    mixed.SetName("mixed")
    mixed.InsertNextValue(core.vtkVariant(1 / 3))
    of_pairs, of_mixed, of_turned = sphere(), sphere(), model.vtkMultiBlockDataSet()
    of_pairs.GetPointData().AddArray(pairs)
    of_mixed.GetFieldData().AddArray(mixed)
    of_turned.SetBlock(1, turned())
    for data, words in (
        (of_pairs, "bits of one component, and pairs has 2"),
        (of_mixed, "6 digits of what may be number or text, and mixed has more"),
        (of_turned, "the image is turned"),
    ):
        with pytest.raises(FileError, match=words):
            write_data(str(tmp_path / "a.vtk"), data, {"FileType": form})
    assert list(tmp_path.iterdir()) == []


def test_meshio_reads_the_text(tmp_path: Path) -> None:
    data = grid((model.VTK_TETRA, (0, 1, 3, 4)), (model.VTK_HEXAHEDRON, tuple(range(8))))
    data.GetPointData().AddArray(array("heat", np.arange(16.0) / 7))
    data.GetCellData().Initialize()
    again(data, tmp_path)
    back = meshio.read(tmp_path / "a.vtk")
    assert np.array_equal(back.points, vtk_to_numpy(data.GetPoints().GetData()))
    assert np.array_equal(back.point_data["heat"], np.arange(16.0) / 7)
    assert [(one.type, one.data.tolist()) for one in back.cells] == [
        ("tetra", [[0, 1, 3, 4]]), ("hexahedron", [list(range(8, 16))]),
    ]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_meshio_reads_the_places_of_images(form: str, tmp_path: Path) -> None:
    data = image(**UNEVEN)
    again(data, tmp_path, form, FileVersion=42)  # it does not read images of version 5.1
    back = meshio.read(tmp_path / "a.vtk")
    places = [
        (UNEVEN["origin"][0] + i / 3, UNEVEN["origin"][1] + j * 1e-9 / 7, UNEVEN["origin"][2] + k * 3.0)
        for k in range(3) for j in range(4) for i in range(5)
    ]  # fmt: skip
    assert np.allclose(back.points, places, rtol=1e-15, atol=1e-15)
    assert np.ravel(back.point_data["s"]).tolist() == list(range(60))


def with_empty(kind: str) -> Any:
    """An array of the whole without values before one with some."""
    data = sphere()
    ids = core.vtkIdTypeArray()
    ids.SetName("nothing")
    data.GetFieldData().AddArray(ids if kind == "id" else array("nothing", np.zeros(0, kind)))
    data.GetFieldData().AddArray(array("time", np.array([2.5])))
    return data


@pytest.mark.parametrize(("form", "kind"), [
    ("ASCII", "int32"), ("ASCII", "id"), ("Binary", "int32"), ("Binary", "id"), ("Binary", "float64"),
])  # fmt: skip
def test_arrays_of_the_whole_come_back_also_if_the_first_is_empty(form: str, kind: str, tmp_path: Path) -> None:
    """VTK leaves them all away then, and its reader would end the process at ids of which there are none."""
    held = again(with_empty(kind), tmp_path, form).GetFieldData()
    assert vtk_to_numpy(held.GetArray("time")).tolist() == [2.5]
    assert held.GetArray("nothing").GetNumberOfTuples() == 0


def test_text_with_empty_arrays_of_float_is_refused(tmp_path: Path) -> None:
    for kind in ("float32", "float64"):
        with pytest.raises(FileError, match=r"arrays that have no values, and nothing has none; Binary can"):
            again(with_empty(kind), tmp_path)


@pytest.mark.parametrize("of", ["1 0 float", "3 0 double", "1 0 vtkIdType", "0 2 float"])
def test_empty_arrays_at_which_the_reader_would_end_the_process_are_told(of: str, tmp_path: Path) -> None:
    """These files are harmless, as VTK knows no such data set and reads none of it."""
    path = tmp_path / "a.vtk"
    head = "# vtk DataFile Version 5.1\nx\nASCII\nDATASET SOMETHING\n"
    whole = f"FIELD FieldData 2\nk 1 2 int\n1 2\nz {of}\n\n"
    points = "POINTS 1 float\n1 2 3\n"
    for text in (head + whole + points, head + points + "POINT_DATA 1\nSCALARS a float\nLOOKUP_TABLE default\n1\n"
                 + head + whole):  # fmt: skip
        path.write_text(text)
        with pytest.raises(FileError, match=r"array z has no values"):
            check_truncation(str(path), "vtkGenericDataObjectReader")
    path.write_text(head + points + "CELL_DATA 0\n" + whole)
    check_truncation(str(path), "vtkGenericDataObjectReader")
    path.write_text(head + points)
    check_truncation(str(path), "vtkGenericDataObjectReader")
    if "Id" in of:
        path.write_text(head.replace("ASCII", "BINARY") + f"FIELD FieldData 1\nz {of}\n\n")
        with pytest.raises(FileError, match=r"array z has no values"):
            check_truncation(str(path), "vtkGenericDataObjectReader")
