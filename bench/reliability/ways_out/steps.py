"""What a client does, done by the parts of the data service that do it: in this process, without a server."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from vtkmodules.vtkCommonDataModel import vtkDataObject
from vtkmodules.vtkFiltersSources import vtkSphereSource

from apvserver.settings import Settings, adopt
from apvserver.vtk.base.data_roots import writable_path
from apvserver.vtk.base.errors import VtkError
from apvserver.vtk.base.information import describe_output
from apvserver.vtk.files.listing import list_files
from apvserver.vtk.files.series import choose_for
from apvserver.vtk.files.writers.saved_series import write_series
from apvserver.vtk.files.writers.writing import write_data
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.rendering.textures.pictures import check_picture


def _execute(pipeline: Pipeline, id: int) -> str:
    Executor().execute(pipeline, id)
    if not pipeline.algorithm(id).GetNumberOfOutputPorts():
        return "written"
    return f"{describe_output(*pipeline.output(id)).get('points')} points"


def _made(*made: tuple[str, dict[str, Any]]) -> str:
    """Create proxies, each with the one before as its input, and execute the last."""
    pipeline = Pipeline()
    for id, (type_name, properties) in enumerate(made, 1):
        pipeline.create(id, type_name, properties, {"Input": [(id - 1, 0)]} if id > 1 else {})
    return _execute(pipeline, len(made))


def _open(paths: list[str], _: Any, *, series: bool = False) -> str:
    return _made(choose_for(paths, series=series))


def _made_object(type_name: str, properties: dict[str, Any]) -> str:
    pipeline = Pipeline()
    pipeline.create(1, type_name, properties)
    return "made"


def _picture(path: str, _: Any) -> str:
    """Take a picture for a surface, as what is shown does."""
    try:
        return f"{check_picture(path)} is shown"
    except ValueError as error:
        return f"ValueError: {error}"


def _sphere() -> Any:
    source = vtkSphereSource()
    source.Update()
    return source.GetOutput()


def _save(path: str, data: vtkDataObject) -> str:
    return f"{write_data(writable_path(path), data, {}).size_bytes} bytes"


def _save_blocks(path: str, _: Any) -> str:
    from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet

    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, _sphere())
    return _save(path, blocks)


def _save_table(path: str, _: Any) -> str:
    from vtkmodules.vtkCommonCore import vtkDoubleArray
    from vtkmodules.vtkCommonDataModel import vtkTable

    table, column = vtkTable(), vtkDoubleArray()
    column.SetName("x")
    column.InsertNextValue(1.5)
    table.AddColumn(column)
    return _save(path, table)


def _save_series(path: str, _: Any) -> str:
    return f"{write_series(writable_path(path), [0.0, 1.0], lambda _time: _sphere(), {}).size_bytes} bytes"


def _link_later(path: str, target: str) -> str:
    pipeline = Pipeline()
    pipeline.create(1, "vtkSphereSource")
    pipeline.create(2, "vtkPolyDataWriter", {"FileName": path}, {"Input": [(1, 0)]})
    os.symlink(target, path)
    return _execute(pipeline, 2)


class Steps:
    """What a client does, by the names in `Step`."""

    def __init__(self) -> None:
        none: dict[str, Any] = {}
        sphere, image = ("vtkSphereSource", none), ("vtkRTAnalyticSource", none)
        self._do: dict[str, Callable[[Any, Any], str]] = {
            "open": _open,
            "series": lambda paths, _: _open(paths, _, series=True),
            "create": lambda name, values: _made((name, values)),
            "object": _made_object,
            "picture": _picture,
            "list": lambda path, _: f"{list_files(path)['total']} entries",
            "save": lambda path, _: _save(path, _sphere()),
            "save_blocks": _save_blocks,
            "save_table": _save_table,
            "save_series": _save_series,
            "writer": lambda name, values: _made(sphere, (name, values)),
            "image_writer": lambda name, values: _made(
                image, ("vtkImageCast", {"OutputScalarType": 3}), (name, values)
            ),
            "mesh_writer": lambda name, values: _made(image, ("vtkDataSetTriangleFilter", {}), (name, values)),
            "link_later": _link_later,
        }

    def prepare(self, settings: dict[str, Any]) -> None:
        """Adopt the settings of a session."""
        adopt(Settings.from_dict(settings))

    def step(self, kind: str, what: Any, values: Any) -> str:
        """Do it; returns what came of it."""
        try:
            return self._do[kind](what, values)
        except (VtkError, OSError) as error:
            return f"{type(error).__name__}: {error}"[:300]


go = Steps()
