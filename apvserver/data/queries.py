"""What the data service knows without its pipeline: types of proxies, and files of the server. From any thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from async_paraview.operations import Operation
from async_paraview.operations.data import ChooseReader, Definition, Definitions, ListFiles, Types
from async_paraview.scene.catalog import SCENE_TYPES, scene_overview
from services_core import Packet
from services_core.payload import pack_payload

from ..vtk.files.listing import list_files
from ..vtk.files.series import choose_for, curated_choice
from ..vtk.types.listing import makeable_names, overview
from ..vtk.types.toml_definitions import composition


def _definition(wanted: Definition) -> Any:
    name = wanted.type
    return SCENE_TYPES[name].definition() if name in SCENE_TYPES else composition(name).definition.to_dict()


def _definitions(_wanted: Definitions) -> Any:
    return {**overview(), **scene_overview()}


def _types(_wanted: Types) -> Any:
    return list(makeable_names())


def _choose_reader(wanted: ChooseReader) -> Any:
    type_name, properties = curated_choice(choose_for(wanted.chosen(), series=wanted.series))
    return {"type": type_name, "properties": properties}


def _list_files(wanted: ListFiles) -> Any:
    return list_files(wanted.path, offset=wanted.offset, limit=wanted.limit)


QUERIES: Final[Mapping[type[Operation], Callable[[Any], Any]]] = {
    Definition: _definition,
    Definitions: _definitions,
    Types: _types,
    ChooseReader: _choose_reader,
    ListFiles: _list_files,
}
"""What is answered for each operation, as plain data."""


def answer_query(wanted: Operation) -> Packet:
    """Return the answer to one of `QUERIES`. Raises VtkError, MissingField."""
    return pack_payload({}, QUERIES[type(wanted)](wanted))
