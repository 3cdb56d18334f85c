"""What is listed can be made, each type once, and what can be made is listed."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from apvserver.vtk.base.errors import UnknownType
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.catalog import canonical_name, construct, object_names, type_names
from apvserver.vtk.types.listing import makeable_names, overview
from apvserver.vtk.types.toml_definitions import OBJECTS, composition, curated_names


def listed() -> list[tuple[str, str]]:
    """The group of each entry, and the name that makes it."""
    return [
        (group, (OBJECTS if group == "objects" else "") + one["name"])
        for group, entries in overview().items()
        for one in entries
    ]


def check_made(first: int, step: int) -> list[str]:
    """What is wrong with every n-th entry."""
    pipeline, wrong = Pipeline(), []
    for number, (group, name) in enumerate(listed()[first::step]):
        try:
            pipeline.create(number, name)
        except Exception as error:
            wrong.append(f"{name}: {type(error).__name__}: {error}")
            continue
        if pipeline.proxy(number).definition.group != group:
            wrong.append(f"{name} is listed in {group}, and is of {pipeline.proxy(number).definition.group}")
    return wrong


def test_each_type_is_listed_once() -> None:
    names = [name for _, name in listed()]
    assert [name for name, times in Counter(names).items() if times > 1] == []
    made_of = [name if name in curated_names() else canonical_name(name.removeprefix(OBJECTS)) for name in names]
    assert [name for name, times in Counter(made_of).items() if times > 1] == []


def test_a_class_behind_a_curated_type_has_its_own_name() -> None:
    names = dict((name, group) for group, name in listed())
    assert names["Threshold"] == names["vtkThreshold"] == "filters"
    assert composition("Threshold").definition.curated and not composition("vtkThreshold").definition.curated


def test_what_cannot_be_made_is_not_listed() -> None:
    names = {name for _, name in listed()}
    assert names.isdisjoint(
        {"XMLWriter", "vtkEnSightReader", "ImageAlgorithm", "objects/ImplicitFunction", "Voronoi2D"}
    )
    assert "vtkWriter" not in makeable_names() and "vtkSTLWriter" in makeable_names()


def run(code: str, timeout_s: float) -> str:
    """In a process of its own: some classes of VTK end the process when they are let go."""
    program = f"import os, sys; sys.path.insert(0, os.path.dirname(sys.argv[1])); import test_listing as t; {code}"
    program += "; sys.stdout.flush(); os._exit(0)"
    done = subprocess.run([sys.executable, "-c", program, __file__], capture_output=True, text=True, timeout=timeout_s)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def class_made(name: str) -> str:
    return str(construct(name).GetClassName())


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("PolyDataMapper", "vtkOpenGLPolyDataMapper"),
        ("GPUVolumeRayCastMapper", "vtkOpenGLGPUVolumeRayCastMapper"),
        ("Glyph3DMapper", "vtkOpenGLGlyph3DMapper"),
    ],
)
def test_which_mapper_is_made_does_not_depend_on_what_was_made_before(name: str, made: str) -> None:
    assert run(f"print(t.class_made('vtk{name}'))", 100) == made


def test_what_is_listed_can_be_made() -> None:
    assert run("print(t.check_made(7, 40))", 100) == "[]"


@pytest.mark.deep
def test_everything_that_is_listed_can_be_made() -> None:
    assert run("print(t.check_made(0, 1))", 600) == "[]"


@pytest.mark.deep
def test_everything_that_can_be_made_is_listed() -> None:
    assert run("print(t.left_out())", 600) == "[]"


def left_out() -> list[str]:
    """Classes that are not listed, and could be."""
    names = {canonical_name(name.removeprefix(OBJECTS)) for _, name in listed() if name not in curated_names()}
    found = []
    for name in {*type_names(), *object_names()} - names - set(curated_names()):
        try:
            composition(name if name in type_names() else OBJECTS + name)
        except UnknownType:
            continue
        found.append(name)
    return found


def test_an_object_that_interpolates_can_be_made() -> None:
    pipeline = Pipeline()
    pipeline.create(1, "objects/ImageInterpolator")
    assert pipeline.proxy(1).is_object
