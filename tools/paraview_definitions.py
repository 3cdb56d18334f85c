"""Write definitions of the types of ParaView that no file of `apvserver/definitions` describes: facts of its XML.

    python tools/paraview_definitions.py GIT_DIRECTORY_OF_PARAVIEW

makes `apvserver/definitions/paraview/*.json`: for each type whose VTK class is in the wheel, its names, and which
property of which class each of them sets, with ParaView's defaults, enumerations and domains. What leads to no property
of VTK's class is told at the end.
"""

from __future__ import annotations

import json
import math
import re
import sys
from pathlib import Path
from typing import Any, Final

from paraview_xml import Definitions, XmlProperty, XmlProxy, defaults, is_reader, listed
from vtkmodules.vtkCommonDataModel import vtkDataObjectTypes

from apvserver.vtk.base.errors import VtkError
from apvserver.vtk.types.catalog import canonical_name, construct
from apvserver.vtk.types.definitions import Definition, PropertyDefinition
from apvserver.vtk.types.reflection import definition
from apvserver.vtk.types.toml_definitions import hand_written_names

_PLACE: Final = Path(__file__).parents[1] / "apvserver" / "definitions" / "paraview"
_ASSOCIATIONS: Final = {
    "point": ["POINTS"], "cell": ["CELLS"], "any": ["POINTS", "CELLS"], "any-except-field": ["POINTS", "CELLS", "ROWS"],
    "row": ["ROWS"], "field": ["FIELD"], "vertex": ["VERTICES"], "edge": ["EDGES"],
}  # fmt: skip
_OF_POINTS: Final = frozenset({"vtkVortexCore"})
"""Classes that end the process on arrays of cells, which ParaView offers them."""
_LEFT_OUT: Final = frozenset({
    "AMRInterface", "AggregateDataset", "AngularPeriodicFilter", "Cesium3DTilesReader", "ClipClosedSurface",
    "ColorByArray", "Cylinder", "DataObjectGenerator", "ExodusIIWriter", "ExtractSelectioninternal",
    "GenerateStatistics", "GeometryFilter", "Histogram2D", "ImageAccumulate", "PVTrivialProducer",
    "PVTrivialProducer2", "Plane", "PointSource", "RectilinearGridGeometryFilter", "ResampleToLine",
    "RestartedSimExodusReader", "SelectionQuerySource", "SliceWithPlane", "SplineSource", "Superquadric",
    "TemporalCache", "TemporalCacheSource", "TemporalParticlesToPathlines", "Test3DWidget", "Text",
    "TrivialProducer", "YoungsMaterialInterface",
})  # fmt: skip
"""Types that are of no use here, that end the process, or whose class here lacks what they are about."""


def main() -> None:
    """Write the files, and tell what has no place."""
    definitions = Definitions(Path(sys.argv[1]))
    by_hand = set(hand_written_names())
    unplaced: list[str] = []
    for group in ("sources", "readers", "filters", "writers"):
        made: dict[str, Any] = {}
        for one in listed(definitions.group("sources" if group == "readers" else group)):
            if (group == "readers") != is_reader(one) and group in ("sources", "readers"):
                continue
            if (
                "Generic" in one.python
                or one.python in by_hand
                or one.python in made
                or one.python in _LEFT_OUT
                or one.name.endswith("SelectionSource")
            ):
                continue
            table = _Type(definitions, one, group, unplaced).table()
            if table is not None:
                made[one.python] = table
        _PLACE.mkdir(exist_ok=True)
        (_PLACE / f"{group}.json").write_text(_text(made), encoding="utf-8")
        print(group, len(made))
    print("\n".join(unplaced))


_OF_TIMES: Final = "save_data writes files of several times: session.save_data(path, source, WriteTimeSteps=True)"
_RANKS: Final = "one process writes all"
_ONE_VALUE: Final = {
    **dict.fromkeys(
        ("WriteTimeSteps", "WriteAllTimeSteps", "MinTimeStep", "MaxTimeStep", "TimeStepStride", "FileNameSuffix"),
        _OF_TIMES,
    ),
    "WriteSeriesMetaFile": _OF_TIMES,
    **dict.fromkeys(("NumberOfIORanks", "RankAssignmentMode"), _RANKS),
}
"""Properties of writers that can have no other value than their default, and why."""
_CHOSEN: Final = tuple(f"{kind}DataArrays" for kind in ("Point", "Cell", "Field", "Vertex", "Edge", "Row"))
"""Which arrays are written, by what they belong to."""
_NOT_PARALLEL: Final = frozenset({"vtkPDataSetReader"})
"""Classes whose names begin like those of parallel forms, and that do something else than the one without the P."""


_OURS: Final = {
    "vtkAVSucdReader": "AVSUCDReader", "vtkFLUENTReader": "FluentReader", "vtkGAMBITReader": "GambitReader",
    "vtkGaussianCubeReader2": "GaussianCubeReader", "vtkPLYReader": "PLYFileReader", "vtkPTSReader": "PointTextReader",
    "vtkSegYReader": "SEGYReader", "vtkTecplotReader": "TecplotReader",
}  # fmt: skip
"""Readers of our own that stand for those of VTK, whose values or places are wrong."""


def our_class(name: str) -> str | None:
    """Return the class of the wheel that does what a class of ParaView does: itself, or the one that it is made of."""
    if name in _OURS:
        return _OURS[name]
    serial = [] if name in _NOT_PARALLEL else [re.sub(r"^vtkP(?=[A-Z])", "vtk", name)]
    for one in (*serial, name, name.replace("vtkPV", "vtk")):
        try:
            construct(canonical_name(one))
        except VtkError:
            continue
        return canonical_name(one)
    return None


_INTERPOLATORS: Final = frozenset({"vtkPointInterpolator", "vtkSPHInterpolator"})


def _with_parts_before(table: dict[str, Any], vtk_name: str) -> dict[str, Any]:
    """Return a definition with what has to stand before its class: interpolators take numbers of one data set."""
    if vtk_name not in _INTERPOLATORS:
        return table
    for one in table["input"]:
        if one["port"] == "vtk.Source":
            del one["data_types"]
            one |= {"port": "source.Input", "repeatable": False}
    for one in table["property"]:
        one.setdefault("target", f"vtk.{one['name']}")
    before = {"source": "AppendedGrids", "numbers": "NumbersOnly"}
    links = {"numbers.Input": "source", "vtk.Source": "numbers"}
    return {**table, "parts": {**before, **table["parts"]}, "links": links}


_OBJECTS: Final = {"Axis Aligned Plane": "AxisAlignedPlane"}
"""Objects that are not called here as their class is."""


class _Type:
    def __init__(self, definitions: Definitions, proxy: XmlProxy, group: str, unplaced: list[str]) -> None:
        self._definitions = definitions
        self._proxy = proxy
        self._group = group
        self._unplaced = unplaced
        self._names: dict[str, str] = {name: one.python for name, one in proxy.properties.items()}
        self._fixed: dict[str, Any] = {}

    def table(self) -> dict[str, Any] | None:
        """Return the definition of the type; None if the class that it needs is not there."""
        vtk_name = our_class(self._proxy.inner_class)
        if vtk_name is None:
            return None
        self._vtk_name = vtk_name
        self._definition: Definition = definition(vtk_name)
        self._known = self._definition.by_name
        properties = [made for one in self._proxy.properties.values() if (made := self._property(one)) is not None]
        inputs = self._inputs()
        table: dict[str, Any] = {"group": self._group, "label": self._proxy.label}
        if self._fixed:
            table["parts"] = {"vtk": {"class": vtk_name, "set": self._fixed}}
        else:
            table["parts"] = {"vtk": vtk_name}
        if self._proxy.python == vtk_name.removeprefix("vtk"):
            table["rest"] = True
        if inputs is not None:
            table["input"] = inputs
        made = _with_parts_before({**table, "property": _once(properties)}, vtk_name)
        return self._with_arrays(made) if "PointDataArrays" in self._proxy.properties else made

    def _with_arrays(self, table: dict[str, Any]) -> dict[str, Any]:
        """Return the definition of a writer with what chooses arrays in front of it."""
        port = self._definition.inputs[0]
        own = {one["name"] for one in table["property"]}
        chosen = [{"name": "ChooseArraysToWrite", "target": "arrays.Enabled", "default": False}]
        chosen += [{"name": one, "target": f"arrays.{one}"} for one in _CHOSEN if one in self._proxy.properties]
        return {
            **table,
            "parts": {"arrays": "vtkPassSelectedArrays", **table["parts"]},
            "links": {f"vtk.{port.name}": "arrays"},
            "input": [
                {"name": "Input", "port": "arrays.Input", "data_types": list(port.data_types), "repeatable": False}
            ],
            "property": [
                *(one if "only" in one else {"target": f"vtk.{one['name']}", **one} for one in table["property"]),
                *(one for one in chosen if one["name"] not in own),
            ],
        }

    # --- inputs

    def _inputs(self) -> list[dict[str, Any]] | None:
        """Return the inputs with ParaView's names, None if they are called as VTK's are."""
        ports = self._definition.inputs
        found: list[dict[str, Any]] = []
        taken: set[int] = set()
        for one in self._proxy.properties.values():
            if one.kind != "input":
                continue
            port = self._port(one)
            if port is None or port in taken:
                self._lost(one, "it leads to no input")
                continue
            taken.add(port)
            made: dict[str, Any] = {"name": one.python, "port": f"vtk.{ports[port].name}"}
            wanted = one.domain("DataTypeDomain")
            types = [child.get("value", "") for child in wanted.iter("DataType")] if wanted is not None else []
            types = _DATA_TYPES.get(self._proxy.python) or [
                kind for kind in types if _taken(kind, ports[port].data_types)
            ]
            types = list(dict.fromkeys(types))
            if types and types != list(ports[port].data_types) and "vtkDataObject" not in types:
                made["data_types"] = types
            if one.domain("InputArrayDomain") is None and wanted is None and ports[port].optional:
                made["optional"] = True
            found.append(made)
        if found and 0 not in taken and not ports[0].optional:  # of base types that others complete
            found.append({"name": "Source", "port": f"vtk.{ports[0].name}"})
        for port, known in enumerate(ports):
            if port not in taken and not known.optional and port:
                self._unplaced.append(f"{self._proxy.python}: input {known.name} has no name in ParaView")
        same = [one["name"] for one in found] == [one.name for one in ports] and all(len(one) == 2 for one in found)
        return None if same or not ports else found

    def _port(self, one: XmlProperty) -> int | None:
        names = [known.name for known in self._definition.inputs]
        if self._vtk_name.startswith(("vtkParticle", "vtkStreakline")) and one.python == "SeedSource":
            return 1
        command = one.attributes.get("command", "")
        name = command.removeprefix("Set").removeprefix("Add").removesuffix("Connection").removesuffix("Data")
        if name.removeprefix("Input") in names and name != "Input":
            return names.index(name.removeprefix("Input"))
        if name in names and name != "Input":
            return names.index(name)
        port = int(one.attributes.get("port_index", "0"))
        return port if port < len(names) else None

    # --- properties

    def _property(self, one: XmlProperty) -> dict[str, Any] | None:
        if one.kind in ("input", "button") or one.internal or not one.python:
            return None
        if one.kind == "proxy":
            return self._holding(one)
        found = self._target(one)
        if found is None and self._group == "writers" and one.name in _ONE_VALUE:
            return self._of_one_value(one)
        if found is None:
            self._lost(one, one.attributes.get("command", "") or f"part {one.attributes.get('part', '')}")
            return None
        name, index = found
        made: dict[str, Any] = {"name": one.python}
        if name != one.python or index is not None:
            made["target"] = f"vtk.{name}"
        if index is not None:
            made["index"] = index
        if one.label.replace(" ", "") != one.python or " " in one.label:
            made["label"] = one.label
        panel = one.attributes.get("panel_visibility", "default")
        if panel in ("advanced", "never") and not self._known[name].path:
            made["panel"] = panel
        made |= self._values(one, self._known[name])
        if domain := self._domain(one, self._known[name]):
            made["domain"] = domain
        return made

    def _of_one_value(self, one: XmlProperty) -> dict[str, Any]:
        """Return a property that can only be as it is, and why."""
        default = _one_or_all(defaults(one), one.kind)
        is_switch = one.domain("BooleanDomain") is not None
        made = {"name": one.python, "label": one.label, "panel": "never", "only": _ONE_VALUE[one.name]}
        if one.entries:
            made["entries"] = one.entries
        return {**made, "default": bool(default) if is_switch else default}

    def _target(self, one: XmlProperty) -> tuple[str, int | None] | None:
        """Return the property of VTK's class that a property of ParaView sets, and the place in it."""
        command = one.attributes.get("command", "")
        if self._group == "writers" and one.python == "FileName" and "FileName" in self._known:
            return "FileName", None
        if command == "SetInputArrayToProcess" and "SelectInputArray" in self._known:
            numbers = one.attributes.get("default_values", "0").split() or ["0"]
            return "SelectInputArray", int(numbers[0]) if numbers[0].isdigit() else 0
        for name in _spellings(command):
            if name in self._known and not self._known[name].information and self._known[name].kind != "object":
                return name, None
        return None

    def _values(self, one: XmlProperty, known: PropertyDefinition) -> dict[str, Any]:
        """Return entries and default, where they are not VTK's."""
        entries = one.entries if known.type in ("int", "enum", "bool") and known.size == 1 else {}
        made: dict[str, Any] = {"entries": entries} if entries else {}
        default = self._default(one, known, entries)
        return made if default is None or _same(default, known.default) else {**made, "default": default}

    def _default(self, one: XmlProperty, known: PropertyDefinition, entries: dict[str, int]) -> Any:
        """Return ParaView's default, as VTK's property takes it; None if there is none."""
        values: list[Any] = list(defaults(one))
        of_names = known.name == "SelectInputArray" or known.type in ("array_selection", "object") or known.path
        if of_names or not values or (known.type == "str" and known.size != 1):
            return None
        kind = {"bool": bool, "float": float}.get(known.type, lambda value: value)
        typed = [kind(value) for value in values]
        if known.size != 1 and isinstance(known.default, list | tuple):
            if known.size not in (0, len(typed)):
                self._lost(one, f"{len(values)} default values for {known.size}")
                return None
            return tuple(typed)
        if len(typed) != 1:
            self._lost(one, f"{len(values)} default values for one")
            return None
        if known.type == "enum" and not entries and typed[0] not in dict(known.enumeration).values():
            self._lost(one, f"its default {typed[0]!r} is none of VTK's")
            return None
        return typed[0]

    def _domain(self, one: XmlProperty, known: PropertyDefinition) -> dict[str, Any]:
        if known.domain:
            return {}
        if known.path and self._group == "readers":
            return {"kind": "files"} if one.python in ("FileName", "FileNames") else {}
        if (found := one.domain("ArrayListDomain")) is not None and one.attributes.get("command", "").endswith(
            "Selection"
        ):
            return {**self._arrays(one, found), "names": True, "none": True, "all": True}
        if (found := one.domain("ArrayListDomain")) is not None and known.name == "SelectInputArray":
            return self._arrays(one, found)
        if (found := one.domain("BoundsDomain")) is not None:
            return self._bounds(one, found)
        if (found := one.domain("ArrayRangeDomain")) is not None:
            return self._range(one, found, known)
        if one.domain("ExtentDomain") is not None and known.size == 6:
            return {"kind": "extent"}
        return {}

    def _arrays(self, one: XmlProperty, found: Any) -> dict[str, Any]:
        wanted: dict[str, Any] = {"kind": "arrays", "associations": ["POINTS", "CELLS"]}
        of = next((part.get("name") for part in found.iter("Property") if part.get("function") == "Input"), "Input")
        source = self._proxy.properties.get(of or "Input")
        named = found.get("input_domain_name")
        if source is not None:
            for domain in source.domains:
                if domain.tag == "InputArrayDomain" and named in (None, domain.get("name")):
                    wanted["associations"] = _ASSOCIATIONS.get(domain.get("attribute_type", "any"), ["POINTS", "CELLS"])
                    if numbers := domain.get("number_of_components"):
                        wanted["components"] = [int(number) for number in numbers.split(",")]
            if source.python != "Input":
                wanted["of"] = source.python
        wanted |= {"associations": ["POINTS"]} if self._vtk_name in _OF_POINTS else {}
        if self._definition.inputs and set(self._definition.inputs[0].data_types) == {"vtkTable"}:
            wanted["associations"] = ["ROWS"]
        wanted |= _marked(found.get("attribute_type"))
        if found.get("attribute_type") == "Vectors" and "components" not in wanted:
            wanted["components"] = [3]
        if any(
            domain.tag == "InputArrayDomain" and domain.get("optional") == "1"
            for domain in (source.domains if source else ())
        ):
            wanted["optional"] = True
        if found.get("none_string") or one.attributes.get("default_values", "").endswith("None"):
            wanted["none"] = True
        return wanted

    def _bounds(self, one: XmlProperty, found: Any) -> dict[str, Any]:
        mode, default = found.get("mode", "normal"), found.get("default_mode", "")
        asked = {part.get("function"): part.get("name") for part in found.iter("Property")}
        of = {"of": self._names[asked["Input"]]} if asked.get("Input") not in (None, "Input") else {}
        if asked.get("Input") not in self._proxy.properties:
            return {}
        size = int(one.attributes.get("number_of_elements", "1"))
        if mode == "normal" and size == 3 and default in ("mid", "min", "max"):
            return {"kind": "bounds", "mode": {"mid": "center", "min": "low", "max": "high"}[default], **of}
        if mode == "scaled_extent" and size == 1:
            scale = float(found.get("scale_factor", "0.1"))
            return {"kind": "bounds", "mode": "scaled_extent", "scale": scale, **of}
        return {}

    def _range(self, one: XmlProperty, found: Any, known: PropertyDefinition) -> dict[str, Any]:
        asked = {part.get("function"): part.get("name") for part in found.iter("Property")}
        array = self._proxy.properties.get(asked.get("ArraySelection") or "")
        if array is None:
            return {}
        mode = {"min": "low", "max": "high", "range": "both"}.get(found.get("default_mode", ""), "")
        if known.size == 2:
            mode = "both"
        made: dict[str, Any] = {"kind": "array_range", "array": array.python}
        if mode:
            made["mode"] = mode
        if known.size == 0 and isinstance(known.default, tuple):
            made["list"] = True
        return made

    def _holding(self, one: XmlProperty) -> dict[str, Any] | None:
        """Return a property that holds an object or a source."""
        domain = one.domain("ProxyListDomain")
        command = one.attributes.get("command", "")
        name = command.removeprefix("Set").removesuffix("Connection")
        offered = [] if domain is None else [(e.get("group", ""), e.get("name", "")) for e in domain.iter("Proxy")]
        if domain is not None:
            for group in domain.iter("Group"):
                name_ = group.get("name", "")
                listed_ = [(name_, proxy.name) for proxy in self._definitions.group(name_)]
                offered += sorted(listed_, key=lambda pair: pair[1] != group.get("default"))
        made: dict[str, Any] = {"name": one.python}
        if (panel := one.attributes.get("panel_visibility", "default")) in ("advanced", "never"):
            made["panel"] = panel
        if one.label.replace(" ", "") != one.python or " " in one.label:
            made["label"] = one.label
        known = self._known.get(name)
        if known is not None and known.kind == "object":
            candidates = [
                _OBJECTS.get(pair[1], _short(class_))
                for pair in offered
                if (class_ := self._object_class(*pair)) in known.candidates
            ]
            if candidates:
                return {
                    **made,
                    "target": f"vtk.{name}",
                    "kind": "object",
                    "candidates": list(dict.fromkeys(candidates)),
                }
        ports = [port.name for port in self._definition.inputs]
        if name in ports:
            sources = [found for pair in offered if (found := self._source(*pair))]
            if sources:
                return {**made, "connect": f"vtk.{name}", "candidates": sources}
        self._lost(one, f"{command} takes none of {offered[:4]}")
        return None

    def _object_class(self, group: str, name: str) -> str:
        try:
            return self._definitions.proxy(group, name).vtk_class.replace("vtkPV", "vtk")
        except KeyError:
            return ""

    def _source(self, group: str, name: str) -> str:
        try:
            proxy = self._definitions.proxy(group, name)
        except KeyError:
            return ""
        return proxy.python if our_class(proxy.vtk_class) else ""

    def _lost(self, one: XmlProperty, why: str) -> None:
        self._unplaced.append(f"{self._proxy.python}.{one.python}: {why}")


_ROWS_OR_POINTS: Final = ["vtkDataSet", "vtkTable"]
_DATA_TYPES: Final = {"ComputeQuartiles": _ROWS_OR_POINTS, "FieldDatatoAttribute": _ROWS_OR_POINTS}
"""Where VTK's class ends the process on other kinds: trees without a hierarchy of points."""


def _taken(kind: str, by_vtk: tuple[str, ...]) -> bool:
    """Return whether VTK's class takes a kind of data that ParaView names, or its blocks."""
    made = vtkDataObjectTypes.NewDataObject(kind)
    roots = ("vtkDataSet", "vtkPointSet", "vtkCompositeDataSet", "vtkDataObject", "vtkUnstructuredGridBase", "vtkGraph")
    if made is None or not by_vtk:
        return not by_vtk or kind in by_vtk or (kind in roots and "vtkDataObject" in by_vtk)
    return made.IsA("vtkCompositeDataSet") or any(made.IsA(one) for one in by_vtk)


def _spellings(command: str) -> list[str]:
    """Return what the property of VTK's class may be called here that a method sets."""
    plain = command.removeprefix("Set").removeprefix("Add")
    if command.startswith("Get") and command.endswith("Selection"):
        key = command.removeprefix("Get").removesuffix("Selection").replace("DataArray", "Array")
        listed = f"{command.removeprefix('Get').removesuffix('Selection')}s"
        return [
            f"{key}Status",
            f"{key}s",
            key,
            listed,
            f"{key.removesuffix('s')}s",
            {"Family": "Families"}.get(key, key),
        ]
    return [
        *([plain] if command.startswith("Set") else []),
        *([f"{plain}s", plain] if command.startswith("Add") else []),
        *(["Values"] if command == "SetValue" else []),
        _OTHER_SPELLINGS.get(command, plain),
        plain.replace("Status", "ArrayStatus") if "Array" not in plain else plain,
        f"{plain}s",
        f"{plain.removesuffix('Status')}s",
    ]


_OTHER_SPELLINGS: Final = {
    "AddTimeStepIndex": "TimeStepIndices", "AddIndex": "Indices", "SetDefault": "DefaultValue",
    "SetAddIdColumn": "IdColumn", "SetAddMetaData": "MetaData",
}  # fmt: skip


def _marked(kind: str | None) -> dict[str, str]:
    """Return which array comes first: the one that is marked as that."""
    return {"attribute": kind} if kind in ("Scalars", "Vectors") else {}


def _short(vtk_name: str) -> str:
    return vtk_name.removeprefix("vtk")


def _once(properties: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each name once: what sets the property of that name, else the first."""
    by_itself = sorted(properties, key=lambda one: "target" in one)
    chosen = {one["name"]: one for one in reversed(by_itself)}
    return [one for one in properties if chosen[one["name"]] is one]


def _one_or_all(values: Any, kind: str) -> Any:
    """Return a default as a definition has it."""
    if len(values) == 1:
        return values[0]
    return list(values) if values else "" if kind == "str" else 0


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-12)
    return bool(one == other) or (one == "" and other is None)


def _text(types: dict[str, Any]) -> str:
    """Return JSON with a line for each property: a table that can be read, and compared."""
    parts = []
    for name, table in sorted(types.items()):
        head = json.dumps({key: value for key, value in table.items() if key != "property"}, ensure_ascii=False)[1:-1]
        rows = ",\n".join(f"    {json.dumps(one, ensure_ascii=False)}" for one in table["property"])
        body = f"[\n{rows}\n  ]" if rows else "[]"
        parts.append(f' {json.dumps(name)}: {{{head},\n  "property": {body}}}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    main()
