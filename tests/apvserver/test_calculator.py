"""The Calculator takes arrays by whatever names files give them: values against numpy, in closed form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkBitArray, vtkStringArray
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet, vtkTable

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.adapters.expressions import Held, parsed

from ..harness.images_by_hand import P, U, array, image


def calculated(data: Any, function: str, **properties: Any) -> Any:
    messages: list[Message] = []
    made = Pipeline()
    made.create(1, "vtkTrivialProducer")
    made.proxy(1).algorithms[0].SetOutput(data)
    made.create(2, "Calculator", {"Function": function, **properties}, {"Input": [(1, 0)]})
    Executor().execute(made, 2, on_message=messages.append)
    algorithm, port = made.output(2)
    calculated.messages = [one.text for one in messages]  # type: ignore[attr-defined]
    return algorithm.GetOutputDataObject(port)


def of_points(data: Any, function: str, **properties: Any) -> np.ndarray:
    found = calculated(data, function, **properties).GetPointData().GetArray("Result")
    return np.asarray(vtk_to_numpy(found))


NAMES = (
    "Static Pressure [Pa]", "p/rho", "T-1", "2nd", "température", "a,b", "rho.air", "alpha.water", "x", "e", "x:y",
    "a*b", "(k)", "100%", "p'", 'the "best"', "back\\slash", "coordsX", "iHat", "and", "or", "var", "if", "true", "pi",
    "inf", "max", "avg", "sum", "log", "mag", "v0_p", "Result",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_quoted_name_is_that_array(name: str) -> None:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    assert of_points(image(**{name: P}), f'"{quoted}"*2+1').tolist() == (2 * P + 1).tolist()
    assert of_points(image(**{name: U}), f'mag("{quoted}")').tolist() == np.linalg.norm(U, axis=1).tolist()


@pytest.mark.parametrize("name", ["max", "avg", "sum", "var", "log", "temp_2", "rho.air", "température", "_p", "e"])
def test_a_plain_word_is_that_array_whatever_else_it_means(name: str) -> None:
    assert of_points(image(p=P, **{name: P + 10}), f"p + {name}").tolist() == (2 * P + 10).tolist()


def test_functions_and_constants_are_theirs_beside_arrays_of_their_names() -> None:
    data = image(max=P, pi=P)
    assert of_points(data, "max(max, 3)").tolist() == np.maximum(P, 3).tolist()
    assert of_points(data, "max (2, max) + 0*pi").tolist() == np.maximum(P, 2).tolist()
    assert of_points(data, 'pi*"pi"').tolist() == (np.pi * P).tolist()


def test_numbers_are_no_names() -> None:
    assert of_points(image(e=P, e3=P), "1e3*e + 2.5E-1 + .5").tolist() == (1000 * P + 0.75).tolist()


@pytest.mark.parametrize(
    ("function", "right"),
    [
        ("U_X", U[:, 0]),
        ('"U_Z"', U[:, 2]),
        ("U_1", U[:, 1]),
        ("U_Magnitude", np.linalg.norm(U, axis=1)),
        ("dot(U, jHat)", U[:, 1]),
        ('"my wind_Y"', U[:, 1] + 1),
        ('"my wind_Magnitude"', np.linalg.norm(U + 1, axis=1)),
        ("S_XX + S_XZ", P),
        ("S_YY", 1 + 0 * P),
        ('"S_S12"', 3 + 0 * P),
        ("T_XY", 1 + 0 * P),
        ("T_ZZ", 8 + 0 * P),
        ("pair_Y", 1 + 0 * P),
    ],
)
def test_components_have_the_names_of_paraview_and_their_own(function: str, right: Any) -> None:
    """Symmetric tensors are XX, YY, ZZ, XY, YZ, XZ: vtkPVPostFilter of ParaView."""
    data = image(U=U, **{"my wind": U + 1, "T": np.tile(np.arange(9.0), (6, 1)), "pair": np.tile([0.0, 1.0], (6, 1))})
    tensor = array(np.column_stack([P, *(i + 0 * P for i in range(1, 5)), 0 * P]), "S")
    for number, name in enumerate(("S11", "S22", "S33", "S12", "S23", "S13")):
        tensor.SetComponentName(number, name)
    data.GetPointData().AddArray(tensor)
    assert of_points(data, function) == pytest.approx(right)


def test_an_array_comes_before_a_component_of_that_name() -> None:
    assert of_points(image(U=U, U_X=P + 50), "U_X").tolist() == (P + 50).tolist()


def test_vectors_are_results_too() -> None:
    assert of_points(image(U=U, p=P), "U*2 + p*kHat").tolist() == (2 * U + np.outer(P, [0, 0, 1])).tolist()
    assert of_points(image(p=P), "coords + p*iHat")[4].tolist() == [1 + 4, 1, 0]
    assert of_points(image(p=P), "coordsX + 10*coordsY").tolist() == [0, 1, 2, 10, 11, 12]


def test_words_between_conditions() -> None:
    assert of_points(image(p=P), "p > 1 and p < 4").tolist() == [0, 0, 1, 1, 0, 0]
    assert of_points(image(p=P), "if(p > 4 or p < 1, p, -1)").tolist() == [0, -1, -1, -1, -1, 5]


def test_cells_beside_points_of_the_same_name() -> None:
    data = image(c=[10.0, 20.0])
    data.GetPointData().AddArray(array(U, "c"))
    made = calculated(data, "c*2", AttributeType="CellData")
    assert vtk_to_numpy(made.GetCellData().GetArray("Result")).tolist() == [20.0, 40.0]
    assert not made.GetPointData().HasArray("Result")


def test_rows_with_names_of_spreadsheets() -> None:
    table = vtkTable()
    texts = vtkStringArray()
    texts.SetName("station")
    for column in (array([1.0, 2.0], "Temp (°C)"), array(np.array([3, 4], dtype=np.int16), "No."), texts):
        column.SetNumberOfTuples(2)
        table.AddColumn(column)
    made = calculated(table, '"Temp (°C)" / "No."', AttributeType="RowData")
    assert vtk_to_numpy(made.GetColumnByName("Result")).tolist() == [1 / 3, 0.5]
    with pytest.raises(ExecutionFailed, match="AttributeType is points, which a vtkTable has not: it has rows"):
        calculated(table, '"No."')


@pytest.mark.parametrize("kind", ["int8", "uint8", "int16", "uint32", "int64", "uint64", "float32", "float64"])
def test_every_type_of_number_is_divided_with_fractions(kind: str) -> None:
    assert of_points(image(n=P.astype(kind)), "n/4").tolist() == (P / 4).tolist()


def test_bits_are_numbers() -> None:
    bits = vtkBitArray()
    bits.SetName("flag")
    for number in range(6):
        bits.InsertNextValue(number % 2)
    data = image()
    data.GetPointData().AddArray(bits)
    assert of_points(data, "flag + 1").tolist() == [1, 2, 1, 2, 1, 2]


def test_what_is_no_number_is_nan_where_it_is_and_nowhere_else() -> None:
    p = np.array([1.0, np.nan, 4.0, -1.0, 0.0, 9.0])
    assert of_points(image(p=p), "sqrt(p)") == pytest.approx([1, np.nan, 2, np.nan, 0, 3], nan_ok=True)
    assert of_points(image(p=p), "1/p") == pytest.approx([1, np.nan, 0.25, -1, np.nan, 1 / 9], nan_ok=True)
    assert of_points(image(p=p), "sqrt(p)", ReplacementValue=-5.0).tolist() == [1, -5, 2, -5, 0, 3]


def test_blocks_without_the_array_pass_and_that_is_told() -> None:
    blocks = vtkMultiBlockDataSet()
    for number, block in enumerate((image(q=P), image(p=P), None, image(p=P.astype(np.int32)))):
        if block is not None:
            blocks.SetBlock(number, block)
    made = calculated(blocks, "p/2")
    assert made.GetBlock(0).GetPointData().GetNumberOfArrays() == 1
    for number in (1, 3):
        assert vtk_to_numpy(made.GetBlock(number).GetPointData().GetArray("Result")).tolist() == (P / 2).tolist()
    assert any("of 3 blocks p is not in 1" in text for text in calculated.messages)  # type: ignore[attr-defined]


def test_a_name_that_means_two_things_is_refused() -> None:
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, image(p=P, q=P))
    blocks.SetBlock(1, image(p=U, q=P))
    with pytest.raises(ExecutionFailed, match="p has 1 and 3 components in different blocks"):
        calculated(blocks, "p*2")
    assert vtk_to_numpy(calculated(blocks, "q").GetBlock(1).GetPointData().GetArray("Result")).tolist() == P.tolist()


@pytest.mark.parametrize(
    ("function", "told"),
    [
        ("presure*2", r"no array is called 'presure'; there is pressure, \"Static Pressure\" \(of points\)"),
        ('"Static Presure"', "no array is called 'Static Presure'; there is \"Static Pressure\""),
        ("c*2", r"no array is called 'c'.*; with AttributeType for cells it would be found"),
        ("curl(U)", "'curl' is no function, and no array"),
        ("T + 1", "T has 9 components.*name one of them, as T_0, or the size, T_Magnitude"),
        ("pressure*", "vtkExprTkFunctionParser"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(function: str, told: str) -> None:
    data = image(pressure=P, U=U, T=np.ones((6, 9)), c=[1.0, 2.0], **{"Static Pressure": P})
    with pytest.raises(ExecutionFailed, match=told):
        calculated(data, function)


def test_the_result_of_one_is_named_in_the_next() -> None:
    made = Pipeline()
    made.create(1, "Wavelet")
    made.create(2, "Calculator", {"Function": "5*RTData", "ResultArrayName": "5 times rtdata"}, {"Input": [(1, 0)]})
    made.create(3, "Calculator", {"Function": '"5 times rtdata"/5 - RTData'}, {"Input": [(2, 0)]})
    Executor().execute(made, 3)
    found = vtk_to_numpy(made.output(3)[0].GetOutputDataObject(0).GetPointData().GetArray("Result"))
    assert np.abs(found).max() < 1e-4  # RTData is of single precision
    made.modify(2, {"ResultArrayName": "other"})
    with pytest.raises(ExecutionFailed, match="no array is called '5 times rtdata'"):
        Executor().execute(made, 3)


def test_nothing_is_computed_anew_while_nothing_changes() -> None:
    made = Pipeline()
    made.create(1, "Wavelet")
    made.create(2, "Calculator", {"Function": "RTData*2"}, {"Input": [(1, 0)]})
    executor = Executor()
    executor.execute(made, 2)
    before = made.output(2)[0].GetOutputDataObject(0).GetMTime()
    made.modify(2, {"Function": "RTData*2", "ReplacementValue": float("nan")})
    executor.execute(made, 2)
    assert made.output(2)[0].GetOutputDataObject(0).GetMTime() == before
    made.modify(2, {"Function": "RTData*3"})
    executor.execute(made, 2)
    assert made.output(2)[0].GetOutputDataObject(0).GetMTime() > before


def test_words_of_the_parser_are_all_different() -> None:
    held = {name: Held(name, 1) for name in ("a b", "a_b", "a-b", "A b")}
    expression = parsed('"a b" + a_b + "a-b" + "A b" + "a b"', held, with_coordinates=False)
    words = [one.word.casefold() for one in expression.variables]
    assert len(words) == len(set(words)) == 4
