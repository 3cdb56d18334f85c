"""Definitions of algorithm classes, read from the VTK wheel itself.

Each Get/Set pair of a VTK class is a Python descriptor whose doc says "read-write, calls GetX/SetX"; the methods'
docstrings hold the C++ signatures. Reading a class costs a few milliseconds, once.
"""

import functools
import re
import threading
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm

from ..base.vtk_messages import capture
from . import reflection_cache
from .adapters import setters
from .catalog import OWN_CLASSES, canonical_name, class_of, construct, is_object, object_names
from .definitions import Accessor, Definition, Kind, PropertyDefinition, PropertyType, Reflected
from .information_properties import not_to_be_read, reading_definitions
from .ports import group_of, input_definitions

_DESCRIPTOR = type(vtkAlgorithm.abort_execute)
_ACCESS = re.compile(r"(?:read|write)-(?:write|only), calls [GS]et(\w+)")
_SIGNATURE = re.compile(r"^\w+\(self(?:, )?(.*?)\)\s*->\s*(.*?)$(?=\nC\+\+|\n\w+\(|\n\n|\Z)", re.M | re.S)
_PATH = re.compile(
    r"(File_?[Nn]ame|FilePath|FilePrefix|FilePattern|Directory|DirectoryName|^Path|TextureFile|FontFile|InputDeck|BaseName)$"
)
_SCALARS: dict[str, PropertyType] = {"int": "int", "float": "float", "str": "str", "bool": "bool"}
_PYTHON_TYPES: dict[str, Any] = {"int": int, "float": float, "str": str | None, "bool": bool}
ENTRIES = Path(__file__).with_name("entries.toml")
"""What numbers mean of which VTK tells no names."""
_PRECISION = (("Single", 0), ("Double", 1), ("Default", 2))


# Reentrant because definitions are built on any data service's thread.
_lock = threading.RLock()


def definition(type_name: str) -> Definition:
    """Return what the algorithm class of that name takes and offers; the name may lack the "vtk".

    Cached for the life of the process. Raises `UnknownType` for names that are no constructible algorithm class.
    """
    return reflected(canonical_name(type_name)).definition


def reflected(vtk_name: str) -> Reflected:
    """Return the definition and accessors of a class by its canonical VTK name. Raises `UnknownType`."""
    with _lock:
        return _reflect(vtk_name)


@functools.cache
def _reflect(vtk_name: str) -> Reflected:
    """Read from the cache on disk, else from the class itself; classes of our own are read in no time."""
    if vtk_name in OWN_CLASSES:
        return read_class(vtk_name)
    found = reflection_cache.load(vtk_name)
    if found is None:
        found = read_class(vtk_name)
        reflection_cache.store(vtk_name, found)
    return found


def read_class(vtk_name: str) -> Reflected:
    """Return the definition and accessors of a class, read from its descriptors, signatures and a fresh instance."""
    cls = class_of(vtk_name)
    with capture():
        prototype = construct(vtk_name)
        plain_object = is_object(vtk_name)
        adapted = setters.adapted_properties(prototype)
        hidden = {name for adapter in setters.adapters_of(cls) for name in adapter.hides}
        accessors = {a.definition.name: a for a in _accessors(cls, prototype) if a.definition.name not in hidden}
        for one in getattr(cls, "PROPERTIES", ()):
            accessors[one.name] = Accessor(one, f"Get{one.name}", f"Set{one.name}", as_tuple=one.size > 1)
        properties = {name: a.definition for name, a in accessors.items()}
        properties.update({one.name: one for one in adapted})
        if not plain_object:
            taken = frozenset([*properties, *hidden])
            properties.update({one.name: one for one in reading_definitions(cls, taken)})
        inputs = () if plain_object else input_definitions(prototype)
        outputs = 0 if plain_object else prototype.GetNumberOfOutputPorts()
    made = Definition(
        type_name=vtk_name,
        group="objects" if plain_object else group_of(cls, len(inputs)),
        label=label_of(vtk_name),
        doc=_class_doc(cls),
        inputs=inputs,
        outputs=outputs,
        properties=tuple(properties[name] for name in sorted(properties)),
    )
    return Reflected(made, properties, {n: a for n, a in accessors.items() if properties[n] is a.definition})


def label_of(vtk_name: str) -> str:
    """Return a readable label: "vtkFlyingEdges3D" becomes "Flying Edges 3D"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[A-Z][a-z])", " ", vtk_name.removeprefix("vtk"))


def _pairs(cls: Any) -> Iterator[str]:
    """Yield what there may be Get and Set methods for: descriptors of VTK's classes say so."""
    for attribute in dir(cls):
        if attribute in _INHERITED or attribute in _PIPELINE_OBJECTS:
            continue
        descriptor = getattr(cls, attribute)
        access = _ACCESS.match(descriptor.__doc__ or "") if type(descriptor) is _DESCRIPTOR else None
        if access:
            yield access[1]


def _accessors(cls: Any, prototype: Any) -> Iterator[Accessor]:
    left_out = not_to_be_read(cls)
    for name in _pairs(cls):
        # A subclass that overrides one method of a pair hides the other in its descriptor: ask for the methods.
        getter, setter = f"Get{name}", f"Set{name}"
        if name not in left_out and hasattr(cls, getter) and hasattr(cls, setter):
            accessor = _accessor(cls, prototype, getter, setter)
            if accessor:
                yield accessor


# Properties of every algorithm (reference count, executive, abort flag ...) are the bridge's business.
_INHERITED = frozenset(dir(vtkAlgorithm))
_PIPELINE_OBJECTS = frozenset({"input", "output"})


def _accessor(cls: Any, prototype: Any, getter: str, setter: str) -> Accessor | None:
    name = setter.removeprefix("Set")
    get_doc, set_doc = getattr(cls, getter).__doc__ or "", getattr(cls, setter).__doc__ or ""
    doc = _method_doc(set_doc) or _method_doc(get_doc)
    if "self" not in set_doc.partition(")")[0]:
        return None  # a static setter: it would change the whole process, not this algorithm
    forms = [_argument_types(match[1]) for match in _SIGNATURE.finditer(set_doc)]
    # Where a C++ enumeration and an int are both taken, VTK finds the call with a constant ambiguous.
    forms.sort(key=lambda form: not form or form[0] not in _SCALARS)
    if not any(form and all(_is_simple(kind) for kind in form) for form in forms):
        return Accessor(_object_property(name, doc, forms), getter, setter)
    try:
        default = getattr(prototype, getter)()
    except (TypeError, DeprecationWarning):
        return None  # needs arguments, or is deprecated
    for form in forms:
        accessor = _match(cls, prototype, name, default, form)
        if accessor:
            definition, as_tuple, constants = accessor
            full = PropertyDefinition(**{**definition, "doc": doc, "path": _is_path(name, definition["type"])})
            return Accessor(full, getter, setter, as_tuple, constants)
    return None


def _match(
    cls: Any, prototype: Any, name: str, default: Any, form: list[str]
) -> tuple[dict[str, Any], bool, tuple[Any, ...]] | None:
    """Return the property that a setter of that signature has, or nothing if the default does not fit the signature."""
    if len(form) == 1 and form[0][0] in "([":
        parts, as_tuple = [part.strip() for part in form[0][1:-1].split(",")], True
    else:
        parts, as_tuple = form, False
    size = len(default) if isinstance(default, tuple) else 1
    if size != len(parts) or len(set(parts)) != 1 or (as_tuple and not isinstance(default, tuple)):
        return None
    if parts[0] not in _SCALARS:
        return _enumerated(cls, name, default) if size == 1 and isinstance(default, int) else None
    kind = _SCALARS[parts[0]]
    if kind == "int" and size == 1 and type(default) not in (int, bool):
        found = _enumerated(cls, name, default)
        return found and (found[0], False, ())
    if not all(isinstance(one, _PYTHON_TYPES[kind]) for one in (default if size > 1 else (default,))):
        return None
    limits = _range(prototype, name)
    entries: tuple[tuple[str, int], ...] = ()
    if kind == "int" and size == 1:
        if isinstance(default, bool) or _is_switch(cls, name, default, limits):
            kind, default = "bool", bool(default)
        else:
            entries = _entries(cls, name, default)
    return (
        {
            "name": name,
            "type": "enum" if entries else kind,
            "size": size,
            "default": default,
            "range": None if entries or kind == "bool" else limits,
            "enumeration": entries,
        },
        as_tuple,
        (),
    )


def _enumerated(cls: Any, name: str, default: Any) -> tuple[dict[str, Any], bool, tuple[Any, ...]] | None:
    enum = type(default)
    names = {n: getattr(enum, n) for n in dir(enum) if isinstance(getattr(enum, n), enum)}
    if not names:
        names = {n: getattr(cls, n) for n in dir(cls) if type(getattr(cls, n)) is enum}
    names = {n: value for n, value in names.items() if not n.startswith("NumberOf")}
    if not names:
        return None
    ordered = sorted(names.items(), key=lambda item: int(item[1]))
    entries = tuple((entry, int(value)) for entry, value in ordered)
    plain = {"name": name, "type": "enum", "size": 1, "default": int(default), "enumeration": entries}
    return plain, False, tuple(value for _, value in ordered)


def _entries(cls: Any, name: str, default: int) -> tuple[tuple[str, int], ...]:
    """Return the entries of an enumeration that VTK spells as SetXToY methods, found by calling them."""
    if name.endswith("OutputPointsPrecision"):
        return _PRECISION
    if (known := _entries_told(cls, name)) is not None:
        return known
    prefix = f"Set{name}To"
    methods = [m for m in dir(cls) if m.startswith(prefix) and getattr(cls, m).__doc__.startswith(f"{m}(self) ->")]
    if not methods or not hasattr(cls, f"Get{name}"):
        return ()
    scratch = cls()  # not the prototype: these calls may change other properties too
    found = {}
    for method in methods:
        try:
            getattr(scratch, method)()
        except DeprecationWarning:
            continue
        found[method.removeprefix(prefix)] = int(getattr(scratch, f"Get{name}")())
    if len(found) > 1 and len(set(found.values())) == 1:
        return ()  # they set something else
    if default not in found.values():
        found["Unset"] = default
    return tuple(sorted(found.items(), key=lambda entry: (entry[1], entry[0])))


def _entries_told(cls: Any, name: str) -> tuple[tuple[str, int], ...] | None:
    """Return what is known beside VTK of the numbers of a property; None of others."""
    for base in cls.__mro__:
        if name in (told := _told_entries().get(base.__name__, {})):
            return tuple(sorted(told[name].items(), key=lambda entry: entry[1]))
    return None


@functools.cache
def _told_entries() -> dict[str, dict[str, dict[str, int]]]:
    return tomllib.loads(ENTRIES.read_text(encoding="utf-8"))


def _is_switch(cls: Any, name: str, default: int, limits: tuple[float, float] | None) -> bool:
    declared = "vtkTypeBool" in (getattr(cls, f"Get{name}").__doc__ or "") if hasattr(cls, f"Get{name}") else False
    return default in (0, 1) and limits in (None, (0, 1)) and (declared or hasattr(cls, f"{name}On"))


def _range(prototype: Any, name: str) -> tuple[float, float] | None:
    ends = [_call_or_none(getattr(prototype, f"Get{name}{end}Value", None)) for end in ("Min", "Max")]
    if all(isinstance(end, tuple) and len(set(end)) == 1 for end in ends):
        ends = [end[0] for end in ends]
    low, high = ends
    return (low, high) if isinstance(low, int | float) and isinstance(high, int | float) else None


def _call_or_none(method: Callable[[], Any] | None) -> Any:
    try:
        return method() if method else None
    except (TypeError, DeprecationWarning):
        return None


def _argument_types(arguments: str) -> list[str]:
    """Return the types in a signature's argument list; sequences stay one item: "(float, float)"."""
    flat = re.sub(r"\s+", " ", re.sub(r"\w+:|=[^,)]*", "", arguments)).strip()
    return [part.strip() for part in re.findall(r"\([^)]*\)|\[[^]]*\]|[^,]+", flat) if part.strip()]


def _is_simple(kind: str) -> bool:
    """Return whether arguments of that kind can be plain values; wrapped objects, pointers and buffers cannot."""
    return not kind.startswith("vtk") and kind not in ("Pointer", "Callback") and "..." not in kind


def _object_property(name: str, doc: str, forms: list[list[str]]) -> PropertyDefinition:
    kind: Kind = "object"
    roots = [form[0].rpartition(".")[2] for form in forms if len(form) == 1 and form[0].startswith("vtk")]
    candidates = tuple(dict.fromkeys(name for root in roots for name in object_names(root)))
    return PropertyDefinition(name, "object", 1, None, doc=doc, kind=kind, candidates=candidates)


def _is_path(name: str, kind: str) -> bool:
    return kind == "str" and _PATH.search(name) is not None


def _method_doc(doc: str) -> str:
    return re.sub(r"\s+", " ", doc.rpartition("\n\n")[2] if "\n\n" in doc else "").strip()


def _class_doc(cls: Any) -> str:
    summary, _, rest = (cls.__doc__ or "").partition("\n\nSuperclass:")
    return (summary.partition(" - ")[2] + "\n\n" + rest.partition("\n")[2].strip()).strip()
