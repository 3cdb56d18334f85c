"""The Python Calculator computes what numpy does, over arrays by whatever names, and executes nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet, vtkTable

from apvserver.vtk.algorithms.array_expressions import evaluated
from apvserver.vtk.base.errors import ExecutionFailed, InvalidProperty
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.images_by_hand import P, U, array, image

XYZ = np.array([(x, y, 0.0) for y in range(2) for x in range(3)])


def output(inputs: list[Any], text: str, **properties: Any) -> Any:
    made = Pipeline()
    for number, data in enumerate(inputs):
        made.create(10 + number, "vtkTrivialProducer")
        made.proxy(10 + number).algorithms[0].SetOutput(data)
    made.create(2, "PythonCalculator", {"Expression": text, **properties}, {"Input": [(10, 0), (11, 0)][: len(inputs)]})
    Executor().execute(made, 2)
    return made.output(2)[0].GetOutputDataObject(0)


def of_points(data: Any, text: str) -> Any:
    return vtk_to_numpy(output([data], text).GetPointData().GetArray("result"))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("p*2 + 1", 2 * P + 1),
        ("-p**2 / 4", -(P**2) / 4),
        ("p // 2 % 2", P // 2 % 2),
        ("U*p", U * P[:, None]),
        ("U[:,1]", U[:, 1]),
        ("U[:, -1] - U[:, 0]", U[:, 2] - U[:, 0]),
        ("mag(U)", np.linalg.norm(U, axis=1)),
        ("norm(U + 1)", (U + 1) / np.linalg.norm(U + 1, axis=1)[:, None]),
        ("cross(U, Points)", np.cross(U, XYZ)),
        ("dot(U, U)", (U**2).sum(axis=1)),
        ("make_vector(p, 0, Points[:,0])", np.column_stack([P, 0 * P, XYZ[:, 0]])),
        ("p - mean(p)", P - 2.5),
        ("p / max(p)", P / 5),
        ("max(p, 3)", np.maximum(P, 3)),
        ("U - mean(U)", U - U.mean(axis=0)),
        ("where(p > 2, p, -1)", np.where(P > 2, P, -1)),
        ("where((p > 1) & (p < 4), 1, 0)", np.where((P > 1) & (P < 4), 1, 0)),
        ("not (p > 1 and p < 4)", 1.0 - ((P > 1) & (P < 4))),
        ("sqrt(p - 1)", np.sqrt(np.maximum(P - 1, np.where(P < 1, np.nan, P - 1)))),
        ("sin(pi*points[:,0])", np.sin(np.pi * XYZ[:, 0])),
        ("inputs[0].PointData['p [Pa]'] * 2", P * 2),
        ('inputs[0].PointData["max"] + max(p)', P + 5),
        ("inputs[0].Points[:, 1]", XYZ[:, 1]),
        ("max - p", 0 * P),
        ("p - sum(inputs[0].CellData['c'])", P - 30),
        ("7", 7 + 0 * P),
        ("2**53 + p*0", 2.0**53 + 0 * P),
    ],
)
def test_the_value_is_that_of_numpy(text: str, right: Any) -> None:
    data = image(p=P, U=U, max=P, c=[10.0, 20.0], **{"p [Pa]": P})
    assert of_points(data, text) == pytest.approx(right, nan_ok=True)


@pytest.mark.parametrize("kind", ["int8", "uint8", "uint16", "int64", "float32"])
def test_small_integers_do_not_wrap(kind: str) -> None:
    assert of_points(image(n=(P * 20).astype(kind)), "n*n/8 - 50").tolist() == ((P * 20) ** 2 / 8 - 50).tolist()


def test_cells_and_rows() -> None:
    cells = output([image(c=[10.0, 20.0], p=P)], "c/4", ArrayAssociation="CellData", ArrayName="a b")
    assert vtk_to_numpy(cells.GetCellData().GetArray("a b")).tolist() == [2.5, 5]
    table = vtkTable()
    table.AddColumn(array([1.0, 3.0], "T (°C)"))
    rows = output([table], "inputs[0].RowData['T (°C)'] + 1", ArrayAssociation="RowData")
    assert vtk_to_numpy(rows.GetColumnByName("result")).tolist() == [2, 4]
    with pytest.raises(ExecutionFailed, match="ArrayAssociation is points, which a vtkTable has not"):
        output([table], "1")


def test_two_inputs_are_compared() -> None:
    made = output([image(p=P), image(p=P + 3)], "inputs[1].PointData['p'] - p")
    assert vtk_to_numpy(made.GetPointData().GetArray("result")).tolist() == [3] * 6


def test_reductions_are_of_all_blocks_and_blocks_without_the_array_pass() -> None:
    blocks = vtkMultiBlockDataSet()
    for number, block in enumerate((image(q=P), image(p=P), None, image(p=(P + 10).astype(np.int32)))):
        if block is not None:
            blocks.SetBlock(number, block)
    made = output([blocks], "p - max(p)")
    assert not made.GetBlock(0).GetPointData().HasArray("result")
    assert vtk_to_numpy(made.GetBlock(1).GetPointData().GetArray("result")).tolist() == (P - 15).tolist()
    assert vtk_to_numpy(made.GetBlock(3).GetPointData().GetArray("result")).tolist() == (P - 5).tolist()
    assert not blocks.GetBlock(1).GetPointData().HasArray("result")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("pp*2", "there is no array 'pp'; there is 'p'"),
        ("p.dtype", "not understood"),
        ("p.__class__", "not understood"),
        ("().__class__.__bases__", "not understood"),
        ("__import__('os')", "there is no function '__import__'"),
        ("open('x')", "there is no function 'open'"),
        ("[p for p in (1,)]", "not understood"),
        ("lambda: 1", "not understood"),
        ("p[:, None]", "not understood"),
        ("inputs[3].PointData['p']", "not understood; arrays are those of inputs"),
        ("inputs[0].PointData['nothing']", "there is no array 'nothing'"),
        ("p[0:2]", "not understood"),
        ("p +", "is no expression"),
        ("p = 2", "is no expression"),
        ("sin(p, 2)", "sin takes 1 values, not 2"),
        ("U + make_vector(p, p, p)[:, 0:2]", "cannot be computed"),
        ("(" * 400 + "p" + ")" * 400, "is no expression"),
    ],
)
def test_what_is_not_understood_is_refused(text: str, told: str) -> None:
    with pytest.raises(ExecutionFailed, match=told):
        output([image(p=P, U=U)], text)


def test_powers_of_numbers_take_no_time() -> None:
    assert evaluated("9**9**9", {"": {}}) == np.inf
    with pytest.raises(InvalidProperty, match="at most 10000 letters"):
        evaluated("1" + "+1" * 6000, {"": {}})
    with pytest.raises(InvalidProperty):
        evaluated("-" * 9000 + "1", {"": {}})


def test_where_there_are_no_arrays_yet_there_can_be_one() -> None:
    data = image()
    cells = data.GetNumberOfCells()
    while data.GetCellData().GetNumberOfArrays():
        data.GetCellData().RemoveArray(0)
    found = output([data], "1 + 2", ArrayAssociation="Cell Data").GetCellData().GetArray("result")
    assert vtk_to_numpy(found).tolist() == [3] * cells
