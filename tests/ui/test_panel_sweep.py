"""A panel opens for every type, each of its lines has an editor, and takes its own value as it shows it."""

from __future__ import annotations

import json

import pytest

from servermanager import EDITORS, Panel, PanelLine, RemoteError, Session, TypeSummary, connect

from ..harness.apvtest import in_loop

ALGORITHMS = ("sources", "filters", "readers", "writers", "objects")


def flat(lines: tuple[PanelLine, ...]) -> list[PanelLine]:
    return [one for line in lines for one in (line, *flat(line.lines))]


def faults_of(panel: Panel) -> list[str]:
    """What is wrong with the lines of a panel."""
    found = []
    for line in flat(panel.lines(advanced=True)):
        where = f"{panel.title}.{line.name} ({line.editor})"
        if line.editor not in EDITORS or not line.label:
            found.append(f"{where}: no editor, or no label")
        json.dumps([line.value, line.default, [one.value for one in line.choices]], allow_nan=False)
        if line.editor in ("choice", "array") and line.value not in [
            None,
            [],
            "",
            *(one.value for one in line.choices),
        ]:
            found.append(f"{where}: {line.value!r} is none of its choices {[one.value for one in line.choices]}")
        if line.editor == "choice" and any("_" in one.label for one in line.choices):
            found.append(f"{where}: names of programs, not of people: {[one.label for one in line.choices]}")
        if line.minimum is not None and isinstance(line.value, int | float) and line.value < line.minimum:
            found.append(f"{where}: {line.value!r} is below its bound {line.minimum!r}")
        if any(not (low < high and abs(low) < 2**31 and abs(high) < 2**31) for low, high in line.slider if line.whole):
            found.append(f"{where}: no slider of a toolkit holds {line.slider!r}")
        found += _round_trip(panel, line, where)
    return found


def _round_trip(panel: Panel, line: PanelLine, where: str) -> list[str]:
    if not line.enabled or line.editor in ("parts", "shown"):
        return []
    if not panel.change(line.name, line.value):
        return [f"{where}: its own value {line.value!r} is refused: {panel.line(line.name).error}"]
    after = panel.line(line.name)
    return [] if after.value == line.value else [f"{where}: {line.value!r} becomes {after.value!r}"]


async def faults(session: Session, types: list[TypeSummary]) -> list[str]:
    found = []
    for one in types:
        made = session.create_object(one.name) if one.group == "objects" else session.create(one.name)
        panel = await Panel.of(made)
        found += faults_of(panel)
        try:
            await panel.confirm()
        except RemoteError as error:
            if error.type_name not in ("ExecutionFailed", "FileError"):  # a reader without a file has nothing to tell
                found.append(f"{one.name}: {error}")
        panel.close()
        session.delete(made, dependents=True)
        session.undo.clear()
    return found


LABELS = {
    "MeshQuality": {"TriangleQualityMeasure": "Aspect Ratio", "HexQualityMeasure": "Maximum Aspect Frobenius"},
    "PlotDataOverTime": {"FieldAssociation": "Points"},
    "ExtractAttributes": {"FieldAssociation": "Points"},
    "ImageGaussianSmooth": {"Dimensionality": "Three"},
    "ImageReader": {"DataScalarType": "short", "FileDimensionality": "3"},
    "Reflect": {"Plane": "X Min"},
}
"""Of types: properties that are numbers for programs, and what a panel has chosen of them at first."""


@in_loop
async def test_numbers_that_mean_something_have_labels_as_in_paraview() -> None:
    async with connect(backend="inproc") as session:
        for name, labels in LABELS.items():
            panel = await Panel.of(session.create(name))
            lines = {one: panel.line(one) for one in labels}
            assert {one: line.value for one, line in lines.items()} == labels, name
            for line in lines.values():
                assert line.editor == "choice" and line.value in [one.label for one in line.choices]


@pytest.mark.parametrize("group", ALGORITHMS)
@in_loop
async def test_curated_types(group: str) -> None:
    async with connect(backend="inproc") as session:
        types = [one for one in await session.definitions.list(group) if one.curated]
        assert len(types) >= {"sources": 40, "filters": 200, "readers": 80, "writers": 30, "objects": 5}[group]
        found = await faults(session, types)
        assert found == [], "\n".join(found)


@in_loop
async def test_views_and_all_that_they_show() -> None:
    async with connect(backend="inproc") as session:
        wavelet = session.sources.Wavelet()
        found = []
        for one in await session.definitions.list("views"):
            view = getattr(session.views, one.name)(ViewSize=[60, 40])
            found += faults_of(await Panel.of(view))
            found += faults_of(await Panel.of(session.show(wavelet, view)))
        assert found == []


@in_loop
async def test_texts_legends_lights_color_maps_layouts_and_the_palette() -> None:
    async with connect(backend="inproc") as session:
        view = session.create_view(ViewSize=[60, 40])
        shown = session.show(session.sources.Wavelet(), view, ColorBy=("POINTS", "RTData"))
        view.update(AdditionalLights=[session.create_light()])
        held = [
            view.add_text("hello"),
            view.lights[0],
            shown.scalar_bar,
            shown.color_map,
            shown.opacity_function,
            session.layouts.create("one"),
            session.palette,
            view.AxesGrid,
        ]
        assert [fault for one in held if one is not None for fault in faults_of(await Panel.of(one))] == []
