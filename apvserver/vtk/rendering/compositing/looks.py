"""How what is drawn in pieces looks, as plain data: told by rank 0, which knows it, to those that draw their pieces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, Final

from ...base.associations import ColorArray
from ...geometry.colors import TransferFunction, lookup_table
from ..coloring import Coloring
from ..mappers import RepresentationMapper
from ..paper import Inks, Paper

_CAMERA: Final = (
    "Position", "FocalPoint", "ViewUp", "ViewAngle", "ParallelProjection", "ParallelScale", "EyeAngle", "WindowCenter",
    "ClippingRange",
)  # fmt: skip

Look = dict[str, Any]


def told_camera(camera: Any) -> dict[str, Any]:
    """Return all of a camera of VTK that says where on a picture a place is, and how deep."""
    return {name: getattr(camera, f"Get{name}")() for name in _CAMERA}


def place_camera(camera: Any, told: Mapping[str, Any]) -> None:
    """Have a camera of VTK be as another one was told to be."""
    for name in _CAMERA:
        value = told[name]
        getattr(camera, f"Set{name}")(*(value if isinstance(value, list | tuple) else (value,)))


def told_paper(paper: Paper) -> dict[str, Any]:
    """Return paper as plain data."""
    return asdict(paper)


def paper_from(told: Mapping[str, Any]) -> Paper:
    """Return the paper that was told."""
    frozen = as_stored(told)
    return Paper(frozen["bottom"], frozen["top"], Inks(**frozen["inks"]))


def told_properties(get: Mapping[str, Any]) -> dict[str, Any]:
    """Return properties of a representation as plain data, without those that name arrays."""
    return {name: None if isinstance(value, ColorArray) else value for name, value in get.items()}


def told_coloring(coloring: Coloring | None) -> dict[str, Any] | None:
    """Return how something is colored, with the range of all pieces, as plain data; None: in one color."""
    if coloring is None:
        return None
    by = coloring.color_by
    return {"by": [by.association, by.name, by.component], "spec": asdict(coloring.spec), "span": list(coloring.span)}


def coloring_from(told: Mapping[str, Any] | None) -> Coloring | None:
    """Return the coloring that was told."""
    if told is None:
        return None
    frozen = as_stored(told["spec"])
    spec = TransferFunction(**{one.name: frozen[one.name] for one in fields(TransferFunction)})
    low, high = told["span"]
    by = ColorArray(*told["by"])
    return Coloring(by, spec, lookup_table(spec, (low, high)), ("", by.component), (low, high))


def apply(mapper: RepresentationMapper, look: Look, paper: Paper) -> None:
    """Have a mapper draw its data with a look that was told."""
    get = as_stored(look["properties"])
    mapper.scale = look["scale"]
    mapper.color(coloring_from(look["coloring"]))
    mapper.apply(get, look["lit"])
    mapper.paint(paper, get)


def as_stored(value: Any) -> Any:
    """Return plain data with tuples where they travel as lists, as properties are stored."""
    if isinstance(value, list | tuple):
        return tuple(as_stored(one) for one in value)
    if isinstance(value, Mapping):
        return {name: as_stored(one) for name, one in value.items()}
    return value
