"""Arrays, attributes and cells: from a peer's plain data to checked descriptions."""

from __future__ import annotations

from typing import Any, Final

from ..byte_views import BufferPool
from ..description import ArrayDescription, AttributesDescription, CellsDescription
from ..errors import DataSetError
from ..scalar_types import NAMES, NUMERIC, STRING, exact_size_bytes
from .plain_values import integer, mapping, optional_text, sequence, show

MAX_COMPONENTS: Final = 2**16
"""VTK allocates per component even for an array without values."""

MAX_TUPLES: Final = 2**63 - 1
MAX_CELL_SIZE: Final = 2**31 - 1

_ANY = range(1, MAX_COMPONENTS + 1)

ATTRIBUTES: Final[dict[str, range | frozenset[int]]] = {
    "Scalars": _ANY,
    "Vectors": frozenset({3}),
    "Normals": frozenset({3}),
    "TCoords": frozenset({1, 2, 3}),
    "Tensors": frozenset({6, 9}),
    "GlobalIds": frozenset({1}),
    "PedigreeIds": frozenset({1}),
    "EdgeFlag": frozenset({1}),
    "Tangents": frozenset({3}),
    "RationalWeights": frozenset({1}),
    "HigherOrderDegrees": frozenset({3}),
    "ProcessIds": frozenset({1}),
}
"""vtkDataSetAttributes::AttributeTypes in VTK's order, with the numbers of components each accepts."""


def parse_array(value: object, pool: BufferPool, what: str) -> ArrayDescription:
    """Read an array; its bytes must be exactly as many as its type and shape need."""
    plain = mapping(value, what)
    name = optional_text(plain.get("name"), f"{what}: name")
    what = f"{what} {show(name)}"
    type_name = plain.get("type")
    if not isinstance(type_name, str) or type_name not in NAMES:
        raise DataSetError(f"{what}: unknown array type {show(type_name)}; known are {', '.join(sorted(NAMES))}")
    components = integer(plain.get("components"), f"{what}: components", low=1, high=MAX_COMPONENTS)
    tuples = integer(plain.get("tuples"), f"{what}: tuples", low=0, high=MAX_TUPLES)
    data = pool.claim(plain.get("buffer"), what)
    expected = exact_size_bytes(type_name, components * tuples)
    if expected is None:
        # The offsets of the texts come first (strings.py); what follows them is checked when it is read.
        least = 8 * (components * tuples + 1) if tuples else 0
        if data.nbytes < least or (data.nbytes and not tuples):
            raise DataSetError(f"{what}: {tuples} texts need {least} bytes of offsets, got {data.nbytes} bytes")
    elif data.nbytes != expected:
        raise DataSetError(f"{what}: {tuples} x {components} {type_name} need {expected} bytes, got {data.nbytes}")
    names = _component_names(plain.get("component_names"), components, what)
    return ArrayDescription(name, type_name, components, tuples, names, data)


def _component_names(value: object, components: int, what: str) -> tuple[str | None, ...]:
    if value is None:
        return ()
    names = sequence(value, f"{what}: component names", length=components)
    return tuple(optional_text(name, f"{what}: component name") for name in names)


def parse_attributes(value: object, pool: BufferPool, what: str, *, tuples: int | None) -> AttributesDescription:
    """Read the arrays of one attribute set; `tuples` is what each must have, None for field data (any)."""
    plain = mapping(value, what)
    arrays = tuple(
        parse_array(item, pool, f"{what} array") for item in sequence(plain.get("arrays"), f"{what}: arrays")
    )
    for array in arrays:
        if tuples is not None and array.tuples != tuples:
            raise DataSetError(f"{what} array {show(array.name)}: expected {tuples} tuples, got {array.tuples}")
    active = mapping(plain.get("active", {}), f"{what}: active attributes")
    if tuples is None and active:
        raise DataSetError(f"{what}: expected no active attributes, got {len(active)}")
    return AttributesDescription(arrays, tuple(_active(item, arrays, what) for item in active.items()))


def _active(item: tuple[str, Any], arrays: tuple[ArrayDescription, ...], what: str) -> tuple[str, int]:
    name, value = item
    if name not in ATTRIBUTES:
        raise DataSetError(f"{what}: unknown attribute {show(name)}; known are {', '.join(ATTRIBUTES)}")
    place = integer(value, f"{what}: active {name}", low=0, high=len(arrays) - 1)
    array = arrays[place]
    if array.components not in ATTRIBUTES[name]:
        raise DataSetError(f"{what}: {name} cannot be an array of {array.components} components")
    if array.type == STRING and name != "PedigreeIds":
        raise DataSetError(f"{what}: {name} cannot be an array of strings")
    return name, place


def parse_points(value: object, pool: BufferPool) -> ArrayDescription | None:
    """Read points: None, or three numeric components each."""
    if value is None:
        return None
    points = parse_array(value, pool, "points")
    if points.components != 3 or points.type not in NUMERIC:
        raise DataSetError(f"points: expected 3 numeric components, got {points.components} x {points.type}")
    return points


def parse_coordinates(value: object, pool: BufferPool, what: str) -> ArrayDescription | None:
    """Read the coordinates along one axis: None, or one numeric component."""
    if value is None:
        return None
    array = parse_array(value, pool, what)
    if array.components != 1 or array.type not in NUMERIC:
        raise DataSetError(f"{what}: expected 1 numeric component, got {array.components} x {array.type}")
    return array


def parse_cells(value: object, pool: BufferPool, what: str) -> CellsDescription | None:
    """Read cells, or None; their contents are looked at by content.py."""
    if value is None:
        return None
    plain = mapping(value, what)
    count = integer(plain.get("count"), f"{what}: count", low=1, high=MAX_TUPLES - 1)
    connectivity = _index_array(plain.get("connectivity"), pool, f"{what}: connectivity")
    if plain.get("cell_size") is not None:
        size = integer(plain["cell_size"], f"{what}: cell size", low=1, high=MAX_CELL_SIZE)
        if plain.get("offsets") is not None:
            raise DataSetError(f"{what}: expected either offsets or a cell size, got both")
        if connectivity.tuples != count * size:
            raise DataSetError(
                f"{what}: {count} cells of {size} points need {count * size} ids, got {connectivity.tuples}"
            )
        return CellsDescription(count, connectivity, None, size)
    offsets = _index_array(plain.get("offsets"), pool, f"{what}: offsets")
    if offsets.tuples != count + 1:
        raise DataSetError(f"{what}: {count} cells need {count + 1} offsets, got {offsets.tuples}")
    if offsets.type != connectivity.type:
        raise DataSetError(f"{what}: offsets are {offsets.type} but connectivity is {connectivity.type}")
    return CellsDescription(count, connectivity, offsets, None)


def _index_array(value: object, pool: BufferPool, what: str) -> ArrayDescription:
    array = parse_array(value, pool, what)
    if array.type not in ("int32", "int64") or array.components != 1:
        raise DataSetError(f"{what}: expected 1 component of int32 or int64, got {array.components} x {array.type}")
    return array


def parse_cell_types(value: object, pool: BufferPool, *, count: int) -> ArrayDescription | None:
    """Read the type of each cell as uint8, or None where there are no cells."""
    if value is None:
        if count:
            raise DataSetError(f"cell types: expected {count}, got none")
        return None
    array = parse_array(value, pool, "cell types")
    if array.type != "uint8" or array.components != 1 or array.tuples != count:
        raise DataSetError(
            f"cell types: expected {count} x uint8, got {array.tuples} x {array.components} x {array.type}"
        )
    return array
