"""What statistical models have learned: tables, put together of those of pieces, and given as blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol

import numpy as np
from vtkmodules.vtkCommonCore import vtkDoubleArray, vtkIdTypeArray, vtkStringArray
from vtkmodules.vtkCommonDataModel import (
    vtkCompositeDataSet,
    vtkDataObject,
    vtkDataObjectCollection,
    vtkMultiBlockDataSet,
    vtkStatisticalModel,
    vtkTable,
)

from ...base.array_types import as_numpy
from ...base.blocks import children
from ...base.errors import InvalidProperty, VtkError
from ..own_algorithms import warn
from .variables import Variables, table_of


class Learner(Protocol):
    """An algorithm that makes models, as far as those of pieces need it."""

    def value_of(self, name: str) -> Any:
        """Return the value of a property."""

    def variables(self, data: Any) -> Variables:
        """Return the columns of numbers of data that are asked for. Raises InvalidProperty."""

    def run(self, names: tuple[str, ...], table: Any, model: Any, options: tuple[str, ...]) -> Any:
        """Return VTK's algorithm after it has done that to the variables of these names, which are columns."""

    def engine(self) -> Any:
        """Return VTK's algorithm, with what is set here."""

    def need_rows(self, count: int) -> None:
        """Raise InvalidProperty for fewer rows of finite numbers than a model needs."""


class ModelOfPieces:
    """A model of data that comes in pieces: that of the whole, but for rounding."""

    passes: Final = 1

    def __init__(self, algorithm: Learner) -> None:
        self._algorithm = algorithm
        self._names: tuple[str, ...] = ()
        self._models: list[Any] = []
        self._rows = self._counted = 0

    @property
    def points_once(self) -> bool:
        """Whether points that pieces have in common are to be counted once."""
        return int(self._algorithm.value_of("AttributeMode")) == vtkDataObject.POINT

    def add(self, data: Any, _pass: int) -> None:
        """Learn of a piece. Raises InvalidProperty for variables that it has not."""
        variables = self._algorithm.variables(data)
        rows = variables.finite_rows()
        self._names = self._names or variables.names
        self._rows += len(rows)
        self._counted += int(variables.counted.sum())
        if len(rows):
            engine = self._algorithm.run(variables.names, variables.table(rows), None, ("Learn",))
            self._models.append(engine.GetOutputModel())

    def part(self, _pass: int) -> dict[str, Any]:
        """Return what was learned, as plain data."""
        return {
            "names": list(self._names),
            "rows": self._rows,
            "counted": self._counted,
            "models": [_plain(one) for one in self._models],
        }

    def take(self, parts: Sequence[Any], _pass: int) -> None:
        """Take what several have learned. Raises InvalidProperty if that is not of the same variables."""
        self._names = tuple(parts[0]["names"])
        if odd := next((one["names"] for one in parts if tuple(one["names"]) != self._names), None):
            raise InvalidProperty(f"pieces have other variables: {', '.join(self._names)}, and {', '.join(odd)}")
        self._rows, self._counted = (sum(one[name] for one in parts) for name in ("rows", "counted"))
        self._models = [_model_of(tables) for one in parts for tables in one["models"]]

    def result(self) -> Any:
        """Return the model of all pieces. Raises InvalidProperty, VtkError."""
        self._algorithm.need_rows(self._rows)
        if left_out := self._counted - self._rows:
            warn(f"{left_out} of {self._counted} rows have no finite number, and are not in the model")
        several, learned = vtkDataObjectCollection(), vtkStatisticalModel()
        for one in self._models:
            several.AddItem(one)
        if not self._algorithm.engine().Aggregate(several, learned):
            raise VtkError("what was learned of pieces could not be put together")
        none = table_of({name: np.zeros(0) for name in self._names})
        model = self._algorithm.run(self._names, none, learned, ("Derive",)).GetOutputModel()
        tell_odd(model)
        return model


def _plain(model: Any) -> list[Any]:
    """Return the tables that a model has learned as plain data: names, and columns with theirs."""
    return [
        [
            model.GetTableName(vtkStatisticalModel.Learned, index),
            [_plain_column(table.GetColumn(column)) for column in range(table.GetNumberOfColumns())],
        ]
        for index in range(model.GetNumberOfTables(vtkStatisticalModel.Learned))
        for table in [model.GetTable(vtkStatisticalModel.Learned, index)]
    ]


def _plain_column(column: Any) -> list[Any]:
    if not column.IsNumeric():
        return [column.GetName(), [column.GetValue(index) for index in range(column.GetNumberOfValues())]]
    values = as_numpy(column)
    return [column.GetName(), values.tolist()]


def _model_of(tables: Sequence[Any]) -> Any:
    model = vtkStatisticalModel()
    model.SetNumberOfTables(vtkStatisticalModel.Learned, len(tables))
    for index, (name, columns) in enumerate(tables):
        table = vtkTable()
        for title, values in columns:
            table.AddColumn(_column(title, values))
        model.SetTable(vtkStatisticalModel.Learned, index, table, name)
    return model


def _column(name: str, values: Sequence[Any]) -> Any:
    column: Any
    if any(isinstance(one, str) for one in values):
        column = vtkStringArray()
    else:
        column = vtkDoubleArray() if any(isinstance(one, float) for one in values) else vtkIdTypeArray()
    column.SetName(name)
    for one in values:
        column.InsertNextValue(one)
    return column


def tell_odd(model: Any) -> None:
    """Warn of tables in which there is what is no finite number."""
    if odd := sorted(_not_finite(model)):
        warn(f"{', '.join(odd)} has what is no number: variables are constant, or depend on each other")


def _not_finite(model: Any) -> Iterator[str]:
    """Yield the names of tables in which there is what is no finite number."""
    for name, table in children(as_blocks(model)):
        columns = [table.GetColumn(index) for index in range(table.GetNumberOfColumns())]
        if not all(np.isfinite(as_numpy(one)).all() for one in columns if one.IsNumeric()):
            yield name


def as_blocks(model: Any) -> Any:
    """Return the tables of a model as blocks with their names."""
    made = vtkMultiBlockDataSet()
    for kind in (vtkStatisticalModel.Learned, vtkStatisticalModel.Derived):
        for index in range(model.GetNumberOfTables(kind)):
            block = made.GetNumberOfBlocks()
            made.SetBlock(block, model.GetTable(kind, index))
            made.GetMetaData(block).Set(vtkCompositeDataSet.NAME(), model.GetTableName(kind, index))
    return made
