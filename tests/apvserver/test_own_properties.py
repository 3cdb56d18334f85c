"""Algorithm classes of our own tell their properties in one way, and keep them as VTK's do."""

from __future__ import annotations

from typing import Any

import pytest

from apvserver.vtk.base.errors import InvalidProperty
from apvserver.vtk.types.catalog import OWN_CLASSES, class_of, construct
from apvserver.vtk.types.properties import get_property, object_of, set_object, set_properties
from apvserver.vtk.types.reflection import read_class


@pytest.mark.parametrize("name", sorted(OWN_CLASSES))
def test_what_is_simple_is_said_by_the_class_and_is_its_default(name: str) -> None:
    reflected, made = read_class(name), construct(name)
    said = {one.name: one for one in getattr(class_of(name), "PROPERTIES", ())}
    assert said == {key: one.definition for key, one in reflected.accessors.items()}
    assert all(
        object_of(made, n) is None if one.kind == "object" else get_property(made, n) == one.default
        for n, one in said.items()
    )


def test_what_holds_an_object_holds_nothing_else() -> None:
    clip, plane = construct("ClippedData"), construct("vtkPlane")
    set_object(clip, "ClipFunction", plane)
    assert object_of(clip, "ClipFunction") is plane
    with pytest.raises(InvalidProperty, match="ClipFunction cannot hold"):
        set_object(clip, "ClipFunction", construct("vtkTransform"))
    set_object(clip, "ClipFunction", None)
    assert object_of(clip, "ClipFunction") is None


def test_several_components_come_one_by_one_or_at_once() -> None:
    image: Any = construct("SamplingImage")
    image.SetSamplingDimensions(3, 4, 5)
    assert image.GetSamplingDimensions() == (3, 4, 5)
    image.SetSamplingDimensions([6, 0, 8])
    assert image.GetSamplingDimensions() == (6, 1, 8), "clamped, each of them"
    with pytest.raises(TypeError, match="has 3 components, not 2"):
        image.SetSamplingDimensions(1, 2)


def test_equal_values_change_nothing_and_others_make_it_out_of_date() -> None:
    glyph: Any = construct("ArrayGlyph")
    before = glyph.GetMTime()
    glyph.SetOrient(1)
    glyph.SetScaleFactor(1)
    assert glyph.GetMTime() == before and glyph.GetOrient() is True
    glyph.SetScaleFactor(2)
    assert glyph.GetMTime() > before and glyph.GetScaleFactor() == 2.0


def test_what_is_out_of_range_is_clamped_and_told() -> None:
    append = construct("AppendedGrids")
    (told,) = set_properties(append, {"Tolerance": -1.0})
    assert (told.property, told.actual) == ("Tolerance", 0.0)


def test_none_is_no_text() -> None:
    reader = construct("PLYFileReader")
    set_properties(reader, {"FileName": "/nowhere/a.ply"})
    set_properties(reader, {"FileName": None})
    assert get_property(reader, "FileName") == ""


def test_values_of_other_types_are_refused() -> None:
    calculator = construct("PythonCalculator")
    set_properties(calculator, {"ArrayAssociation": "Rows", "CopyArrays": 0})
    assert (get_property(calculator, "ArrayAssociation"), get_property(calculator, "CopyArrays")) == (6, False)
    for name, value in {"ArrayAssociation": 2, "CopyArrays": 6, "Expression": 3}.items():
        with pytest.raises(InvalidProperty, match=name):
            set_properties(calculator, {name: value})
