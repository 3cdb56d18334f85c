"""A process that executes cases of the sweep through the product's pipeline: `python -m tests.harness.sweep_worker`.

Jobs come on its input, a line for each: {"type", "kind", "limits", "begin"}. For each case a line of its output tells
that it begins, another what came out.
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil
from vtkmodules.util.numpy_support import vtk_to_numpy

from apvserver.vtk.algorithms.cell_groups import visible_cells
from apvserver.vtk.base.blocks import parts
from apvserver.vtk.base.errors import ExecutionFailed, VtkError
from apvserver.vtk.base.information import describe_output
from apvserver.vtk.base.threads import set_up_threads
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.definitions import Definition
from apvserver.vtk.types.properties import may_be_nan
from apvserver.vtk.types.toml_definitions import composition

from .small_files import small_files
from .sweep_cases import Case, cases, is_empty
from .sweep_data import GHOSTS, HIDDEN_POINT
from .sweep_kinds import KINDS, MANY

MEMORY_BYTES: Final = 6 * 1024**3
"""Of addresses, with what the interpreter and VTK's libraries take."""
SMALLER: Final[dict[str, dict[str, Any]]] = {
    "AdaptiveResampleToImage": {"SamplingDimensions": [8, 8, 8]},
    "ResampleToImage": {"SamplingDimensions": [12, 12, 12]},
    "PlotOverLine": {"Resolution": 50},
    "GaussianResampling": {"ResamplingGrid": [12, 12, 12]},
    "QuadricClustering": {"NumberofDimensions": [9, 9, 9]},
}
"""Properties whose defaults make results much larger than the data of the sweep; unset where a case sets them."""
_OTHER, _DATA, _HELD, _TESTED = 1, 2, 10, 100


def main() -> None:
    set_up_threads()
    if hasattr(psutil.Process, "rlimit"):  # where a process can be limited
        process = psutil.Process()
        process.rlimit(psutil.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        process.rlimit(psutil.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what is printed is no answer
    for line in sys.stdin:
        job = json.loads(line)
        data = made_of_kind(job["kind"])
        if composition(job["type"]).definition.group == "readers":
            _files()  # takes longer than a case
        for index, case in enumerate(cases(job["type"], data, limits=job["limits"])):
            if index >= job["begin"]:
                _answer(answers, {"begun": index, "label": case.label})
                _answer(answers, {"ended": index, "label": case.label, **executed(job["type"], job["kind"], case)})
        _answer(answers, {"done": True})


@functools.cache
def _kept(kind: str) -> Any:
    return MANY[kind]()


def made_of_kind(kind: str) -> Any:
    """Data of a kind, anew; of what takes long a copy. None of no kind."""
    if kind in MANY:
        made = _kept(kind).NewInstance()
        made.DeepCopy(_kept(kind))
        return made
    return KINDS[kind]() if kind else None


def _answer(to: Any, what: dict[str, Any]) -> None:
    to.write(json.dumps(what) + "\n")
    to.flush()


def executed(type_name: str, kind: str, case: Case) -> dict[str, Any]:
    """The outcome of one case: "ok", "refused" or "odd", with details and what tells results apart."""
    made, messages = Pipeline(), list[Message]()
    data = made_of_kind(kind)
    before = digest(data)
    with tempfile.TemporaryDirectory() as directory:
        try:
            _make(made, type_name, data, case, directory)
            Executor().execute(made, _TESTED, on_message=messages.append)
            result = made.output_data(_TESTED) if composition(type_name).definition.outputs else None
            if composition(type_name).definition.outputs:
                describe_output(*made.output(_TESTED))
        except (VtkError, ExecutionFailed) as error:
            outcome = _kind_of_refusal(str(error)) if isinstance(error, ExecutionFailed) else "refused"
            return {"outcome": outcome, "detail": str(error)[:400], "digest": ""}
        except Exception as error:
            return {"outcome": "odd", "detail": f"{type(error).__name__}: {error}"[:400], "digest": ""}
    warned = [one.text for one in messages]
    found: dict[str, Any] = {"outcome": "ok", "detail": " | ".join(warned)[:400], "digest": digest(result)}
    found["faults"] = [
        fault
        for fault in _faults(data, before, result, warned, composition(type_name).definition)
        if not (fault.startswith("not finite") and _fills_with_no_number(case))
    ]
    return found


def _fills_with_no_number(case: Case) -> bool:
    """Whether the value that marks places without a result was set to NaN or to an infinite one."""
    marks = (value for name, value in case.properties.items() if may_be_nan(name))
    return any(isinstance(value, float) and not math.isfinite(value) for value in marks)


@functools.cache
def _files() -> dict[str, tuple[dict[str, Any], int]]:
    return small_files(Path(tempfile.mkdtemp()))


def _kind_of_refusal(text: str) -> str:
    """What a refusal is: one with a reason for people in it, or "odd", where something broke on the way."""
    said = [one for one in text.partition(" failed: ")[2].split("; ") if "returned failure for request" not in one]
    return "refused" if said and "Failure when calling method" not in text else "odd"


def _make(made: Pipeline, type_name: str, data: Any, case: Case, directory: str) -> None:
    definition = composition(type_name).definition
    for id_, what in ((_DATA, data), (_OTHER, KINDS["hexahedra"]())):
        if what is not None:
            made.create(id_, "vtkTrivialProducer")
            made.algorithm(id_).SetOutput(what)
    chosen = {"data": (_DATA, 0)}
    inputs: dict[str, list[tuple[int, int]]] = {}
    for index, port in enumerate(definition.inputs):
        which = case.first if index == 0 else case.others
        inputs[port.name] = [chosen.get(which, (_OTHER, 0))]
        if index == 0 and port.repeatable and case.others != "data":
            inputs[port.name].append((_OTHER, 0))
    objects: dict[str, int | None] = {}
    for number, (name, (kind, properties)) in enumerate(case.objects.items(), _HELD):
        objects[name] = number if kind else None
        if kind:
            made.create(number, kind, properties)
    properties = {**SMALLER.get(type_name, {}), **case.properties}
    if definition.group == "readers":
        properties = {**_files()[type_name][0], **properties}
    if definition.group == "writers":
        properties["FileName"] = os.path.join(directory, "written.vtk")
    made.create(_TESTED, type_name, properties, inputs, objects)


def _faults(data: Any, before: str, result: Any, warned: list[str], definition: Definition) -> Iterator[str]:
    if digest(data) != before:
        yield "input changed"
    if not definition.outputs:
        return
    if result is None:
        yield "no output"
    elif (data is None or not is_empty(data)) and is_empty(result) and not warned:
        yield "empty in silence"
    if definition.group != "readers" and (data is None or (_finite(data) and not is_empty(data))):
        odd = [name for part in parts(result) for name in _not_finite(part)] if result is not None else []
        if odd and not warned:
            yield f"not finite: {', '.join(dict.fromkeys(odd))}"


def _arrays(part: Any) -> Iterator[tuple[str, Any]]:
    if hasattr(part, "GetPoints") and callable(part.GetPoints) and part.IsA("vtkPointSet") and part.GetPoints():
        yield "points", part.GetPoints().GetData()
    for kind in range(7):
        attributes = part.GetAttributesAsFieldData(kind)
        for index in range(attributes.GetNumberOfArrays() if attributes else 0):
            array = attributes.GetAbstractArray(index)
            yield f"{kind} {array.GetName()}", array


def _values(array: Any) -> Any:
    if not array.IsA("vtkDataArray"):
        return np.array([str(array.GetVariantValue(i)) for i in range(array.GetNumberOfValues())], dtype=str)
    if array.IsA("vtkBitArray") or not array.HasStandardMemoryLayout():
        count = array.GetNumberOfComponents()
        return np.array([array.GetComponent(i // count, i % count) for i in range(array.GetNumberOfValues())])
    return vtk_to_numpy(array) if array.GetNumberOfValues() else np.zeros(0)


def _not_finite(part: Any) -> list[str]:
    found = []
    for name, array in _arrays(part):
        if array.IsA("vtkDataArray") and array.GetDataType() in (10, 11):
            finite = np.isfinite(_values(array))
            if not (finite if finite.ndim == 1 else finite.all(axis=1))[~_hidden(part, name, len(finite))].all():
                found.append(name)
    return found


def _hidden(part: Any, name: str, count: int) -> Any:
    """Where no number is promised: at hidden points, and at cells that are hidden or have such points."""
    kind, _, array = name.partition(" ")
    attributes = part.GetPointData() if part.IsA("vtkDataSet") else None
    if not array or attributes is None or kind not in "01":
        return np.zeros(count, np.bool_)
    if kind == "1":
        return ~visible_cells(part)
    ghosts = attributes.GetArray(GHOSTS)
    if ghosts is None or ghosts.GetDataTypeAsString() != "unsigned char":
        return np.zeros(count, np.bool_)
    return vtk_to_numpy(ghosts) & HIDDEN_POINT != 0


def _finite(data: Any) -> bool:
    return not any(_not_finite(part) for part in parts(data))


def digest(data: Any) -> str:
    """A number of what is in data, the same for equal contents."""
    if data is None:
        return ""
    hashed = hashlib.sha256(data.GetClassName().encode())
    for part in parts(data):
        hashed.update(f"\n{part.GetClassName()}".encode())
        for name, array in _arrays(part):
            values = _values(array)
            hashed.update(f"{name} {array.GetDataTypeAsString()} {values.shape}".encode())
            if values.dtype.kind == "f":
                values = np.where(np.isnan(values), math.nan, values)
            hashed.update(np.ascontiguousarray(values).tobytes())
        for cells in _cells(part):
            hashed.update(vtk_to_numpy(cells).tobytes())
        if part.IsA("vtkImageData"):
            hashed.update(repr((part.GetOrigin(), part.GetSpacing(), part.GetExtent())).encode())
    return hashed.hexdigest()[:16]


def _cells(part: Any) -> Iterator[Any]:
    if part.IsA("vtkUnstructuredGrid"):
        if part.GetNumberOfCells():
            yield part.GetCellTypes() if hasattr(part, "GetCellTypes") else part.GetCellTypesArray()
        groups = [part.GetCells()]
    elif part.IsA("vtkPolyData"):
        groups = [part.GetVerts(), part.GetLines(), part.GetPolys(), part.GetStrips()]
    else:
        return
    for group in groups:
        if group is not None and group.GetNumberOfCells():
            yield group.GetOffsetsArray()
            yield group.GetConnectivityArray()


if __name__ == "__main__":
    main()
