"""What the data service knows without its pipeline: types of proxies, and files of the server. From any thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from services_core import Packet
from services_core.payload import pack_payload

from ..operations import field
from ..vtk.files.listing import list_files
from ..vtk.files.series import choose_for
from ..vtk.types.listing import makeable_names, overview
from ..vtk.types.toml_definitions import recipe

Header = dict[str, Any]


def _definition(header: Header) -> Any:
    return recipe(field(header, "type", str)).definition.to_dict()


def _definitions(header: Header) -> Any:
    return overview()


def _types(header: Header) -> Any:
    return list(makeable_names())


def _choose_reader(header: Header) -> Any:
    paths = [field(header, "path", str)] if "path" in header else [str(one) for one in field(header, "paths", list)]
    type_name, properties = choose_for(paths, series=field(header, "series", bool, False))
    return {"type": type_name, "properties": properties}


def _list_files(header: Header) -> Any:
    return list_files(
        field(header, "path", str, ""), offset=field(header, "offset", int, 0), limit=field(header, "limit", int, 1000)
    )


LOOKUPS: Final[Mapping[str, Callable[[Header], Any]]] = {
    "definition": _definition,
    "definitions": _definitions,
    "types": _types,
    "choose_reader": _choose_reader,
    "list_files": _list_files,
}
"""What is answered for each `op`, as plain data."""


def look_up(header: Header) -> Packet:
    """The answer to a packet whose `op` is one of `LOOKUPS`. Raises VtkBridgeError, MissingField."""
    return pack_payload({"op": header["op"]}, LOOKUPS[header["op"]](header))
