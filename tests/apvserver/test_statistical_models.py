"""Models of arrays beside numpy's: moments, covariances, main directions, clusters, and what is assessed by them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkPolyData

from apvserver.vtk.base.blocks import children
from apvserver.vtk.base.data_making import array_of, points_of
from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

ROWS = 400
RANDOM = np.random.default_rng(5)
A = RANDOM.normal(3.0, 2.0, ROWS)
V = np.stack([A * 0.5 + RANDOM.normal(0, 1, ROWS), RANDOM.normal(0, 4, ROWS), A], axis=1)[:, :2]
COLUMNS = np.column_stack([A, V])


def data(**arrays: Any) -> Any:
    made = vtkPolyData()
    made.SetPoints(points_of(np.zeros((len(next(iter(arrays.values()))), 3))))
    for name, values in arrays.items():
        made.GetPointData().AddArray(array_of(values, name))
    return made


def output(made: Pipeline, number: int, port: int = 0) -> Any:
    algorithm, first = made.output(number)
    return algorithm.GetOutputDataObject(first + port)


def executed(
    type_name: str, given: Any, properties: dict[str, Any] | None = None, model: Pipeline | None = None
) -> tuple[Pipeline, dict[str, dict[str, Any]], Any]:
    """The pipeline, the tables of the model by name, and the assessed data."""
    made, number = (model, 11) if model else (Pipeline(), 1)
    made.create(number, "TrivialProducer")
    made.algorithm(number).SetOutput(given)
    inputs = {"Input": [(number, 0)], **({"ModelInput": [(2, 0)]} if model else {})}
    made.create(number + 1, type_name, properties or {}, inputs)
    Executor().execute(made, number + 1)
    tables, assessed = (output(made, number + 1, port) for port in range(2))
    found = {name: {} if one is None else _columns(one) for name, one in children(tables)}
    return made, found, assessed


def _columns(table: Any) -> dict[str, Any]:
    columns = [table.GetColumn(index) for index in range(table.GetNumberOfColumns())]
    return {
        one.GetName(): vtk_to_numpy(one)
        if one.IsNumeric()
        else [one.GetValue(row) for row in range(one.GetNumberOfTuples())]
        for one in columns
    }


def point_array(data: Any, name: str) -> Any:
    return vtk_to_numpy(data.GetPointData().GetArray(name))


def test_moments_are_those_of_numpy_and_assessed_values_are_deviations() -> None:
    _, tables, assessed = executed(
        "DescriptiveStatistics",
        data(a=A, v=V),
        {"Task": "Model and assess the same data", "TrainingFraction": 1.0, "Deviationsshouldbe": "Signed"},
    )
    primary, derived = tables["Primary Statistics"], tables["Derived Statistics"]
    assert primary["Variable"] == ["a", "v_0", "v_1"]
    assert primary["Minimum"] == pytest.approx(COLUMNS.min(axis=0))
    assert primary["Maximum"] == pytest.approx(COLUMNS.max(axis=0))
    assert primary["Mean"] == pytest.approx(COLUMNS.mean(axis=0))
    assert primary["M3"] == pytest.approx(((COLUMNS - COLUMNS.mean(axis=0)) ** 3).sum(axis=0))
    assert derived["Standard Deviation"] == pytest.approx(COLUMNS.std(axis=0, ddof=1))
    assert derived["Sum"] == pytest.approx(COLUMNS.sum(axis=0))
    wanted = (A - A.mean()) / A.std(ddof=1)
    assert point_array(assessed, "d(a)") == pytest.approx(wanted)


def test_covariances_are_those_of_numpy_and_assessed_values_are_squares_of_distances() -> None:
    _, tables, assessed = executed(
        "MulticorrelativeStatistics", data(a=A, v=V), {"VariablesofInterest": ["a", "v"], "TrainingFraction": 1.0}
    )
    covariance = np.cov(COLUMNS.T)
    found = tables["Cov(a,v_0,v_1)"]
    assert found["Mean"][:3] == pytest.approx(COLUMNS.mean(axis=0))
    assert [found["a"][0], found["v_0"][0], found["v_1"][0]] == pytest.approx(covariance[0])
    away = COLUMNS - COLUMNS.mean(axis=0)
    wanted = np.einsum("ij,jk,ik->i", away, np.linalg.inv(covariance), away)
    assert point_array(assessed, "d^2(a,v_0,v_1)") == pytest.approx(wanted)


def test_main_directions_are_eigenvectors() -> None:
    _, tables, assessed = executed("PrincipalComponentAnalysis", data(a=A, v=V), {"TrainingFraction": 1.0})
    values, vectors = np.linalg.eigh(np.cov(COLUMNS.T))
    found = tables["Cov(a,v_0,v_1)"]
    assert found["Mean"][4:] == pytest.approx(values[::-1])
    first = np.array([found[name][4] for name in ("a", "v_0", "v_1")])
    assert abs(first @ vectors[:, -1]) == pytest.approx(1.0)
    along = point_array(assessed, "PCA{a,v_0,v_1}(0)")
    assert along == pytest.approx((COLUMNS - COLUMNS.mean(axis=0)) @ first)


def test_centers_of_clusters_are_the_means_of_what_is_nearest_to_them() -> None:
    middles = np.array([[0.0, 0, 0], [10, 0, 0], [0, 10, 5]])
    places = middles[np.arange(ROWS) % 3] + RANDOM.normal(0, 0.5, (ROWS, 3))
    made, tables, assessed = executed("KMeans", data(p=places), {"k": 3, "TrainingFraction": 1.0, "Tolerance": 0.0})
    centers = np.column_stack([tables["Updated Cluster Centers"][f"p_{axis}"] for axis in range(3)])
    distances = ((places[:, None] - centers) ** 2).sum(axis=2)
    nearest = distances.argmin(axis=1)
    assert point_array(assessed, "ClosestId(0)") == pytest.approx(nearest)
    assert point_array(assessed, "Distance(0)") == pytest.approx(distances.min(axis=1))
    for number, center in enumerate(centers):
        assert center == pytest.approx(places[nearest == number].mean(axis=0))
    assert tables["Updated Cluster Centers"]["Cardinality"].tolist() == np.bincount(nearest).tolist()
    # Other data, by this model.
    others = middles[[2, 1]] + 0.1
    _, _, by_it = executed("KMeans", data(p=others), {"Task": "Assess the data with a model"}, made)
    assert point_array(by_it, "ClosestId(0)").tolist() == [
        int(((centers - one) ** 2).sum(axis=1).argmin()) for one in others
    ]


def test_pairs_of_values_are_counted() -> None:
    x, y = np.array([0.0, 0, 1, 1, 1, 2]), np.array([5.0, 5, 5, 6, 6, 5])
    _, tables, assessed = executed("ContingencyStatistics", data(x=x, y=y), {"Task": 3, "TrainingFraction": 1.0})
    table = tables["Contingency Table"]
    pairs = dict(zip(zip(table["x"][1:], table["y"][1:], strict=True), table["Cardinality"][1:], strict=True))
    assert pairs == {(0, 5): 2, (1, 5): 1, (1, 6): 2, (2, 5): 1}
    assert point_array(assessed, "P(x,y)") == pytest.approx([2 / 6, 2 / 6, 1 / 6, 2 / 6, 2 / 6, 1 / 6])


def test_blocks_are_modelled_together_and_rows_that_are_no_numbers_or_hidden_do_not_count() -> None:
    made = Pipeline()
    holes, hidden = A.copy(), np.zeros(ROWS, np.uint8)
    holes[7], hidden[9] = np.nan, 1
    for number, given in enumerate((data(a=holes, vtkGhostType=hidden), data(a=A + 100.0)), 1):
        made.create(number, "TrivialProducer")
        made.algorithm(number).SetOutput(given)
    made.create(3, "GroupDatasets", {}, {"Input": [(1, 0), (2, 0)]})
    made.create(4, "DescriptiveStatistics", {}, {"Input": [(3, 0)]})
    told: list[Message] = []
    Executor().execute(made, 4, on_message=told.append)
    counted = np.r_[np.delete(A, [7, 9]), A + 100.0]
    primary = _columns(dict(children(output(made, 4)))["Primary Statistics"])
    assert primary["Cardinality"].tolist() == [2 * ROWS - 2]
    assert primary["Mean"] == pytest.approx([counted.mean()])
    assert any("1 of 799 rows have no finite number" in one.text for one in told)


@pytest.mark.parametrize(
    ("type_name", "properties", "why"),
    [
        ("DescriptiveStatistics", {"VariablesofInterest": ["b"]}, "no array of numbers is called 'b'; there is 'a'"),
        ("ContingencyStatistics", {}, "there is only 'a', and pairs of variables are counted"),
        ("KMeans", {"k": ROWS + 1}, f"a model needs {ROWS + 1} rows of finite numbers, and there are {ROWS}"),
        ("KMeans", {"Task": 2}, "there is none: set ModelInput"),
        ("DescriptiveStatistics", {"AttributeMode": "Cell Data"}, "no array of numbers that all blocks have"),
    ],
)
def test_what_cannot_be_modelled_is_refused(type_name: str, properties: dict[str, Any], why: str) -> None:
    with pytest.raises(ExecutionFailed, match=why):
        executed(type_name, data(a=A), properties)
