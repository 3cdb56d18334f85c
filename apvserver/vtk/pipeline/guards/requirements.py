"""What a type needs of its inputs, looked at before VTK runs: rules as plain functions of a definition and the data.

A rule gets the definition, what the inputs hold by their names, and the values that were set; it says what is needed
and what there is, or None. An empty input is asked for nothing: of it VTK makes something empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from vtkmodules import vtkCommonDataModel

from async_paraview.domains import NO_NUMBERS, fitting_arrays
from async_paraview.information import DataInformation

from ...types.definitions import Definition, InputDefinition, PropertyDefinition
from ...types.limits import LIMITED, Held, outside_limits, too_large

Rule = Callable[[Definition, Held, Mapping[str, Any]], str | None]

_CONVERSIONS: Final = {
    ("vtkTable", "vtkDataSet"): "TableToPoints makes points of the rows",
    ("vtkTable", "vtkPointSet"): "TableToPoints makes points of the rows",
    ("vtkTable", "vtkPolyData"): "TableToPoints makes points of the rows",
    ("vtkDataSet", "vtkPolyData"): "ExtractSurface makes a surface of it",
    ("vtkDataSet", "vtkPointSet"): "CleantoGrid makes an unstructured grid of it",
    ("vtkDataSet", "vtkUnstructuredGridBase"): "CleantoGrid makes an unstructured grid of it",
    ("vtkDataSet", "vtkImageData"): "ResampleToImage makes an image of it",
    ("vtkDataSet", "vtkTable"): "DataToTable makes a table of its arrays",
}


def unmet(definition: Definition, held: Held, values: Mapping[str, Any]) -> str | None:
    """Return what the first rule says that is not kept; None if all are."""
    for rule in definition.once(_rules):
        if (why := rule(definition, held, values)) is not None:
            return why
    return None


def _rules(definition: Definition) -> tuple[Rule, ...]:
    """Return the rules that can matter to a type."""
    return tuple(rule for rule, matters in RULES if matters(definition))


def _connected(definition: Definition, held: Held, _values: Mapping[str, Any]) -> str | None:
    """Require what it works on: VTK says of an input that is missing only the number."""
    missing = [port.name for port in definition.inputs if not port.optional and not held.get(port.name)]
    return f"it has no input: set {' and '.join(missing)}" if missing else None


def _files(definition: Definition, _held: Held, values: Mapping[str, Any]) -> str | None:
    """Require the files of a reader: some of VTK's read nothing without, and say nothing."""
    if definition.group != "readers":
        return None
    named = [one.name for one in definition.with_domain("files")]
    if not named or any(values.get(name) for name in named):
        return None
    return f"{' or '.join(named)} is not set: it names what is to be read"


def _kinds(definition: Definition, held: Held, _values: Mapping[str, Any]) -> str | None:
    """Require the kind of data: of a composite, each of its blocks may be of that kind as well."""
    for port in definition.inputs:
        for one in held.get(port.name, ()):
            wrong = _wrong_kind(port, one)
            if wrong is not None:
                wanted = " or ".join(port.data_types)
                return f"its input {port.name} takes a {wanted}, and there is a {wrong}{_conversion(wrong, port)}"
    return None


def _wrong_kind(port: InputDefinition, data: DataInformation) -> str | None:
    if not data.data_type or not port.data_types:
        return None
    if not is_a(data.data_type, "vtkCompositeDataSet"):
        return None if any(is_a(data.data_type, kind) for kind in port.data_types) else data.data_type
    of_blocks = [
        kind for kind in port.data_types if not is_a(kind, "vtkCompositeDataSet") and not is_a(kind, "vtkSelection")
    ]
    if not of_blocks:
        return None if any(is_a(data.data_type, kind) for kind in port.data_types) else data.data_type
    wrong = [kind for kind in _kinds_of_blocks(data.raw["blocks"]) if not any(is_a(kind, t) for t in of_blocks)]
    return f"{wrong[0]} among the blocks" if wrong else None


def _kinds_of_blocks(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for block in blocks:
        if block["blocks"]:
            yield from _kinds_of_blocks(block["blocks"])
        elif block["type"] and not is_a(block["type"], "vtkCompositeDataSet"):
            yield block["type"]


def _conversion(kind: str, port: InputDefinition) -> str:
    kind = kind.split()[0]
    for (found, wanted), how in _CONVERSIONS.items():
        if is_a(kind, found) and wanted in port.data_types:
            return f"; {how}"
    return ""


def _arrays(definition: Definition, held: Held, values: Mapping[str, Any]) -> str | None:
    """Require an array to work on: a chosen array must fit; where none was chosen, some array must."""
    for one in definition.with_domain("arrays"):
        data = _first(held, one.domain)
        if data is None or _is_empty(data):
            continue
        if one.name in values:
            unfit = _unfit(one, data, values[one.name])
        else:
            spared = one.domain.get("none") or (one.domain.get("optional") and not _decides(one, values))
            unfit = None if spared or fitting_arrays(one.domain, data) else ""
        if unfit is not None:
            return f"{unfit}{_needed(one, data)}"
    return None


def _decides(one: PropertyDefinition, values: Mapping[str, Any]) -> bool:
    """Return whether another property was set so that this one, which else means nothing, decides what is made."""
    other = one.hidden_unless.get("property", "")
    return other in values and values[other] == one.hidden_unless["equals"]


def _needed(one: PropertyDefinition, data: DataInformation) -> str:
    sizes = " or ".join(str(size) for size in one.domain.get("components", ())) or "any number of"
    where = " or ".join(one.domain.get("associations", ("POINTS", "CELLS"))).lower()
    there = ", ".join(f"{array.association} {array.name} ({array.components})" for array in data.arrays[:20])
    needed = f"{one.name} needs an array of numbers of {where} with {sizes} component(s)"
    return f"{needed}; there is: {there or 'none'}{_hint(one.domain, data)}"


def _unfit(one: PropertyDefinition, data: DataInformation, chosen: Any) -> str | None:
    """Return what was chosen that does not fit; None if it does.

    An array that is not there is told elsewhere, by its name.
    """
    named = bool(one.domain.get("names"))
    if (named and not isinstance(chosen, str)) or (not named and not (isinstance(chosen, list | tuple) and chosen)):
        return None
    if not named and isinstance(chosen[0], list | tuple):
        return None
    if named and not chosen:
        return None if one.domain.get("none") else f"{one.name} is empty; "
    name = chosen if named else chosen[1]
    meant = [array for array in data.arrays if array.name == name and (named or array.association == chosen[0])]
    fitting = fitting_arrays(one.domain, data)
    if any(array in fitting for array in meant) or not (meant or named):
        return None
    if not meant:
        return f"{one.name} is {name!r}, which is not there; "
    kind = "texts" if meant[0].data_type in NO_NUMBERS else f"{meant[0].components} component(s)"
    return f"{one.name} is {meant[0].association} {name} ({kind}), which does not fit; "


def _hint(domain: Mapping[str, Any], data: DataInformation) -> str:
    wanted = domain.get("associations", ())
    for here, there, how in (
        ("POINTS", "CELLS", "CellDatatoPointData brings those of cells to the points"),
        ("CELLS", "POINTS", "PointDatatoCellData brings those of points to the cells"),
    ):
        if here in wanted and there not in wanted and fitting_arrays({**domain, "associations": [there]}, data):
            return f"; {how}"
    return ""


def _extents(definition: Definition, held: Held, values: Mapping[str, Any]) -> str | None:
    """Require a volume of interest that lies in the data: VTK fails on others, or ends the process."""
    for one in definition.with_domain("extent"):
        data = _first(held, one.domain)
        if one.name not in values or data is None:
            continue
        extent, wanted = data.raw.get("extent"), values[one.name]
        if extent and not is_inside(wanted, extent):
            return f"{one.name} is {list(wanted)} and must lie in the extent of the input, {list(extent)}"
    return None


def is_inside(wanted: Any, extent: Any) -> bool:
    """Return whether indices make a block that is part of an extent."""
    axes = zip(wanted[::2], wanted[1::2], extent[::2], extent[1::2], strict=True)
    return all(low <= first <= last <= high for first, last, low, high in axes)


def _first(held: Held, domain: Mapping[str, Any]) -> DataInformation | None:
    several = held.get(domain.get("of", "Input"), ())
    return several[0] if several else None


def _is_empty(data: DataInformation) -> bool:
    return not (data.number_of_points or data.number_of_cells or data.number_of_rows)


def is_a(kind: str, other: str) -> bool:
    """Return whether a class of data objects is another, or made of it."""
    one, ancestor = (vars(vtkCommonDataModel).get(name) for name in (kind, other))
    return kind == other or (isinstance(one, type) and isinstance(ancestor, type) and issubclass(one, ancestor))


RULES: Final[tuple[tuple[Rule, Callable[[Definition], bool]], ...]] = (
    (_connected, lambda definition: bool(definition.inputs)),
    (_files, lambda definition: definition.group == "readers"),
    (_kinds, lambda definition: bool(definition.inputs)),
    (_arrays, lambda definition: bool(definition.with_domain("arrays"))),
    (_extents, lambda definition: bool(definition.with_domain("extent"))),
    (outside_limits, lambda definition: bool(definition.with_domain(*LIMITED))),
    (too_large, lambda definition: bool(definition.with_domain("size"))),
)
"""Each rule, and whether a type can break it."""
