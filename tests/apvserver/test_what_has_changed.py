"""A picture in which only the camera has moved is set up in part, and is the same as one that is set up as a whole."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from PIL import Image
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkFiltersSources import vtkSphereSource

from apvserver.vtk.base.errors import VtkError
from apvserver.vtk.data.labels import label_parts
from apvserver.vtk.geometry.extraction import extraction_properties
from apvserver.vtk.geometry.geometry import extract_geometry
from apvserver.vtk.rendering.color_maps import ColorMaps
from apvserver.vtk.rendering.exports.exported_scene import RASTER
from apvserver.vtk.rendering.layout.arranging import Layout
from apvserver.vtk.rendering.paper import Inks, Palette
from apvserver.vtk.rendering.render_view import RenderView
from apvserver.vtk.rendering.representation import Representation
from async_paraview.scene.color_maps import COLOR_MAP
from async_paraview.scene.representations import REPRESENTATION
from async_paraview.scene.types import SceneType
from async_paraview.scene.views import CAMERA_PROPERTIES, RENDER_VIEW

SIZE: Final = (160, 120)
MAPPED: Final = {"ColorBy": ("POINTS", "x"), "ScalarBarVisibility": True, "Interpolation": "Flat"}
OF_VIEW: Final[dict[str, list[Any]]] = {
    "AxesGrid": [{"Visibility": True}, {"Visibility": True, "XTitle": "east"}],
    "LegendGrid": [{"Visibility": True}],
    "Texts": [[{"Text": "one"}], [{"Text": "two", "WindowLocation": "Upper Center"}, {"Text": "three"}]],
    "ScalarBars": [{"x": {"Title": "a title", "Orientation": "Horizontal"}}],
    "AdditionalLights": [[{"Intensity": 0.2, "Position": (3.0, 0.0, 1.0)}], []],
    "Background": [None, (0.9, 0.8, 0.7)],
    "Widgets": [[], [{"Kind": "Line", "Point1": (0.0, 0.0, 0.0), "Point2": (1.0, 1.0, 0.0)}]],
    "ViewSize": [(140, 120), (160, 100), SIZE],
    "CameraLink": ["", "a"],
    "StereoType": ["Red-Blue", "Left", "Anaglyph"],
    "KernelSize": [8, 16],
    "EnableRayTracing": [False],
    "StereoRender": [False],  # of VTK's pictures for both eyes the first differs from the next of the same scene
}
"""Values of properties whose definition says too little of them, or that would take long."""
OF_SHOWN: Final[dict[str, list[Any]]] = {
    "ColorBy": [None, ("POINTS", "x"), ("POINTS", "y")],
    "ColorMap": [None, "another"],
    "DataAxesGrid": [{"Visibility": True}, {}],
    "PolarAxes": [{"Visibility": True}, {}],
    "Texture": [None],
    "Representation": ["Wireframe", "Points", "Surface With Edges", "Surface"],
    "Position": [(0.3, 0.1, 0.0)],
    "Scale": [(1.0, 0.5, 0.8)],
    "UserTransform": [tuple(np.diag([0.9, 1.1, 0.7, 1.0]).ravel().tolist())],
    "LookupTable": [None, "Viridis (matplotlib)"],
    "RGBPoints": [[0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0]],
    "LineWidth": [1.0, 3.0],
    "PointSize": [2.0, 5.0],
    "FontSize": [12],
}


def values_of(entry: Any, known: Mapping[str, list[Any]], chance: random.Random) -> list[Any]:
    """Return values of a property that its type takes, as far as that says."""
    if entry.name in known:
        return known[entry.name]
    facts = entry.check.facts
    if facts["type"] == "bool":
        return [True, False]
    if facts["type"] == "enum":
        return [name for name, _ in facts["enumeration"] if name != "File"]
    if facts["type"] not in ("int", "float"):
        return ["words"]
    low, high = (max(-2.0, min(2.0, edge)) for edge in facts.get("range", (0.0, 1.0)))
    size = facts["size"] or 1
    draws = [[round(chance.uniform(low, high), 2) for _ in range(size)] for _ in range(2)]
    numbers = [[round(one) for one in draw] if facts["type"] == "int" else draw for draw in draws]
    return [draw if facts["size"] != 1 else draw[0] for draw in numbers]


def ball(radius: float = 1.0) -> Any:
    source = vtkSphereSource()
    source.SetRadius(radius)
    source.SetThetaResolution(12)
    source.SetPhiResolution(12)
    source.Update()
    made = extract_geometry(source.GetOutput())
    for index, name in enumerate("xy"):
        array = numpy_to_vtk(vtk_to_numpy(made.GetPoints().GetData())[:, index].copy(), deep=True)
        array.SetName(name)
        made.GetPointData().AddArray(array)
    return made


def give(one: Representation, radius: float) -> None:
    """Have it show a ball of that size, less of it while it moves, with labels."""
    data = ball(radius)
    labels = label_parts(data, extraction_properties({"PointLabelVisibility": True}))
    facts = {"labels": labels.counts, "color_range": (-radius, radius)}
    one.set_data({"full": data, "reduced": ball(0.9 * radius), **labels.parts}, facts)


class Stage:
    """A view of two balls, and all that may be changed of it."""

    def __init__(self, picture: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.maps = ColorMaps()
        self.view = RenderView({"ViewSize": SIZE, "CameraPosition": (1.0, 2.0, 5.0), "StereoType": "Left"})
        self.picture = str(picture)
        self.shown = {name: self.make() for name in "ab"}
        self.steps = 0

    def make(self) -> Representation:
        made = Representation(MAPPED, self.maps)
        give(made, 1.0)
        self.view.add_representation(f"shown {id(made)}", made)
        return made

    def move(self) -> None:
        self.steps += 1
        angle = 0.3 * self.steps
        place = (5.0 * math.sin(angle), 1.0, 5.0 * math.cos(angle))
        self.view.set_properties({"CameraPosition": place, "CameraFocalPoint": (0.0, 0.0, 0.0)})

    def compare(self, what: str, *, reduced: bool = False, sample: int = 0) -> None:
        """Raise AssertionError if the picture is another one than after all was set up anew."""
        for moved in (False, True):
            if moved:
                self.move()
            seen = self.view.render(reduced=reduced, sample=sample)
            self.view.pick(0, 0)  # after it the next picture is set up as a whole
            whole = self.view.render(reduced=reduced, sample=sample)
            assert seen.remarks == whole.remarks, what
            assert (seen.pixels == whole.pixels).all(), f"{what}, {'moved' if moved else 'at rest'}"

    def set_up_often(self) -> None:
        """Have a picture set up, so that the next one need not be as a whole."""
        self.view.render()
        self.move()
        self.view.render()

    def change_view(self, name: str, value: Any) -> None:
        self.view.set_properties({name: value})

    def change_shown(self, name: str, value: Any) -> None:
        self.chance.choice(list(self.shown.values())).set_properties({name: value})


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    picture = tmp_path / "picture.png"
    Image.fromarray(np.arange(48, dtype=np.uint8).reshape(4, 4, 3) * 5).save(picture)
    made = Stage(picture, 4)
    yield made
    made.view.close()


FEW: Final = ("Background", "Texts", "AxesGrid", "ScalarBars", "UseFXAA", "OrientationAxesVisibility", "ViewSize")
FEW_SHOWN: Final = ("Color", "Visibility", "ColorBy", "Opacity", "PolarAxes", "Representation", "PointLabelVisibility")


def each_of(stage: Stage, type_: SceneType, names: Any, known: Mapping[str, list[Any]]) -> int:
    """Set each of these properties to each of its values, and compare; returns how many were taken."""
    change = stage.change_view if type_ is RENDER_VIEW else stage.change_shown
    known = {**known, "BackgroundTexture": [stage.picture], "EnvironmentalBGTexture": [stage.picture]}
    taken = 0
    for name in names:
        for value in values_of(type_.by_name[name], known, stage.chance):
            stage.set_up_often()
            try:
                change(name, value)
            except VtkError:
                continue  # not for this data, or not here
            taken += 1
            stage.compare(f"{name} = {value!r}")
    return taken


def test_pictures_after_some_changes_are_as_set_up_anew(stage: Stage) -> None:
    assert each_of(stage, RENDER_VIEW, FEW, OF_VIEW) >= 12
    assert each_of(stage, REPRESENTATION, FEW_SHOWN, OF_SHOWN) >= 14


@pytest.mark.deep
def test_pictures_after_each_change_of_a_view_are_as_set_up_anew(stage: Stage) -> None:
    names = [one.name for one in RENDER_VIEW if one.name not in CAMERA_PROPERTIES]
    assert each_of(stage, RENDER_VIEW, names, OF_VIEW) > 130


@pytest.mark.deep
def test_pictures_after_each_change_of_what_is_shown_are_as_set_up_anew(stage: Stage) -> None:
    assert each_of(stage, REPRESENTATION, [one.name for one in REPRESENTATION], OF_SHOWN) > 180


def other_changes(stage: Stage) -> dict[str, Any]:
    """What else is done to a view and to what it shows, by what it is."""
    view, chance, first = stage.view, stage.chance, next(iter(stage.shown.values()))

    def replace() -> None:
        name = chance.choice(list(stage.shown))
        view.remove_representation(f"shown {id(stage.shown[name])}")
        stage.shown[name] = stage.make()

    return {
        "data": lambda: give(first, chance.uniform(0.5, 1.5)),
        "colors": lambda: stage.maps.set(COLOR_MAP.name, "x", {"InvertLookupTable": chance.random() < 0.5}),
        "range": lambda: stage.maps.set(COLOR_MAP.name, "x", {"ScalarRange": (-chance.uniform(0.1, 1.0), 1.0)}),
        "palette": lambda: view.use_palette(Palette((chance.random(), 0.5, 0.5), None, Inks((1.0, 0.0, 0.0)))),
        "another in its place": replace,
        "a larger picture": lambda: view.capture(magnification=2, dpi=100),
        "a picture without background": lambda: view.capture(transparent=True),
        "a picture for print": lambda: view.capture(palette=Palette((1.0, 1.0, 1.0), is_of_picture=True)),
        "a picture without a legend": lambda: view.capture(without_legends=["x"]),
        "a page": lambda: view.exported_drawing(72.0, RASTER),
        "a scene": view.exported_scene,
        "selecting": lambda: view.visible_range(f"shown {id(first)}"),
        "composition": view.composition,
        "a fit": view.reset_camera,
        "an orbit": lambda: view.move_camera("orbit", {"azimuth": 10.0, "elevation": 5.0}),
    }


def test_pictures_after_other_changes_are_as_set_up_anew(stage: Stage) -> None:
    stage.view.set_properties({"Texts": [{"Text": "a text"}], "OrientationAxesVisibility": True})
    for what in other_changes(stage):
        stage.set_up_often()
        other_changes(stage)[what]()
        stage.compare(what)
    for reduced, sample in ((True, 0), (False, 1), (False, 2), (False, 0)):
        stage.set_up_often()
        stage.compare(f"reduced {reduced}, sample {sample}", reduced=reduced, sample=sample if sample < 2 else 1)


def any_change(stage: Stage) -> tuple[str, Callable[[], object]]:
    """Return a change, drawn by chance, and what it is."""
    chance, kind = stage.chance, stage.chance.random()
    if kind < 0.25:
        return chance.choice(list(other_changes(stage).items()))
    of_view = kind < 0.6
    known = OF_VIEW if of_view else OF_SHOWN
    entry = chance.choice(
        [one for one in (RENDER_VIEW if of_view else REPRESENTATION) if one.name not in CAMERA_PROPERTIES]
    )
    value = chance.choice(values_of(entry, known, chance))
    return f"{entry.name} = {value!r}", partial(stage.change_view if of_view else stage.change_shown, entry.name, value)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(6))
def test_pictures_after_many_changes_are_as_set_up_anew(stage: Stage, seed: int) -> None:
    chance = stage.chance = random.Random(seed)
    said: list[str] = []
    for _ in range(60):
        for _ in range(chance.randint(1, 3)):
            what, change = any_change(stage)
            said.append(what)
            try:
                change()
            except VtkError as error:
                said[-1] += f" ({error!s:.60})"
        stage.compare("; ".join(said[-12:]))


def test_a_picture_in_which_only_the_camera_moves_is_not_laid_out_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out: list[object] = []
    layout = RenderView.layout

    def counted(view: RenderView, *picture: Any) -> Layout:
        laid_out.append(picture)
        return layout(view, *picture)

    monkeypatch.setattr(RenderView, "layout", counted)
    stage.view.render()
    assert laid_out
    stage.move()
    laid_out.clear()
    before = stage.view.render().pixels
    stage.move()
    assert (stage.view.render().pixels != before).any() and not laid_out
    stage.change_view("Background", (0.1, 0.2, 0.3))
    stage.view.render()
    assert laid_out
