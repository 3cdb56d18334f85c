"""Statistical models of arrays, and data that is assessed by them, as ParaView's filters of statistics."""

from __future__ import annotations

from abc import abstractmethod
from itertools import combinations
from typing import Any, ClassVar, Final

import numpy as np
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import (
    vtkDataObject,
    vtkMultiBlockDataSet,
    vtkStatisticalModel,
)
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm
from vtkmodules.vtkFiltersStatistics import (
    vtkContingencyStatistics,
    vtkDescriptiveStatistics,
    vtkKMeansStatistics,
    vtkMultiCorrelativeStatistics,
    vtkPCAStatistics,
)

from ...base.array_types import as_numpy, copied
from ...base.blocks import children
from ...base.errors import InvalidProperty
from ...types.definitions import PropertyDefinition
from ...types.own_properties import OwnProperties, number, switch
from ..own_algorithms import data_of, told, warn
from .learned import ModelOfPieces, as_blocks, tell_odd
from .variables import Variables, blocks_of, variables_of

_ASSOCIATIONS: Final = (
    ("Point Data", 0), ("Cell Data", 1), ("Field Data", 2), ("Vertex Data", 4), ("Edge Data", 5), ("Row Data", 6)
)  # fmt: skip
_MODEL_ALL, _MODEL_SOME, _ASSESS, _MODEL_AND_ASSESS = range(4)
_TASKS: Final = (
    ("Detailed model of input data", _MODEL_ALL),
    ("Model a subset of the data", _MODEL_SOME),
    ("Assess the data with a model", _ASSESS),
    ("Model and assess the same data", _MODEL_AND_ASSESS),
)
_LEAST_ROWS: Final = 100
"""So many rows at least are taken for training, or all there are."""
_SEED: Final = 1177
_LEARNED: Final = frozenset(
    {"Primary Statistics", "Raw Sparse Covariance Data", "Updated Cluster Centers", "Summary", "Contingency Table"}
)
"""Tables that VTK's algorithms have learned; all others they derive from these."""


def _common(task: int) -> tuple[PropertyDefinition, ...]:
    return (
        PropertyDefinition(
            "AttributeMode", "enum", 1, 0, enumeration=_ASSOCIATIONS, doc="Of what the arrays are; of tables: rows."
        ),
        PropertyDefinition("Task", "enum", 1, task, enumeration=_TASKS, doc="What is made: a model, an assessment."),
        number(
            "TrainingFraction",
            0.1,
            "Which part of the rows a model of a subset is made of; never less than 100 rows.",
            limits=(0.0, 1.0),
        ),
    )


class StatisticsFilter(OwnProperties, VTKPythonAlgorithmBase):
    """Makes a model of arrays, a table for each part of it, and gives the input with an assessment by that.

    Rows with what is no finite number do not count in a model. The rows of a subset are chosen at random, the same at
    each execution.
    """

    is_sum: ClassVar = False
    """Whether models of pieces can be added up. VTK 9.7 gets some covariances wrong (of four variables)."""

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=2, nOutputPorts=2, outputType="vtkDataObject")
        self._wanted: list[str] = []
        self.added_up: ModelOfPieces | None = None
        """What was learned of pieces elsewhere: the model is that of it, and there is nothing at the second output."""

    def AddVariable(self, name: str) -> None:
        """Take an array as well."""
        self._wanted.append(name)

    def ClearVariables(self) -> None:
        """Take no array by name: all there are."""
        self._wanted.clear()

    @abstractmethod
    def engine(self) -> Any:
        """Return VTK's algorithm, with what is set here."""

    def requests(self, names: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Return which variables are modelled together: all of them, unless a kind of models says otherwise."""
        return [names]

    def least_rows(self) -> int:
        """Return how many rows a model needs."""
        return 2

    def FillInputPortInformation(self, port: int, info: Any) -> int:
        """Take any data, and tables of a model."""
        info.Set(vtkAlgorithm.INPUT_REQUIRED_DATA_TYPE(), "vtkMultiBlockDataSet" if port else "vtkDataObject")
        info.Set(vtkAlgorithm.INPUT_IS_OPTIONAL(), port)
        return 1

    def FillOutputPortInformation(self, port: int, info: Any) -> int:
        """Give tables, and data like the input."""
        info.Set(vtkDataObject.DATA_TYPE_NAME(), "vtkDataObject" if port else "vtkMultiBlockDataSet")
        return 1

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make the outputs: tables in blocks, and data of the kind of the input."""
        data = data_of(inInfo)
        for port, wanted in enumerate((vtkMultiBlockDataSet(), data)):
            information = outInfo.GetInformationObject(port)
            held = information.Get(vtkDataObject.DATA_OBJECT())
            if held is None or held.GetClassName() != wanted.GetClassName():
                information.Set(vtkDataObject.DATA_OBJECT(), wanted.NewInstance())
        return 1

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make the model, or take it, and assess the input by it."""
        given = data_of(inInfo, 1) if inInfo[1].GetNumberOfInformationObjects() else None
        model, assessed = (vtkDataObject.GetData(outInfo, port) for port in range(2))

        def make() -> None:
            if self.added_up is None:
                self._make(data_of(inInfo), given, model, assessed)
            else:
                assessed.Initialize()
                model.ShallowCopy(as_blocks(self.added_up.result()))

        return told(type(self).__name__, make)

    def of_pieces(self) -> ModelOfPieces:
        """Return what learns a model of data that comes in pieces. Ask `adds_up` first."""
        return ModelOfPieces(self)

    def adds_up(self) -> bool:
        """Return whether a model of all data is what models of pieces are together, as it is set."""
        return self.is_sum and int(self.value_of("Task")) == _MODEL_ALL

    def variables(self, data: Any) -> Variables:
        """Return the columns of numbers of data that are asked for. Raises InvalidProperty."""
        association = vtkDataObject.ROW if data.IsA("vtkTable") else int(self.value_of("AttributeMode"))
        return variables_of(data, association, self._wanted)

    def _make(self, data: Any, given: Any, model: Any, assessed: Any) -> None:
        assessed.ShallowCopy(data)  # blocks of the copy are copies as well: arrays are added to them
        mode, task = int(self.value_of("AttributeMode")), int(self.value_of("Task"))
        association = vtkDataObject.ROW if data.IsA("vtkTable") else mode
        variables = self.variables(data)
        made = self._given_model(given) if task == _ASSESS else self._learned(variables, task)
        model.ShallowCopy(as_blocks(made))
        if task in (_ASSESS, _MODEL_AND_ASSESS):
            self._assess(variables, made, assessed, association)

    def _learned(self, variables: Variables, task: int) -> Any:
        rows = variables.finite_rows()
        counted = int(variables.counted.sum())
        if left_out := counted - len(rows):
            warn(f"{left_out} of {counted} rows have no finite number, and are not in the model")
        if task != _MODEL_ALL:
            count = min(
                len(rows), max(_LEAST_ROWS, self.least_rows(), int(len(rows) * self.value_of("TrainingFraction")))
            )
            rows = np.sort(np.random.default_rng(_SEED).choice(rows, count, replace=False))
        self.need_rows(len(rows))
        model = self.run(variables.names, variables.table(rows), None, ("Learn", "Derive")).GetOutputModel()
        tell_odd(model)
        return model

    def need_rows(self, count: int) -> None:
        """Raise InvalidProperty for fewer rows of finite numbers than a model needs."""
        if count < self.least_rows():
            raise InvalidProperty(f"a model needs {self.least_rows()} rows of finite numbers, and there are {count}")

    def _given_model(self, given: Any) -> Any:
        if given is None:
            raise InvalidProperty("Task is to assess the data with a model, and there is none: set ModelInput")
        model, tables = vtkStatisticalModel(), dict(children(given))
        if not all(one is not None and one.IsA("vtkTable") for one in tables.values()) or not _LEARNED & tables.keys():
            raise InvalidProperty("ModelInput takes the tables of a model: the first output of a filter of this type")
        for kind, is_learned in ((vtkStatisticalModel.Learned, True), (vtkStatisticalModel.Derived, False)):
            of_kind = [(name, table) for name, table in tables.items() if (name in _LEARNED) is is_learned]
            model.SetNumberOfTables(kind, len(of_kind))
            for index, (name, table) in enumerate(of_kind):
                model.SetTable(kind, index, table, name)
        return model

    def run(self, names: tuple[str, ...], table: Any, model: Any, options: tuple[str, ...]) -> Any:
        """Return VTK's algorithm after it has done that to the variables of these names, which are columns."""
        engine = self.engine()
        engine.SetInputData(0, table)
        if model is not None:
            engine.SetInputModel(model)
        for together in self.requests(names):
            engine.ResetAllColumnStates()
            for name in together:
                engine.SetColumnStatus(name, 1)
            engine.RequestSelectedColumns()
        for option in ("Learn", "Derive", "Assess", "Test"):
            getattr(engine, f"Set{option}Option")(option in options)
        engine.SetContainerAlgorithm(self)
        engine.Update()
        return engine

    def _assess(self, variables: Variables, model: Any, output: Any, association: int) -> None:
        engine = self.run(variables.names, variables.table(), model, ("Assess",))
        made = engine.GetOutputDataObject(0)
        begins = np.cumsum([0, *variables.sizes])
        blocks = blocks_of(output, association)
        for index in range(len(variables.columns), made.GetNumberOfColumns()):
            column = made.GetColumn(index)
            values = as_numpy(column)
            for block, begin, end in zip(blocks, begins, begins[1:], strict=False):
                array = copied(values[begin:end])
                array.SetName(column.GetName())
                block.GetAttributesAsFieldData(association).AddArray(array)


class DescriptiveModel(StatisticsFilter):
    """DescriptiveModel - Means, deviations and other moments of each variable; assessed: deviations from the mean."""

    is_sum: ClassVar = True
    PROPERTIES: ClassVar = (
        *_common(_MODEL_ALL),
        PropertyDefinition(
            "SignedDeviations",
            "enum",
            1,
            0,
            enumeration=(("Unsigned", 0), ("Signed", 1)),
            doc="Whether an assessment says on which side of the mean a value is.",
        ),
    )

    def requests(self, names: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Return each variable by itself."""
        return [(name,) for name in names]

    def engine(self) -> Any:
        """Return VTK's algorithm, with what is set here."""
        made = vtkDescriptiveStatistics()
        made.SetSignedDeviations(int(self.value_of("SignedDeviations")))
        return made


class ContingencyModel(StatisticsFilter):
    """ContingencyModel - How often values of two variables are met together; assessed: their probabilities."""

    PROPERTIES: ClassVar = _common(_MODEL_ALL)

    def requests(self, names: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Return each pair of variables. Raises `InvalidProperty` for a single one."""
        if len(names) < 2:
            raise InvalidProperty(
                f"VariablesofInterest: there is only {names[0]!r}, and pairs of variables are counted"
            )
        return list(combinations(names, 2))

    def engine(self) -> Any:
        """Return VTK's algorithm."""
        return vtkContingencyStatistics()


class MulticorrelativeModel(StatisticsFilter):
    """MulticorrelativeModel - Means and covariances of all variables; assessed: squares of Mahalanobis distances."""

    PROPERTIES: ClassVar = _common(_MODEL_AND_ASSESS)

    def engine(self) -> Any:
        """Return VTK's algorithm."""
        return vtkMultiCorrelativeStatistics()


class PrincipalModel(StatisticsFilter):
    """PrincipalModel - Directions in which the variables vary most; assessed: coordinates along these."""

    PROPERTIES: ClassVar = (
        *_common(_MODEL_AND_ASSESS),
        PropertyDefinition(
            "NormalizationScheme",
            "enum",
            1,
            vtkPCAStatistics.NONE,
            enumeration=(
                ("No normalization", vtkPCAStatistics.NONE),
                ("Normalize using covariances", vtkPCAStatistics.DIAGONAL_VARIANCE),
            ),
            doc="Whether all variables count alike, whatever their variances are.",
        ),
        PropertyDefinition(
            "BasisScheme",
            "enum",
            1,
            vtkPCAStatistics.FULL_BASIS,
            enumeration=(
                ("Full basis", vtkPCAStatistics.FULL_BASIS),
                ("Fixed-size basis", vtkPCAStatistics.FIXED_BASIS_SIZE),
                ("Fixed-energy basis", vtkPCAStatistics.FIXED_BASIS_ENERGY),
            ),
            doc="How many directions an assessment has coordinates along.",
        ),
        number("BasisSize", 2, "How many, with a fixed size.", limits=(1, 1_000_000)),
        number(
            "BasisEnergy", 0.1, "Which part of all variance they have together, with a fixed energy.", limits=(0, 1)
        ),
        switch("RobustPCA", False, "Whether medians count instead of means."),
    )

    def engine(self) -> Any:
        """Return VTK's algorithm, with what is set here."""
        made = vtkPCAStatistics()
        made.SetNormalizationScheme(int(self.value_of("NormalizationScheme")))
        made.SetBasisScheme(int(self.value_of("BasisScheme")))
        made.SetFixedBasisSize(int(self.value_of("BasisSize")))
        made.SetFixedBasisEnergy(self.value_of("BasisEnergy"))
        made.SetMedianAbsoluteDeviation(self.value_of("RobustPCA"))
        return made


class KMeansModel(StatisticsFilter):
    """KMeansModel - Centers of clusters of rows; assessed: the nearest center of each row, and how far it is."""

    PROPERTIES: ClassVar = (
        *_common(_MODEL_AND_ASSESS),
        number("K", 5, "How many clusters there are.", limits=(1, 1_000_000)),
        number("MaxNumIterations", 50, "How many times at most the centers are moved.", limits=(1, 1_000_000)),
        number("Tolerance", 0.01, "Which part of rows may still change their cluster.", limits=(0.0, 1.0)),
    )

    def engine(self) -> Any:
        """Return VTK's algorithm, with what is set here."""
        made = vtkKMeansStatistics()
        made.SetDefaultNumberOfClusters(int(self.value_of("K")))
        made.SetMaxNumIterations(int(self.value_of("MaxNumIterations")))
        made.SetTolerance(self.value_of("Tolerance"))
        return made

    def least_rows(self) -> int:
        """Return how many rows a model needs: one for each cluster."""
        return int(self.value_of("K"))
